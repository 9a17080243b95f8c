//! Is a delivery signed with the key of its application? Live callbacks are (protocol.md 5.5), and RTC Engine's (6.3).

use crate::{
    callback::{
        Headers, Query,
        codes::Family,
        reason::{Reason, Signer},
        signature,
    },
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
    Missing(Signer),
    /// It does not fit.
    Bad(Signer),
    /// Nobody can say, because the key cannot be read.
    NoKey(Signer),
}

/// What a family's callbacks are signed with.
pub(super) const fn signer_of(family: Family) -> Option<Signer> {
    match family {
        Family::Live => Some(Signer::LiveToken),
        Family::Rtc => Some(Signer::RtcKey),
        Family::CallV1 | Family::Call | Family::Room | Family::Chat | Family::Unknown => None,
    }
}

/// The secret among an application's that it is.
pub(super) const fn kind_of(signer: Signer) -> Kind {
    match signer {
        Signer::LiveToken => Kind::LiveToken,
        Signer::RtcKey => Kind::RtcKey,
    }
}

/// Checks the signature of a delivery that is signed like this with the key of its application.
pub(super) fn check(signer: Signer, key: &Check, signed: Signed<'_>) -> Finding {
    let key = match key {
        Check::Off => return Finding::NotChecked,
        Check::Unreadable => return Finding::NoKey(signer),
        Check::With(key) => key.expose(),
    };
    let request_time = signed.query.get("RequestTime");
    let checked = match signer {
        Signer::LiveToken => signature::check_live(key, signed.query.get("Sign"), request_time, signed.now_ms),
        Signer::RtcKey => {
            let sign = header(signed.headers, "Sign");
            signature::check_rtc(key, sign, signed.body).or_else(|fault| {
                match signature::check_rtc(key, sign, signed.packed) {
                    Ok(()) => Ok(()),
                    Err(_) => Err(fault),
                }
            })
        }
    };
    // Only a time that the signature vouches for says anything of a clock.
    let sent: Option<i64> = request_time.filter(|_| signer == Signer::LiveToken).and_then(|time| time.parse().ok());
    let away = sent.map(|sent| signed.now_ms.div_euclid(1_000).saturating_sub(sent));
    match checked {
        Ok(()) => Finding::Fits { away },
        Err(Fault::Stale) => Finding::Stale { away: away.unwrap_or(i64::MAX) },
        Err(Fault::Missing) => Finding::Missing(signer),
        Err(Fault::Bad) => Finding::Bad(signer),
    }
}

fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Why a delivery waits in quarantine; nothing where it need not wait.
pub(super) fn reason(finding: Finding, app: &str) -> Option<Reason> {
    // What fits is what nearly all do, and costs nothing here.
    let app = || app.to_owned();
    Some(match finding {
        Finding::NotChecked | Finding::Fits { .. } => return None,
        Finding::Missing(secret) => Reason::NotSigned { app: app(), secret },
        Finding::Bad(secret) => Reason::BadSignature { app: app(), secret },
        Finding::NoKey(secret) => Reason::SignerUnreadable { app: app(), secret },
        Finding::Stale { away } if away < 0 => Reason::SignedLater { seconds: away.saturating_neg() },
        Finding::Stale { away } => Reason::SignedEarlier { seconds: away, most: WINDOW_SECONDS },
    })
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
        check(
            Signer::LiveToken,
            key,
            Signed { query: &query, headers: &[], body: b"{}", packed: b"{}", now_ms: NOW_MS },
        )
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
            Finding::Bad(Signer::LiveToken),
            "a time that nobody vouches for"
        );
        assert_eq!(live("RequestTime=1", &key("token")), Finding::Missing(Signer::LiveToken), "no signature");
        assert_eq!(live("", &Check::Off), Finding::NotChecked, "no key is set");
        assert_eq!(live(&query(now), &Check::Unreadable), Finding::NoKey(Signer::LiveToken), "the key is out of reach");
    }

    #[test]
    fn a_header_signs_the_body_and_tells_no_time() {
        let (query, body) = (Query::parse("RequestTime=1"), b"{\n\t\"a\":\t1\n}");
        let headers = [("sign".to_owned(), signature::rtc_sign("789", body))];
        let found = |key: &Check, body: &[u8]| {
            check(Signer::RtcKey, key, Signed { query: &query, headers: &headers, body, packed: body, now_ms: NOW_MS })
        };
        assert_eq!(
            found(&key("789"), body),
            Finding::Fits { away: None },
            "tabs and all; a query's time is not signed"
        );
        assert_eq!(
            found(&key("789"), b"{\"a\":1}"),
            Finding::Bad(Signer::RtcKey),
            "the same JSON is not the same bytes"
        );
        assert_eq!(found(&key("780"), body), Finding::Bad(Signer::RtcKey), "another key");
    }

    #[test]
    fn a_body_that_was_packed_may_be_signed_before_or_after() {
        let (query, body, packed) = (Query::parse(""), b"{}", b"\x1f\x8b{}");
        for (signed, want) in [
            (body.as_slice(), Finding::Fits { away: None }),
            (packed, Finding::Fits { away: None }),
            (b"[]", Finding::Bad(Signer::RtcKey)),
        ] {
            let headers = [("sign".to_owned(), signature::rtc_sign("789", signed))];
            let signed = Signed { query: &query, headers: &headers, body, packed, now_ms: NOW_MS };
            assert_eq!(check(Signer::RtcKey, &key("789"), signed), want, "{headers:?}");
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
            (by_query, check(Signer::RtcKey, &key("key"), signed))
        };
        assert_eq!(
            found(&right, &rtc),
            (Finding::Fits { away: Some(0) }, Finding::Fits { away: None }),
            "the right ones"
        );
        let bad = (Finding::Bad(Signer::LiveToken), Finding::Bad(Signer::RtcKey));
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
            (Finding::Missing(Signer::RtcKey), ["not signed", "RTC key"]),
            (Finding::Bad(Signer::LiveToken), ["does not fit", "Live token"]),
            (Finding::NoKey(Signer::LiveToken), ["cannot be read", "release it"]),
            (Finding::Stale { away: -300 }, ["5 minutes after", "it is behind"]),
            (Finding::Stale { away: 7_265 }, ["2 hours 1 minute before", "is ahead"]),
            (Finding::Stale { away: i64::MAX }, ["years", "is ahead"]),
        ] {
            let said = reason(finding, "1400000000").expect("it waits").to_string();
            for part in parts {
                assert!(said.contains(part), "{finding:?}: {part:?} is missing from: {said}");
            }
        }
        assert_eq!(reason(Finding::Fits { away: None }, "1"), None, "what fits does not wait");
        assert_eq!(reason(Finding::NotChecked, "1"), None, "what is not signed does not either");
    }
}
