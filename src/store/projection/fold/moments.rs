//! When a call was started, answered and ended. A time that was told stands as it was told. One that was not is derived from
//! what is there, and then keeps the order that every call has: started, answered, ended.

use crate::callback::fields::is_plausible;

/// A time, which message it came from, and whether that message names it or merely happened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    at_ms: i64,
    source: &'static str,
    is_told: bool,
}

/// What is said of a moment that could not be taken as it was derived.
const DERIVED: &str = "derived";

impl Moment {
    /// A field names this time.
    pub(super) const fn told(at_ms: i64, source: &'static str) -> Self {
        Self { at_ms, source, is_told: true }
    }

    /// Nothing names the time, and this happened then.
    pub(super) const fn derived(at_ms: i64, source: &'static str) -> Self {
        Self { at_ms, source, is_told: false }
    }

    /// The time and the source.
    pub(super) const fn found(self) -> (i64, &'static str) {
        (self.at_ms, self.source)
    }

    /// Between two others, as far as they are there; should they contradict each other, the first one counts.
    fn between(self, first: Option<Self>, last: Option<Self>) -> Self {
        let no_later = last.map_or(self.at_ms, |last| self.at_ms.min(last.at_ms));
        self.moved(first.map_or(no_later, |first| no_later.max(first.at_ms)))
    }

    fn moved(self, at_ms: i64) -> Self {
        if self.is_told || at_ms == self.at_ms { self } else { Self { at_ms, source: DERIVED, ..self } }
    }
}

/// A time that a message names; nobody can believe one before 2015 or from 2100 on (rules.md 1.7), which counts as not named.
pub(super) fn named(at_ms: Option<i64>) -> Option<i64> {
    at_ms.filter(|at| is_plausible(*at))
}

/// Puts the three moments of a call into their order, where they are derived.
pub(super) fn in_order(
    started: Moment,
    answered: Option<Moment>,
    ended: Option<Moment>,
) -> (Moment, Option<Moment>, Option<Moment>) {
    let is_told = |moment: &Moment| moment.is_told;
    let answered = answered.map(|answered| answered.between(Some(started).filter(is_told), ended.filter(is_told)));
    let started = started.between(None, answered).between(None, ended);
    let ended = ended.map(|ended| ended.between(Some(started), None).between(answered, None));
    (started, answered, ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `10` is told, `~10` derived, `-` not there; the answer says `*` where a moment was moved.
    fn check(sent: &str, want: &str) {
        let read = |word: &str| match word.strip_prefix('~') {
            Some(at) => Some(Moment::derived(at.parse().unwrap(), "event")),
            None => word.parse().ok().map(|at| Moment::told(at, "told")),
        };
        let words: Vec<_> = sent.split(' ').map(read).collect();
        let (started, answered, ended) = in_order(words[0].unwrap(), words[1], words[2]);
        let shown = [Some(started), answered, ended].map(|moment| {
            moment.map_or_else(
                || "-".to_owned(),
                |moment| format!("{}{}", moment.at_ms, if moment.source == DERIVED { "*" } else { "" }),
            )
        });
        assert_eq!(shown.join(" "), want, "{sent}");
    }

    #[test]
    fn what_is_derived_does_not_contradict_what_is_there() {
        for (sent, want) in [
            // The end alone was heard of, and it names when the call was answered.
            ("~50 5 50", "5* 5 50"),
            ("~50 5 ~50", "5* 5 50"),
            ("~50 - 20", "20* - 20"),
            ("~50 - ~50", "50 - 50"),
            ("~3 5 50", "3 5 50"),
            ("~7 ~5 50", "5* 5 50"),
            // The answer was heard of too late, or too early.
            ("0 ~60 50", "0 50* 50"),
            ("10 ~5 50", "10 10* 50"),
            ("10 ~5 -", "10 10* -"),
            ("~0 ~60 50", "0 50* 50"),
            // The end was heard of before what it ends.
            ("10 - ~5", "10 - 10*"),
            ("0 20 ~5", "0 20 20*"),
            ("~9 20 ~5", "5* 20 20*"),
            // What was told stands, whatever else was told.
            ("50 20 10", "50 20 10"),
            ("30 ~20 10", "30 30* 10"),
            ("30 ~30 10", "30 30 10"),
            ("30 ~20 ~10", "30 30* 30*"),
        ] {
            check(sent, want);
        }
    }
}
