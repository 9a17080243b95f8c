//! Time in which this process ran. Deadlines go by it: a sender is not late because the computer slept, or because the process
//! was stopped, while its request lay in the system's queue.

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::time::{sleep, timeout};

use crate::lock::lock;

/// Whoever runs asks for the time more often than this: the accept loop alone does so four times a second. What passes beyond it
/// between two questions passed while nothing ran, and is counted against nobody.
const MOST_BETWEEN: Duration = Duration::from_secs(1);
/// Whoever waits for longer asks so often meanwhile: nobody else may do it, as at the stop.
const ASK: Duration = Duration::from_millis(250);

/// A monotonic clock that stands still while nothing runs. Cheap to clone; all clones are one clock.
#[derive(Clone, Debug)]
pub(super) struct Awake(Arc<Mutex<Asked>>);

#[derive(Debug)]
struct Asked {
    last: Instant,
    slept: Duration,
    sleeps: u64,
}

impl Default for Awake {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Asked { last: Instant::now(), slept: Duration::ZERO, sleeps: 0 })))
    }
}

impl Awake {
    /// The time without what was slept. It may only be compared with other moments of this clock.
    pub(super) fn now(&self) -> Instant {
        self.at(Instant::now())
    }

    /// How often nothing has run for a while until now.
    pub(super) fn sleeps(&self) -> u64 {
        self.now();
        lock(&self.0).sleeps
    }

    fn at(&self, now: Instant) -> Instant {
        let mut asked = lock(&self.0);
        let passed = now.saturating_duration_since(asked.last);
        asked.slept += passed.saturating_sub(MOST_BETWEEN);
        asked.sleeps += u64::from(passed > MOST_BETWEEN);
        asked.last = asked.last.max(now);
        now.checked_sub(asked.slept).unwrap_or(now)
    }

    /// Returns when so much time has passed in which this process ran.
    pub(super) async fn sleep(&self, time: Duration) {
        let began = self.now();
        while let Some(left) =
            time.checked_sub(self.now().saturating_duration_since(began)).filter(|left| !left.is_zero())
        {
            sleep(left.min(ASK)).await;
        }
    }

    /// What comes of something within so much time; nothing when it takes longer.
    pub(super) async fn within<F: Future>(&self, time: Duration, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        let began = self.now();
        loop {
            let left = time.saturating_sub(self.now().saturating_duration_since(began));
            // Whatever is done already is looked at before the time is.
            match timeout(left.min(ASK), work.as_mut()).await {
                Ok(done) => return Some(done),
                Err(_) if left.is_zero() => return None,
                Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_while_nothing_runs_is_not_counted() {
        let awake = Awake::default();
        let began = awake.at(Instant::now());
        let real = awake.0.lock().unwrap().last;
        let passed = |real_ms: u64| awake.at(real + Duration::from_millis(real_ms)).duration_since(began).as_millis();
        assert_eq!(passed(300), 300, "somebody asks now and then");
        assert_eq!(passed(1_200), 1_200, "time passes as usual");
        assert_eq!(passed(61_200), 2_200, "a minute's sleep is a second at most");
        assert_eq!(passed(61_500), 2_500, "and from there it goes on");
        assert_eq!(passed(61_400), 2_400, "a question that is late moves nothing");
        assert_eq!(passed(61_500), 2_500, "nor does it count twice");
        assert_eq!(awake.0.lock().unwrap().sleeps, 1, "that was one sleep");
    }

    #[tokio::test]
    async fn whoever_waits_alone_waits_no_longer() {
        let (awake, began) = (Awake::default(), Instant::now());
        awake.sleep(Duration::from_millis(1_600)).await;
        assert_eq!(
            awake.within(Duration::from_millis(1_600), std::future::pending::<()>()).await,
            None,
            "nothing comes"
        );
        assert!(began.elapsed() < Duration::from_millis(4_500), "3.2 s were asked for, and took {:?}", began.elapsed());
    }

    #[tokio::test]
    async fn something_that_is_done_is_not_too_late() {
        let awake = Awake::default();
        assert_eq!(awake.within(Duration::ZERO, async { 7 }).await, Some(7), "it was there when its time ended");
        let never = std::future::pending::<()>();
        assert_eq!(awake.within(Duration::from_millis(20), never).await, None, "what does not come is not waited for");
    }
}
