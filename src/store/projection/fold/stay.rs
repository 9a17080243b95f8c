//! One user's stays in one room from enter, leave and heartbeat events and the room's boundaries: rules.md section 6.
//!
//! A boundary (destroy, dismiss) ends every open stay, but it is not written into the stays: `left` is the smaller of the
//! user's own leave and the next boundary, found when a stay is read. So a boundary needs no new fold for a user without
//! events at or after it, and the fold must give the same stay whether or not it knew of such a boundary.

use std::collections::{BTreeMap, HashSet};

use crate::callback::codes::Product;
use crate::callback::facts::RoomAction;
use crate::store::delivery::Digest;

/// One event of the user in the room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Presence {
    pub(crate) at_ms: i64,
    pub(crate) what: What,
    pub(crate) digest: Digest,
    pub(crate) cause: String,
    pub(crate) unique_id: Option<String>,
}

/// The four things that move a user in or out, and what shows that the user is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum What {
    Enter,
    Leave,
    Interrupt,
    Recover,
    Activity,
}

impl What {
    /// From the action that the room event stores; `None` for what concerns nobody's stay.
    pub(crate) fn read(action: &str) -> Option<Self> {
        [
            (RoomAction::Enter, Self::Enter),
            (RoomAction::Leave, Self::Leave),
            (RoomAction::Interrupt, Self::Interrupt),
            (RoomAction::Recover, Self::Recover),
            (RoomAction::Activity, Self::Activity),
        ]
        .into_iter()
        .find_map(|(known, what)| (known.code() == action).then_some(what))
    }
}

/// One stay, as the projection stores it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) entered_ms: Option<i64>,
    /// The user's own leave; the next boundary may come before it.
    pub(crate) left_ms: Option<i64>,
    /// Boundaries from here on end the stay; `None` when none can.
    pub(crate) closes_from_ms: Option<i64>,
    pub(crate) enter_cause: String,
    pub(crate) leave_cause: String,
    pub(crate) away_ms: i64,
    pub(crate) last_ms: i64,
}

impl Stay {
    /// By which stays are numbered and listed: when it began, else when it ended.
    pub(crate) fn sort_ms(&self) -> i64 {
        self.entered_ms.or(self.left_ms).unwrap_or(self.last_ms)
    }
}

/// Folds the stays of one user in one room, in the order of their time.
pub(crate) fn fold(mut events: Vec<Presence>, boundaries: &[i64], product: &str) -> Vec<Stay> {
    events.sort();
    // The same event sent twice counts once. Protocol.md 9.7 leaves the reason out of the key of RTC Engine events; the others
    // are told apart by their content.
    let content = |event: &Presence| (product != Product::Rtc.code()).then(|| event.cause.clone());
    let mut seen = HashSet::new();
    events.retain(|event| seen.insert((event.at_ms, event.what, event.unique_id.clone(), content(event))));
    let (heard, events): (Vec<_>, Vec<_>) = events.into_iter().partition(|event| event.what == What::Activity);
    let mut groups: BTreeMap<Option<String>, Vec<Presence>> = BTreeMap::new();
    let all_named = events.iter().all(|event| event.unique_id.is_some());
    for event in events {
        // `UniqueId` names the stay, but only where every event carries it: half a pair cannot be matched by it.
        let group = if all_named { event.unique_id.clone() } else { None };
        groups.entry(group).or_default().push(event);
    }
    // An open stay is not silent while the user does something in the room.
    for group in groups.values_mut() {
        group.extend_from_slice(&heard);
        group.sort();
    }
    let mut stays: Vec<Stay> = groups.into_values().flat_map(|events| fold_group(&events, boundaries)).collect();
    stays.sort_by_key(|stay| (stay.sort_ms(), stay.left_ms.unwrap_or(i64::MAX), stay.last_ms));
    stays
}

fn fold_group(events: &[Presence], boundaries: &[i64]) -> Vec<Stay> {
    let mut walk = Walk::default();
    let mut boundaries = boundaries.iter().copied().peekable();
    for moment in events.chunk_by(|a, b| a.at_ms == b.at_ms) {
        let Some(at_ms) = moment.first().map(|event| event.at_ms) else { continue };
        while boundaries.next_if(|boundary| *boundary < at_ms).is_some() {
            walk.boundary();
        }
        let mut closing = false;
        while boundaries.next_if_eq(&at_ms).is_some() {
            closing = true;
        }
        walk.moment(moment, at_ms, closing);
    }
    walk.finish()
}

/// Where the user is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Position {
    #[default]
    Outside,
    Inside,
    /// The heartbeat is lost since then.
    Away(i64),
    /// A boundary ended the stay; a late leave of the user still belongs to it.
    Closed,
}

#[derive(Default)]
struct Walk {
    position: Position,
    open: Stay,
    done: Vec<Stay>,
}

impl Walk {
    /// Events of one millisecond. If inside, leave before enter; if outside, enter before leave; a boundary is a leave for all.
    fn moment(&mut self, events: &[Presence], at_ms: i64, closing: bool) {
        use What::{Activity, Enter, Interrupt, Leave, Recover};
        let was_in = matches!(self.position, Position::Inside | Position::Away(_));
        let order: [&[What]; 2] = match self.position {
            Position::Inside => [&[Interrupt, Recover, Leave], &[Enter, Activity]],
            Position::Away(_) => [&[Recover, Interrupt, Leave], &[Enter, Activity]],
            Position::Outside | Position::Closed => [&[Enter, Recover, Interrupt, Leave], &[Activity]],
        };
        for (part, whats) in order.into_iter().enumerate() {
            for what in whats {
                for event in events.iter().filter(|event| event.what == *what) {
                    let opens_from = if closing && was_in { at_ms + 1 } else { at_ms };
                    self.happens(event, opens_from);
                }
            }
            if closing && part == 0 {
                self.boundary();
            }
        }
    }

    fn happens(&mut self, event: &Presence, closes_from_ms: i64) {
        match (event.what, self.position) {
            (What::Enter | What::Recover, Position::Outside | Position::Closed) => {
                self.finish_open();
                self.open = Stay {
                    entered_ms: Some(event.at_ms),
                    closes_from_ms: Some(closes_from_ms),
                    enter_cause: event.cause.clone(),
                    ..Stay::default()
                };
                self.position = Position::Inside;
            }
            (What::Enter | What::Recover, Position::Inside) => {}
            (What::Activity, Position::Inside | Position::Away(_)) => {}
            (What::Activity, Position::Outside | Position::Closed) => return,
            (What::Recover, Position::Away(since)) => {
                self.open.away_ms += event.at_ms - since;
                self.position = Position::Inside;
            }
            (What::Enter, Position::Away(since)) => {
                self.lost(since);
                self.finish_open_now();
                return self.happens(event, closes_from_ms);
            }
            (What::Interrupt, Position::Inside) => self.position = Position::Away(event.at_ms),
            (What::Interrupt, Position::Away(_)) => {}
            (What::Interrupt, Position::Closed) => return,
            (What::Interrupt, Position::Outside) => {
                self.open.closes_from_ms = Some(closes_from_ms);
                self.position = Position::Away(event.at_ms);
            }
            (What::Leave, position) => {
                if let Position::Away(since) = position {
                    self.open.away_ms += event.at_ms - since;
                }
                if self.open.left_ms.is_none() {
                    self.open.left_ms = Some(event.at_ms);
                    self.open.leave_cause.clone_from(&event.cause);
                    self.open.last_ms = event.at_ms;
                }
                return self.finish_open_now();
            }
        }
        self.open.last_ms = self.open.last_ms.max(event.at_ms);
    }

    /// Nothing came after an interrupt: the stay ended there.
    fn lost(&mut self, since_ms: i64) {
        self.open.left_ms = Some(since_ms);
        "heartbeat_interrupt".clone_into(&mut self.open.leave_cause);
        self.open.last_ms = self.open.last_ms.max(since_ms);
    }

    /// The room closed. What this means for the open stay is found when it is read; only later events are cut off from it.
    fn boundary(&mut self) {
        match self.position {
            Position::Inside => self.position = Position::Closed,
            Position::Away(since) => {
                self.lost(since);
                self.position = Position::Closed;
            }
            Position::Outside | Position::Closed => {}
        }
    }

    fn finish_open_now(&mut self) {
        self.done.push(std::mem::take(&mut self.open));
        self.position = Position::Outside;
    }

    fn finish_open(&mut self) {
        if self.open != Stay::default() {
            self.done.push(std::mem::take(&mut self.open));
        }
    }

    fn finish(mut self) -> Vec<Stay> {
        if let Position::Away(since) = self.position {
            self.lost(since);
        }
        self.finish_open();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Events as words (`e1` enter at 1, `l` leave, `i` interrupt, `r` recover, `b` boundary); stays as text, read with the boundaries.
    fn check(story: &str, want: Expect) {
        let mut events = Vec::new();
        let mut boundaries = Vec::new();
        for word in story.split_whitespace() {
            let (what, at) = word.split_at(1);
            let at_ms: i64 = at.parse().unwrap();
            let (what, cause) = match what {
                "e" => (What::Enter, "enter"),
                "l" => (What::Leave, "leave"),
                "i" => (What::Interrupt, "heartbeat_interrupt"),
                "r" => (What::Recover, "heartbeat_recover"),
                _ => {
                    boundaries.push(at_ms);
                    continue;
                }
            };
            events.push(Presence { at_ms, what, digest: Digest([0; 32]), cause: cause.to_owned(), unique_id: None });
        }
        let text = |at: Option<i64>| at.map_or("?".to_owned(), |at| at.to_string());
        let read = |stays: Vec<Stay>| -> Vec<String> {
            stays
                .iter()
                .map(|stay| {
                    let next =
                        stay.closes_from_ms.and_then(|from| boundaries.iter().copied().filter(|b| *b >= from).min());
                    let (left, cause) = match (stay.left_ms, next) {
                        (own, Some(boundary)) if own.is_none_or(|own| boundary < own) => {
                            (Some(boundary), "room_closed")
                        }
                        (own, _) => (own, stay.leave_cause.as_str()),
                    };
                    format!(
                        "{}-{} {} {} away {}",
                        text(stay.entered_ms),
                        text(left),
                        stay.enter_cause,
                        cause,
                        stay.away_ms
                    )
                })
                .collect()
        };
        let known = read(fold(events.clone(), &boundaries, "live"));
        let last = events.iter().map(|event| event.at_ms).max().unwrap_or(0);
        let earlier: Vec<i64> = boundaries.iter().copied().filter(|boundary| *boundary <= last).collect();
        assert_eq!(known, read(fold(events, &earlier, "live")), "a boundary after the last event needs no new fold");
        want.assert_eq(&known.join("\n"));
    }

    #[test]
    fn the_stories_of_rules_section_6() {
        check("e1 l5", expect!["1-5 enter leave away 0"]);
        check("e1 e3 l5", expect!["1-5 enter leave away 0"]);
        check("l5", expect!["?-5  leave away 0"]);
        check("e1 i3 r6 l9", expect!["1-9 enter leave away 3"]);
        check(
            "e1 i3 e6 l9",
            expect![[r#"
            1-3 enter heartbeat_interrupt away 0
            6-9 enter leave away 0"#]],
        );
        check("e1 i3", expect!["1-3 enter heartbeat_interrupt away 0"]);
        check("e1 i3 l9", expect!["1-9 enter leave away 6"]);
        check("r4 l9", expect!["4-9 heartbeat_recover leave away 0"]);
        check("e1", expect!["1-? enter  away 0"]);
    }

    #[test]
    fn boundaries_end_stays_without_being_written_into_them() {
        check("e1 b5", expect!["1-5 enter room_closed away 0"]);
        check("e1 b5 l7", expect!["1-5 enter room_closed away 0"]);
        check(
            "e1 b5 e7",
            expect![[r#"
            1-5 enter room_closed away 0
            7-? enter  away 0"#]],
        );
        check("e1 i3 b5", expect!["1-3 enter heartbeat_interrupt away 0"]);
        check(
            "e1 i3 b5 r7",
            expect![[r#"
            1-3 enter heartbeat_interrupt away 0
            7-? heartbeat_recover  away 0"#]],
        );
        check("e1 i3 b5 l7", expect!["1-3 enter heartbeat_interrupt away 0"]);
        check("e1 l3 b5", expect!["1-3 enter leave away 0"]);
    }

    #[test]
    fn one_millisecond_leaves_first_when_inside_and_enters_first_when_outside() {
        check(
            "e1 l5 e5 l9",
            expect![[r#"
            1-5 enter leave away 0
            5-9 enter leave away 0"#]],
        );
        check("e5 l5", expect!["5-5 enter leave away 0"]);
        check(
            "e1 b5 e5 l9",
            expect![[r#"
            1-5 enter room_closed away 0
            5-9 enter leave away 0"#]],
        );
        check("e5 b5", expect!["5-5 enter room_closed away 0"]);
    }

    #[test]
    fn a_unique_id_names_the_stay() {
        let event = |at_ms, what, id: &str| Presence {
            at_ms,
            what,
            digest: Digest([0; 32]),
            cause: String::new(),
            unique_id: Some(id.to_owned()),
        };
        let stays =
            fold(vec![event(1, What::Enter, "a"), event(2, What::Enter, "b"), event(5, What::Leave, "a")], &[], "rtc");
        let times: Vec<_> = stays.iter().map(|stay| (stay.entered_ms, stay.left_ms)).collect();
        assert_eq!(
            times,
            [(Some(1), Some(5)), (Some(2), None)],
            "the leave belongs to stay a, although b entered later"
        );
    }
}
