//! Whether this computer's clock is wrong: one notion from all who tell, the most certain first.

use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use crate::callback::span::in_words;

/// A clock that is not that of Tencent and of those who send callbacks.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ClockWarning {
    /// By how many seconds this computer's clock is ahead; behind: negative.
    off_seconds: i64,
    /// Who says so.
    source: ClockSource,
    /// What is known, what it means for the record, and what to do: English sentences.
    message: String,
}

/// Who says that this computer's clock is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClockSource {
    /// A signature that was right and not of this time.
    Signatures,
    /// The times that callbacks were sent at.
    Senders,
    /// Tencent's answers.
    Answers,
}

/// What is known of this computer's clock, if it seems to be wrong: from a signature that was refused for its time, from the
/// times of the last deliveries, or from Tencent's last answer.
pub(super) fn warning(api: &Api) -> Option<ClockWarning> {
    if let Some(off) = api.state.listener.clock_off() {
        return Some(ClockWarning {
            off_seconds: off.seconds,
            source: ClockSource::Signatures,
            message: off.message(),
        });
    }
    // What the demo's record is filled with was made up as sent days ago, which says nothing of the clock.
    if !api.state.is_demo
        && let Some(off_ms) = api.state.store.clock_off_ms(api.now_ms())
    {
        return Some(by_senders(off_ms / 1_000));
    }
    api.state.subscriptions.clock_offset_s().map(by_answers)
}

/// What is late may have been held back; what is early cannot be.
fn by_senders(off_seconds: i64) -> ClockWarning {
    let away = in_words(off_seconds);
    let message = if off_seconds < 0 {
        format!(
            "This computer's clock is about {away} behind: the last callbacks were sent later than it says. Set it. Calls and \
             rooms keep the times that their senders tell; times of receipt, and what has no other time, are wrong until then."
        )
    } else {
        format!(
            "This computer's clock seems to be about {away} ahead, or something held the last callbacks back for so long. Look \
             at it, and set it if it is wrong. Calls and rooms keep the times that their senders tell; times of receipt, and what \
             has no other time, are wrong until then."
        )
    };
    ClockWarning { off_seconds, source: ClockSource::Senders, message }
}

fn by_answers(off_seconds: i64) -> ClockWarning {
    let away = in_words(off_seconds);
    let way = if off_seconds > 0 { "ahead of" } else { "behind" };
    let message = format!(
        "This computer's clock is about {away} {way} Tencent's. Set it: passwords and signatures depend on it."
    );
    ClockWarning { off_seconds, source: ClockSource::Answers, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_says_how_far_which_way_and_what_to_do() {
        for (warning, parts) in [
            (by_senders(-315_360_000), ["about 10 years behind", "Set it"]),
            (by_senders(3_600), ["seems to be about 1 hour ahead", "or something held"]),
            (by_answers(-300), ["5 minutes behind Tencent's", "Set it"]),
            (by_answers(300), ["5 minutes ahead of Tencent's", "Set it"]),
        ] {
            for part in parts {
                assert!(warning.message.contains(part), "{part:?} is missing from: {}", warning.message);
            }
        }
    }
}
