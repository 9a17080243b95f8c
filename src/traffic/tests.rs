//! The traffic is what it promises: the same for a seed, understood by the reader, and with everything in it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    callback::{AppClaim, claimed_app, codes::Verdict, delivery::Digest, facts::Facts},
    language::Language,
};

#[test]
fn a_seed_gives_the_same_traffic_and_another_seed_another() {
    assert_eq!(story(7), story(7), "the same seed, the same bytes");
    assert_ne!(story(7), story(8), "another seed, another story");
    let days = |seed| fortnight(seed, STORY_START_MS, 2, 50).collect::<Vec<_>>();
    assert_eq!(days(7), days(7), "the same for the fortnight");
    assert_ne!(days(7), days(8), "and it depends on the seed");
}

#[test]
fn a_wrong_clock_changes_when_deliveries_were_received_and_nothing_else() {
    const OFF_MS: i64 = -300_000_000_000;
    let (right, wrong) = (story(7), story_under_a_wrong_clock(7, OFF_MS));
    let off = wrong.iter().filter(|delivery| delivery.received_ms < STORY_START_MS + OFF_MS / 2).count();
    assert_eq!(off, right.len() / 3, "a third of them");
    let mut back = wrong;
    back.iter_mut().filter(|d| d.received_ms < STORY_START_MS + OFF_MS / 2).for_each(|d| d.received_ms -= OFF_MS);
    let sorted = |mut story: Vec<Delivery>| {
        story.sort_by(|a, b| (a.received_ms, &a.body, &a.query).cmp(&(b.received_ms, &b.body, &b.query)));
        story
    };
    assert_eq!(sorted(back), sorted(right), "and they are the same");
}

#[test]
fn a_story_has_everything_in_it() {
    for seed in 0..20 {
        let story = story(seed);
        assert!(story.is_sorted_by_key(|delivery| delivery.received_ms), "in the order of receipt");
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for delivery in &story {
            let callback = read(delivery);
            assert_ne!(callback.verdict, Verdict::Fault, "parse knows no faults");
            seen.insert(callback.family.code().to_owned());
            seen.insert(callback.verdict.code().to_owned());
            seen.insert(callback.command);
            let claim = if delivery.app.is_empty() { AppClaim::Absent } else { AppClaim::One(APP.to_owned()) };
            assert_eq!(
                claimed_app(&Query::parse(&delivery.query), &delivery.headers),
                claim,
                "the app is the one it names"
            );
        }
        for want in [
            "call-v1",
            "call",
            "live",
            "room",
            "rtc",
            "applied",
            "repaired",
            "unknown_command",
            "not_relevant",
            "unparsable",
            "empty",
            "normal_end",
            "not_answer",
            "reject",
            "call_busy",
            "cancel",
            "interrupt",
            "offline",
            "caller_call_failed",
            "invite_user",
            "join_in_group_call",
            "Call.CallbackAfterStartCall",
            "Call.CallbackAfterMemberChanged",
            "Call.CallbackAfterEndCall",
            "Live.CallbackAfterMemberStateChanged",
            "Live.CallbackAfterDestroyRoom",
            "Mic.CallbackAfterSeatInfoChanged",
            "Room.CallbackAfterMemberLeave",
            "101",
            "102",
            "103",
            "104",
            "105",
            "201",
            "206",
            "601",
        ] {
            assert!(seen.contains(want), "seed {seed}: the story has {want} in it");
        }
        assert!((200..500).contains(&story.len()), "seed {seed}: {} deliveries are a story, not a saga", story.len());
    }
}

#[test]
fn repeats_are_repeats() {
    let mut queries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut bodies: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
    let mut all = 0;
    for delivery in (0..20).flat_map(story) {
        let digest = Digest::of(&delivery.app, &read(&delivery), &delivery.body).hex();
        queries.entry(digest.clone()).or_default().insert(delivery.query);
        bodies.entry(digest).or_default().insert(delivery.body);
        all += 1;
    }
    assert!(bodies.len() + 200 < all, "{all} deliveries are {} events", bodies.len());
    assert!(queries.values().any(|copies| copies.len() > 1), "some repeats come with another ClientIP");
    assert!(bodies.values().any(|copies| copies.len() > 1), "some RTC Engine events come with another CallbackTs");
}

#[test]
fn a_fortnight_has_as_many_calls_as_asked_for() {
    for calls_per_day in [0, 7, 150] {
        let mut calls = BTreeSet::new();
        for delivery in fortnight(3, STORY_START_MS, 3, calls_per_day) {
            let callback = read(&delivery);
            assert!(matches!(callback.verdict, Verdict::Applied), "{}: {}", callback.command, callback.why());
            if let Some(Facts::Call(call)) = callback.facts {
                calls.insert(call.call_id);
            }
        }
        assert_eq!(
            calls.len(),
            usize::try_from(calls_per_day).expect("small") * 3,
            "{calls_per_day} calls on each of 3 days"
        );
    }
    assert_eq!(HOURS.iter().sum::<u32>(), 100, "the shares of the hours are of a hundred");
}

#[test]
fn the_bytes_of_a_seed_stay_what_they_are() {
    let of = |deliveries: &[Delivery]| {
        let mut text = String::new();
        for d in deliveries {
            text.push_str(&format!(
                "{} {} {} {:?} {}\n",
                d.received_ms,
                d.app,
                d.query,
                d.headers,
                hex::encode(&d.body)
            ));
        }
        <sha2::Sha256 as sha2::Digest>::digest(text)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let days: Vec<_> = fortnight(7, STORY_START_MS, 2, 200).collect();
    assert_eq!(
        (of(&story(7)).as_str(), of(&days).as_str()),
        ("6ba81d6bd2bfad65", "9e750b76f98a603b"),
        "tests, benches and records made from it depend on them"
    );
}

#[test]
fn each_scenario_plays_for_any_app_at_any_time_and_is_understood() {
    const START: i64 = 1_790_000_000_000;
    for scenario in Scenario::ALL {
        let code = scenario.code();
        assert_eq!(Scenario::read(code), Some(*scenario), "{code} is read back");
        assert!(scenario.about().ends_with('.'), "{code}: {:?} is a sentence", scenario.about());
        let played = scenario.play(5, "9999999999", START);
        assert_eq!(played, scenario.play(5, "9999999999", START), "{code}: the same seed, the same deliveries");
        assert_ne!(played, scenario.play(6, "9999999999", START), "{code}: another seed, others");
        assert!(!played.is_empty() && played.is_sorted_by_key(|delivery| delivery.received_ms), "{code}: in order");
        let end = START + scenario.span_ms(5);
        for delivery in &played {
            assert!((START..=end).contains(&delivery.received_ms), "{code}: {} is in its span", delivery.received_ms);
            assert!(!String::from_utf8_lossy(&delivery.body).contains(APP), "{code}: another app's traffic");
            if *scenario != Scenario::Story {
                assert_eq!(delivery.app, "9999999999", "{code}: the app is the one asked for");
                assert_eq!(read(delivery).verdict, Verdict::Applied, "{code}: belongs in the record");
            }
        }
    }
    assert_eq!(Scenario::read("teleport"), None, "what is none is none");
}

#[test]
fn a_fortnight_ends_now_with_quiet_weekends_and_begins_with_nothing_half() {
    // A Tuesday, 10:30 UTC.
    let now = 1_790_073_000_000;
    let played = Scenario::Fortnight.play(1, APP, now - Scenario::Fortnight.span_ms(1));
    let last = played.last().expect("deliveries").received_ms;
    assert!(now - last < HOUR_MS, "an office is at work at half past ten: {last}");
    let (mut at_weekends, mut on_workdays) = (0, 0);
    for delivery in &played {
        *if is_weekend(delivery.received_ms) { &mut at_weekends } else { &mut on_workdays } += 1;
        assert!(!String::from_utf8_lossy(&delivery.body).contains("o'brien"), "plain names only");
    }
    assert!(at_weekends * 4 < on_workdays, "{at_weekends} at weekends, {on_workdays} on workdays");
    assert!((2_000..9_000).contains(&played.len()), "{} deliveries are a small office's", played.len());
}

#[test]
fn names_follow_the_language_and_nothing_else_does() {
    let told = |language: Language| {
        let played = Scenario::Fortnight.play_in(language, 7, APP, STORY_START_MS);
        let said: String = played.iter().map(|delivery| String::from_utf8_lossy(&delivery.body).into_owned()).collect();
        let when: Vec<(i64, String)> =
            played.iter().map(|delivery| (delivery.received_ms, read(delivery).command)).collect();
        (when, said)
    };
    let (english, chinese) = (told(Language::En), told(Language::Zh));
    assert_eq!(english.0, chinese.0, "the same happens at the same times");
    for word in ["reception", "Morning show", "Standup"] {
        assert!(english.1.contains(word) && !chinese.1.contains(word), "{word} is English");
    }
    for word in ["前台", "早间健康直播", "晨会"] {
        assert!(chinese.1.contains(word) && !english.1.contains(word), "{word} is Chinese");
    }
    for language in Language::ALL {
        let ids = Cast::Clinic(language).ids();
        let different: BTreeSet<&str> = ids.into_iter().collect();
        assert_eq!(different.len(), ids.len(), "nobody is two people: {ids:?}");
        assert!(ids.iter().all(|id| id.len() <= 32), "an account id has 32 bytes at most: {ids:?}");
    }
}
