//! Is a delivery signed with the key of its application? Live callbacks are (protocol.md 5.5), and RTC Engine's (6.3).

use crate::{
    callback::{Headers, Query, codes::Family, signature},
    config::{Kind, keys::Check},
};

use signature::{Fault, WINDOW_SECONDS};

/// What a signature is made over, and when it arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'a> {
    /// The query: `Sign` and `RequestTime` of Live callbacks.
    pub(super) query: &'a Query,
    /// The headers: `Sign` of RTC Engine's.
    pub(super) headers: &'a Headers,
    /// The body, byte for byte.
    pub(super) body: &'a [u8],
    /// The same as it was received: a relay packs what was signed before, and a sender may sign what it has packed.
    pub(super) packed: &'a [u8],
    /// When it was received, Unix milliseconds.
    pub(super) now_ms: i64,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is not checked: this family is not signed, or no key is set.
    NotChecked,
    /// It fits. `away` is how far this computer's clock is ahead of the sender's, in seconds, where the sender tells its time.
    Fits {
        /// Seconds; the way of the request is in it.
        away: Option<i64>,
    },
    /// It fits and is too far from this computer's clock.
    Stale {
        /// How far this computer's clock is ahead, in seconds; negative when it is behind.
        away: i64,
    },
    /// There is none.
    Missing(Kind),
    /// It does not fit.
    Bad(Kind),
    /// Nobody can say, because the key cannot be read.
    NoKey(Kind),
}

/// The secret that signs a family's callbacks.
pub(super) const fn kind_of(family: Family) -> Option<Kind> {
    match family {
        Family::Live => Some(Kind::LiveToken),
        Family::Rtc => Some(Kind::RtcKey),
        Family::CallV1 | Family::Call | Family::Room | Family::Chat | Family::Unknown => None,
    }
}

/// Checks the signature of a delivery of this kind with the key of its application.
pub(super) fn check(kind: Kind, key: &Check, signed: Signed<'_>) -> Finding {
    let key = match key {
        Check::Off => return Finding::NotChecked,
        Check::Unreadable => return Finding::NoKey(kind),
        Check::With(key) => key.expose(),
    };
    let request_time = signed.query.get("RequestTime");
    let checked = match kind {
        Kind::LiveToken => signature::check_live(key, signed.query.get("Sign"), request_time, signed.now_ms),
        Kind::RtcKey => {
            let sign = header(signed.headers, "Sign");
            signature::check_rtc(key, sign, signed.body).or_else(|fault| {
                match signature::check_rtc(key, sign, signed.packed) {
                    Ok(()) => Ok(()),
                    Err(_) => Err(fault),
                }
            })
        }
        Kind::SecretKey => return Finding::NotChecked,
    };
    // Only a time that the signature vouches for says anything of a clock.
    let sent: Option<i64> = request_time.filter(|_| kind == Kind::LiveToken).and_then(|time| time.parse().ok());
    let away = sent.map(|sent| signed.now_ms.div_euclid(1_000).saturating_sub(sent));
    match checked {
        Ok(()) => Finding::Fits { away },
        Err(Fault::Stale) => Finding::Stale { away: away.unwrap_or(i64::MAX) },
        Err(Fault::Missing) => Finding::Missing(kind),
        Err(Fault::Bad) => Finding::Bad(kind),
    }
}

fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Why a delivery waits in quarantine, what it means and what to do, as sentences; nothing where it need not wait.
pub(super) fn reason(finding: Finding, app: &str) -> Option<String> {
    let said = match finding {
        Finding::NotChecked | Finding::Fits { .. } => return None,
        Finding::Missing(kind) => format!(
            "It is not signed, although a {kind} is set for application {app}. Either it did not come from Tencent, or signing is \
             off at Tencent: set the same {kind} there, or remove it here.",
            kind = kind.name()
        ),
        Finding::Bad(kind) => format!(
            "The signature does not fit the {kind} that is set for application {app}. Either it did not come from Tencent, or \
             Tencent has another {kind}: compare the two. If you know that it is genuine, release it.",
            kind = kind.name()
        ),
        Finding::NoKey(kind) => format!(
            "The {kind} of application {app} is set and cannot be read, so nobody can say whether this delivery is genuine. Unlock \
             the key store and start Calltrail again, or enter the {kind} again; then release it.",
            kind = kind.name()
        ),
        Finding::Stale { away } if away < 0 => format!(
            "The signature fits, but was made {} after this computer's clock says that it is now. Only this computer's clock can be \
             wrong: it is behind. Set it, and release this delivery.",
            long(away)
        ),
        Finding::Stale { away } => format!(
            "The signature fits, but was made {} before it arrived, and more than {WINDOW_SECONDS} seconds are not accepted. Either \
             somebody sent an old request again, or this computer's clock is ahead. If it is, set it, and release this delivery.",
            long(away)
        ),
    };
    Some(said)
}

/// A length of time in words, from seconds of either sign: the two largest units.
pub(super) fn long(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut rest = seconds;
    let mut words = Vec::new();
    for (unit, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    words.truncate(2);
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const NOW_MS: i64 = 1_741_231_146_500;

    fn key(text: &str) -> Check {
        Check::With(Secret::from(text.to_owned()))
    }

    fn live(query: &str, key: &Check) -> Finding {
        let query = Query::parse(query);
        check(Kind::LiveToken, key, Signed { query: &query, headers: &[], body: b"{}", packed: b"{}", now_ms: NOW_MS })
    }

    #[test]
    fn the_distance_of_the_clocks_is_told_with_its_direction() {
        let query = |seconds: i64| {
            let time = seconds.to_string();
            format!("Sign={}&RequestTime={time}", signature::live_sign("token", &time))
        };
        let now = NOW_MS / 1_000;
        for (sent, want) in [
            (now, Finding::Fits { away: Some(0) }),
            (now - 60, Finding::Fits { away: Some(60) }),
            (now + 60, Finding::Fits { away: Some(-60) }),
            (now - 61, Finding::Stale { away: 61 }),
            (now + 61, Finding::Stale { away: -61 }),
        ] {
            assert_eq!(live(&query(sent), &key("token")), want, "sent {} s from now", sent - now);
        }
        assert_eq!(
            live(&query(now + 61), &key("other")),
            Finding::Bad(Kind::LiveToken),
            "a time that nobody vouches for"
        );
        assert_eq!(live("RequestTime=1", &key("token")), Finding::Missing(Kind::LiveToken), "no signature");
        assert_eq!(live("", &Check::Off), Finding::NotChecked, "no key is set");
        assert_eq!(live(&query(now), &Check::Unreadable), Finding::NoKey(Kind::LiveToken), "the key is out of reach");
    }

    #[test]
    fn a_header_signs_the_body_and_tells_no_time() {
        let (query, body) = (Query::parse("RequestTime=1"), b"{\n\t\"a\":\t1\n}");
        let headers = [("sign".to_owned(), signature::rtc_sign("789", body))];
        let found = |key: &Check, body: &[u8]| {
            check(Kind::RtcKey, key, Signed { query: &query, headers: &headers, body, packed: body, now_ms: NOW_MS })
        };
        assert_eq!(
            found(&key("789"), body),
            Finding::Fits { away: None },
            "tabs and all; a query's time is not signed"
        );
        assert_eq!(found(&key("789"), b"{\"a\":1}"), Finding::Bad(Kind::RtcKey), "the same JSON is not the same bytes");
        assert_eq!(found(&key("780"), body), Finding::Bad(Kind::RtcKey), "another key");
    }

    #[test]
    fn a_body_that_was_packed_may_be_signed_before_or_after() {
        let (query, body, packed) = (Query::parse(""), b"{}", b"\x1f\x8b{}");
        for (signed, want) in [
            (body.as_slice(), Finding::Fits { away: None }),
            (packed, Finding::Fits { away: None }),
            (b"[]", Finding::Bad(Kind::RtcKey)),
        ] {
            let headers = [("sign".to_owned(), signature::rtc_sign("789", signed))];
            let signed = Signed { query: &query, headers: &headers, body, packed, now_ms: NOW_MS };
            assert_eq!(check(Kind::RtcKey, &key("789"), signed), want, "{headers:?}");
        }
    }

    #[test]
    fn every_wrong_signature_is_wrong_wherever_it_differs_and_however_long_it_is() {
        let time = (NOW_MS / 1_000).to_string();
        let right = signature::live_sign("token", &time);
        let rtc = signature::rtc_sign("key", b"{}");
        let found = |live_sign: &str, rtc_sign: &str| {
            let header = [("sign".to_owned(), rtc_sign.to_owned())];
            let signed =
                Signed { query: &Query::parse(""), headers: &header, body: b"{}", packed: b"{}", now_ms: NOW_MS };
            let by_query = live(&format!("Sign={live_sign}&RequestTime={time}"), &key("token"));
            (by_query, check(Kind::RtcKey, &key("key"), signed))
        };
        assert_eq!(
            found(&right, &rtc),
            (Finding::Fits { away: Some(0) }, Finding::Fits { away: None }),
            "the right ones"
        );
        let bad = (Finding::Bad(Kind::LiveToken), Finding::Bad(Kind::RtcKey));
        let changed = |text: &str, place: usize| {
            let other = |old| if old == 'a' { 'b' } else { 'a' };
            text.chars().enumerate().map(|(n, old)| if n == place { other(old) } else { old }).collect::<String>()
        };
        // The last sign of this base64 text fills it up.
        for place in 0..rtc.len() - 1 {
            assert_eq!(found(&changed(&right, place), &changed(&rtc, place)), bad, "they differ at {place}");
        }
        for place in 0..right.len() {
            assert_eq!(found(&changed(&right, place), "").0, bad.0, "it differs at {place}");
        }
        for length in (1..200).filter(|length| ![right.len(), rtc.len()].contains(length)) {
            let cut = |text: &str| text.chars().cycle().take(length).collect::<String>();
            assert_eq!(found(&cut(&right), &cut(&rtc)), bad, "{length} characters");
        }
    }

    #[test]
    fn a_reason_says_what_happened_and_what_to_do() {
        for (finding, parts) in [
            (Finding::Missing(Kind::RtcKey), ["not signed", "RTC key"]),
            (Finding::Bad(Kind::LiveToken), ["does not fit", "Live token"]),
            (Finding::NoKey(Kind::LiveToken), ["cannot be read", "release it"]),
            (Finding::Stale { away: -300 }, ["5 minutes after", "it is behind"]),
            (Finding::Stale { away: 7_265 }, ["2 hours 1 minute before", "is ahead"]),
            (Finding::Stale { away: i64::MAX }, ["days", "is ahead"]),
        ] {
            let said = reason(finding, "1400000000").expect("it waits");
            for part in parts {
                assert!(said.contains(part), "{finding:?}: {part:?} is missing from: {said}");
            }
        }
        assert_eq!(reason(Finding::Fits { away: None }, "1"), None, "what fits does not wait");
        assert_eq!(reason(Finding::NotChecked, "1"), None, "what is not signed does not either");
    }
}
