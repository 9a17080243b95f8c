//! Whose a delivery is: into the archive, or into quarantine with a reason (rules.md 1.1 and 1.3).

use super::signature::{self, Finding, Signed};
use crate::{
    callback::{AppClaim, Callback, codes::Verdict, reason::Reason},
    config::{Apps, Keys},
    store::delivery::Place,
};

/// What becomes of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decision {
    /// The application that it is filed under.
    pub(super) app: String,
    /// Where it goes.
    pub(super) place: Place,
    /// What its signature showed.
    pub(super) finding: Finding,
}

/// Decides from the application that a request names, and then from its signature.
pub(super) fn decide(
    claim: &AppClaim,
    callback: &Callback,
    signed: Signed<'_>,
    (apps, keys): (&Apps, &Keys),
) -> Decision {
    let (app, place) = by_app(claim, callback.verdict, apps);
    // Our own test callback is no family's, and nobody signs it.
    let signer = signature::signer_of(callback.family).filter(|_| callback.verdict != Verdict::Test);
    let Some(signer) = signer.filter(|_| place == Place::Archive && !app.is_empty()) else {
        return Decision { app, place, finding: Finding::NotChecked };
    };
    let finding = signature::check(signer, &keys.check(&app, signature::kind_of(signer)), signed);
    let verdict = match finding {
        Finding::Stale { .. } => Verdict::StaleSignature,
        _ => Verdict::BadSignature,
    };
    let place = signature::reason(finding, &app).map_or(place, |reason| Place::Quarantine { verdict, reason });
    Decision { app, place, finding }
}

/// The application that a delivery is filed under, and its place as far as the application decides it.
fn by_app(claim: &AppClaim, verdict: Verdict, apps: &Apps) -> (String, Place) {
    match claim {
        AppClaim::Absent => (String::new(), Place::Archive),
        AppClaim::One(app) if verdict == Verdict::Test || apps.contains(app) => (app.clone(), Place::Archive),
        AppClaim::One(app) => {
            let reason = Reason::ForeignApp { app: app.clone() };
            (app.clone(), Place::Quarantine { verdict: Verdict::ForeignApp, reason })
        }
        AppClaim::Conflict(claimed) => {
            let reason = Reason::AppConflict { apps: claimed.clone() };
            // A person who releases it means the application that is ours.
            let app = claimed.iter().find(|app| apps.contains(app)).or(claimed.first());
            (app.cloned().unwrap_or_default(), Place::Quarantine { verdict: Verdict::AppConflict, reason })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        callback::{self, Query},
        config::{App, Kind},
        secret::Secret,
    };

    #[test]
    fn only_our_applications_reach_the_archive() {
        let apps = Apps::new(vec![App::new("1400000000", "")]);
        let one = |app: &str| AppClaim::One(app.to_owned());
        let told = |claim: &AppClaim, verdict| match by_app(claim, verdict, &apps) {
            (app, Place::Archive) => format!("{app} archive"),
            (app, Place::Quarantine { verdict, .. }) => format!("{app} {}", verdict.code()),
        };
        assert_eq!(told(&one("1400000000"), Verdict::Applied), "1400000000 archive", "ours");
        assert_eq!(told(&one("1400000000"), Verdict::Unparsable), "1400000000 archive", "ours, whatever it says");
        assert_eq!(told(&one("7"), Verdict::Applied), "7 foreign_app", "not ours");
        assert_eq!(told(&one("7"), Verdict::Test), "7 archive", "a test callback needs no application");
        assert_eq!(told(&AppClaim::Absent, Verdict::Applied), " archive", "kept without one; the store says no_app");
        let both = AppClaim::Conflict(vec!["7".into(), "1400000000".into()]);
        assert_eq!(told(&both, Verdict::Applied), "1400000000 app_conflict", "filed under the one that is ours");
        let neither = AppClaim::Conflict(vec!["7".into(), "8".into()]);
        assert_eq!(told(&neither, Verdict::Applied), "7 app_conflict", "or the first");
    }

    #[test]
    fn a_key_is_asked_for_what_its_family_signs_and_nothing_else() {
        let (apps, keys) = (Apps::new(vec![App::new("1", ""), App::new("2", "")]), Keys::default());
        keys.set("1", Kind::LiveToken, Some(Secret::from("token".to_owned())));
        let told = |query: &str, body: &str| {
            let query = Query::parse(query);
            let callback = callback::parse(&query, &[], body.as_bytes());
            let signed =
                Signed { query: &query, headers: &[], body: body.as_bytes(), packed: body.as_bytes(), now_ms: 1_000 };
            match decide(&callback::claimed_app(&query, &[]), &callback, signed, (&apps, &keys)).place {
                Place::Archive => "archive",
                Place::Quarantine { verdict, .. } => verdict.code(),
            }
        };
        let live = r#"{"CallbackCommand":"Live.CallbackAfterCreateRoom","RoomId":"r"}"#;
        assert_eq!(told("SdkAppid=1", live), "bad_signature", "it should be signed");
        assert_eq!(told("SdkAppid=2", live), "archive", "the other application has no token");
        assert_eq!(told("SdkAppid=3", live), "foreign_app", "whose it is comes first");
        assert_eq!(told("", live), "archive", "without an application there is no key; it is kept and not applied");
        let sign = signature_of("token", "1");
        assert_eq!(told(&format!("SdkAppid=1&{sign}"), live), "archive", "signed");
        assert_eq!(
            told(&format!("SdkAppid=1&{}", signature_of("token", "99")), live),
            "stale_signature",
            "too far away"
        );
        let call = r#"{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"c"}"#;
        assert_eq!(told("SdkAppid=1", call), "archive", "Tencent does not sign these");
        let unreadable = "SdkAppid=1&CallbackCommand=Live.CallbackAfterCreateRoom";
        assert_eq!(told(unreadable, "no JSON"), "bad_signature", "the query names the family where the body cannot");
        let test = r#"{"CallbackCommand":"Calltrail.Test"}"#;
        assert_eq!(told("SdkAppid=1&CallbackCommand=Live.X", test), "archive", "our own test is not signed");
    }

    fn signature_of(token: &str, time: &str) -> String {
        format!("Sign={}&RequestTime={time}", callback::signature::live_sign(token, time))
    }
}
