//! Links and their keys, without a port.

use std::fs;

use expect_test::expect;

use super::*;
use crate::{
    export::{Format, Headings, Kind, Profile, Separator, TimeFormat, View},
    store::filter::Filter,
    zone::period::Named,
};

/// 2025-03-06 12:00 in Shanghai, a Thursday.
const NOON: i64 = 1_741_233_600_000;

fn open(folder: &Path) -> Links {
    Links::open(folder, Clock::from_fn(|| NOON), vec![8787]).expect("links")
}

fn plan() -> Plan {
    Plan {
        name: "For Anna".to_owned(),
        view: View {
            kind: Kind::Calls,
            format: Format::Xlsx,
            filter: Filter { from: Some(1), to: Some(2), ..Filter::default() },
            columns: None,
            profile: Profile::Programs,
            time_format: TimeFormat::Local,
            separator: Separator::Comma,
            headings: Headings::En,
            tz: "Asia/Shanghai".to_owned(),
        },
        period: Some(Named::ThisWeek),
    }
}

#[test]
fn a_link_outlives_a_restart_and_its_key_can_be_replaced() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let links = open(home.path());
    links.add(plan()).expect("added");
    links.add(plan()).expect("added");
    links.switch(true, Some(9000)).expect("switched on");
    let before = links.list();
    assert_ne!(before[0].key, before[1].key, "each has a key of its own");
    assert_eq!(before[0].place(), format!("/links/{}/calls.xlsx", before[0].key.expose()));

    let links = open(home.path());
    assert_eq!((links.list(), links.port(), *links.wanted().borrow()), (before.clone(), 9000, Some(9000)));
    assert_eq!(links.used_ms(1), None);
    let found = links.follow(before[0].key.expose()).expect("the link with this key");
    assert_eq!((found.id, links.used_ms(1), links.used_ms(2)), (1, Some(NOON), None));

    links.renew(1).expect("another key");
    assert_eq!(links.follow(before[0].key.expose()), None, "the old key opens nothing");
    assert_eq!(links.list()[0].plan, before[0].plan);
    links.remove(1).expect("taken back");
    links.add(plan()).expect("added");
    assert_eq!(links.list().iter().map(|link| link.id).collect::<Vec<_>>(), [2, 3], "no number is given twice");
    for refused in [links.renew(1), links.remove(1), links.replace(1, plan())] {
        assert_eq!(refused.expect_err("it is gone").to_string(), "There is no such link any more.");
    }
}

#[test]
fn nothing_but_a_whole_key_opens_a_link() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let links = open(home.path());
    links.add(plan()).expect("added");
    let key = links.list()[0].key.expose().to_owned();
    let beginning = key.get(..31).expect("32 digits").to_owned();
    for given in ["", "0", &beginning, &format!("{key}0"), &key.to_uppercase().replace(char::is_numeric, "x")] {
        assert_eq!(links.follow(given), None, "{given}");
    }
    assert!(!format!("{links:?}").contains(&key), "a log says nothing of it");
}

#[test]
fn a_period_moves_and_what_has_none_stays() {
    let request = plan().request(Format::Csv, NOON).expect("a request");
    // Monday 2025-03-03 to Monday 2025-03-10 in Shanghai.
    let week = (Some(1_740_931_200_000), Some(1_741_536_000_000));
    assert_eq!(
        (request.filter.from, request.filter.to, request.format, request.meta),
        (week.0, week.1, Format::Csv, false)
    );
    let fixed = Plan { period: None, ..plan() }.request(Format::Xlsx, NOON).expect("a request");
    assert_eq!((fixed.filter.from, fixed.filter.to), (Some(1), Some(2)));
}

#[test]
fn what_cannot_be_followed_is_refused_in_words() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let links = open(home.path());
    let view = plan().view;
    let refused = [
        links.add(Plan { name: "  ".to_owned(), ..plan() }),
        links.add(Plan { name: "two\nlines".to_owned(), ..plan() }),
        links.add(Plan { view: View { tz: "Mars".to_owned(), ..view.clone() }, ..plan() }),
        links.add(Plan { view: View { columns: Some(vec!["colour".to_owned()]), ..view }, ..plan() }),
        links.add(Plan { name: "two\u{2028}lines".to_owned(), ..plan() }),
        links.switch(true, Some(80)),
        links.switch(true, Some(8787)),
        links.switch(false, Some(1023)),
    ];
    let said = refused.map(|refused| format!("{}\n", refused.expect_err("it is refused")));
    expect![[r#"
        The name is to be one line of 1 to 200 characters.
        The name is to be one line of 1 to 200 characters.
        "Mars" is not a time zone. Name one such as Asia/Shanghai, write its distance from UTC such as +08:00, or say local or utc.
        calls have no column "colour". The columns are: call_id, app, started, answered, ended, result, media, type, caller, caller_name, callees, callee_names, members, ring_seconds, talk_seconds, room_id, room_id_type, source, note, tags.
        The name is to be one line of 1 to 200 characters.
        The port is to be a number from 1024 to 65535.
        Calltrail takes callbacks or shows its pages at port 8787. Choose another one.
        The port is to be a number from 1024 to 65535.
    "#]]
    .assert_eq(&said.concat());
    assert_eq!((links.list(), *links.wanted().borrow()), (Vec::new(), None), "nothing of it is kept");
}

#[test]
fn what_cannot_be_saved_is_not_changed() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("data");
    fs::create_dir(&folder).expect("a folder");
    let links = open(&folder);
    fs::remove_dir(&folder).expect("it is empty");
    let refused = links.add(plan()).expect_err("there is no folder").to_string();
    assert!(refused.starts_with("The links could not be saved: "), "{refused}");
    links.switch(true, Some(9000)).expect_err("there is no folder");
    assert_eq!((links.list(), links.port(), *links.wanted().borrow()), (Vec::new(), DEFAULT_PORT, None));
}

#[test]
fn a_port_that_is_needed_is_never_opened_whoever_has_written_so() {
    let home = tempfile::tempdir().expect("a temporary folder");
    for (port, wanted) in [(0, None), (80, None), (8787, None), (8789, Some(8789))] {
        let text = format!(r#"{{ "on": true, "port": {port}, "last_id": 0, "links": [] }}"#);
        fs::write(home.path().join("links.json"), text).expect("a file");
        let links = open(home.path());
        assert_eq!(*links.wanted().borrow(), wanted, "port {port}");
        links.switch(false, None).expect("whatever it is, it can be closed");
    }
}

#[test]
fn a_list_that_cannot_be_read_is_left_alone() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join("links.json"), "{ not JSON").expect("a file");
    Links::open(home.path(), Clock::system(), Vec::new()).expect_err("it cannot be read");
    let text = fs::read_to_string(home.path().join("links.json")).expect("a file");
    assert_eq!(text, "{ not JSON", "and is not replaced by an empty one");
}

#[test]
fn a_door_is_settled_when_it_is_as_wanted() {
    let failed = |port| Door::Failed { port, kind: io::ErrorKind::AddrInUse, why: String::new() };
    let settled = [Door::Closed, Door::Opening, Door::Open { port: 1 }, failed(1)];
    assert_eq!(settled.clone().map(|door| door.is_settled(None)), [true, false, false, false]);
    assert_eq!(settled.clone().map(|door| door.is_settled(Some(1))), [false, false, true, true]);
    assert_eq!(settled.map(|door| door.is_settled(Some(2))), [false; 4], "that is another port's");
}
