//! What a person is told before a change, and how much it weighs.

use serde::Serialize;
use utoipa::ToSchema;

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeLevel)]
pub enum Level {
    /// It cannot be done like this.
    Stop,
    /// It is done only when somebody agrees.
    Ask,
    /// It is only said.
    Advice,
}

/// Something to know before a change; `Display` is the English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Notice {
    /// The address is none of the web.
    #[error("The address must begin with http:// or https:// and name a host; Tencent refuses every other one.")]
    NotWeb,
    /// The address cannot be reached from the internet.
    #[error(
        "This address is a private one. Tencent's computers cannot reach it, so no callback would arrive. Enter the public address that leads to this computer."
    )]
    PrivateAddress,
    /// The address is not this installation's.
    #[error(
        "The address does not end in the secret of this installation, so Calltrail would not take what is sent to it. Check it letter by letter."
    )]
    NotOurs,
    /// The address is not encrypted.
    #[error("With http:// everybody on the way can read the callbacks. An address with https:// is better.")]
    HttpOnly,
    /// It is not known where Tencent is to send.
    #[error("Nobody has said yet under which public address Tencent reaches this computer. Enter it first.")]
    NoPublicUrl,
    /// It is so already.
    #[error("Tencent has exactly this already.")]
    NothingChanges,
    /// The choice is empty.
    #[error("No callback is chosen. Choose some, or stop the sending altogether.")]
    NoCommand,
    /// Something is chosen that Tencent does not document.
    #[error("No page of Tencent names {} for this product; Tencent may refuse all of it.", list(commands))]
    UnknownCommand {
        /// Tencent's words.
        commands: Vec<String>,
    },
    /// Something that Tencent does not document would be switched off.
    #[error(
        "{} would be switched off. No page of Tencent names it for this product: somebody may have switched it on for a reason.",
        list(commands)
    )]
    DropsUnknown {
        /// Tencent's words.
        commands: Vec<String>,
    },
    /// Callbacks that ask for permission would be answered by somebody else than now.
    #[error("{}", moderation(commands, *stops))]
    Moderation {
        /// Tencent's words.
        commands: Vec<String>,
        /// True: another program that is asked now would no longer be. False: Calltrail would be asked.
        stops: bool,
    },
    /// Another receiver would get nothing any more.
    #[error("Tencent sends these callbacks to another address now ({url}). It would get nothing any more.")]
    OtherUrl {
        /// The address, without what would let somebody in.
        url: String,
    },
}

impl Notice {
    /// How much it weighs.
    pub const fn level(&self) -> Level {
        match self {
            Self::NotWeb | Self::NoPublicUrl | Self::NoCommand => Level::Stop,
            Self::PrivateAddress
            | Self::NotOurs
            | Self::UnknownCommand { .. }
            | Self::DropsUnknown { .. }
            | Self::Moderation { .. }
            | Self::OtherUrl { .. } => Level::Ask,
            Self::HttpOnly | Self::NothingChanges => Level::Advice,
        }
    }

    /// The code by which somebody agrees.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotWeb => "not_web",
            Self::PrivateAddress => "private_address",
            Self::NotOurs => "not_ours",
            Self::HttpOnly => "http_only",
            Self::NoPublicUrl => "no_public_url",
            Self::NothingChanges => "nothing_changes",
            Self::NoCommand => "no_command",
            Self::UnknownCommand { .. } => "unknown_command",
            Self::DropsUnknown { .. } => "drops_unknown",
            Self::Moderation { .. } => "moderation",
            Self::OtherUrl { .. } => "other_url",
        }
    }
}

fn list(commands: &[String]) -> String {
    commands.join(", ")
}

fn moderation(commands: &[String], stops: bool) -> String {
    let commands = list(commands);
    if stops {
        format!(
            "Another program is asked for permission now ({commands}). After this change it is not asked any more: moderation \
             stops, and Calltrail moderates nothing."
        )
    } else {
        format!(
            "{commands} blocks Tencent's users until it is answered. Calltrail allows everything at once; while this computer is \
             off, users wait for 2 seconds, and gifts are refused."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_agreed_to_is_what_was_told() {
        let commands = || vec!["A".to_owned(), "B".to_owned()];
        for notice in [
            Notice::NotWeb,
            Notice::PrivateAddress,
            Notice::NotOurs,
            Notice::HttpOnly,
            Notice::NoPublicUrl,
            Notice::NothingChanges,
            Notice::NoCommand,
            Notice::UnknownCommand { commands: commands() },
            Notice::DropsUnknown { commands: commands() },
            Notice::Moderation { commands: commands(), stops: true },
            Notice::Moderation { commands: commands(), stops: false },
            Notice::OtherUrl { url: "https://a.example".to_owned() },
        ] {
            let told = serde_json::to_value(&notice).expect("JSON");
            assert_eq!(told["code"], notice.code(), "one code for reading and for agreeing");
            let text = notice.to_string();
            assert!(text.ends_with('.'), "a sentence: {text}");
            assert_eq!(told.get("commands").is_some(), text.contains("A, B"), "with the words it is about: {text}");
        }
    }
}
