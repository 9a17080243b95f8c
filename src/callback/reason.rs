//! Why a delivery says no more than it does: a code with its arguments, so that every language has its own sentence.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lenient_json::{self, Defect};
use super::span::in_words;

/// Why a verdict is not simply `applied`. `Display` is the English sentence, for the command line, logs and spreadsheets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// The request has no body: Tencent checks an address with such a request.
    #[error("The request has no body, as a check of the address sends it.")]
    NoBody,
    /// The body is JSON, and not an object.
    #[error("The body is valid JSON, but not an object.")]
    NotAnObject,
    /// The body is no text.
    #[error("The body is not UTF-8 text (from byte {byte} on).")]
    NotText {
        /// How many bytes before it are text.
        byte: usize,
    },
    /// The body is text, and cannot be read as JSON.
    #[error("The body is not JSON: {why}.")]
    NotJson {
        /// What stands in the way and where, in English.
        why: String,
    },
    /// The body could be read after it was repaired, or in part.
    #[error("{}", lenient_json::told(defects))]
    Repaired {
        /// What was repaired, and what was left out.
        defects: Vec<Defect>,
    },
    /// A fault in Calltrail stopped the reading.
    #[error("A fault in Calltrail stopped the reading of this body. It is kept; please report it.")]
    ReadingFailed,
    /// A fault in Calltrail stopped the derivation.
    #[error("Calltrail could not make a record of it; it is kept, and tried again at the next rebuild.")]
    DerivingFailed,
    /// Calltrail's own test callback.
    #[error("Calltrail's own test callback.")]
    Test,
    /// It comes from Tencent's Chat.
    #[error("A callback of the Chat product. The record holds calls and rooms.")]
    Chat,
    /// A battle between live rooms.
    #[error("A battle between live rooms. The record holds rooms and who was in them, not battles.")]
    Battle,
    /// Tencent warns of the quota of rooms.
    #[error("A warning that the quota of rooms is nearly used up. It is about no room in particular.")]
    RoomQuota,
    /// Tencent asked whether a gift may be sent.
    #[error("A gift was about to be sent and was allowed. The record holds no gifts.")]
    Gift,
    /// A user follows another, or does not any more.
    #[error("A user followed another, or stopped. The record holds calls and rooms.")]
    Follow,
    /// A message was sent in a room.
    #[error("A message in a room. The record holds no messages.")]
    Message,
    /// RTC Engine took a screenshot (`EventGroupId` 6).
    #[error("A screenshot of a video. The record holds rooms and who was in them.")]
    Screenshot,
    /// An event of RTC Engine that is not about rooms.
    #[error("An RTC Engine event of group {group}. The record holds rooms and who was in them.")]
    RtcGroup {
        /// Its `EventGroupId`.
        group: i64,
    },
    /// The command is on none of Tencent's pages.
    #[error("Calltrail does not know the command {command}. The delivery is kept.")]
    UnknownCommand {
        /// As sent.
        command: String,
    },
    /// Neither body, query nor headers name a product.
    #[error("Nothing in the request says which product sent it. The delivery is kept.")]
    UnknownProduct,
    /// A field is missing without which the rest is of no use.
    #[error("The body has no {field}, so it cannot be told which call or room it is about.")]
    Lacks {
        /// Tencent's name of it.
        field: String,
    },
    /// A record that was fetched from Tencent has no `CallId`.
    #[error("The fetched record names no call.")]
    RecordWithoutCall,
    /// The request names no application.
    #[error("The request names no application (SDKAppID), so it cannot be told whose call it is.")]
    NoApp,
    /// The application is not one of ours.
    #[error("Application {app} is not one of yours. Add it, and this delivery joins the record.")]
    ForeignApp {
        /// Its SDKAppID.
        app: String,
    },
    /// The request names several applications.
    #[error("The request names several applications: {}. Nobody can tell whose it is.", apps.join(", "))]
    AppConflict {
        /// Their SDKAppIDs.
        apps: Vec<String>,
    },
    /// A signature is missing.
    #[error(
        "It is not signed, although a {secret} is set for application {app}. Either it did not come from Tencent, or signing is off \
         at Tencent: set the same {secret} there, or remove it here."
    )]
    NotSigned {
        /// The application.
        app: String,
        /// What it should be signed with.
        secret: Signer,
    },
    /// A signature does not fit.
    #[error(
        "The signature does not fit the {secret} that is set for application {app}. Either it did not come from Tencent, or Tencent \
         has another {secret}: compare the two. If you know that it is genuine, release it."
    )]
    BadSignature {
        /// The application.
        app: String,
        /// What it should be signed with.
        secret: Signer,
    },
    /// Nobody can say whether the signature fits.
    #[error(
        "The {secret} of application {app} is set and cannot be read, so nobody can say whether this delivery is genuine. Unlock the \
         key store and start Calltrail again, or enter the {secret} again; then release it."
    )]
    SignerUnreadable {
        /// The application.
        app: String,
        /// What cannot be read.
        secret: Signer,
    },
    /// The signature fits and is of the future.
    #[error(
        "The signature fits, but was made {} after this computer's clock says that it is now. Only this computer's clock can be \
         wrong: it is behind. Set it, and release this delivery.",
        in_words(*seconds)
    )]
    SignedLater {
        /// How long after.
        seconds: i64,
    },
    /// The signature fits and is old.
    #[error(
        "The signature fits, but was made {} before it arrived, and more than {most} seconds are not accepted. Either \
         somebody sent an old request again, or this computer's clock is ahead. If it is, set it, and release this delivery.",
        in_words(*seconds)
    )]
    SignedEarlier {
        /// How long before.
        seconds: i64,
        /// How long is accepted.
        most: i64,
    },
    /// What a version wrote down that knew no codes, or another program.
    #[error("{text}")]
    Sentence {
        /// In English.
        text: String,
    },
}

/// What callbacks are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// The token of Live callbacks.
    LiveToken,
    /// The key of RTC Engine's callbacks.
    RtcKey,
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LiveToken => "Live token",
            Self::RtcKey => "RTC key",
        })
    }
}

impl Reason {
    /// As the record keeps it.
    pub(crate) fn stored(reason: Option<&Self>) -> String {
        match reason {
            None => String::new(),
            Some(Self::Sentence { text }) => text.clone(),
            // Nothing in it can fail to be written.
            Some(coded) => serde_json::to_string(coded).unwrap_or_else(|_| coded.to_string()),
        }
    }

    /// Reads what the record keeps; empty says nothing. Versions that knew no codes have kept a sentence.
    pub(crate) fn read(stored: &str) -> Option<Self> {
        if stored.is_empty() {
            return None;
        }
        let coded =
            Some(stored).filter(|stored| stored.starts_with('{')).and_then(|coded| serde_json::from_str(coded).ok());
        Some(coded.unwrap_or_else(|| Self::Sentence { text: stored.to_owned() }))
    }

    /// The English sentence; empty where there is nothing to say.
    pub fn sentence(reason: Option<&Self>) -> String {
        reason.map(Self::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::signature::WINDOW_SECONDS;

    #[test]
    fn what_is_kept_is_read_again() {
        for reason in [
            None,
            Some(Reason::NoBody),
            Some(Reason::Repaired { defects: vec![Defect::Utf16, Defect::Depth] }),
            Some(Reason::NotSigned { app: "{\"}".to_owned(), secret: Signer::RtcKey }),
            Some(Reason::SignedEarlier { seconds: i64::MAX, most: WINDOW_SECONDS }),
        ] {
            assert_eq!(Reason::read(&Reason::stored(reason.as_ref())), reason, "with its arguments");
        }
    }

    #[test]
    fn a_sentence_of_an_older_version_is_kept_as_it_is() {
        for text in ["The body is not JSON.", "{ that begins like a code", "{\"code\":\"of a newer version\"}"] {
            let read = Reason::read(text);
            assert_eq!(Reason::sentence(read.as_ref()), text);
            assert_eq!(Reason::stored(read.as_ref()), text);
        }
    }
}
