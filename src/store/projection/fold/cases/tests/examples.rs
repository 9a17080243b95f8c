//! Examples of rules.md section 12: calls and words as lines, and the cases that follow from them.
//!
//! A call is `id started answered ended result caller>callees`, in seconds, `-` for nothing. `c` is the counterpart and `x`, `y`
//! are others like it; `u`, `v`, `w` are ours where anybody is. In an answered call everybody talked, from `answered` on, unless
//! there is another second behind the name (`v@120`), or none (`v@-`). A word is `id field=value@second`.

use std::collections::HashMap;

use crate::store::projection::fold::cases::{
    self, ByHand, Call, Case, How, Member, Role, Rules, State, Talk, Unanswered, Written,
};

const PERSONS: [&str; 6] = ["c", "x", "y", "u", "v", "w"];
/// From this one on they are ours.
const FIRST_OF_OURS: i64 = 3;

fn ms(text: &str) -> Option<i64> {
    (text != "-").then(|| (text.parse::<f64>().unwrap() * 1_000.0).round().to_string().parse().unwrap())
}

fn seconds(ms: i64) -> String {
    if ms % 1_000 == 0 { (ms / 1_000).to_string() } else { format!("{}.{:03}", ms / 1_000, ms % 1_000) }
}

fn member(text: &str, role: Role, answered_ms: Option<i64>, anybody_ours: bool) -> Member {
    let (name, joined) = text.split_once('@').map_or((text, None), |(name, joined)| (name, Some(joined)));
    let person = i64::try_from(PERSONS.iter().position(|person| *person == name).unwrap()).unwrap();
    let joined_ms = joined.map_or(answered_ms, ms);
    Member { person, role, ours: anybody_ours && person >= FIRST_OF_OURS, joined_ms, normal_end: false }
}

fn call(number: usize, line: &str, anybody_ours: bool) -> Call {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (started_ms, answered_ms, ended_ms) = (ms(words[1]).unwrap(), ms(words[2]), ms(words[3]));
    let (caller, callees) = words[5].split_once('>').unwrap();
    let mut members = vec![member(caller, Role::Caller, answered_ms, anybody_ours)];
    members.extend(callees.split(',').map(|callee| member(callee, Role::Callee, answered_ms, anybody_ours)));
    let (number, id) = (i64::try_from(number).unwrap(), words[0].to_owned());
    Call { number, id, started_ms, answered_ms, ended_ms, result: Unanswered::read(words[4]), members }
}

fn write(by_hand: &mut ByHand, id: usize, word: &str) {
    let (field, rest) = word.split_once('=').unwrap();
    let (value, at) = rest.split_once('@').unwrap();
    let (at_ms, id) = (ms(at).unwrap(), u128::try_from(id).unwrap());
    let text = value.to_owned();
    match field {
        "state" => {
            let value = if value == "done" { State::Done } else { State::Open };
            by_hand.state = Some(Written { at_ms, id, value });
        }
        "assignee" => by_hand.assignee = Some(Written { at_ms, id, value: text }),
        "until" => by_hand.until_ms = Some(Written { at_ms, id, value: ms(value).unwrap() }),
        "reason" => by_hand.reason = Some(Written { at_ms, id, value: text }),
        other => panic!("{other} is no field"),
    }
}

fn shown(case: &Case, id: impl Fn(i64) -> String) -> String {
    let misses: Vec<String> = case.misses.iter().map(|number| id(*number)).collect();
    let talk =
        |how: &str, talk: Talk| format!("{how} in {} by {}", id(talk.call), PERSONS[usize::try_from(talk.by).unwrap()]);
    let state = case.closing.map_or("open".to_owned(), |closing| {
        let how = match closing.how {
            How::CalledBack(by) => talk("called_back", by),
            How::CalledAgain(by) => talk("called_again", by),
            How::ByHand(miss) => format!("done on {}", id(miss)),
        };
        format!("{how} at {} after {}", seconds(closing.at_ms), seconds(closing.after_ms))
    });
    let mut line = format!("{}: {state}", misses.join(" "));
    let fields =
        [("assignee", case.assignee.clone()), ("until", case.until_ms.map(seconds)), ("reason", case.reason.clone())];
    for (name, value) in fields {
        line.extend(value.iter().map(|value| format!(", {name} {value}")));
    }
    line
}

/// The cases of `c` from lines of calls and of words, one a line.
fn told(rules: &Rules, calls: &[&str], words: &[&str]) -> Vec<String> {
    let calls: Vec<Call> =
        calls.iter().enumerate().map(|(number, line)| call(number, line, rules.anybody_ours)).collect();
    let number = |id: &str| calls.iter().find(|call| call.id == id).unwrap().number;
    let mut by_hand: HashMap<i64, ByHand> = HashMap::new();
    for (id, line) in words.iter().enumerate() {
        let (call, word) = line.split_once(' ').unwrap();
        write(by_hand.entry(number(call)).or_default(), id, word);
    }
    let id = |number: i64| calls.iter().find(|call| call.number == number).unwrap().id.clone();
    cases::fold(0, &calls, &by_hand, rules).iter().map(|case| shown(case, id)).collect()
}

/// Where somebody is ours.
fn ours(calls: &[&str], words: &[&str]) -> Vec<String> {
    told(&Rules { anybody_ours: true, ..Rules::default() }, calls, words)
}

/// Where nobody is ours.
fn nobody_ours(calls: &[&str]) -> Vec<String> {
    told(&Rules::default(), calls, &[])
}

#[test]
fn a_call_that_ended_unanswered_is_a_miss() {
    for (line, is_miss) in [
        ("a 0 - 30 not_answer c>u", true),
        ("a 0 - 30 call_busy c>u", true),
        ("a 0 - 30 offline c>u", true),
        ("a 0 - 30 failed c>u", true),
        ("a 0 - 5 cancel c>u", true),
        ("a 0 - 4.999 cancel c>u", false),
        ("a 0 - 30 reject c>u", false),
        ("a 0 - 30 interrupt c>u", false),
        ("a 0 - 30 - c>u", false),
        ("a 0 - - not_answer c>u", false),
        ("a 0 10 30 not_answer c>u", false),
        ("a 0 - 30 not_answer c>x,v", true),
        ("a 0 - 30 not_answer c>x", false),
        ("a 0 - 30 not_answer u>c", false),
        ("a 0 - 30 not_answer x>u", false),
    ] {
        assert_eq!(ours(&[line], &[]).len(), usize::from(is_miss), "{line}");
    }
}

#[test]
fn a_declined_call_is_a_miss_where_that_is_switched_on() {
    let rules = Rules { anybody_ours: true, counted: vec![Unanswered::Reject], ..Rules::default() };
    let calls = ["a 0 - 30 reject c>u", "b 40 - 70 not_answer c>u"];
    assert_eq!(told(&rules, &calls, &[]), ["a: open"]);
}

#[test]
fn misses_gather_until_somebody_calls_back() {
    let calls =
        ["a 0 - 30 not_answer c>u", "b 60 - 90 cancel c>v", "t 100 110 200 - w>c", "d 300 - 330 not_answer c>u"];
    assert_eq!(ours(&calls, &[]), ["a b: called_back in t by w at 110 after 80", "d: open"]);
}

#[test]
fn whoever_calls_again_and_gets_through_closes_it_too() {
    let calls = ["a 0 - 30 not_answer c>u", "t 100 110 200 - c>u@120,v@115,x@111"];
    assert_eq!(ours(&calls, &[]), ["a: called_again in t by v at 110 after 80"]);
}

#[test]
fn only_a_talk_with_one_of_ours_after_the_first_miss_closes_it() {
    let miss = "a 0 - 30 not_answer c>u";
    for (line, what) in [
        ("t 30 40 90 - u>c", "started as the miss ended"),
        ("t 20 40 90 - u>c", "started before the miss ended"),
        ("t 40 50 90 - x>c", "none of ours"),
        ("t 40 50 90 - u>x", "not the counterpart"),
        ("t 40 50 90 - x>c,u@-", "none of ours talked"),
        ("t 40 50 90 - u>x,c@-", "the counterpart did not talk"),
        ("t 40 - 90 - u>c", "nobody answered"),
    ] {
        assert_eq!(ours(&[miss, line], &[]), ["a: open"], "{what}");
    }
    assert_eq!(ours(&[miss, "t 30.001 40 - - u>c"], &[]), ["a: called_back in t by u at 40 after 10"]);
}

#[test]
fn where_nobody_is_ours_somebody_who_had_been_called_has_to_talk() {
    let calls = ["a 0 - 30 not_answer c>u", "b 40 - 60 not_answer c>v", "t 70 80 90 - c>x"];
    assert_eq!(nobody_ours(&calls), ["a b: open"]);
    let calls = ["a 0 - 30 not_answer c>u", "b 40 - 60 not_answer c>v", "t 70 80 90 - v>c"];
    assert_eq!(nobody_ours(&calls), ["a b: called_back in t by v at 80 after 50"]);
    let calls = ["a 0 - 30 not_answer c>u", "t 40 50 60 - v>c", "b 70 - 90 not_answer c>v"];
    assert_eq!(nobody_ours(&calls), ["a b: open"], "v was called only after it had talked");
}

#[test]
fn in_one_moment_the_talk_comes_first_then_the_word_then_the_miss() {
    let calls = ["a 0 - 30 not_answer c>u", "t 50 60 90 - u>c", "b 60 - 80 not_answer c>v"];
    assert_eq!(ours(&calls, &[]), ["a: called_back in t by u at 60 after 30", "b: open"]);
    assert_eq!(ours(&calls, &["a state=open@60"]), ["a b: open"]);
    let calls = ["a 0 - 30 not_answer c>u", "b 60 - 80 not_answer c>v"];
    assert_eq!(ours(&calls, &["a state=done@60"]), ["a: done on a at 60 after 30", "b: open"]);
}

#[test]
fn done_covers_the_misses_until_then_and_a_miss_after_it_begins_a_new_case() {
    let calls = ["a 0 - 30 not_answer c>u", "b 40 - 60 not_answer c>u", "d 200 - 230 not_answer c>u"];
    let words = ["a state=done@100", "b reason=wrong_number@100", "d assignee=ann@240", "d until=3600@240"];
    assert_eq!(
        ours(&calls, &words),
        ["a b: done on a at 100 after 70, reason wrong_number", "d: open, assignee ann, until 3600"]
    );
}

#[test]
fn by_hand_wins_from_its_own_moment_on() {
    let calls = ["a 0 - 30 not_answer c>u", "t 40 50 60 - u>c", "s 100 110 120 - c>v"];
    assert_eq!(ours(&calls, &["a state=open@70"]), ["a: called_again in s by v at 110 after 80"]);
    assert_eq!(ours(&calls, &["a state=open@110"]), ["a: open"], "opened again after both");
    assert_eq!(ours(&calls, &["a state=done@70"]), ["a: done on a at 70 after 40"]);
    assert_eq!(ours(&calls, &["a state=done@45"]), ["a: done on a at 45 after 15"]);
}

#[test]
fn the_newest_word_on_any_miss_of_the_case_wins() {
    let calls = ["a 0 - 30 not_answer c>u", "b 40 - 60 not_answer c>u"];
    for (words, want) in [
        (["a state=done@100", "b state=open@90"], "a b: done on a at 100 after 70"),
        (["a state=done@100", "b state=open@110"], "a b: open"),
        (["a state=done@100", "b state=open@100"], "a b: open"),
        (["b state=open@100", "a state=done@100"], "a b: done on a at 100 after 70"),
        (["a state=done@100", "b state=done@110"], "a b: done on b at 110 after 80"),
        (["a assignee=ann@100", "b assignee=bob@90"], "a b: open, assignee ann"),
    ] {
        assert_eq!(ours(&calls, &words), [want], "{words:?}");
    }
}

#[test]
fn an_earlier_miss_that_arrives_late_makes_one_case_of_two_and_nothing_is_lost() {
    let known = ["b 10 - 30 not_answer c>u", "t 40 45 60 - u>c", "d 70 - 90 not_answer c>v"];
    let words = ["b reason=asked_for_a_price@50", "d assignee=ann@100"];
    assert_eq!(ours(&known, &words), ["b: called_back in t by u at 45 after 15", "d: open, assignee ann"]);
    // t started before the miss that is the first now had ended.
    let late = "a 0 - 50 not_answer c>w";
    assert_eq!(ours(&[&known[..], &[late]].concat(), &words), ["a b d: open, assignee ann"]);
    let done = [&words[..], &["d state=done@50"]].concat();
    let wanted = "a b d: done on d at 70 after 20, assignee ann, reason asked_for_a_price";
    assert_eq!(ours(&[&known[..], &[late]].concat(), &done), [wanted], "it was kept");
}

#[test]
fn a_reason_belongs_to_the_closing_by_hand_that_it_was_written_with() {
    let calls = ["a 0 - 30 not_answer c>u", "b 40 - 60 not_answer c>u", "t 300 310 320 - u>c"];
    for (words, want) in [
        (&["a state=done@100", "b reason=mailed@100"][..], "done on a at 100 after 70, reason mailed"),
        (&["a state=done@100", "b reason=mailed@200"], "done on a at 100 after 70, reason mailed"),
        (&["a state=done@100", "b reason=mailed@99"], "done on a at 100 after 70"),
        (&["a state=done@100", "b state=done@150", "b reason=mailed@100"], "done on b at 150 after 120"),
        (&["a state=open@150", "b reason=mailed@100"], "called_back in t by u at 310 after 280"),
        (&["a state=open@350", "b reason=mailed@350"], "open"),
    ] {
        assert_eq!(ours(&calls, words), [format!("a b: {want}")], "{words:?}");
    }
}

#[test]
fn a_clock_that_is_behind_hides_nothing() {
    let calls = ["a 1000 - 1030 not_answer c>u", "b 1100 - 1130 not_answer c>u"];
    let words = ["a state=done@10"];
    assert_eq!(ours(&calls, &words), ["a: done on a at 1000 after -30", "b: open"], "it holds from its miss on");
}

#[test]
fn a_clock_that_is_ahead_closes_the_case_only_then() {
    let calls = ["a 0 - 30 not_answer c>u", "b 100 - 130 not_answer c>u", "d 950 - 990 not_answer c>u"];
    assert_eq!(ours(&calls, &["a state=done@900"]), ["a b: done on a at 900 after 870", "d: open"]);
}

#[test]
fn an_old_case_may_be_opened_again_beside_the_next() {
    let calls = ["a 0 - 30 not_answer c>u", "t 40 50 60 - u>c", "b 100 - 130 not_answer c>v"];
    let later = "d 300 - 330 not_answer c>u";
    let words = ["a state=open@200"];
    assert_eq!(ours(&[&calls[..], &[later]].concat(), &words), ["a: open", "b d: open"], "the newest gathers");
    let talk = "s 400 410 420 - v>c";
    assert_eq!(
        ours(&[&calls[..], &[later, talk]].concat(), &words),
        ["a: called_back in s by v at 410 after 380", "b d: called_back in s by v at 410 after 280"]
    );
}
