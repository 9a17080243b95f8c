//! Figures of random records, filters, zones and periods against `tests/figures/recount.mjs`, which reads exported rows alone.

use std::fs;
use std::ops::ControlFlow;
use std::process::Command;

use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::*;
use crate::store::Error;
use crate::store::rows::{CallRow, MemberRow};
use crate::store::tests::call_hours;
use crate::store::tests::environment::{SEED, number, time_is_up};
use crate::traffic;

/// How many records are tried.
const RECORDS: &str = "CALLTRAIL_FIGURES";
/// Questions to each of them.
const QUESTIONS: usize = 10;
/// Around the days on which clocks change in Berlin, New York, Lord Howe and Sydney: Unix seconds.
const BEGINNINGS: [i64; 5] = [1_743_120_000, 1_761_350_400, 1_741_392_000, 1_762_041_600, 1_759_536_000];
const ZONES: [&str; 9] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Pago_Pago",
    "+08:00",
    "-03:30",
];

/// What is asked.
#[derive(Clone, Debug, Serialize)]
struct Case {
    filter: Filter,
    zone: &'static str,
    now: i64,
    compare: Option<Comparison>,
    /// Whose figures they are.
    only: Option<String>,
}

#[test]
fn figures_are_what_another_program_counts() {
    let first = number(SEED).unwrap_or(1);
    for seed in first..first + number(RECORDS).unwrap_or(6) {
        if time_is_up() {
            break;
        }
        check(seed);
    }
}

/// One random record, and all questions to it.
fn check(seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let begin_ms = BEGINNINGS.choose(&mut random).expect("some") * 1_000;
    let days = random.random_range(1..10);
    let now = begin_ms + i64::from(days) * DAY * 1_000 - random.random_range(0..20 * HOUR) * 1_000;
    let traffic = traffic::fortnight(seed, begin_ms, days, random.random_range(0..120 / days + 1));
    let mut deliveries: Vec<Delivery> = traffic.filter(|delivery| delivery.received_ms <= now).collect();
    deliveries.extend(traffic::story_on(&traffic::Stage::default(), seed, begin_ms + 9 * HOUR * 1_000));
    with(&deliveries, |store| {
        // Half of the records are asked while some hours may be packed already, and others not.
        if seed.is_multiple_of(2) {
            call_hours::packed(store);
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let rows = |reader: &Reader| exported(reader, now);
        let users = store.read(|reader| Ok(rows(reader)?.1)).expect("the record can be read");
        // In half of the records some have two ids, and may be in one call with both.
        for _ in 0..if (seed / 2).is_multiple_of(2) { 4 } else { 0 } {
            let pair: Vec<_> = users.choose_multiple(&mut random, 2).collect();
            if let [one, other] = pair[..] {
                say(store, &one.user, &other.user, "");
            }
        }
        let (calls, members) = store.read(rows).expect("the record can be read");
        let lines = |name: &str, text: String| fs::write(folder.path().join(name), text).expect("a file is written");
        lines("calls.jsonl", jsonl(&calls));
        lines("members.jsonl", jsonl(&members));
        lines("people.jsonl", jsonl(&store.read(|reader| people(reader, now)).expect("the record can be read")));
        let cases: Vec<Case> =
            (0..QUESTIONS).map(|_| case(&mut random, begin_ms, days, now, &calls, &members)).collect();
        lines("cases.jsonl", jsonl(&cases));
        for (case, counted) in cases.iter().zip(recounted(folder.path(), cases.len())) {
            let figures = store.read(|reader| ask(reader, case)).expect("the record can be read");
            assert_eq!(text(&figures), text(&counted), "seed {seed}: {case:?}");
            assert_eq!(figures, counted, "seed {seed}: {case:?}");
            store.read(|reader| leads_to_its_calls(reader, case, &figures)).expect("the record can be read");
        }
    });
}

/// Each figure has a filter that finds as many calls as it says.
fn leads_to_its_calls(reader: &Reader, case: &Case, figures: &Figures) -> Result<(), Error> {
    let Case { filter, zone, now, .. } = case;
    let found = |filter: Filter| -> Result<u64, Error> {
        let listed = all(|visit| reader.each_call(&filter, *now, visit)).len();
        let counted = reader.count_calls(&filter, *now)?;
        assert_eq!(u64::try_from(listed).ok(), Some(counted), "{filter:?}: as many are listed as are counted");
        Ok(counted)
    };
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(found(filter.clone())?, figures.calls, "{case:?}");
    assert_eq!(found(Filter { answered: said("yes"), ..filter.clone() })?, figures.answered, "{case:?}");
    assert_eq!(found(Filter { answered: said("no"), ..filter.clone() })?, figures.unanswered, "{case:?}");
    for (weekday, hours) in figures.by_weekday_hour.iter().enumerate() {
        let busiest = hours.iter().enumerate().max_by_key(|(_, calls)| **calls).expect("hours");
        for (hour, calls) in [busiest, (2, &hours[2])] {
            let hour = Some(format!("{weekday}-{hour} {zone}"));
            assert_eq!(found(Filter { hour: hour.clone(), ..filter.clone() })?, *calls, "{hour:?}: {case:?}");
        }
    }
    if filter.user.is_some() || filter.person.is_some() {
        return Ok(());
    }
    for person in figures.people.iter().take(3) {
        for (part, calls) in [
            ("made", person.made),
            ("received", person.received),
            ("answered", person.answered),
            ("missed", person.missed),
            ("declined", person.declined),
        ] {
            let of_person = Filter { person: said(&person.user), part: said(part), ..filter.clone() };
            assert_eq!(found(of_person)?, calls, "{part} by {}: {case:?}", person.user);
        }
    }
    Ok(())
}

fn all(
    each: impl FnOnce(&mut dyn FnMut(CallRow) -> Result<ControlFlow<()>, Error>) -> Result<(), Error>,
) -> Vec<CallRow> {
    let mut rows = Vec::new();
    each(&mut |row| {
        rows.push(row);
        Ok(ControlFlow::Continue(()))
    })
    .expect("the record can be read");
    rows
}

fn ask(reader: &Reader, case: &Case) -> Result<Figures, Error> {
    let Case { filter, zone, now, compare, only } = case;
    let zone = Zone::read(zone).expect("a zone");
    match only {
        None => reader.figures(filter, &zone, *compare, *now),
        Some(user) => Ok(reader.person_figures(user, filter, &zone, *compare, *now)?.expect("somebody of the record")),
    }
}

/// A random question that may be asked of a record.
fn case(random: &mut ChaCha8Rng, begin_ms: i64, days: u32, now: i64, calls: &[CallRow], members: &[MemberRow]) -> Case {
    let zone = *ZONES.choose(random).expect("some");
    let at = Zone::read(zone).expect("a zone");
    // Half of the borders are midnights there, as people ask for them.
    let border = |random: &mut ChaCha8Rng| {
        let ms =
            begin_ms + random.random_range(-DAY..i64::from(days + 1) * DAY) * 1_000 + random.random_range(0..1_000);
        let midnight = at.at(ms).expect("a time").date_naive().and_time(chrono::NaiveTime::MIN);
        if random.random() { at.first_moment(midnight) } else { ms }
    };
    let (one, other) = (border(random), border(random));
    let (from, to) = (one.min(other), one.max(other));
    let some = |random: &mut ChaCha8Rng, percent: u32| random.random_ratio(percent, 100);
    let mut filter =
        Filter { from: some(random, 75).then_some(from), to: some(random, 60).then_some(to), ..Filter::default() };
    let call = calls.choose(random);
    let of_call = |of: fn(&CallRow) -> &str| call.map(|call| of(call).to_owned()).filter(|text| !text.is_empty());
    let user = members.choose(random).map(|member| member.user.clone());
    match random.random_range(0..10_u32) {
        0 => filter.result = of_call(|call| &call.result),
        1 => filter.result = Some("not_answer,interrupt,ringing,unknown".to_owned()),
        2 => filter.media = of_call(|call| &call.media),
        3 => filter.call_type = of_call(|call| &call.call_type),
        4 => (filter.user, filter.app) = (user.clone(), of_call(|call| &call.app)),
        5 => filter.person = user.clone(),
        6 => filter.q = of_call(|call| call.call_id.get(..3).unwrap_or_default()),
        7 => filter.room = of_call(|call| &call.room_id),
        _ => {}
    }
    let only = user.filter(|_| filter.person.is_none() && some(random, 20));
    let compare = *[None, Some(Comparison::Before), Some(Comparison::Week)].choose(random).expect("some");
    // Who asks for a person's figures asks for the calls of that person.
    let filter = Filter { person: only.clone().or(filter.person), ..filter };
    Case { filter, zone, now, compare, only }
}

fn exported(reader: &Reader, now: i64) -> Result<(Vec<CallRow>, Vec<MemberRow>), Error> {
    let (mut calls, mut members) = (Vec::new(), Vec::new());
    reader.each_call(&Filter::default(), now, |row| {
        calls.push(row);
        Ok(ControlFlow::Continue(()))
    })?;
    reader.each_member(&Filter::default(), now, |row| {
        members.push(row);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((calls, members))
}

fn people(reader: &Reader, now: i64) -> Result<Vec<crate::store::rows::PersonRow>, Error> {
    let mut people = Vec::new();
    reader.each_user(&Filter::default(), now, |row| {
        people.push(row);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(people)
}

fn jsonl(rows: &[impl Serialize]) -> String {
    rows.iter().map(|row| serde_json::to_string(row).expect("JSON") + "\n").collect()
}

/// What the other program counts.
fn recounted(folder: &Path, cases: usize) -> Vec<Figures> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures/recount.mjs");
    let ran = Command::new("node").arg(script).arg(folder).output().expect("Node.js is there");
    assert!(ran.status.success(), "it counts: {}", String::from_utf8_lossy(&ran.stderr));
    let printed = String::from_utf8(ran.stdout).expect("UTF-8");
    let counted: Vec<Figures> = printed.lines().map(|line| serde_json::from_str(line).expect("figures")).collect();
    assert_eq!(counted.len(), cases, "of every case");
    counted
}
