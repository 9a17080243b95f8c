//! Looks one after another, and what each says; names of all kinds.

use super::*;
use calltrail::language::Language;
use std::fmt::Write as _;

const MINUTE: i64 = 60_000;

/// What one look finds: the misses of late, each `caller@minute`; who has no open case; and whether somebody looks, or it is quiet.
struct Step {
    minute: i64,
    misses: &'static str,
    closed: &'static str,
    in_front: bool,
    quiet: bool,
}

const fn at(minute: i64, misses: &'static str) -> Step {
    Step { minute, misses, closed: "", in_front: false, quiet: false }
}

fn told(steps: &[Step]) -> String {
    let (mut memory, mut told) = (Memory::default(), String::new());
    for Step { minute, misses, closed, in_front, quiet } in steps {
        let misses: Vec<Miss> = misses
            .split_whitespace()
            .map(|miss| {
                let (caller, at) = miss.split_once('@').unwrap();
                let (app, caller, call_id) = ("1".to_owned(), caller.to_owned(), miss.to_owned());
                Miss { app, name: caller.clone(), caller, call_id, at_ms: at.parse::<i64>().unwrap() * MINUTE }
            })
            .collect();
        let open = "abc".chars().map(String::from).filter(|caller| !closed.contains(caller.as_str()));
        let open = open.map(|caller| ("1".to_owned(), caller)).collect();
        let look = Look { open, misses, now_ms: minute * MINUTE, in_front: *in_front, speaks: !quiet };
        let deed = match memory.look(look) {
            Deed::Nothing => "-".to_owned(),
            Deed::Say(Missed { calls, last }) => format!("{calls} {last}"),
            Deed::TakeBack => "back".to_owned(),
        };
        write!(told, "{deed}; ").unwrap();
    }
    told
}

#[test]
fn what_is_new_is_said_once_and_grouped_until_somebody_looks() {
    let looks = |minute, misses| Step { in_front: true, ..at(minute, misses) };
    let quiet = |minute, misses| Step { quiet: true, ..at(minute, misses) };
    let closed = |minute, misses, closed| Step { closed, ..at(minute, misses) };
    for (what, steps, want) in [
        ("before the first look", vec![at(5, "a@4"), at(6, "a@4")], "-; -; "),
        ("one, said once", vec![at(0, ""), at(5, "a@4"), at(6, "a@4")], "-; 1 a; -; "),
        ("grouped", vec![at(0, ""), at(5, "a@4"), at(7, "a@4 b@6 c@7")], "-; 1 a; 3 c; "),
        ("the same caller again", vec![at(0, ""), at(5, "a@4"), at(7, "a@4 a@6")], "-; 1 a; 2 a; "),
        ("fetched afterwards", vec![at(0, ""), at(60, "a@45 b@49"), at(61, "c@60")], "-; -; 1 c; "),
        ("known for as long as it can be found", vec![at(0, ""), at(5, "a@4"), at(24, "a@4")], "-; 1 a; -; "),
        ("somebody looks", vec![at(0, ""), at(5, "a@4"), looks(6, "a@4"), at(8, "b@7")], "-; 1 a; back; 1 b; "),
        ("missed while somebody looks", vec![at(0, ""), looks(5, "a@4"), at(6, "a@4")], "-; -; -; "),
        ("quiet hours", vec![at(0, ""), quiet(5, "a@4"), at(6, "a@4"), at(8, "b@7")], "-; -; -; 1 b; "),
        ("quiet hours begin", vec![at(0, ""), at(5, "a@4"), quiet(6, "a@4")], "-; 1 a; back; "),
        (
            "called back",
            vec![at(0, ""), at(5, "a@4 b@5"), closed(6, "", "a"), closed(7, "", "ab")],
            "-; 2 b; -; back; ",
        ),
        ("one called back, another missed", vec![at(0, ""), at(5, "a@4"), closed(7, "b@6", "a")], "-; 1 a; 1 b; "),
    ] {
        assert_eq!(told(&steps), want, "{what}");
    }
}

#[test]
fn a_name_is_never_markup_nor_more_than_a_line() {
    let said = |calls, last: &str, language| Missed { calls, last: last.to_owned() }.said(Words::of(language));
    let one = said(1, "Anna", Language::En);
    assert_eq!((one.headline.as_str(), one.line.as_str()), ("Missed call", "From \u{2068}Anna\u{2069}"));
    let three = said(3, "Anna", Language::En);
    assert_eq!(
        (three.headline.as_str(), three.line.as_str()),
        ("3 missed calls", "The last one from \u{2068}Anna\u{2069}")
    );
    let chinese = said(3, "张三", Language::Zh);
    assert_eq!(
        (chinese.headline.as_str(), chinese.line.as_str()),
        ("3 个未接通话", "最近一个来自 \u{2068}张三\u{2069}")
    );
    let hostile = said(1, "<a href=\"http://x\">&\u{202e}\nx</a>'", Language::En);
    assert_eq!(hostile.escaped(), "From \u{2068}&lt;a href=&quot;http://x&quot;&gt;&amp; x&lt;/a&gt;&#39;\u{2069}");
    let long = said(1, &"长".repeat(61), Language::Zh).line;
    assert_eq!(long.chars().filter(|letter| *letter == '长').count(), LONGEST, "it is cut off");
    assert!(said(1, "\u{200b}", Language::En).line.ends_with("\u{2068}\u{2069}"), "nothing unseen is left");
}
