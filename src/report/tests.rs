//! A small record in, its report out: as a workbook that is read back, and as a page.

mod book;
mod record;

use std::{ops::ControlFlow, path::Path};

use expect_test::expect;

use self::{
    book::{Book, fixed},
    record::{DAY, HOSTILE, HOUR, Record, SUNDAY},
};
use super::*;
use crate::store::rows::PersonFigures;

/// 2025-10-27 12:01 in Berlin.
const NOW: i64 = (SUNDAY + DAY + 11 * HOUR + 60) * 1_000;

fn berlin() -> Zone {
    Zone::read("Europe/Berlin").expect("a zone")
}

/// The Sunday on which the clocks go back, and the Monday until now.
fn both_days(format: Format) -> Request {
    let filter = Filter { from: Some((SUNDAY - 2 * HOUR) * 1_000), ..Filter::default() };
    Request { ours: vec!["1".to_owned()], ..Request::new(format, filter, None, berlin(), NOW) }
}

fn written(record: &Record, request: &Request) -> Vec<u8> {
    let mut out = Vec::new();
    write(&record.reader(), request, NOW, record.folder(), &mut out, &|_| ControlFlow::Continue(())).expect("a report");
    out
}

fn page(record: &Record, request: &Request) -> String {
    String::from_utf8(written(record, request)).expect("a page is UTF-8")
}

/// No two records have a revision in common.
fn without_revision(about: &str) -> String {
    let revision = regex::Regex::new(r#"(?m)^("Revision of the record \| ").+$"#).expect("a pattern");
    revision.replace(about, "$1(of this record)").into_owned()
}

#[test]
fn a_workbook_has_the_figures_and_every_row() {
    let record = Record::of_two_days();
    let book = Book::read(&written(&record, &both_days(Format::Xlsx)));
    expect!["Summary, By day, By hour, By person, Follow-up, Calls, Rooms, Stays, About this report"]
        .assert_eq(&book.names().join(", "));
    expect![[r#"
        "Call report
        "2025-10-26 00:00 to 2025-10-27 12:02 (Europe/Berlin)
        "Before: 2025-10-19 00:00 to 2025-10-20 12:02
        "No filter: everything in the period
        "Calls may be missing in 1 gap: Tencent's records of that time were not read.

















        "Figure | "This period | "Before | "Change | "Calls by weekday and hour
        "Calls | 8 | 0 | "Hour | "Calls | "Mon | "Tue | "Wed | "Thu | "Fri | "Sat | "Sun
        "Answered | 5 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Unanswered | 3 | 0 | 0.04167 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Answer rate | 0.625 | 0.08333 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 2
        "Still open | 0 | 0 | 0.125 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "End not known | 0 | 0 | 0.16667 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Median ring time | 0.00012 | 0.20833 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "90 % rang at most | 0.00023 | 0.25 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Median wait in vain | 0.00006 | 0.29167 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "90 % waited at most | 0.00035 | 0.33333 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Talk time | 0.01782 | 0 | 0.375 | 3 | 3 | 0 | 0 | 0 | 0 | 0 | 0
        "Median talk | 0.00132 | 0.41667 | 2 | 2 | 0 | 0 | 0 | 0 | 0 | 0
        "Longest talk | 0.00799 | 0.45833 | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0
        "Most at once | 2 | 0 | 0.5 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        0.54167 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Result | "Calls | "Share | 0.58333 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Answered | 4 | 0.5 | 0.625 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Missed | 1 | 0.125 | 0.66667 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Declined | 1 | 0.125 | 0.70833 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Busy | 1 | 0.125 | 0.75 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Interrupted | 1 | 0.125 | 0.79167 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        0.83333 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Answered most | "User | "Calls | 0.875 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Ann | "ann | 2 | 0.91667 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "bob | 2 | 0.95833 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
        "Kim, <b>sales</b> | "kim | 1

        "Called most | "User | "Calls
        "Kim, <b>sales</b> | "kim | 4
        "Ann | "ann | 3
        "bob | 1

        "Missed most | "User | "Calls
        "Ann | "ann | 1
        "bob | 1"#]]
    .assert_eq(&book.text("Summary"));
    expect![[r#"
        "Day | "Weekday | "Calls | "Answered | "Unanswered | "Answer rate | "Result: Answered | "Result: Missed | "Result: Declined | "Result: Busy | "Result: Interrupted
        45956 | "Sun | 2 | 1 | 1 | 0.5 | 1 | 1 | 0 | 0 | 0
        45957 | "Mon | 6 | 4 | 2 | 0.66667 | 3 | 0 | 1 | 1 | 1"#]].assert_eq(&book.text("By day"));
    expect![[r#"
        "Name | "User | "Called | "Of these answered | "Was called | "Answered | "Missed | "Declined | "Talk time | "Median ring time | "Busiest hour | "First to join
        "Ann | "ann | 3 | 2 | 3 | 2 | 1 | 0 | 0.00984 | 0.00005 | 0.08333 | 0
        "bob | 1 | 1 | 4 | 2 | 1 | 1 | 0.01558 | 0.00012 | 0.08333 | 0
        "Kim, <b>sales</b> | "kim | 4 | 2 | 1 | 1 | 0 | 0 | 0.01023 | 0.00007 | 0.375 | 0"#]].assert_eq(&book.text("By person"));
    expect![[r#"
        "Caller name | "Caller | "State | "Missed calls | "First missed | "Last missed | "Closed | "How it was closed | "Closed by | "Open for | "Assigned to | "Put off until | "Reason | "App | "Call IDs
        "Kim, <b>sales</b> | "kim | "Closed by a call | 1 | 45957.41667 | 45957.41667 | 45957.4584 | "Called back | "Ann | 0.04171 | "1 | "m4
        "Ann | "ann | "Closed by a call | 1 | 45956.10417 | 45956.10417 | 45957.37505 | "Called back | "bob | 1.27053 | "1 | "s2"#]].assert_eq(&book.text("Follow-up"));
    expect![[r#"
        "Started | "Result | "Caller name | "Caller | "Callee names | "Callees | "Answered | "Ended | "Ring time | "Talk time | "Media | "Type | "Members | "Room ID | "Note | "Tags | "Source | "App | "Call ID
        45957.45833 | "Answered | "Ann | "ann | "Kim, <b>sales</b> | "kim | 45957.4584 | 45957.45972 | 0.00007 | 0.00132 | "Audio | "One to one | 2 | "Callbacks | "1 | "m6
        45957.41806 | "Declined | "Kim, <b>sales</b> | "kim | "bob | 45957.41811 | 0.00006 | 0 | "Audio | "One to one | 2 | "Callbacks | "1 | "m5
        45957.41667 | "Busy | "Kim, <b>sales</b> | "kim | "Ann | "ann | 45957.41669 | 0.00002 | 0 | "Audio | "One to one | 2 | "Callbacks | "1 | "m4
        45957.38183 | "Interrupted | "Kim, <b>sales</b> | "kim | "bob | 45957.38194 | 45957.38993 | 0.00012 | 0.00799 | "Audio | "One to one | 2 | "Callbacks | "1 | "m3
        45957.37569 | "Answered | "Kim, <b>sales</b> | "kim | "Ann | "ann | 45957.37593 | 45957.37685 | 0.00023 | 0.00093 | "Audio | "One to one | 2 | "Callbacks | "1 | "m2
        45957.375 | "Answered | "bob | "Ann | "ann | 45957.37505 | 45957.38194 | 0.00005 | 0.0069 | "Audio | "One to one | 2 | "Callbacks | "1 | "m1
        45956.10417 | "Missed | "Ann | "ann | "bob | 45956.10451 | 0.00035 | 0 | "Audio | "One to one | 2 | "Callbacks | "1 | "s2
        45956.10417 | "Answered | "Ann | "ann | "bob | 45956.10428 | 45956.10498 | 0.00012 | 0.00069 | "Audio | "One to one | 2 | "Callbacks | "1 | "s1"#]].assert_eq(&book.text("Calls"));
    expect![[r#"
        "About | "What
        "Period | "2025-10-26 00:00 to 2025-10-27 12:02 (Europe/Berlin)
        "From | 45956
        "Until (not included) | 45957.50139
        "Time zone | "Europe/Berlin
        "Filter | "No filter: everything in the period
        "Filter as parameters | "from=1761429600000&to=1761562920000&tz=Europe%2FBerlin
        "Rows of “By day” | 2
        "Rows of “By person” | 3
        "Rows of “Follow-up” | 2
        "Rows of “Calls” | 8
        "Rows of “Rooms” | 0
        "Rows of “Stays” | 0
        "Completeness | "Calls may be missing in 1 gap: Tencent's records of that time were not read.
        "Calls are known from | "All calls of the period: 8. Confirmed by Tencent's records: 0. Known only from callbacks: 8. Only fetched: 0.
        "No callback could arrive | "2025-10-26 00:00 to 2025-10-27 12:01: Calltrail did not note such times yet
        "Times and figures | "All times are of this time zone. A call belongs to the day and the hour in which it started. Calls that are still open, or whose end is not known, are in no rate.
        "Newest callback received | 45957.45973
        "Revision of the record | "(of this record)
        "Made by | "Calltrail 0.1.0"#]].assert_eq(&without_revision(&book.text("About this report")));
}

#[test]
fn its_numbers_are_those_of_the_figures() {
    let record = Record::of_two_days();
    let request = both_days(Format::Xlsx);
    let figures = record.reader().figures(&request.filter, &berlin(), Some(Comparison::Week), NOW).expect("figures");
    let book = Book::read(&written(&record, &request));
    let number = |sheet: &str, row: usize, column: usize| book.number(sheet, row, column);
    let float = |count: u64| f64::from(u32::try_from(count).expect("few"));
    for (row, day) in (1..).zip(&figures.by_day) {
        let counts = [day.calls, day.answered, day.unanswered].map(float);
        assert_eq!([2, 3, 4].map(|column| number("By day", row, column)), counts, "{day:?}");
    }
    for (row, calls) in (1..).zip(&figures.by_hour) {
        assert_eq!(number("By hour", row, 1), float(*calls), "the hour {}", row - 1);
    }
    for (row, person) in (1..).zip(&figures.people) {
        let PersonFigures { made, made_answered, received, answered, missed, declined, talk, .. } = person;
        let counts = [*made, *made_answered, *received, *answered, *missed, *declined].map(float);
        assert_eq!([2, 3, 4, 5, 6, 7].map(|column| number("By person", row, column)), counts, "{person:?}");
        assert_eq!(fixed(number("By person", row, 8) * 86_400.0), talk.to_string(), "{person:?}");
        assert_eq!(book.cell("By person", row, 1), Some(person.user.as_str()), "an id is its text");
    }
    assert_eq!(book.rows("Calls"), usize::try_from(figures.calls).expect("few") + 1, "every call is there");
    assert!(!figures.people.is_empty() && !figures.by_day.is_empty(), "there was something to compare");
}

#[test]
fn hostile_names_are_text_in_both_formats() {
    let record = Record::with_hostile_names();
    let bytes = written(&record, &both_days(Format::Xlsx));
    let book = Book::read(&bytes);
    for name in HOSTILE {
        for sheet in ["By person", "Calls"] {
            assert!(book.has_text(sheet, name), "{name:?} is a text of {sheet}, sign by sign");
        }
    }
    let inside = book::everything(&bytes);
    for evil in ["<f>", "<f ", "hyperlink", "externalLink", "ddeLink", "TargetMode"] {
        assert!(!inside.contains(evil), "a workbook has no {evil}");
    }
    let page = page(&record, &both_days(Format::Html));
    assert!(page.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"), "markup is text");
    assert!(
        page.contains("\\u{202E}gro.live") && !page.contains('\u{202e}'),
        "what turns its neighbours is written out"
    );
    assert!(!page.contains("<script"), "nothing is run");
    // A spreadsheet that opens the page would compute a cell that begins with a sign of equality.
    assert!(page.contains("@\"><bdi>=cmd|&#39; "), "there is one");
    let before = page.match_indices("<bdi>").map(|(at, _)| page.get(..at).expect("a whole sign"));
    for before in before.filter(|before| !before.ends_with("<p class=\"muted\">")) {
        assert!(before.ends_with(" sdnum=\"0;0;@\">"), "a text is said to be one: {:?}", before.chars().rev().take(40));
    }
    assert!(page.contains("th, td { mso-number-format: \"\\@\"; }"), "to Excel too");
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let record = Record::with_hostile_names();
    for language in Language::ALL {
        let page = page(&record, &Request { language, ..both_days(Format::Html) });
        for outside in
            ["http:", "https:", "//", "src=", "href=", "@import", "<link", "<script", "<iframe", "<object", "<base"]
        {
            let found = page
                .find(outside)
                .map(|at| page.get(at.saturating_sub(40)..).unwrap_or(&page).chars().take(90).collect::<String>());
            assert_eq!(found, None, "{outside} in {language:?}");
        }
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"), "and says so itself");
        let urls = page
            .match_indices("url(")
            .filter(|(at, _)| !page.get(*at..).is_some_and(|rest| rest.starts_with("url(#p-")))
            .count();
        assert_eq!(urls, 0, "only patterns of its own");
    }
}

#[test]
fn the_same_report_has_the_same_bytes_and_a_later_one_too() {
    let record = Record::of_two_days();
    for format in Format::ALL {
        let request = Request {
            filter: Filter { to: Some((SUNDAY + DAY) * 1_000), ..both_days(format).filter },
            ..both_days(format)
        };
        let first = written(&record, &request);
        let mut later = Vec::new();
        let day = DAY * 1_000;
        write(&record.reader(), &request, NOW + 3 * day, Path::new("no such folder"), &mut later, &|_| {
            ControlFlow::Continue(())
        })
        .expect("a report");
        assert!(
            first == later,
            "{format:?} of the same revision is the same, three days later and with no folder to wait in"
        );
        record.adds("new", SUNDAY + HOUR);
        assert!(written(&record, &request) != first, "{format:?} of another revision is another one");
    }
}

#[test]
fn a_period_without_calls_says_so() {
    let record = Record::of_two_days();
    let empty = |format| {
        let filter = Filter { from: Some(0), to: Some(DAY * 1_000), ..Filter::default() };
        Request { language: Language::Zh, ..Request::new(format, filter, None, Zone::utc(), NOW) }
    };
    let book = Book::read(&written(&record, &empty(Format::Xlsx)));
    expect![[r#"
        "通话报告
        "1970-01-01 00:00 至 1970-01-02 00:00（UTC）
        "此前：1969-12-25 00:00 至 1969-12-26 00:00
        "无筛选条件：时间范围内的全部内容
        "还没有应用，因此不会收到任何内容。

        "这个时间范围内没有通话。"#]]
    .assert_eq(&book.text("概览"));
    assert_eq!((book.rows("通话"), book.rows("按日期")), (1, 2), "no call, and a day without calls");
    let page = page(&record, &empty(Format::Html));
    assert!(page.contains("这个时间范围内没有通话。") && page.contains("lang=\"zh-Hans\""), "{page}");
}

#[test]
fn a_report_without_a_beginning_has_what_was_before_the_first_call() {
    let record = Record::of_two_days();
    record.enters("hall", "ann", SUNDAY - 60 * DAY);
    let request = |format| Request::new(format, Filter::default(), None, berlin(), NOW);
    let (reader, workbook) = (record.reader(), request(Format::Xlsx));
    let mut out = Vec::new();
    let told =
        write(&reader, &workbook, NOW, record.folder(), &mut out, &|_| ControlFlow::Continue(())).expect("a report");
    assert_eq!(count(&reader, &workbook, NOW).expect("a count"), told, "as many rows as are said while it is made");
    let book = Book::read(&out);
    let rows = ["Rooms", "Stays", "Calls", "By day"].map(|sheet| book.rows(sheet));
    assert_eq!(rows, [2, 2, 9, 3], "two months before, and the days of the calls, each with a heading");
    let said = "to=1761562920000&tz=Europe%2FBerlin";
    assert!(book.has_text("About this report", said), "{}", book.text("About this report"));
    assert!(page(&record, &request(Format::Html)).contains("hall"), "in the page too");

    let record = Record::new();
    record.enters("hall", "ann", SUNDAY);
    let book = Book::read(&written(&record, &request(Format::Xlsx)));
    assert_eq!(["Rooms", "Stays", "Calls"].map(|sheet| book.rows(sheet)), [2, 2, 1], "where nobody calls");
}

#[test]
fn lists_that_do_not_have_what_is_asked_for_are_left_out_and_long_ones_go_on() {
    let record = Record::of_two_days();
    let request = both_days(Format::Xlsx);
    let filter = Filter { result: Some("normal_end".to_owned()), ..request.filter.clone() };
    let request = Request { filter, ..request };
    let reader = record.reader();
    let report = Report::read(&reader, &request, NOW, "r1".to_owned()).expect("a report");
    let mut out = Vec::new();
    let mut rows = Rows { written: 0, progress: &|_| ControlFlow::Continue(()) };
    workbook::write_in_sheets_of(2, &reader, &report, record.folder(), &mut out, &mut rows).expect("a workbook");
    let book = Book::read(&out);
    assert_eq!(book.names(), ["Summary", "By day", "By hour", "By person", "Calls", "Calls 2", "About this report"]);
    assert_eq!((book.rows("Calls"), book.rows("Calls 2")), (3, 3), "four calls and two headings");
    assert!(book.has_text("About this report", "Result: Answered"), "{}", book.text("About this report"));
    assert!(
        book.text("About this report").contains("“Rooms” cannot be filtered like this"),
        "said where it is left out"
    );
    let cancelled = write(&reader, &request, NOW, record.folder(), &mut Vec::new(), &|_| ControlFlow::Break(()));
    assert!(matches!(cancelled, Err(Error::Cancelled)), "{cancelled:?}");
}
