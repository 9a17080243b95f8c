//! Any request becomes a callback, and what is said of it agrees with itself.

use super::request::Request;
use crate::callback::{
    Callback, Query, claimed_app, client_ip,
    codes::{Family, Verdict},
    delivery::Digest,
    facts::Facts,
    lasting_body, parse, parse_fetched, platform, reply, signature,
};

/// When signatures are looked at, Unix milliseconds: when those of the samples are valid.
const NOW_MS: i64 = 1_760_000_000_000;

/// Reads any request in every way in which requests are read.
pub(super) fn check(bytes: &[u8]) {
    let request = Request::of(bytes);
    let (query, headers) = (Query::parse(&request.query()), request.headers());
    let callback = parse(&query, &headers, &request.body);
    agrees_with_itself(&callback);
    reads_the_same_behind_a_mark(&request, &callback);
    for family in Family::ALL {
        lasts(*family, &request.body);
    }
    let _ = (claimed_app(&query, &headers), client_ip(&query), platform(&query), callback.is_before());
    let sign = headers.iter().find(|(name, _)| name == "sign").map(|(_, value)| value.as_str());
    let _ = signature::check_rtc("demoKey0123456789", sign, &request.body);
    let _ = signature::check_live("demo-token", query.get("Sign"), query.get("RequestTime"), NOW_MS);
    let digest = Digest::of(&request.app(), &callback, &request.body);
    assert!(digest.is_of(&request.app(), &callback, &request.body), "a delivery is known by its own digest");
    let before = Digest::before(&request.app(), &callback, &request.body);
    assert!(before.is_none_or(|before| before != digest && before.is_of(&request.app(), &callback, &request.body)));
    assert!(before.is_none() || callback.former.is_some(), "only what is read in another way had another one");
    agrees_with_itself(&parse_fetched(&request.body));
}

fn agrees_with_itself(callback: &Callback) {
    let Callback { verdict, reason, facts, family, .. } = callback;
    let tells = matches!(verdict, Verdict::Applied | Verdict::Repaired);
    assert_eq!(facts.is_some(), tells, "facts are what a callback tells that was understood: {callback:?}");
    assert_eq!(reason.is_none(), *verdict == Verdict::Applied, "every other verdict says why: {callback:?}");
    let failure = reply::failure(*family, &callback.why());
    assert!(failure.len() < 1_900, "a reply has less than 2,000 bytes with its headers: {failure}");
    // The store keeps facts as JSON and folds what it reads back.
    if let Some(facts) = facts {
        let kept = serde_json::to_string(facts).unwrap_or_default();
        let read: Result<Facts, _> = serde_json::from_str(&kept);
        assert_eq!(read.as_ref().ok(), Some(facts), "facts are read back as they were kept: {kept}");
    }
}

/// A byte order mark is no part of what is said.
fn reads_the_same_behind_a_mark(request: &Request, callback: &Callback) {
    let marked = Request { body: [b"\xEF\xBB\xBF", request.body.as_slice()].concat(), ..request.clone() };
    // Behind a mark, a second one is a character that no JSON begins with.
    if !request.body.starts_with(b"\xEF\xBB\xBF") {
        assert_eq!(&marked.parse(), callback, "a byte order mark changes nothing");
    }
}

/// What identifies a delivery is the body itself, without the times of sending for RTC Engine.
fn lasts(family: Family, body: &[u8]) {
    let lasting = lasting_body(family, body);
    if family != Family::Rtc {
        assert_eq!(&*lasting, body, "only RTC Engine's bodies differ between tries");
    }
    let mut rest = body.iter();
    assert!(lasting.iter().all(|byte| rest.any(|other| other == byte)), "something is cut out and nothing added");
}
