//! What exactly stood in the way of a request: a code with its arguments, so that every language has its own sentence.

mod class;
mod secret_fault;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::config::{Kind, fit::Unfit};
use crate::contacts::{BadMapping, Unreadable};
use crate::export;
use crate::listener::PortClosed;
use crate::store::{
    self,
    condition::{Failure, FailureCause},
};

use secret_fault::SecretFault;

/// What stood in the way of a request. `Display` is the English sentence: what happened, what it means for the record, what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// The path or the query string is not what this address takes.
    #[error("The address cannot be used as it is. {why}.")]
    AddressUnusable {
        /// What is wrong with it, in English.
        why: String,
    },
    /// The body is not what this address takes.
    #[error("The request's body cannot be used. {why}.")]
    BodyUnusable {
        /// What is wrong with it, in English.
        why: String,
    },
    /// The body with secrets is not what this address takes. Nothing of it is repeated.
    #[error(
        "The request's body cannot be used: it is JSON with any of secret_key, live_token and rtc_key, each a text or null."
    )]
    SecretsBodyUnusable,
    /// The page would have no rows, or too many.
    #[error("A page has 1 to {most} rows; `limit` asks for {limit}.")]
    PageSize {
        /// The most rows of a page.
        most: u32,
        /// What was asked for.
        limit: u32,
    },
    /// The cursor is none.
    #[error("The `cursor` is not one that a list has answered.")]
    CursorUnusable,
    /// The cursor leads nowhere any more.
    #[error("{}", store::Error::BadCursor)]
    CursorStale,
    /// A number is beyond what is kept.
    #[error("The number `{name}` is larger than {most}.")]
    NumberTooLarge {
        /// The parameter.
        name: String,
        /// The largest that can be.
        most: i64,
    },
    /// A text of a filter is too long to be anything in the record.
    #[error("The filter `{name}` is longer than {most} characters.")]
    FilterTooLong {
        /// The parameter.
        name: String,
        /// Its most characters.
        most: u64,
    },
    /// A filter takes certain words, and this is none of them.
    #[error("The filter `{name}` knows only these words: {}.", words.join(", "))]
    FilterUnknownWord {
        /// The parameter.
        name: String,
        /// The words.
        words: Vec<String>,
    },
    /// A filter cannot be used.
    #[error("{why}")]
    FilterUnusable {
        /// Why, as an English sentence.
        why: String,
    },
    /// A time zone is not known.
    #[error("The parameter `{name}` names no zone: {why}")]
    ZoneUnusable {
        /// The parameter.
        name: String,
        /// Why, as an English sentence.
        why: String,
    },
    /// A digest is none.
    #[error("A delivery's digest has 64 hexadecimal digits.")]
    DigestUnusable,
    /// An SDKAppID is none.
    #[error(
        "An SDKAppID is a number that does not begin with 0, such as 1400000000. Tencent's console shows it beside the application's name."
    )]
    AppIdUnusable,
    /// The name of an application, or its administrator, cannot be used.
    #[error("A label and an administrator are one line each, of at most 100 characters.")]
    AppTextUnusable,
    /// A text is no secret of its kind.
    #[error("The {} cannot be used. {said}", secret.name())]
    SecretUnusable {
        /// Which one.
        secret: Kind,
        /// What is wrong with it.
        fault: SecretFault,
        /// The same as an English sentence.
        said: String,
    },
    /// The public address is none that Tencent could call.
    #[error(
        "The public address begins with https:// and a host name, such as https://calls.example.com, and has no question mark."
    )]
    PublicUrlUnusable,
    /// A WebSocket or something like it was asked for.
    #[error("No other protocol is spoken here.")]
    OtherProtocol,
    /// A column that the list does not have.
    #[error("{}", export::Error::UnknownColumn { kind: *list, name: name.clone() })]
    ColumnUnknown {
        /// The list.
        list: export::Kind,
        /// What was asked for.
        name: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// Columns of JSON Lines.
    #[error("{}", export::Error::NoColumns)]
    JsonLinesWhole,
    /// The access key is missing or wrong.
    #[error(
        "The access key is missing or wrong. Open the address that Calltrail printed, or send `Authorization: Bearer <key>`."
    )]
    NoAccess,
    /// Another web page made the request.
    #[error("Another web page made this request, so it was refused.")]
    OtherPage,
    /// The request was meant for another host name.
    #[error(
        "This is Calltrail on this computer; it answers only to 127.0.0.1 and localhost. Open the address that it printed."
    )]
    OtherHost,
    /// There is no such address.
    #[error("The API has no address {path}; /api/openapi.json lists them.")]
    NoSuchAddress {
        /// The path.
        path: String,
    },
    /// There is no such page or picture.
    #[error("There is no such file.")]
    NoSuchFile,
    /// The archive has no such delivery.
    #[error("The archive holds no such delivery.")]
    NoSuchDelivery,
    /// The record has no such call.
    #[error("The record holds no such call.")]
    NoSuchCall,
    /// The record has no such room.
    #[error("The record holds no such room.")]
    NoSuchRoom,
    /// There is no such backup, or not any more.
    #[error("There is no backup of this name (any more).")]
    NoSuchBackup,
    /// There is no such export, or not any more.
    #[error("There is no such export (any more).")]
    NoSuchExport,
    /// A download is named by a list and a format.
    #[error("There is no such export. A name is a list and a format, such as calls.csv or deliveries.jsonl.")]
    NoSuchDownload,
    /// The address takes other methods.
    #[error("{method} cannot be used at this address.")]
    MethodUnusable {
        /// The method.
        method: String,
    },
    /// Pages and pictures are only read.
    #[error("Pages can only be read.")]
    PagesAreRead,
    /// A subject has no such field.
    #[error("Nothing was written: a {subject} has no field \"{field}\".")]
    FieldUnknown {
        /// The kind of the subject.
        subject: String,
        /// The field that was named.
        field: String,
    },
    /// A field takes other values.
    #[error("Nothing was written: the field \"{field}\" does not take this value.")]
    ValueUnusable {
        /// The field.
        field: String,
    },
    /// What is to be written is too long.
    #[error("Nothing was written: the field \"{field}\" takes at most {most} bytes.")]
    TextTooLong {
        /// The field.
        field: String,
        /// The most bytes.
        most: u64,
    },
    /// Nobody ever heard of this account id.
    #[error("The record knows nobody of this id.")]
    NoSuchPerson,
    /// There is no such note, or it was deleted.
    #[error("There is no such note any more.")]
    NoSuchNote,
    /// The call is no missed call that is followed up, or is none any more.
    #[error("This call is no missed call that is followed up.")]
    NoSuchCase,
    /// Too much is asked for at once.
    #[error("At most {most} can be changed at once, and these are {found}. Narrow the list first.")]
    TooMany {
        /// The most.
        most: u64,
        /// How many there are.
        found: u64,
    },
    /// There is no table of contacts in the file.
    #[error("{why}")]
    ContactsUnreadable {
        /// Why.
        why: Unreadable,
    },
    /// The columns of the file cannot be taken as was said.
    #[error("{why}")]
    ContactsUnmapped {
        /// Why.
        why: BadMapping,
    },
    /// The file changes more than is taken at once.
    #[error(
        "Nothing was written: the file would change {found} values, and at most {most} are taken at once. Split it."
    )]
    ContactsTooMany {
        /// The most.
        most: u64,
        /// How many it would change.
        found: u64,
    },
    /// Entries were asked for in columns.
    #[error("{}", export::Error::OnlyLines)]
    EntriesAreLines,
    /// No window is there that could ask where to save.
    #[error("There is no save dialog here. Download the file instead.")]
    NoSaveDialog,
    /// The system's file manager does not show a file.
    #[error("The file could not be shown: {why} It is where it was saved.")]
    FileNotShown {
        /// Why, as an English sentence.
        why: String,
    },
    /// There is no window of Calltrail's own.
    #[error("This is not Calltrail's own window, so there is nothing around it that could be changed.")]
    NoDesktop,
    /// Starting by itself could not be switched on or off.
    #[error("Whether Calltrail starts by itself could not be changed: {why}")]
    StartAtLoginNotKept {
        /// Why, as an English sentence.
        why: String,
    },
    /// Too many downloads.
    #[error("{most} downloads are running already. Try again when one of them is done.")]
    DownloadsBusy {
        /// How many may run at once.
        most: u64,
    },
    /// The archive is copied or merged already.
    #[error("A backup is being made or brought back already. Try again when that is done.")]
    BackupBusy,
    /// The archive is read anew already.
    #[error("The archive is being read already. Wait until that is done.")]
    ReviewBusy,
    /// A test callback was not answered by this listener.
    #[error("The listener did not answer the test callback: {why}.")]
    TestUnanswered {
        /// What came instead, in English.
        why: String,
    },
    /// A test callback did not come back through the public address.
    #[error(
        "The test callback did not come back through the public address: {why}. Check the tunnel or proxy, and that the address is \
         the one that it shows now."
    )]
    TestNotBack {
        /// What came instead, in English.
        why: String,
    },
    /// The listener's port is not open.
    #[error("The listener has no open port, so nothing can be sent to it. {}", why.as_ref().map(ToString::to_string).unwrap_or_default())]
    NotListening {
        /// Why not; null where the port has just been opened.
        why: Option<PortClosed>,
    },
    /// Nothing is known of a public address.
    #[error("There is no public address yet; enter the one that leads to this computer first.")]
    NoPublicUrl,
    /// The public address that is kept is no web address.
    #[error("The public address is not a web address.")]
    PublicUrlNoAddress,
    /// Calltrail is ending.
    #[error("Calltrail is ending; the record is being closed.")]
    Ending,
    /// Calltrail is ending while a backup is wanted.
    #[error("Calltrail is ending; no backup was made.")]
    EndingWithoutBackup,
    /// Some deliveries are not in the lists yet.
    #[error("{}", store::Error::Rebuilding { missing: *missing })]
    Rebuilding {
        /// How many.
        missing: u64,
    },
    /// A backup would fill the disk.
    #[error("{}", store::Error::NoRoom { wanted: *wanted, free: *free })]
    NoRoom {
        /// Bytes that should be free.
        wanted: u64,
        /// Bytes that are.
        free: u64,
    },
    /// A backup could not be made.
    #[error(
        "The backup could not be made or did not pass its check, so there is none. The record itself was not touched. Calltrail's log says why."
    )]
    BackupFailed,
    /// A backup could not be brought back.
    #[error(
        "The backup could not be brought back to its end. Nothing that is in the record was lost, and it can be tried again. Calltrail's log says why."
    )]
    RestoreFailed,
    /// A backup is of a newer version.
    #[error("{}", store::Error::Newer { found: *found, known: *known })]
    BackupNewer {
        /// The version of the file.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// A secret could not be kept or forgotten.
    #[error("A secret could not be changed. {why}")]
    SecretNotKept {
        /// Why, as English sentences.
        why: String,
    },
    /// The settings could not be read or written.
    #[error("The settings could not be used; nothing was changed. {why}")]
    SettingsNotKept {
        /// Why, as English sentences.
        why: String,
    },
    /// What a person wrote could not be written down.
    #[error("This was not saved: {cause}. What was saved before is untouched. Try again when that is put right.")]
    NotSaved {
        /// What was in the way.
        cause: FailureCause,
    },
    /// The demo could not begin or end.
    #[error("{why}")]
    DemoFailed {
        /// Why, as an English sentence.
        why: String,
    },
    /// A target is no address of the web.
    #[error("Callbacks can be passed on to an address that begins with https:// or http:// and a host name.")]
    ForwardNotWeb,
    /// A target is Calltrail's own address.
    #[error(
        "This address leads back to Calltrail: callbacks would go in a circle. Enter the address of the other backend."
    )]
    ForwardLeadsBack,
    /// A target is on this computer or in a private network, and nobody has said that this is meant.
    #[error(
        "This address is on this computer or in a private network. Say that this is meant (`private`), if nobody else could have entered it."
    )]
    ForwardPrivate,
    /// There is no such target, or not any more.
    #[error("Nothing is passed on to such an address (any more).")]
    NoSuchForward,
    /// What is to be passed on cannot be remembered.
    #[error(
        "forward.db, which remembers what is passed on to other addresses, cannot be used; Calltrail's log says why. Callbacks are taken and kept all the same."
    )]
    ForwardUnavailable,
    /// A schedule's name cannot be used.
    #[error("The name of a scheduled export is one line of 1 to 200 characters.")]
    ScheduleNameUnusable,
    /// A schedule's time of day is none.
    #[error("The time of day is written like 07:00.")]
    ScheduleTimeUnusable,
    /// A schedule's folder is not named from its root on.
    #[error("The folder is to be named as a whole, such as /home/anna/Reports.")]
    ScheduleFolderNotWhole,
    /// A schedule's folder is not there.
    #[error("There is no folder {folder}. Make it first, or choose another one.")]
    ScheduleNoFolder {
        /// The folder.
        folder: String,
    },
    /// A schedule's files cannot be called so.
    #[error(
        "Files cannot be called so: no slashes, colons, question marks or quotes, and only {{from}}, {{to}} and {{list}} in braces."
    )]
    ScheduleFileNameUnusable,
    /// Another schedule writes the same files.
    #[error("\"{name}\" writes files of these names into this folder. Choose other names or another folder.")]
    ScheduleSameFiles {
        /// What it is called.
        name: String,
    },
    /// A report is of calls alone.
    #[error("A report is of calls; the list is {}.", list.code())]
    ReportOfNoCalls {
        /// The list.
        list: export::Kind,
    },
    /// A schedule cannot keep so many files.
    #[error("A scheduled export keeps 1 to {most} files.")]
    ScheduleKeepUnusable {
        /// The most.
        most: u32,
    },
    /// There is no such schedule, or not any more.
    #[error("There is no such scheduled export (any more).")]
    NoSuchSchedule,
    /// The schedules cannot be read.
    #[error(
        "schedules.json, which lists the scheduled exports, cannot be read; Calltrail's log says why. The record is not affected."
    )]
    SchedulesUnavailable,
    /// The name of a link cannot be used.
    #[error("The name is to be one line of 1 to 200 characters.")]
    LinkNameUnusable,
    /// The port of the links cannot be used.
    #[error("The port is to be a number from 1024 to 65535.")]
    LinkPortUnusable,
    /// Calltrail needs the port of the links for something else.
    #[error("Calltrail takes callbacks or shows its pages at port {port}. Choose another one.")]
    LinkPortOurs {
        /// The port.
        port: u16,
    },
    /// There is no such link, or not any more.
    #[error("There is no such link (any more). Copy its address again from Calltrail's settings.")]
    NoSuchLink,
    /// The links cannot be read.
    #[error(
        "links.json, which lists the links that refresh, cannot be read; Calltrail's log says why. The record is not affected."
    )]
    LinksUnavailable,
    /// Something went wrong inside Calltrail.
    #[error("Something went wrong inside Calltrail. The record is not affected; Calltrail's log says what happened.")]
    Internal,
}

impl Problem {
    /// A text that is no secret of its kind.
    pub(super) fn secret(kind: Kind, unfit: Unfit) -> Self {
        Self::SecretUnusable { secret: kind, fault: unfit.into(), said: unfit.to_string() }
    }
}

impl Problem {
    /// What kept something that a person wrote from being written down.
    pub(super) fn of_writing(error: store::Error) -> Self {
        match Failure::of(&error).cause {
            FailureCause::Other => error.into(),
            cause => {
                tracing::error!(cause = %error, "what a person wrote could not be written down");
                Self::NotSaved { cause }
            }
        }
    }
}

/// What a person can do something about; the log gets everything else.
impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            // What is no cursor at all was refused before.
            store::Error::BadCursor => Self::CursorStale,
            store::Error::BadFilter(why) => Self::FilterUnusable { why },
            store::Error::Rebuilding { missing } => Self::Rebuilding { missing },
            store::Error::NoRoom { wanted, free } => Self::NoRoom { wanted, free },
            store::Error::Closed => Self::Ending,
            store::Error::BadEdit(unfit) => unfit.into(),
            other => Self::internal(other),
        }
    }
}

impl From<store::entry::Unfit> for Problem {
    fn from(unfit: store::entry::Unfit) -> Self {
        use store::entry::Unfit;
        match unfit {
            Unfit::Field { kind, field } => Self::FieldUnknown { subject: kind.to_owned(), field },
            Unfit::Value { field } => Self::ValueUnusable { field },
            Unfit::Long { field, most } => Self::TextTooLong { field, most: super::count(most) },
        }
    }
}

impl From<export::Error> for Problem {
    fn from(error: export::Error) -> Self {
        match error {
            export::Error::Store(error) => error.into(),
            export::Error::UnknownColumn { kind, name } => {
                let columns = kind.columns().into_iter().map(str::to_owned).collect();
                Self::ColumnUnknown { list: kind, name, columns }
            }
            export::Error::NoColumns => Self::JsonLinesWhole,
            export::Error::OnlyLines => Self::EntriesAreLines,
            other => Self::internal(other),
        }
    }
}

impl Problem {
    /// Something went wrong that the person at the screen can do nothing about: the log gets the cause, the screen a sentence.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request to the API failed");
        Self::Internal
    }
}
