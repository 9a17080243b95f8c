//! What is known of an application's runs: the one that is under way, what is wanted after it, and how the last ones ended.

use std::collections::VecDeque;

use tokio::sync::watch;

use super::run::{Progress, Run};

/// How many runs that have ended are remembered, for those who wait for one of them.
const REMEMBERED: usize = 16;

/// What is known of an application's runs.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How far the run is that is under way.
    pub running: Option<Progress>,
    /// The run that ended last.
    pub last: Option<Run>,
    /// The number of the run that began last.
    number: u64,
    /// Tells the run that is under way to end.
    cancel: Option<watch::Sender<()>>,
    /// What is to be read after the run that is under way.
    wanted: Option<Wanted>,
    /// The runs that have ended, with their numbers, oldest first.
    ended: VecDeque<(u64, Run)>,
}

/// What is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    /// Calls that began at this moment or later, Unix milliseconds; everything that Tencent has, where none is named.
    from_ms: Option<i64>,
}

impl Wanted {
    /// What has both.
    fn and(self, other: Self) -> Self {
        Self { from_ms: self.from_ms.zip(other.from_ms).map(|(one, other)| one.min(other)) }
    }
}

/// A run that begins, for whoever carries it out.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) progress: Progress,
    /// Tells it to end.
    pub(super) canceled: watch::Receiver<()>,
}

impl State {
    /// Takes down that calls since `from_ms` are to be read. Answers with the number of the run that reads them, and with that run
    /// where it begins now. One that is under way is no answer: it reads nothing of calls that began after it, and may read less.
    pub(super) fn want(&mut self, from_ms: Option<i64>, now_ms: i64) -> (u64, Option<Begun>) {
        let wanted = Wanted { from_ms };
        if self.running.is_none() {
            let begun = self.begin(wanted, now_ms);
            return (self.number, Some(begun));
        }
        self.wanted = Some(self.wanted.map_or(wanted, |earlier| earlier.and(wanted)));
        (self.number + 1, None)
    }

    /// The run that is under way has ended. Answers with the next one, where something is wanted.
    pub(super) fn end(&mut self, ended: Run, now_ms: i64) -> Option<Begun> {
        if self.ended.len() == REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back((self.number, ended.clone()));
        (self.running, self.cancel, self.last) = (None, None, Some(ended));
        let wanted = self.wanted.take()?;
        Some(self.begin(wanted, now_ms))
    }

    /// Ends the run that is under way, and what was wanted after it is not wanted any more. False where no run is under way, or it
    /// was told already.
    pub(super) fn cancel(&mut self) -> bool {
        if self.wanted.take().is_some() {
            // Whoever waits for the next run is told of the end of this one.
            self.number += 1;
        }
        // Told, and not only dropped: whoever looks at a state has a sender too.
        self.cancel.take().map(|cancel| cancel.send_replace(())).is_some()
    }

    /// The same for whoever waits for one run: once it has ended, nothing is under way, and it is the last one.
    pub(super) fn of_run(self, run: u64) -> Self {
        let outcome = self.ended.iter().find(|(number, _)| *number >= run).map(|(_, ended)| ended.clone());
        match outcome {
            Some(ended) => Self { last: Some(ended), ..Self::default() },
            None => self,
        }
    }

    fn begin(&mut self, Wanted { from_ms }: Wanted, now_ms: i64) -> Begun {
        let (cancel, canceled) = watch::channel(());
        let progress = Progress::new(now_ms, from_ms);
        self.number += 1;
        (self.running, self.cancel) = (Some(progress.clone()), Some(cancel));
        Begun { progress, canceled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_760_000_000_000;

    /// A run that came to its end, with what it had read as its mark.
    fn ran(read: u64, canceled: bool) -> Run {
        let progress = Progress { read, ..Progress::new(NOW_MS, None) };
        Run { progress, ended_ms: NOW_MS, complete: !canceled, canceled, problem: None, not_kept: None }
    }

    /// How the run with a number ended, as somebody sees it who waits for it.
    fn seen(state: &State, run: u64) -> Option<(u64, bool)> {
        let state = state.clone().of_run(run);
        state.last.filter(|_| state.running.is_none()).map(|run| (run.progress.read, run.canceled))
    }

    #[test]
    fn what_is_wanted_during_a_run_is_read_by_the_next_one() {
        let mut state = State::default();
        let (first, begun) = state.want(Some(NOW_MS - 5), NOW_MS);
        assert!(begun.is_some(), "nothing was under way");
        let wanted: Vec<_> = [Some(NOW_MS - 20), Some(NOW_MS - 10)]
            .into_iter()
            .map(|from_ms| state.want(from_ms, NOW_MS))
            .map(|(run, begun)| (run, begun.is_some()))
            .collect();
        assert_eq!(wanted, [(first + 1, false); 2], "one run for both, and not yet");
        assert_eq!(seen(&state, first), None);

        let next = state.end(ran(1, false), NOW_MS).expect("it begins at once");
        assert_eq!(next.progress.from_ms, NOW_MS - 20, "it reads what both want");
        assert_eq!((seen(&state, first), seen(&state, first + 1)), (Some((1, false)), None));
        assert!(state.running.is_some(), "there is no moment in which nothing is under way");

        state.want(Some(NOW_MS - 20), NOW_MS);
        state.want(None, NOW_MS);
        let next = state.end(ran(2, false), NOW_MS).expect("again");
        assert_eq!(next.progress, Progress::new(NOW_MS, None), "everything is more than a part");
        assert!(state.end(ran(3, false), NOW_MS).is_none(), "nobody wants more");
        let all: Vec<_> = (first..=first + 2).map(|run| seen(&state, run)).collect();
        assert_eq!(all, [Some((1, false)), Some((2, false)), Some((3, false))], "each learns of its own");
    }

    #[test]
    fn a_run_that_somebody_ends_ends_what_was_wanted_after_it() {
        let mut state = State::default();
        assert!(!state.cancel(), "nothing is under way");
        let (first, begun) = state.want(None, NOW_MS);
        let (next, _) = state.want(None, NOW_MS);
        assert!(state.cancel());
        assert!(begun.is_some_and(|begun| !matches!(begun.canceled.has_changed(), Ok(false))), "it is told");
        assert!(!state.cancel(), "once");
        assert!(state.end(ran(4, true), NOW_MS).is_none());
        assert_eq!((seen(&state, first), seen(&state, next)), (Some((4, true)), Some((4, true))), "both are told");

        let (later, begun) = state.want(None, NOW_MS);
        assert!(begun.is_some() && later > next, "and the next one is another one");
    }
}
