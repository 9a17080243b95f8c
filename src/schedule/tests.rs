//! Schedules against a clock that tests turn, and folders that go.

mod alone;
mod unsaved;

use std::{
    fs,
    ops::ControlFlow,
    sync::atomic::{AtomicI64, Ordering},
};

use expect_test::expect;
use tempfile::TempDir;

use super::*;
use crate::{
    export::{Failure, Format, Headings, Kind, Profile, Separator, TimeFormat, View},
    language::Language,
    report,
    store::{Store, filter::Filter},
};

/// 2025-03-06 12:00 in Shanghai, a Thursday.
const NOON: i64 = 1_741_233_600_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// An empty record, a folder for its files, and a clock.
struct Desk {
    data: TempDir,
    reports: TempDir,
    now: Arc<AtomicI64>,
    schedules: Schedules,
}

impl Desk {
    fn new() -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Store::open(data.path(), "a test").expect("a record").close().expect("it closes");
        let now = Arc::new(AtomicI64::new(NOON));
        let schedules = Self::open(data.path(), &now);
        Self { data, reports: tempfile::tempdir().expect("a temporary folder"), now, schedules }
    }

    fn open(folder: &Path, now: &Arc<AtomicI64>) -> Schedules {
        let now = Arc::clone(now);
        Schedules::open(folder, Clock::from_fn(move || now.load(Ordering::Relaxed)), Apps::new(Vec::new()))
            .expect("schedules")
    }

    fn plan(&self) -> Plan {
        Plan {
            name: "For Anna".to_owned(),
            view: View {
                kind: Kind::Calls,
                format: Format::Csv,
                filter: Filter::default(),
                columns: Some(vec!["call_id".to_owned(), "result".to_owned()]),
                profile: Profile::Programs,
                time_format: TimeFormat::Local,
                separator: Separator::Comma,
                headings: Headings::Names,
                tz: "Asia/Shanghai".to_owned(),
            },
            report: None,
            every: Every::Day,
            at: "07:00".to_owned(),
            folder: self.reports.path().display().to_string(),
            file_name: "{list} {from}".to_owned(),
            keep: None,
        }
    }

    /// Time passes, and it is looked whether something is due.
    fn after(&self, ms: i64) -> Vec<String> {
        self.now.fetch_add(ms, Ordering::Relaxed);
        self.schedules.run_due();
        let files = fs::read_dir(self.reports.path()).into_iter().flatten();
        let mut names: Vec<String> =
            files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name.ends_with(".csv"));
        names.sort();
        names
    }

    fn only(&self) -> Schedule {
        self.schedules.list().pop().expect("a schedule")
    }
}

#[test]
fn a_day_is_exported_when_it_is_over_and_what_was_missed_too() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    assert_eq!(desk.after(0), [""; 0], "the day is not over");
    assert_eq!(desk.after(18 * HOUR), [""; 0], "not at 06:00 either");
    assert_eq!(desk.after(HOUR), ["calls 2025-03-06.csv"], "but at 07:00");
    assert_eq!(desk.only().next, "2025-03-07", "the next one is that day's");
    assert_eq!(desk.after(HOUR), ["calls 2025-03-06.csv"], "once");
    // Calltrail is ended, and does not run for three days.
    let desk = Desk { schedules: Desk::open(desk.data.path(), &desk.now), ..desk };
    let all = ["calls 2025-03-06.csv", "calls 2025-03-07.csv", "calls 2025-03-08.csv", "calls 2025-03-09.csv"];
    assert_eq!(desk.after(3 * DAY), all, "each day has its file");
    let text = fs::read_to_string(desk.reports.path().join(all[3])).expect("a file");
    assert_eq!(text, "call_id,result\r\n", "of the columns that are wanted");
}

#[test]
fn a_folder_that_is_gone_is_said_and_nothing_is_lost() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    fs::remove_dir(desk.reports.path()).expect("it is empty");
    assert_eq!(desk.after(DAY), [""; 0]);
    let gone = Failure::FolderGone { folder: desk.plan().folder };
    assert_eq!(desk.only().last.expect("it was tried").failure, Some(gone), "that is why");
    fs::create_dir(desk.reports.path()).expect("it comes back");
    assert_eq!(desk.after(60_000), [""; 0], "it is not tried all the time");
    assert_eq!(desk.after(RETRY_MS), ["calls 2025-03-06.csv"], "but again");
    assert_eq!(desk.only().last.expect("it was tried").failure, None);
}

#[test]
fn only_so_many_files_are_kept_and_none_that_somebody_has_changed() {
    let desk = Desk::new();
    desk.schedules.add(Plan { keep: Some(2), ..desk.plan() }).expect("it is fit");
    fs::write(desk.reports.path().join("mine.csv"), "mine").expect("a file of somebody");
    assert_eq!(desk.after(DAY), ["calls 2025-03-06.csv", "mine.csv"]);
    fs::write(desk.reports.path().join("calls 2025-03-06.csv"), "with a remark").expect("somebody writes into it");
    desk.after(DAY);
    assert_eq!(
        desk.after(2 * DAY),
        ["calls 2025-03-06.csv", "calls 2025-03-08.csv", "calls 2025-03-09.csv", "mine.csv"],
        "what was changed stays, and what it never made"
    );
}

#[test]
fn a_file_of_somebody_is_never_written_over() {
    let desk = Desk::new();
    let path = |name: &str| desk.reports.path().join(name);
    desk.schedules.add(Plan { file_name: "latest".to_owned(), ..desk.plan() }).expect("it is fit");
    assert_eq!(desk.after(DAY), ["latest.csv"]);
    assert_eq!(desk.after(DAY), ["latest.csv"], "its own file is written again");
    assert_eq!(desk.only().last.expect("it ran").from, "2025-03-07", "with another day in it");
    fs::write(path("latest.csv"), "with a remark").expect("somebody writes into it");
    fs::create_dir(path("latest (2).csv")).expect("and has a folder");
    assert_eq!(desk.after(DAY), ["latest (2).csv", "latest (3).csv", "latest.csv"]);
    assert_eq!(desk.only().last.expect("it ran").path, path("latest (3).csv").display().to_string(), "it is said");
    assert_eq!(desk.after(DAY), ["latest (2).csv", "latest (3).csv", "latest.csv"], "now that one is its own");
    assert_eq!(fs::read_to_string(path("latest.csv")).expect("a file"), "with a remark");
}

#[test]
fn what_is_said_of_a_file_is_not_written_over_either() {
    let desk = Desk::new();
    let read = |name: &str| fs::read_to_string(desk.reports.path().join(name)).expect("a file");
    let note = |name: &str| fs::write(desk.reports.path().join(name), "a note of Anna").expect("somebody writes");
    desk.schedules.add(Plan { file_name: "one".to_owned(), keep: Some(1), ..desk.plan() }).expect("it is fit");
    note("one.csv.meta.json");
    assert_eq!(desk.after(DAY), ["one (2).csv"], "the name is taken by it");
    assert!(read("one (2).csv.meta.json").contains("sha256"), "its own is beside its file");
    note("one (2).csv.meta.json");
    assert_eq!(desk.after(DAY), ["one (3).csv"], "the older one is not kept");
    for name in ["one.csv.meta.json", "one (2).csv.meta.json"] {
        assert_eq!(read(name), "a note of Anna");
    }
}

#[test]
fn a_name_that_somebody_takes_meanwhile_is_left_to_them() {
    let desk = Desk::new();
    let taken = desk.reports.path().join("calls 2025-03-06.csv");
    let around = Around { folder: desk.data.path().to_owned(), ours: Vec::new(), now_ms: NOON };
    let period = Every::Day.around("2025-03-06".parse().expect("a day"));
    // Told at the end of a file at the latest, before it takes its place.
    let progress = |_| {
        fs::write(&taken, "mine").expect("somebody writes");
        ControlFlow::Continue(())
    };
    let last = run::run(&around, &desk.plan(), &[], &period, &progress, &|_| Ok(()));
    let named = desk.reports.path().join("calls 2025-03-06 (2).csv");
    assert_eq!((last.failure, Path::new(&last.path)), (None, named.as_path()));
    assert_eq!(fs::read_to_string(&taken).expect("a file"), "mine");
}

#[test]
fn the_report_of_a_period_is_made_in_its_place() {
    let desk = Desk::new();
    for (format, language) in [(report::Format::Xlsx, Language::En), (report::Format::Html, Language::Zh)] {
        let report = Some(Reported { format, language });
        desk.schedules.add(Plan { report, every: Every::Week, ..desk.plan() }).expect("it is fit");
    }
    desk.now.fetch_add(7 * DAY, Ordering::Relaxed);
    desk.schedules.run_due();
    let file = |name: &str| fs::read(desk.reports.path().join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
    assert!(file("report 2025-03-03.xlsx").starts_with(b"PK"), "a workbook");
    let page = String::from_utf8(file("report 2025-03-03.html")).expect("UTF-8");
    assert!(page.contains("lang=\"zh") && page.contains("2025-03-03 00:00"), "{page}");
    let failures: Vec<_> = desk.schedules.list().into_iter().map(|one| one.last.expect("it ran").failure).collect();
    assert_eq!(failures, [None, None]);
}

#[test]
fn no_two_write_the_same_files() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    let weekly = Plan { name: "Of Ben".to_owned(), every: Every::Week, ..desk.plan() };
    let refused = desk.schedules.add(weekly.clone()).expect_err("on Mondays their names are the same").to_string();
    assert_eq!(
        refused,
        "\"For Anna\" writes files of these names into this folder. Choose other names or another folder."
    );
    desk.schedules.add(Plan { file_name: "week {from}".to_owned(), ..weekly.clone() }).expect("other names");
    desk.schedules.replace(1, Plan { at: "08:00".to_owned(), ..desk.plan() }).expect("its own files are its own");
    desk.schedules.replace(2, weekly).expect_err("nor later");
}

#[test]
fn run_now_exports_what_ended_last_and_skips_nothing() {
    let desk = Desk::new();
    desk.schedules.add(Plan { every: Every::Week, file_name: "{from} {to}".to_owned(), ..desk.plan() }).expect("fit");
    let id = desk.only().id;
    desk.schedules.run_now(id).expect("it runs");
    assert_eq!(desk.only().next, "2025-03-03", "this week is still to come");
    assert_eq!(desk.after(0), ["2025-02-24 2025-03-02.csv"], "last week is there");
    desk.schedules.pause(id, true).expect("it is there");
    assert_eq!(desk.after(7 * DAY), ["2025-02-24 2025-03-02.csv"], "nothing while it is paused");
    desk.schedules.pause(id, false).expect("it is there");
    assert_eq!(desk.after(0), ["2025-02-24 2025-03-02.csv", "2025-03-03 2025-03-09.csv"], "what was missed comes");
    desk.schedules.remove(id).expect("it is there");
    assert!(matches!(desk.schedules.remove(id), Err(Refusal::NoSuchSchedule)), "once");
    assert_eq!(desk.after(30 * DAY).len(), 2, "the files stay, and no more come");
}

#[test]
fn another_plan_makes_up_for_what_was_missed_too() {
    let desk = Desk::new();
    let weekly = || Plan { every: Every::Week, file_name: "{from} {to}".to_owned(), ..desk.plan() };
    desk.schedules.add(weekly()).expect("it is fit");
    let id = desk.only().id;
    desk.schedules.replace(id, Plan { every: Every::Day, ..weekly() }).expect("it is fit");
    assert_eq!(desk.only().next, "2025-03-06", "days from today on: no week had ended");
    desk.schedules.pause(id, true).expect("it is there");
    assert_eq!(desk.after(3 * DAY), [""; 0], "three days end");
    let elsewhere = View { tz: "Europe/Berlin".to_owned(), ..desk.plan().view };
    desk.schedules.replace(id, Plan { view: elsewhere, every: Every::Week, ..weekly() }).expect("it is fit");
    assert_eq!(desk.only().next, "2025-03-06", "which are not lost");
    desk.schedules.pause(id, false).expect("it is there");
    assert_eq!(desk.after(DAY + 3 * HOUR), ["2025-03-03 2025-03-09.csv"], "the week has them");
}

#[test]
fn what_cannot_be_is_said_before_it_is_kept() {
    let desk = Desk::new();
    let reports = desk.reports.path().display().to_string();
    let text = |text: &str| text.to_owned();
    let plans = [
        Plan { name: text(" "), ..desk.plan() },
        Plan { at: text("7:00"), ..desk.plan() },
        Plan { at: text("24:00"), ..desk.plan() },
        Plan { view: View { tz: text("Mars"), ..desk.plan().view }, ..desk.plan() },
        Plan { folder: text("reports"), ..desk.plan() },
        Plan { folder: format!("{reports}/none"), ..desk.plan() },
        Plan { file_name: text("../{from}"), ..desk.plan() },
        Plan { keep: Some(0), ..desk.plan() },
        Plan { view: View { columns: Some(vec![text("colour")]), ..desk.plan().view }, ..desk.plan() },
    ];
    let report = Some(Reported { format: report::Format::Xlsx, language: Language::En });
    let plans = plans.into_iter().chain([Plan {
        report,
        view: View { kind: Kind::Rooms, columns: None, ..desk.plan().view },
        ..desk.plan()
    }]);
    let said: String = plans
        .map(|plan| desk.schedules.add(plan).expect_err("it is unfit").to_string().replace(&reports, "REPORTS") + "\n")
        .collect();
    expect![[r#"
        The name is to be one line of 1 to 200 characters.
        The time of day is to be written like 07:00.
        The time of day is to be written like 07:00.
        "Mars" is not a time zone. Name one such as Asia/Shanghai, write its distance from UTC such as +08:00, or say local or utc.
        The folder is to be named as a whole, such as /home/anna/Reports or C:\Reports.
        There is no folder REPORTS/none. Make it first, or choose another one.
        Files cannot be called so on every system: no slashes, colons, question marks or quotes, and {from}, {to} and {list} alone in braces.
        1 to 10000 files can be kept.
        calls have no column "colour". The columns are: call_id, app, started, answered, ended, result, media, type, caller, caller_name, callees, callee_names, members, ring_seconds, talk_seconds, room_id, room_id_type, source, note, tags.
        A report is of calls; the list is rooms.
    "#]]
    .assert_eq(&said);
    assert_eq!(desk.schedules.list(), [], "nothing of it is kept");
}

#[test]
fn a_list_that_cannot_be_read_is_left_alone() {
    let desk = Desk::new();
    fs::write(desk.data.path().join("schedules.json"), "{ not JSON").expect("a file");
    Schedules::open(desk.data.path(), Clock::system(), Apps::new(Vec::new())).expect_err("it cannot be read");
    let text = fs::read_to_string(desk.data.path().join("schedules.json")).expect("a file");
    assert_eq!(text, "{ not JSON", "and is not replaced by an empty one");
}
