//! A small record in, its report out: as a workbook that is read back, and as a page.

mod book;
mod record;

use std::{ops::ControlFlow, path::Path};

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

#[test]
fn a_workbook_has_the_figures_and_every_row() {
    let record = Record::of_two_days();
    let book = Book::read(&written(&record, &both_days(Format::Xlsx)));
    assert_eq!(
        book.names(),
        ["Summary", "By day", "By hour", "By person", "Follow-up", "Calls", "Rooms", "Stays", "About this report"]
    );
    for (sheet, text) in [("Summary", "Answer rate"), ("By day", "Sun"), ("By person", "Kim, <b>sales</b>"), ("Calls", "s1")] {
        assert!(book.has_text(sheet, text), "{text} is on {sheet}: {}", book.text(sheet));
    }
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
    assert!(!page.contains("<script") && !page.contains("=cmd|' "), "nothing is run");
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
    assert!(book.has_text("概览", "这个时间范围内没有通话。"), "{}", book.text("概览"));
    assert_eq!((book.rows("通话"), book.rows("按日期")), (1, 2), "no call, and a day without calls");
    let page = page(&record, &empty(Format::Html));
    assert!(page.contains("这个时间范围内没有通话。") && page.contains("lang=\"zh-Hans\""), "{page}");
}

#[test]
fn lists_that_do_not_have_what_is_asked_for_are_left_out_and_long_ones_go_on() {
    let record = Record::of_two_days();
    let request = both_days(Format::Xlsx);
    let filter = Filter { result: Some("normal_end".to_owned()), ..request.filter.clone() };
    let request = Request { filter, ..request };
    let reader = record.reader();
    let report = Report::read(&reader, &request, NOW).expect("a report");
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
