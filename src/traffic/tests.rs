//! The traffic is what it promises: the same for a seed, understood by the reader, and with everything in it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    callback::{AppClaim, Callback, Query, claimed_app, codes::Verdict, delivery::Digest, facts::Facts, parse},
};

fn read(delivery: &Delivery) -> Callback {
    parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body)
}

#[test]
fn a_seed_gives_the_same_traffic_and_another_seed_another() {
    assert_eq!(story(7), story(7), "the same seed, the same bytes");
    assert_ne!(story(7), story(8), "another seed, another story");
    let days = |seed| fortnight(seed, STORY_START_MS, 2, 50).collect::<Vec<_>>();
    assert_eq!(days(7), days(7), "the same for the fortnight");
    assert_ne!(days(7), days(8), "and it depends on the seed");
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
            assert_eq!(claimed_app(&Query::parse(&delivery.query), &delivery.headers), claim, "the app is the one it names");
        }
        for want in [
            "call-v1", "call", "live", "room", "rtc", "applied", "repaired", "unknown_command", "not_relevant", "unparsable", "empty",
            "normal_end", "not_answer", "reject", "call_busy", "cancel", "interrupt", "offline", "caller_call_failed", "invite_user",
            "join_in_group_call", "Call.CallbackAfterStartCall", "Call.CallbackAfterMemberChanged", "Call.CallbackAfterEndCall",
            "Live.CallbackAfterMemberStateChanged", "Live.CallbackAfterDestroyRoom", "Mic.CallbackAfterSeatInfoChanged",
            "Room.CallbackAfterMemberLeave", "101", "102", "103", "104", "105", "201", "206", "601",
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
            assert!(matches!(callback.verdict, Verdict::Applied), "{}: {}", callback.command, callback.reason);
            if let Some(Facts::Call(call)) = callback.facts {
                calls.insert(call.call_id);
            }
        }
        assert_eq!(calls.len(), usize::try_from(calls_per_day).expect("small") * 3, "{calls_per_day} calls on each of 3 days");
    }
    assert_eq!(HOURS.iter().sum::<u32>(), 100, "the shares of the hours are of a hundred");
}
