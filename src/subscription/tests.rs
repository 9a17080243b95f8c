//! Plans, notices, the history and drift, without a network. What needs Tencent is in tests/subscription.rs, with the sandbox.

use super::{
    history::{Answer, History},
    observed::{Observed, drift},
    plan::fingerprint,
    *,
};
use crate::{
    outbound::NoAnswer,
    tencent::{Configuration, Product, codes::Api},
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OURS: &str = "https://calls.example.com/hook/0123456789abcdef0123456789abcdef";

fn ours() -> Ours {
    Ours { token: TOKEN.to_owned(), url: Some(OURS.to_owned()) }
}

fn configuration(url: &str, actions: &[&str]) -> Configuration {
    Configuration { url: url.to_owned(), actions: actions.iter().map(|word| (*word).to_owned()).collect() }
}

fn actions(words: &[&str]) -> Wanted {
    Wanted::Actions(words.iter().map(|word| (*word).to_owned()).collect())
}

fn level(notice: &Notice) -> &'static str {
    match notice.level() {
        Level::Stop => "stop",
        Level::Ask => "ask",
        Level::Advice => "advice",
    }
}

/// A plan as one line: what it does, what is added, what is removed, and its notices.
fn told(plan: &Plan) -> String {
    let notices = plan.notices.iter().map(|notice| format!("{}:{}", level(notice), notice.code()));
    let notices: Vec<String> = notices.collect();
    format!("{} +[{}] -[{}] {}", plan.does.code(), plan.added().join(" "), plan.removed().join(" "), notices.join(" "))
        .trim_end()
        .to_owned()
}

const END: &str = "Call.CallbackAfterEndCall";
const START: &str = "Call.CallbackAfterStartCall";

#[test]
fn a_plan_says_what_would_change() {
    let plan = |now, wanted| told(&Plan::make(Product::Call, now, wanted, &ours(), false));
    let here = || Some(configuration(OURS, &[END]));
    assert_eq!(plan(None, actions(&[START, END])), format!("set +[{START} {END}] -[]"), "nothing was there");
    assert_eq!(plan(here(), actions(&[START])), format!("update +[{START}] -[{END}]"), "another choice");
    assert_eq!(plan(here(), actions(&[END])), "nothing +[] -[] advice:nothing_changes", "the same again");
    assert_eq!(plan(here(), Wanted::Nothing), format!("delete +[] -[{END}]"), "stopping");
    assert_eq!(plan(None, Wanted::Nothing), "nothing +[] -[] advice:nothing_changes", "stopped already");
    assert_eq!(plan(None, actions(&[])), "set +[] -[] stop:no_command", "a choice of nothing is no choice");
    assert_eq!(plan(None, actions(&["Call.Typo"])), "set +[Call.Typo] -[] ask:unknown_command", "a word of no page");
    let twice = Plan::make(Product::Call, None, actions(&[END, END]), &ours(), false);
    assert_eq!(twice.added(), [END], "a word that is chosen twice is sent once");
}

#[test]
fn members_of_a_room_come_with_its_end() {
    for (product, word, end) in [
        (Product::Live, "Live.CallbackAfterMemberStateChanged", "Live.CallbackAfterDestroyRoom"),
        (Product::Room, "Room.CallbackAfterMemberLeave", "Room.CallbackAfterDestroyRoom"),
        (Product::Call, "Call.CallbackAfterMemberChanged", END),
    ] {
        let plan = Plan::make(product, None, actions(&[word]), &ours(), false);
        assert_eq!(plan.added(), [word, end], "{product}: without the end nobody would ever leave");
        assert_eq!(plan.also.first().map(|(word, _)| word.as_str()), Some(end), "{product}: and it is said");
    }
    let exact = Some(configuration(OURS, &["Live.CallbackAfterMemberStateChanged"]));
    let restored = Plan::make(Product::Live, None, Wanted::Restore(exact.clone()), &ours(), false);
    assert_eq!(restored.after, exact, "what is restored is as it was");
}

#[test]
fn nothing_of_somebody_elses_is_taken_over_silently() {
    const GIFT: &str = "Live.CallbackBeforeSendGift";
    const ROOM: &str = "Live.CallbackAfterDestroyRoom";
    let plan = |now, wanted| told(&Plan::make(Product::Live, Some(now), wanted, &ours(), false));
    let theirs = || configuration("https://moderator.example/cb?token=abc", &[GIFT, ROOM]);
    let want = format!("update +[] -[{GIFT}] ask:moderation ask:other_url");
    assert_eq!(plan(theirs(), actions(&[ROOM])), want, "moderation would stop, and their receiver hear nothing");
    let want = "update +[] -[] ask:moderation ask:other_url";
    assert_eq!(plan(theirs(), actions(&[GIFT, ROOM])), want, "also when the callback stays on: nobody moderates here");
    assert_eq!(
        plan(theirs(), Wanted::Nothing),
        format!("delete +[] -[{GIFT} {ROOM}] ask:moderation ask:other_url"),
        "stopping too"
    );
    let own = configuration(OURS, &[ROOM]);
    let want = format!("update +[{GIFT}] -[] ask:moderation");
    assert_eq!(plan(own, actions(&[GIFT, ROOM])), want, "switching a question for permission on here");
    let back =
        Plan::make(Product::Live, Some(configuration(OURS, &[ROOM])), Wanted::Restore(Some(theirs())), &ours(), false);
    assert_eq!(
        told(&back),
        format!("update +[{GIFT}] -[] ask:not_ours"),
        "given back to them, it no longer comes here"
    );
    let again = Plan::make(Product::Live, Some(theirs()), Wanted::Restore(Some(theirs())), &ours(), false);
    assert_eq!(told(&again), "nothing +[] -[] advice:nothing_changes", "what stays as it is needs nobody's word");
    let odd = Some(configuration(OURS, &["Live.CallbackOfTomorrow", ROOM]));
    let plan = Plan::make(Product::Live, odd, actions(&[ROOM]), &ours(), false);
    let want = "update +[] -[Live.CallbackOfTomorrow] ask:drops_unknown";
    assert_eq!(told(&plan), want, "what nobody knows is not dropped silently");
    let shown = Plan::make(Product::Live, Some(theirs()), Wanted::Nothing, &ours(), false);
    assert!(shown.notices.iter().all(|notice| !notice.to_string().contains("abc")), "their token is in no sentence");
}

#[test]
fn without_a_public_address_nothing_is_sent() {
    let nowhere = Ours { token: TOKEN.to_owned(), url: None };
    let plan = Plan::make(Product::Call, None, actions(&[END]), &nowhere, false);
    assert_eq!(told(&plan), "nothing +[] -[] stop:no_public_url", "Tencent could not reach this computer");
}

#[test]
fn a_fingerprint_is_that_of_a_set() {
    let one = configuration(OURS, &[START, END]);
    let other = configuration(OURS, &[END, START, END]);
    assert_eq!(fingerprint(Some(&one)), fingerprint(Some(&other)), "the order means nothing");
    assert_ne!(fingerprint(Some(&one)), fingerprint(Some(&configuration(OURS, &[END]))), "the commands do");
    assert_ne!(fingerprint(Some(&one)), fingerprint(Some(&configuration("x", &[START, END]))), "so does the address");
    assert_ne!(fingerprint(None), fingerprint(Some(&configuration("", &[]))), "and nothing is not an empty one");
}

fn answered(code: i64) -> Answer {
    match code {
        0 => Answer::accepted(),
        code => Answer::refused(crate::tencent::Error::refused(Api::V4, code, String::new())),
    }
}

fn change(by: Origin, after: Option<Configuration>, code: i64) -> Change {
    Change {
        number: 0,
        at_ms: 7,
        by,
        app: "1".into(),
        product: Product::Call,
        does: Does::Set,
        before: None,
        after,
        answer: answered(code),
        confirmed: code == 0,
    }
}

#[test]
fn the_history_survives_what_a_power_cut_does_to_its_last_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = History::of(folder.path());
    assert!(history.changes("1", Product::Call).expect("readable").is_empty(), "there is none at first");
    let first = change(Origin::Window, Some(configuration(OURS, &[END])), 0);
    history.open().expect("opened").write(&first).expect("written");
    let path = folder.path().join(history::FILE_NAME);
    let mut torn = std::fs::read(&path).expect("there");
    torn.extend_from_slice(b"{\"at_ms\":8,\"by\":\"win");
    std::fs::write(&path, torn).expect("torn");
    let second = Change { product: Product::Live, ..change(Origin::Command, None, 0) };
    let third = change(Origin::Command, None, 100_001);
    for change in [&second, &third] {
        history.open().expect("opened").write(change).expect("written");
    }
    let calls = history.changes("1", Product::Call).expect("readable");
    assert_eq!(
        calls,
        [Change { number: 4, ..third }, Change { number: 1, ..first }],
        "the newest first, each with its line"
    );
    assert!(history.changes("2", Product::Call).expect("readable").is_empty(), "another application has its own");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "addresses of others can hold their secrets");
    }
}

#[test]
fn a_refusal_is_kept_as_a_code_and_what_others_wrote_keeps_its_change() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = History::of(folder.path());
    let refused = change(Origin::Window, Some(configuration(OURS, &[END])), 100_002);
    history.open().expect("opened").write(&refused).expect("written");
    let path = folder.path().join(history::FILE_NAME);
    let line = std::fs::read_to_string(&path).expect("there");
    assert!(line.contains(r#""what":"address_or_callback_refused""#), "a code, and no sentence: {line}");
    let wrote = |answer: &str| {
        let mut line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        line["answer"] = serde_json::from_str(answer).expect("JSON");
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("opened");
        std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()).expect("written");
    };
    wrote(r#"{"code":100002,"message":"Tencent does not accept the address."}"#);
    wrote(r#"{"code":7,"error":{"code":"tencent_of_tomorrow","why":"new"}}"#);
    let kept = history.changes("1", Product::Call).expect("readable");
    let answers: Vec<_> = kept.iter().map(|change| &change.answer).collect();
    assert_eq!(answers[2], &refused.answer, "what was written comes back");
    assert_eq!(
        (answers[1].code, answers[1].message.as_str()),
        (Some(100_002), "Tencent does not accept the address."),
        "an earlier Calltrail wrote English, which is shown as it is"
    );
    assert_eq!((answers[0].code, &answers[0].error), (Some(7), &None), "a newer one wrote what is not known here");
    assert_eq!(kept[0].after, refused.after, "and its change can still be taken back");
}

#[test]
fn drift_is_a_difference_from_what_was_set_here() {
    let set = || change(Origin::Window, Some(configuration(OURS, &[END])), 0);
    let failed = change(Origin::Window, None, 100_001);
    let elsewhere = change(Origin::Elsewhere, Some(configuration("https://x.example", &[])), 0);
    let found = configuration(OURS, &[START]);
    assert_eq!(drift(Some(&found), &[]), None, "nothing was ever set here");
    assert_eq!(drift(Some(&configuration(OURS, &[END])), &[set()]), None, "it is as it was set");
    let gone = drift(None, &[set()]).expect("somebody deleted it");
    assert_eq!((gone.set_ms, gone.was), (7, Some(configuration(OURS, &[END]))), "what was set here is told");
    assert!(drift(Some(&found), &[failed, set()]).is_some(), "a change that Tencent refused changes nothing");
    assert!(drift(Some(&found), &[elsewhere, set()]).is_some(), "noticing it is not agreeing to it");
}

#[test]
fn a_reading_is_one_word() {
    let observed = Observed::default();
    let state = |has_key| observed.reading("1", Product::Call, has_key, &ours(), &[]).state;
    assert_eq!(state(false), State::NoKey, "nobody can be asked");
    assert_eq!(state(true), State::Unread, "nobody was asked");
    let note = |answer| observed.note("1", Product::Call, 5, &answer);
    assert!(note(Ok(None)), "the first answer is news");
    assert_eq!(state(true), State::Nothing, "Tencent has nothing");
    assert!(!note(Ok(None)), "the same again is not");
    note(Ok(Some(configuration(OURS, &[END]))));
    assert_eq!(state(true), State::Ours, "exactly our address");
    note(Ok(Some(configuration("https://old.example/hook/0123456789abcdef0123456789abcdef", &[END]))));
    assert_eq!(state(true), State::Other, "our token under a host that is not ours any more leads nowhere");
    let refused = crate::tencent::Error::Unreachable { host: "h".into(), why: NoAnswer::InTime };
    assert!(note(Err(refused.clone())), "trouble is news");
    assert!(!note(Err(refused)), "once");
    let reading = observed.reading("1", Product::Call, true, &ours(), &[]);
    assert_eq!((reading.state, reading.read_ms), (State::Error, Some(5)), "the last good answer keeps its time");
    observed.forget("1");
    assert_eq!(state(true), State::Unread, "a removed application leaves nothing behind");
}
