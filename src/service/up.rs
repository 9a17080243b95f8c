//! Writes down when the listener is able to take callbacks (rules.md section 13): a period begins when its port is open, is made
//! longer every minute and at the stop, and ends where the computer slept, its clock was set, the port was lost, nothing could be
//! stored, or the public address is known not to lead here. A process that is killed loses a minute of it at most. When a gap is over,
//! whatever asks Tencent every so often is told, and asks for what was missed.

mod after_gap;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use tokio::{sync::watch, task::spawn_blocking, time::timeout};
use uuid::Uuid;

use self::after_gap::AfterGap;
use crate::{
    clock::{Break, Clock, Reading},
    listener::{ListenerHandle, ListenerState},
    reach::Reach,
    store::{
        self, Store,
        coverage::{End, Up},
    },
};

/// How often is looked.
const LOOK: Duration = Duration::from_secs(2);
/// Looks that are so much further apart than [`LOOK`] tell of a time in which nothing ran: by then a sender has given up.
const LATE: Duration = Duration::from_secs(8);
/// How often a period that goes on is written down.
const WRITE: Duration = Duration::from_secs(60);
/// What could not be written is not tried again for so long: whoever holds a lock would keep the writer, and so callbacks, waiting.
const REST: Duration = Duration::from_secs(10);

/// What a look finds.
#[derive(Clone, Copy, Debug)]
struct Look {
    clocks: Reading,
    /// What keeps callbacks from being taken.
    hindrance: Option<End>,
}

impl Look {
    /// What broke the time between an earlier look and this one.
    fn broke(&self, earlier: &Self) -> Option<End> {
        self.clocks.since(&earlier.clocks, LOOK + LATE).map(|broke| match broke {
            Break::Slept(_) => End::Slept,
            Break::ClockSet => End::ClockSet,
        })
    }
}

/// The period that goes on, and those that nobody has written down yet.
#[derive(Debug, Default)]
struct Periods {
    current: Option<Up>,
    last: Option<Look>,
    ended: Vec<Up>,
    written: Option<Instant>,
    /// Whether the last look found that callbacks can be taken again, after one that found that they could not.
    is_gap_over: bool,
}

impl Periods {
    /// Takes a look into account; answers whether there is something to write.
    fn look(&mut self, now: Look) -> bool {
        let last = self.last.replace(now);
        let broke = last.and_then(|last| now.broke(&last));
        match broke.or(now.hindrance) {
            // What was true at the last look is all that is known.
            Some(why) => self.end(last.map(|last| last.clocks.wall_ms), why),
            None => self.extend(now.clocks.wall_ms),
        }
        self.is_gap_over = false;
        if now.hindrance.is_none() && self.current.is_none() {
            self.is_gap_over = last.is_some();
            let (from_ms, to_ms) = (now.clocks.wall_ms, now.clocks.wall_ms);
            self.current = Some(Up { id: Uuid::new_v4(), from_ms, to_ms, ended: None });
            self.written = None;
        }
        let is_due =
            self.written.is_none_or(|written| now.clocks.monotonic.saturating_duration_since(written) >= WRITE);
        !self.ended.is_empty() || (self.current.is_some() && is_due)
    }

    fn extend(&mut self, to_ms: i64) {
        if let Some(up) = &mut self.current {
            up.to_ms = up.to_ms.max(to_ms);
        }
    }

    /// Ends the period that goes on, where one does.
    fn end(&mut self, at_ms: Option<i64>, why: End) {
        if let Some(mut up) = self.current.take() {
            up.to_ms = up.to_ms.max(at_ms.unwrap_or(up.to_ms));
            self.ended.push(Up { ended: Some(why), ..up });
        }
    }

    /// What is to be written.
    fn unwritten(&self) -> Vec<Up> {
        self.ended.iter().chain(&self.current).cloned().collect()
    }

    fn are_written(&mut self, at: Instant) {
        self.ended.clear();
        self.written = Some(at);
    }
}

/// Keeps the periods of one service.
pub(super) struct Keeper {
    periods: Periods,
    listener: ListenerHandle,
    reach: Reach,
    /// Whoever ends the record does not wait for this.
    store: Weak<Store>,
    clock: Clock,
    /// Nothing is written until then.
    rests_until: Option<Instant>,
    after_gap: AfterGap,
    /// Told when a gap is over.
    sooner: watch::Sender<()>,
}

impl Keeper {
    /// Begins a period where the port is open already, and writes that down: from then on a kill loses a minute at most.
    pub(super) async fn begin(
        listener: ListenerHandle,
        reach: Reach,
        store: &Arc<Store>,
        clock: Clock,
        sooner: watch::Sender<()>,
    ) -> Self {
        let (periods, after_gap, store) = (Periods::default(), AfterGap::default(), Arc::downgrade(store));
        let mut keeper = Self { periods, listener, reach, store, clock, rests_until: None, after_gap, sooner };
        keeper.look().await;
        keeper
    }

    /// Looks again and again until the service closes, and writes down that it did.
    pub(super) async fn keep(mut self, mut closing: watch::Receiver<bool>) {
        while timeout(LOOK, closing.wait_for(|closing| *closing)).await.is_err() {
            self.look().await;
        }
        let now = self.see();
        self.periods.look(now);
        self.periods.end(Some(now.clocks.wall_ms), End::Stopped);
        self.write(now.clocks.monotonic).await;
    }

    async fn look(&mut self) {
        let now = self.see();
        let rests = self.rests_until.is_some_and(|until| now.clocks.monotonic < until);
        let is_news = self.periods.look(now);
        if self.after_gap.look(self.periods.is_gap_over, now.hindrance.is_none(), now.clocks.monotonic) {
            tracing::info!("callbacks can be taken again; Tencent is asked what was missed");
            self.sooner.send_replace(());
        }
        if is_news && !rests {
            self.write(now.clocks.monotonic).await;
        }
    }

    fn see(&self) -> Look {
        let is_open = matches!(self.listener.state(), ListenerState::Listening { .. });
        let stores = self.store.upgrade().is_some_and(|store| store.condition().failing.is_none());
        let is_lost = self.reach.lost_since_ms().is_some();
        let hindrance = match (is_open, stores, is_lost) {
            // Also for a pause: the archive has one word for both.
            (false, _, _) => Some(End::PortClosed),
            (true, false, _) => Some(End::NotStored),
            (true, true, true) => Some(End::NotReached),
            (true, true, false) => None,
        };
        Look { clocks: Reading::now(&self.clock), hindrance }
    }

    /// What cannot be written now is written later.
    async fn write(&mut self, at: Instant) {
        let (periods, store) = (self.periods.unwritten(), self.store.upgrade());
        let Some(store) = store.filter(|_| !periods.is_empty()) else { return };
        let written = spawn_blocking(move || store.put_up(periods)).await;
        match written
            .map_err(|fault| fault.to_string())
            .and_then(|written| written.map_err(|why: store::Error| why.to_string()))
        {
            Ok(()) => self.periods.are_written(at),
            Err(why) => {
                self.rests_until = Some(at + REST);
                tracing::debug!(why, "it could not be written down yet that callbacks can be taken");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const START_MS: i64 = 1_760_000_000_000;

    /// Looks, each with what passed since the first one by both clocks in seconds, and what is in the way; the periods, in seconds
    /// since the first look, where something was to be written; and where a gap was over.
    fn told(looks: &[(u64, i64, Option<End>)]) -> String {
        let (began, mut periods, mut told) = (Instant::now(), Periods::default(), String::new());
        for (ran_s, passed_s, hindrance) in looks {
            let now = Look {
                clocks: Reading {
                    monotonic: began + Duration::from_secs(*ran_s),
                    wall_ms: START_MS + passed_s * 1_000,
                },
                hindrance: *hindrance,
            };
            if periods.look(now) {
                for up in periods.unwritten() {
                    let second = |ms: i64| (ms - START_MS) / 1_000;
                    write!(told, "{}..{} {:?}; ", second(up.from_ms), second(up.to_ms), up.ended).unwrap();
                }
                periods.are_written(now.clocks.monotonic);
            }
            if periods.is_gap_over {
                told.push_str("over; ");
            }
        }
        told
    }

    #[test]
    fn a_period_is_as_long_as_callbacks_could_be_taken() {
        use End::{NotReached, NotStored, PortClosed};
        let each = |to: u64| (0..=to).step_by(2).map(|s| (s, i64::try_from(s).unwrap(), None)).collect::<Vec<_>>();
        let mut all = String::new();
        for (what, looks) in [
            ("written at once and every minute", each(120)),
            ("a busy computer is late", vec![(0, 0, None), (10, 10, None)]),
            ("stopped for an hour", vec![(0, 0, None), (2, 2, None), (3602, 3602, None)]),
            ("asleep for an hour", vec![(0, 0, None), (2, 2, None), (4, 3604, None)]),
            ("the clock is set ahead a little", vec![(0, 0, None), (2, 2, None), (4, 9, None)]),
            ("the clock is set back", vec![(0, 0, None), (2, 2, None), (4, -3600, None)]),
            ("the port is taken at first", vec![(0, 0, Some(PortClosed)), (2, 2, None), (4, 4, None)]),
            ("the disk is full for a while", vec![(0, 0, None), (2, 2, None), (4, 4, Some(NotStored)), (6, 6, None)]),
            ("the address leads elsewhere", vec![(0, 0, None), (2, 2, None), (4, 4, Some(NotReached)), (6, 6, None)]),
        ] {
            writeln!(all, "{what}: {}", told(&looks)).unwrap();
        }
        expect_test::expect![[r#"
            written at once and every minute: 0..0 None; 0..60 None; 0..120 None; 
            a busy computer is late: 0..0 None; 
            stopped for an hour: 0..0 None; 0..2 Some(Slept); 3602..3602 None; over; 
            asleep for an hour: 0..0 None; 0..2 Some(Slept); 3604..3604 None; over; 
            the clock is set ahead a little: 0..0 None; 0..2 Some(ClockSet); 9..9 None; over; 
            the clock is set back: 0..0 None; 0..2 Some(ClockSet); -3600..-3600 None; over; 
            the port is taken at first: 2..2 None; over; 
            the disk is full for a while: 0..0 None; 0..2 Some(NotStored); 6..6 None; over; 
            the address leads elsewhere: 0..0 None; 0..2 Some(NotReached); 6..6 None; over; 
        "#]]
        .assert_eq(&all);
    }
}
