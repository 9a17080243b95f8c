//! What keeps one target supplied: turn by turn the next deliveries, those of one call or room one after the other, others beside
//! them.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{StreamExt as _, stream};
use tokio::{task::spawn_blocking, time::sleep};

use super::{
    Forwarding,
    post::{Answer, Attempt, Sender},
    queue::{Error, Queue, Sent, Tried, Waiting},
    schedule,
    target::{Paused, Target, goes_to},
};
use crate::{
    callback::{self, Query, facts::Facts},
    lock::lock,
    store::{Store, delivery::Delivery},
};

/// Deliveries of one turn. What is under way when the process ends is sent again.
const TURN: u32 = 64;
/// Calls and rooms whose deliveries are sent at the same time.
const BESIDE: usize = 8;
/// Deliveries that are put into the queue in one transaction when they are to be sent again.
pub(super) const REPLAYED_TOGETHER: usize = 1_000;
/// A target is looked after so often at least, whether or not there is news.
const LOOK: Duration = Duration::from_secs(30);
/// So long deliveries gather after the first one, so that many that come at once are few turns.
const GATHER: Duration = Duration::from_millis(20);
/// So long ago a clock may have been set right that was ahead when a target was added.
const SET_RIGHT_MS: i64 = 60 * 60 * 1_000;
/// After a fault of this computer's, such as a full disk.
const FAULT: Duration = Duration::from_secs(5);

/// What a turn takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Take {
    /// As many as are due.
    Many,
    /// One, because the target does not answer: one that waits, whether or not its time has come, or else a new one.
    Waiting,
    /// A new one, or else one that waits.
    New,
}

impl Take {
    /// What the next turn takes of a target that has failed so many times in a row. What waits and what is new take turns, because it may
    /// be the one that waits that makes the target fail.
    const fn after(self, failures: u32) -> Self {
        match (failures, self) {
            (0, _) => Self::Many,
            (_, Self::New) => Self::Waiting,
            (_, Self::Many | Self::Waiting) => Self::New,
        }
    }

    const fn most(self) -> u32 {
        match self {
            Self::Many => TURN,
            Self::Waiting | Self::New => 1,
        }
    }
}

/// What a turn sends.
struct Turn {
    target: Target,
    /// By call or room, in the order of arrival.
    lanes: Vec<Vec<(Waiting, Option<Delivery>)>>,
    /// Those that cannot go before others of their lane.
    held: Vec<Waiting>,
    /// How far the archive is taken with this turn, where it is.
    after: Option<i64>,
}

impl Turn {
    fn is_empty(&self) -> bool {
        self.lanes.is_empty() && self.held.is_empty() && self.after.is_none()
    }
}

/// Sends to a target until it is removed or paused.
pub(super) async fn run(forwarding: Forwarding, sender: Sender, target: i64) {
    let mut news = forwarding.0.news.subscribe();
    // Turns in a row in which it did not answer.
    let mut failures = 0_u32;
    let mut take = Take::Many;
    loop {
        news.mark_unchanged();
        let turn = match forwarding.blocking(move |of| of.next_turn(target, take)).await {
            Some(Ok(Some(turn))) => turn,
            Some(Ok(None)) | None => return,
            Some(Err(error)) => {
                tracing::error!(%error, "nothing can be passed on for now");
                sleep(FAULT).await;
                continue;
            }
        };
        if turn.is_empty() {
            let wait = forwarding.blocking(move |of| of.until_due(target)).await.unwrap_or(LOOK);
            // A clock that was set back keeps nothing waiting for long.
            tokio::select! {
                _ = news.changed() => sleep(GATHER).await,
                () = sleep(wait.min(LOOK)) => {}
            }
            continue;
        }
        let after = turn.after;
        let sent = send(&forwarding, &sender, turn).await;
        let answers: Vec<Answer> = sent.iter().filter_map(|one| Some(one.attempt.as_ref()?.answer.clone())).collect();
        let settled = forwarding.blocking(move |of| lock(&of.0.queue).settle(target, &sent, after)).await;
        if let Some(Err(error)) = settled {
            tracing::error!(%error, "what was passed on cannot be noted; it is sent again");
            sleep(FAULT).await;
            continue;
        }
        if answers.contains(&Answer::LeadsBack) {
            let _ =
                forwarding.blocking(move |of| of.change(|queue| queue.pause(target, Some(Paused::LeadsBack)))).await;
            return;
        }
        let was_down = failures > 0;
        failures = match is_down(&answers) {
            Some(true) => failures.saturating_add(1),
            Some(false) => 0,
            None => failures,
        };
        take = take.after(failures);
        if was_down != (failures > 0) {
            forwarding.note_down(target, failures > 0).await;
        }
        if failures > 0 {
            sleep(Duration::from_millis(schedule::probe_ms(failures))).await;
        }
    }
}

/// Whether the answers of a turn tell that a target does not work; `None` where nothing was tried.
fn is_down(answers: &[Answer]) -> Option<bool> {
    let is_one_down = answers.iter().any(Answer::is_down);
    (!answers.is_empty()).then(|| is_one_down && !answers.contains(&Answer::Taken))
}

async fn send(forwarding: &Forwarding, sender: &Sender, turn: Turn) -> Vec<Sent> {
    let Turn { target, lanes, held, .. } = turn;
    let target = &target;
    let sent = stream::iter(lanes).map(|lane| send_lane(forwarding, sender, target, lane)).buffer_unordered(BESIDE);
    let mut sent: Vec<Sent> = sent.collect::<Vec<_>>().await.into_iter().flatten().collect();
    let at_ms = forwarding.0.clock.now_ms();
    sent.extend(held.into_iter().map(|waiting| Sent { waiting, at_ms, attempt: None }));
    sent
}

/// One after the other; what one that is not taken leaves behind waits.
async fn send_lane(
    forwarding: &Forwarding,
    sender: &Sender,
    target: &Target,
    lane: Vec<(Waiting, Option<Delivery>)>,
) -> Vec<Sent> {
    let now_ms = || forwarding.0.clock.now_ms();
    let (mut sent, mut is_open) = (Vec::with_capacity(lane.len()), true);
    for (waiting, delivery) in lane {
        let attempt = match delivery {
            _ if !is_open => None,
            None => Some(Attempt { answer: Answer::Unreadable, signed_anew: false }),
            Some(delivery) if forwarding.has_answered(target, &delivery).await => {
                Some(Attempt { answer: Answer::Taken, signed_anew: false })
            }
            Some(delivery) => Some(sender.send(&target.url, target.private, &delivery, now_ms()).await),
        };
        // What cannot be read is given up, and holds up nobody.
        let answer = attempt.as_ref().map(|attempt| &attempt.answer);
        is_open &= matches!(answer, Some(Answer::Taken | Answer::Unreadable));
        sent.push(Sent { waiting, at_ms: now_ms(), attempt });
    }
    sent
}

impl Forwarding {
    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> T + Send + 'static) -> Option<T> {
        let this = self.clone();
        spawn_blocking(move || work(&this)).await.ok()
    }

    /// What is sent next; `None` where nothing is any more.
    fn next_turn(&self, no: i64, take: Take) -> Result<Option<Turn>, Error> {
        let Some(store) = self.0.store.upgrade() else { return Ok(None) };
        let now_ms = self.0.clock.now_ms();
        let mut queue = lock(&self.0.queue);
        let Some(target) = queue.target(no)?.filter(|target| target.paused.is_none()) else { return Ok(None) };
        let target = up_to_date(&mut queue, &store, target, now_ms)?;
        let due = match take {
            Take::Many => queue.due(no, now_ms, TURN)?,
            Take::Waiting => queue.due(no, i64::MAX, 1)?,
            Take::New => Vec::new(),
        };
        let mut turn = Turn { target, lanes: Vec::new(), held: Vec::new(), after: None };
        let room = take.most().saturating_sub(u32::try_from(due.len()).unwrap_or(u32::MAX));
        let mut lanes = Lanes::new();
        add_waiting(&store, &mut lanes, due)?;
        for (id, delivery) in store.archived_after(turn.target.after, room)? {
            turn.after = Some(id);
            let Some(delivery) = delivery.filter(|delivery| goes_to(&turn.target, delivery)) else { continue };
            let waiting = Waiting { id, lane: lane_of(id, &delivery), tried: Tried::default() };
            let is_free = lanes.contains_key(&waiting.lane) || queue.lane_waits(no, &waiting.lane)?.is_none();
            match is_free {
                true => lanes.entry(waiting.lane.clone()).or_default().push((waiting, Some(delivery))),
                false => turn.held.push(waiting),
            }
        }
        if take == Take::New && turn.after.is_none() {
            add_waiting(&store, &mut lanes, queue.due(no, i64::MAX, 1)?)?;
        }
        turn.lanes = lanes.into_values().collect();
        Ok(Some(turn))
    }

    /// How long until something is due.
    fn until_due(&self, no: i64) -> Duration {
        let next_ms = lock(&self.0.queue).next_ms(no).ok().flatten();
        let wait_ms = next_ms.map(|next_ms| next_ms.saturating_sub(self.0.clock.now_ms()));
        wait_ms.map_or(LOOK, |wait_ms| Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0)))
    }

    /// Notes that a target does not answer, or does again.
    async fn note_down(&self, no: i64, is_down: bool) {
        tracing::info!(target = no, is_down, "an address to which callbacks are passed on has changed");
        if is_down {
            lock(&self.0.down).insert(no);
        } else {
            lock(&self.0.down).remove(&no);
            let now_ms = self.0.clock.now_ms();
            let hurried = self.blocking(move |of| lock(&of.0.queue).hurry(no, now_ms)).await;
            if let Some(Err(error)) = hurried {
                tracing::warn!(%error, "what waits to be passed on goes when its time has come");
            }
        }
        self.announce();
    }
}

/// What a turn sends, by call or room.
type Lanes = BTreeMap<String, Vec<(Waiting, Option<Delivery>)>>;

fn add_waiting(store: &Store, lanes: &mut Lanes, waiting: Vec<Waiting>) -> Result<(), Error> {
    for waiting in waiting {
        let delivery = store.archived_as(waiting.id)?;
        lanes.entry(waiting.lane.clone()).or_default().push((waiting, delivery));
    }
    Ok(())
}

/// A target whose numbers are those of this archive, and which was added by a clock that shows the time.
fn up_to_date(queue: &mut Queue, store: &Store, mut target: Target, now_ms: i64) -> Result<Target, Error> {
    let newest = store.newest_archived()?;
    if newest.archive != target.archive {
        tracing::warn!(target = target.no, "the record is another one: what waited to be passed on is not known in it");
        queue.begin_anew(target.no, &newest)?;
        (target.archive, target.since, target.after) = (newest.archive, newest.id, newest.id);
    }
    if target.added_ms > now_ms {
        target.added_ms = now_ms.saturating_sub(SET_RIGHT_MS);
        queue.added_by(target.no, target.added_ms)?;
    }
    Ok(target)
}

/// The lane of a delivery in the archive.
pub(super) fn lane_in(store: &Store, id: i64) -> String {
    match store.archived_as(id) {
        Ok(Some(delivery)) => lane_of(id, &delivery),
        _ => format!("#{id}"),
    }
}

/// Within what the order of deliveries is kept: the call or the room that one tells of.
fn lane_of(id: i64, delivery: &Delivery) -> String {
    let query = Query::parse(&delivery.query);
    match callback::parse_or_keep(&query, &delivery.headers, &delivery.body).facts {
        Some(Facts::Call(call)) => format!("call {}", call.call_id),
        Some(Facts::Room(room)) => format!("room {}", room.room_id),
        None => format!("#{id}"),
    }
}
