//! The statement from facts that are written as text: a line for each fact, times as days and hours.

use std::fmt::Write as _;

use expect_test::expect;
use uuid::Uuid;

use super::*;
use crate::store::coverage::End;

/// 2025-10-09 00:00 UTC.
const DAY_0: i64 = 1_759_968_000_000;
const HOUR_MS: i64 = 3_600_000;
const QUARTER_MS: i64 = HOUR_MS / 4;
const APP: &str = "1400000001";

/// `9T14:30` is half past two in the afternoon of the ninth of October 2025, UTC.
fn at(text: &str) -> i64 {
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let (hour, minute) = time.split_once(':').unwrap();
    let number = |text: &str| text.parse::<i64>().unwrap();
    DAY_0 + (number(day) - 9) * 24 * HOUR_MS + number(hour) * HOUR_MS + number(minute) * 60_000
}

fn shown(ms: i64) -> String {
    let minutes = (ms - DAY_0).div_euclid(60_000);
    format!("{}T{:02}:{:02}", 9 + minutes.div_euclid(1440), minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60))
}

/// `up FROM TO [WHY]`, `fetched FROM TO AT [PRODUCT]` (both products where none is named) and `calls AT CALLBACKS BOTH RECORDS`.
#[derive(Default)]
struct Story {
    up: Vec<Up>,
    fetched: Vec<Fetched>,
    known: BTreeMap<i64, KnownFrom>,
}

impl Story {
    fn read(text: &str) -> Self {
        let mut story = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let count = |n: usize| words.get(n).map_or(0, |word| word.parse().unwrap());
            match words[0] {
                "up" => {
                    let ended = words.get(3).and_then(|code| End::read(code));
                    story.up.push(Up { id: Uuid::nil(), from_ms: at(words[1]), to_ms: at(words[2]), ended });
                }
                "fetched" => {
                    let products = words.get(4).map_or_else(|| vec!["call", "call-v1"], |product| vec![*product]);
                    story.fetched.extend(products.into_iter().map(|product| Fetched {
                        app: APP.to_owned(),
                        product: product.to_owned(),
                        from_ms: at(words[1]),
                        to_ms: at(words[2]),
                        at_ms: at(words[3]),
                        records: 7,
                    }));
                }
                "calls" => {
                    let known = KnownFrom { callbacks: count(2), both: count(3), records: count(4) };
                    story.known.insert(at(words[1]).div_euclid(QUARTER_MS) * QUARTER_MS, known);
                }
                other => panic!("{other}"),
            }
        }
        story
    }

    fn statement(&self, window: &str, now: &str, zone: &str) -> Statement {
        let (from, to) = window.split_once(' ').unwrap();
        state(&Facts {
            now_ms: at(now),
            window: Span { from_ms: at(from), to_ms: at(to) },
            zone: &Zone::read(zone).unwrap(),
            apps: &[APP.to_owned()],
            up: &self.up,
            fetched: &self.fetched,
            known: &self.known,
        })
    }

    fn told(&self, window: &str, now: &str) -> String {
        told_of(&self.statement(window, now, "utc"))
    }
}

fn told_of(statement: &Statement) -> String {
    let mut told = String::new();
    let counts = |CallCounts { calls, confirmed, only_callbacks, only_fetched }: CallCounts| {
        format!("{calls} = {confirmed} + {only_callbacks} + {only_fetched}")
    };
    let complete = |to: Option<i64>| to.map_or_else(|| "nowhere".to_owned(), shown);
    let gap = |Gap { from_ms, to_ms, why, calls, forgets_ms }: &Gap| {
        let forgets = forgets_ms.map_or_else(String::new, |ms| format!(" until {}", shown(ms)));
        format!("{}..{} {why:?} {calls:?}{forgets}", shown(*from_ms), shown(*to_ms))
    };
    writeln!(told, "calls {}, complete to {}", counts(statement.calls), complete(statement.complete_to_ms)).unwrap();
    statement.gaps.iter().for_each(|one| writeln!(told, "gap {}", gap(one)).unwrap());
    for AppRecords { fetched, fetchable, complete_to_ms, .. } in &statement.apps {
        writeln!(told, "app complete to {}", complete(*complete_to_ms)).unwrap();
        for FetchedPeriod { product, from_ms, to_ms, at_ms, records } in fetched {
            let (from, to, at) = (shown(*from_ms), shown(*to_ms), shown(*at_ms));
            writeln!(told, "  {product} {from}..{to} read {at}, {records} records").unwrap();
        }
        for Fetchable { from_ms, to_ms, forgets_ms } in fetchable {
            writeln!(told, "  left {}..{} until {}", shown(*from_ms), shown(*to_ms), shown(*forgets_ms)).unwrap();
        }
    }
    for DayStatement { day, calls, complete_to_ms, gaps } in &statement.days {
        let gaps: Vec<String> = gaps.iter().map(gap).collect();
        writeln!(told, "{day} {} to {} {gaps:?}", counts(*calls), complete(*complete_to_ms)).unwrap();
    }
    told
}

#[test]
fn a_night_asleep_is_a_gap_whose_calls_were_fetched() {
    let story = Story::read(
        "up 9T08:00 9T20:00 slept
         up 10T08:00 10T09:00
         calls 9T10:00 2 30 0
         calls 9T21:00 0 0 4
         calls 10T02:00 0 0 1
         calls 10T08:30 3 0 0
         fetched 3T08:00 10T08:05 10T08:05",
    );
    expect![[r#"
        calls 40 = 30 + 5 + 5, complete to 10T08:00
        gap 9T00:00..9T08:00 BeforeFirst Fetched
        gap 9T20:00..10T08:00 Slept Fetched
        app complete to 10T08:00
          call 3T08:00..10T08:05 read 10T08:05, 7 records
          call-v1 3T08:00..10T08:05 read 10T08:05, 7 records
          left 10T08:00..10T08:55 until 17T08:00
        2025-10-09 36 = 30 + 2 + 4 to 10T00:00 ["9T00:00..9T08:00 BeforeFirst Fetched", "9T20:00..10T00:00 Slept Fetched"]
        2025-10-10 4 = 0 + 3 + 1 to 10T08:00 ["10T00:00..10T08:00 Slept Fetched"]
    "#]]
    .assert_eq(&story.told("9 11", "10T09:00"));
}

#[test]
fn without_a_key_a_gap_can_be_fetched_until_tencent_forgets_it() {
    let story = Story::read("up 9T00:00 9T12:00\nup 9T13:00 16T00:00 stopped\nup 16T00:01 30T00:00");
    let mut told = String::new();
    for now in ["9T18:00", "16T12:30", "17T00:00"] {
        let statement = story.statement("9 10", now, "utc");
        writeln!(told, "{now}: {:?} {:?}", statement.gaps[0].calls, statement.gaps[0].forgets_ms.map(shown)).unwrap();
        writeln!(
            told,
            "  {}",
            statement.apps[0].fetchable.iter().map(|left| shown(left.forgets_ms)).collect::<String>()
        )
        .unwrap();
    }
    expect![[r#"
        9T18:00: Fetchable Some("16T12:00")
          9T18:00
        16T12:30: PartlyForgotten Some("16T13:00")
          16T12:30
        17T00:00: Forgotten None
          17T00:00
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_period_is_complete_when_both_products_were_read() {
    let story = Story::read(
        "up 9T00:00 11T00:00
         fetched 2T00:00 9T12:00 9T12:00 call
         fetched 2T00:00 9T06:00 9T06:00 call-v1
         fetched 9T06:01 9T12:00 9T12:00 call-v1",
    );
    expect![[r#"
        calls 0 = 0 + 0 + 0, complete to 9T11:55
        app complete to 9T11:55
          call 2T00:00..9T12:00 read 9T12:00, 7 records
          call-v1 2T00:00..9T06:00 read 9T06:00, 7 records
          call-v1 9T06:01..9T12:00 read 9T12:00, 7 records
          left 9T05:55..9T06:01 until 16T05:55
          left 9T11:55..10T23:55 until 16T11:55
        2025-10-09 0 = 0 + 0 + 0 to 9T11:55 []
        2025-10-10 0 = 0 + 0 + 0 to nowhere []
    "#]]
    .assert_eq(&story.told("9 11", "11T00:00"));
}

/// "Complete to" is the end of the last fetched period, as rules.md section 13 has it, and so says nothing of what was not read before
/// it: sentences may not promise that, and what is left is told.
#[test]
fn what_was_not_read_before_the_last_fetched_period_is_told_beside_it() {
    let story = Story::read(
        "up 9T00:00 11T00:00
         fetched 4T00:00 9T08:00 9T08:00
         fetched 10T12:00 11T00:00 11T00:00",
    );
    expect![[r#"
        calls 0 = 0 + 0 + 0, complete to 10T23:55
        app complete to 10T23:55
          call 4T00:00..9T08:00 read 9T08:00, 7 records
          call 10T12:00..11T00:00 read 11T00:00, 7 records
          call-v1 4T00:00..9T08:00 read 9T08:00, 7 records
          call-v1 10T12:00..11T00:00 read 11T00:00, 7 records
          left 9T07:55..10T12:00 until 16T07:55
        2025-10-09 0 = 0 + 0 + 0 to 9T07:55 []
        2025-10-10 0 = 0 + 0 + 0 to 10T23:55 []
    "#]]
    .assert_eq(&story.told("9 11", "11T00:00"));
}

#[test]
fn what_a_clock_that_was_ahead_has_dated_in_the_future_was_not_read_until_then() {
    let story = Story::read("up 9T00:00 10T09:00\nfetched 3T12:00 10T12:00 10T12:00");
    let complete = |now: &str| story.statement("9 11", now, "utc").complete_to_ms.map(shown);
    assert_eq!(complete("10T09:00").as_deref(), Some("10T08:55"));
}

#[test]
fn windows_of_one_run_leave_no_hole_between_them() {
    let story = Story::read("up 9T00:00 10T00:00\nfetched 3T00:00 6T00:00 10T00:00\nfetched 6T00:00 10T00:00 10T00:00");
    let statement = story.statement("9 10", "10T00:00", "utc");
    assert_eq!(statement.complete_to_ms.map(shown).as_deref(), Some("9T23:55"));
    assert_eq!(statement.apps[0].fetched[0].records, 14, "one run reads a period in windows");
    assert_eq!(statement.apps[0].fetchable, [], "the next run reads the rest");
}

#[test]
fn each_reason_is_told_and_a_kill_loses_the_minute_that_was_not_written() {
    let story = Story::read(
        "up 9T00:00 9T01:00 stopped
         up 9T02:00 9T03:00
         up 9T04:00 9T05:00 clock_set
         up 9T04:30 9T06:00 port_closed
         up 9T07:00 9T08:00 not_stored
         up 9T09:00 9T09:59",
    );
    let why = |now: &str| {
        let gaps = story.statement("9 10", now, "utc").gaps;
        gaps.iter()
            .map(|gap| format!("{}..{} {:?}\n", shown(gap.from_ms), shown(gap.to_ms), gap.why))
            .collect::<String>()
    };
    expect![[r#"
        9T01:00..9T02:00 Stopped
        9T03:00..9T04:00 Killed
        9T06:00..9T07:00 PortClosed
        9T08:00..9T09:00 NotStored
    "#]]
    .assert_eq(&why("9T10:00"));
    assert!(why("9T10:02").ends_with("9T09:59..9T10:02 Killed\n"), "nobody has written for longer than a minute");
}

#[test]
fn a_quick_start_after_a_kill_does_not_hide_the_gap() {
    let story = Story::read("up 9T00:00 9T10:00\nup 9T10:01 9T10:01");
    let gaps = |now: &str| {
        let gaps = story.statement("9 10", now, "utc").gaps;
        gaps.iter()
            .map(|gap| format!("{}..{} {:?};", shown(gap.from_ms), shown(gap.to_ms), gap.why))
            .collect::<String>()
    };
    for now in ["9T10:01", "9T10:02"] {
        assert_eq!(gaps(now), "9T10:00..9T10:01 Killed;", "{now}: what was killed does not go on, and what runs does");
    }
}

#[test]
fn days_are_those_of_the_zone() {
    let story = Story::read("up 9T00:00 10T00:00\ncalls 9T15:45 1 0 0\ncalls 9T16:00 0 1 0\nup 9T17:00 10T00:00");
    let days = story.statement("9 10", "10T00:00", "Asia/Shanghai").days;
    let told: Vec<_> = days.iter().map(|day| (day.day.as_str(), day.calls.calls, day.calls.confirmed)).collect();
    assert_eq!(told, [("2025-10-09", 1, 0), ("2025-10-10", 1, 1)], "midnight in Shanghai is 16:00 UTC");
}

#[test]
fn of_nothing_nothing_is_said() {
    let statement = Story::default().statement("9 9", "9", "utc");
    assert_eq!((statement.gaps.len(), statement.days.len(), statement.complete_to_ms), (0, 0, None));
    assert_eq!(statement.apps[0].fetchable.len(), 1, "and Tencent has a week of it");
}
