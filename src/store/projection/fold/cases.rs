//! The follow-up cases of one counterpart: calls that were missed until somebody talked with whoever called, or closed the case by
//! hand (rules.md section 12).
//!
//! Misses, talks and what people wrote stand on one line of time. Whether a case is open at a moment follows from what stands
//! on the line up to there: the newest word that people wrote on its misses decides, and where nobody wrote, the first talk. So the answer is a function of the sets of calls and words, not of the order in which they came.
//!
//! A known property of the rules: `done` holds from the moment that its writer's clock said. A clock that is ahead closes the
//! case only then, and the misses until then belong to the case that it closes. They are in its list and its counts, but it
//! is not open because of them. The alternative, to let `done` cover only what its writer may have seen, would need to know
//! what that was; the entry does not say.

mod line;
mod misses;
mod sweep;
mod talks;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use sweep::Sweep;

/// One call in which the counterpart took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// How whoever asks names the call. It decides nothing.
    pub(crate) number: i64,
    /// Tencent's id of the call: decides between calls of one moment.
    pub(crate) id: String,
    pub(crate) started_ms: i64,
    pub(crate) answered_ms: Option<i64>,
    pub(crate) ended_ms: Option<i64>,
    /// `None` for every result with which a call is never a miss, and while there is none.
    pub(crate) result: Option<Unanswered>,
    pub(crate) members: Vec<Member>,
}

/// One member of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The person: all user ids of one person have the same number.
    pub(crate) person: i64,
    pub(crate) role: Role,
    /// Whether the person is one of us (rules.md section 10).
    pub(crate) ours: bool,
    pub(crate) joined_ms: Option<i64>,
    /// Whether the member's outcome is `normal_end`.
    pub(crate) normal_end: bool,
}

/// What a member was in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Caller,
    Callee,
    /// Seen in the call, but not called when it began.
    Other,
}

/// The results with which a call may be a miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unanswered {
    NotAnswer,
    CallBusy,
    Offline,
    Failed,
    Cancel,
    Reject,
}

impl Unanswered {
    /// From the code of a call's result; none for those with which a call is never a miss.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Some(match code {
            "not_answer" => Self::NotAnswer,
            "call_busy" => Self::CallBusy,
            "offline" => Self::Offline,
            "failed" => Self::Failed,
            "cancel" => Self::Cancel,
            "reject" => Self::Reject,
            _ => return None,
        })
    }
}

/// What makes a miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Whether anybody at all is ours, in this call or not.
    pub(crate) anybody_ours: bool,
    /// The results that count.
    pub(crate) counted: Vec<Unanswered>,
    /// A cancelled call counts only when it rang at least this long.
    pub(crate) ring_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        use Unanswered::{CallBusy, Cancel, Failed, NotAnswer, Offline};
        Self { anybody_ours: false, counted: vec![NotAnswer, CallBusy, Offline, Failed, Cancel], ring_ms: 5_000 }
    }
}

/// What people wrote on one call: of each field the entry that is shown (rules.md section 9.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByHand {
    /// `case.state`
    pub(crate) state: Option<Written<State>>,
    /// `case.assignee`
    pub(crate) assignee: Option<Written<String>>,
    /// `case.until`
    pub(crate) until_ms: Option<Written<i64>>,
    /// `case.reason`
    pub(crate) reason: Option<Written<String>>,
}

/// One entry. What was taken away was never said, and an undo is the entry that it goes back to, so that undoing gives back what
/// held before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written<T> {
    pub(crate) at_ms: i64,
    /// The entry's UUID as a number, which has the same order.
    pub(crate) id: u128,
    pub(crate) value: T,
}

/// `case.state`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// `done`
    Done,
    /// `open`, and every word that is not known: nothing is closed by a word that nobody understands.
    Open,
}

/// A case: its misses and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The numbers of its calls, oldest first; never empty.
    pub(crate) misses: Vec<i64>,
    pub(crate) first_missed_ms: i64,
    pub(crate) last_missed_ms: i64,
    /// How it was closed. `None` while it is open; whether it is put off then, `until_ms` tells whoever reads it.
    pub(crate) closing: Option<Closing>,
    /// Of this field and the next the newest entry on any of the misses.
    pub(crate) assignee: Option<String>,
    pub(crate) until_ms: Option<i64>,
    /// Only of a case that is closed by hand, and not from before that.
    pub(crate) reason: Option<String>,
}

/// How a case was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) at_ms: i64,
    /// From the end of the first miss to the closing. Below 0 where somebody closed it before that end.
    pub(crate) after_ms: i64,
    pub(crate) how: How,
}

/// By what a case was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It closed itself: somebody called back.
    CalledBack(Talk),
    /// It closed itself: the counterpart called again.
    CalledAgain(Talk),
    /// Somebody wrote `done`, on the miss with this number.
    ByHand(i64),
}

/// The talk that closed a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Talk {
    /// The number of the call.
    pub(crate) call: i64,
    /// The person of ours who talked first.
    pub(crate) by: i64,
}

/// The cases of one (application, counterpart), oldest first, from all calls of that application in which the counterpart
/// took part. What people wrote is by the number of the call; on a call that is no miss it says nothing.
///
/// Costs a sort of the calls and one pass over them, and for each `open` that came after a talk the callees of its case again.
pub(crate) fn fold(counterpart: i64, calls: &[Call], by_hand: &HashMap<i64, ByHand>, rules: &Rules) -> Vec<Case> {
    let misses = misses::of(counterpart, calls, rules);
    let talks = talks::of(counterpart, calls, rules);
    let mut sweep = Sweep::new(&misses, &talks);
    for event in line::in_order(&misses, &talks, by_hand) {
        sweep.happens(event);
    }
    sweep.cases(by_hand)
}
