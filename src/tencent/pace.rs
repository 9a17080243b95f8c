//! Keeps requests within the rates that Tencent documents: each one gets a moment of its own, evenly spaced.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::lock::lock;

/// The next free moment of every application and API. Cheap to clone; all clones share the moments.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace(Arc<Mutex<HashMap<(String, &'static str), Instant>>>);

impl Pace {
    /// Waits for this application's turn at an API that takes `per_second` requests a second.
    pub(super) async fn turn(&self, app: &str, api: &'static str, per_second: u32) {
        sleep_until(self.book(app, api, per_second, Instant::now())).await;
    }

    fn book(&self, app: &str, api: &'static str, per_second: u32, now: Instant) -> Instant {
        let mut next = lock(&self.0);
        let free = next.entry((app.to_owned(), api)).or_insert(now);
        let turn = (*free).max(now);
        *free = turn + Duration::from_secs(1) / per_second.max(1);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_holds_more_than_its_share() {
        let (pace, start) = (Pace::default(), Instant::now());
        let turns: Vec<Instant> = (0..25).map(|_| pace.book("1", "v1/callback/get", 10, start)).collect();
        assert_eq!(turns[0], start, "the first waits for nothing");
        for pair in turns.windows(11) {
            let width = pair[10].duration_since(pair[0]);
            assert!(width >= Duration::from_secs(1), "eleven requests span a whole second, not {width:?}");
        }
        assert_eq!(pace.book("2", "v1/callback/get", 10, start), start, "another application has its own rate");
        assert_eq!(pace.book("1", "v4/call_config/get_callback", 200, start), start, "and so has another API");
        let later = start + Duration::from_secs(60);
        assert_eq!(
            pace.book("1", "v1/callback/get", 10, later),
            later,
            "a pause is not saved up, and nobody waits for it"
        );
    }
}
