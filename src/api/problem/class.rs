//! Which class of error each problem is.

use super::Problem;
use crate::api::error::Code;

impl Problem {
    /// The class of error that it is.
    pub(in crate::api) const fn class(&self) -> Code {
        match self {
            Self::AddressUnusable { .. }
            | Self::BodyUnusable { .. }
            | Self::SecretsBodyUnusable
            | Self::PageSize { .. }
            | Self::CursorUnusable
            | Self::NumberTooLarge { .. }
            | Self::FilterTooLong { .. }
            | Self::FilterUnknownWord { .. }
            | Self::FilterUnusable { .. }
            | Self::ZoneUnusable { .. }
            | Self::DigestUnusable
            | Self::AppIdUnusable
            | Self::AppTextUnusable
            | Self::SecretUnusable { .. }
            | Self::PublicUrlUnusable
            | Self::PublicUrlNoAddress
            | Self::OtherProtocol
            | Self::ColumnUnknown { .. }
            | Self::JsonLinesWhole
            | Self::EntriesAreLines
            | Self::FieldUnknown { .. }
            | Self::ValueUnusable { .. }
            | Self::TextTooLong { .. }
            | Self::TooMany { .. }
            | Self::ContactsUnreadable { .. }
            | Self::ContactsUnmapped { .. }
            | Self::ContactsTooMany { .. }
            | Self::ForwardNotWeb
            | Self::ScheduleNameUnusable
            | Self::ScheduleTimeUnusable
            | Self::ScheduleFolderNotWhole
            | Self::ScheduleNoFolder { .. }
            | Self::ScheduleFileNameUnusable
            | Self::ReportOfNoCalls { .. }
            | Self::ScheduleSameFiles { .. }
            | Self::ScheduleKeepUnusable { .. }
            | Self::LinkNameUnusable
            | Self::LinkPortUnusable
            | Self::LinkPortOurs { .. } => Code::BadRequest,
            Self::ForwardLeadsBack | Self::ForwardPrivate => Code::NotAgreed,
            Self::NoAccess => Code::Unauthorized,
            Self::OtherPage => Code::Forbidden,
            Self::OtherHost => Code::Misdirected,
            Self::CursorStale
            | Self::NoSuchAddress { .. }
            | Self::NoSuchFile
            | Self::NoSuchDelivery
            | Self::NoSuchCall
            | Self::NoSuchRoom
            | Self::NoSuchPerson
            | Self::NoSuchNote
            | Self::NoSuchCase
            | Self::NoSuchBackup
            | Self::NoSuchExport
            | Self::NoSuchForward
            | Self::NoSuchSchedule
            | Self::NoSuchLink
            | Self::NoSuchDownload
            | Self::NoDesktop => Code::NotFound,
            Self::MethodUnusable { .. } | Self::PagesAreRead => Code::MethodNotAllowed,
            Self::NoSaveDialog => Code::NoDialog,
            Self::DownloadsBusy { .. } | Self::BackupBusy | Self::ReviewBusy => Code::Busy,
            Self::TestUnanswered { .. } | Self::TestNotBack { .. } | Self::NotListening { .. } => Code::NotListening,
            Self::NoPublicUrl => Code::NoPublicUrl,
            Self::Ending
            | Self::EndingWithoutBackup
            | Self::Rebuilding { .. }
            | Self::NoRoom { .. }
            | Self::BackupFailed
            | Self::RestoreFailed
            | Self::BackupNewer { .. }
            | Self::SecretNotKept { .. }
            | Self::SettingsNotKept { .. }
            | Self::NotSaved { .. }
            | Self::ForwardUnavailable
            | Self::SchedulesUnavailable
            | Self::LinksUnavailable
            | Self::StartAtLoginNotKept { .. }
            | Self::FileNotShown { .. }
            | Self::DemoFailed { .. } => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
}
