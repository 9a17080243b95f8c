//! Whose a delivery is: into the archive, or into quarantine with a reason (rules.md 1.1 and 1.3).

use crate::{
    callback::{AppClaim, codes::Verdict},
    config::Apps,
    store::delivery::Place,
};

/// The application that a delivery is filed under, and its place.
pub(super) fn place(claim: &AppClaim, verdict: Verdict, apps: &Apps) -> (String, Place) {
    match claim {
        AppClaim::Absent => (String::new(), Place::Archive),
        AppClaim::One(app) if verdict == Verdict::Test || apps.contains(app) => (app.clone(), Place::Archive),
        AppClaim::One(app) => {
            let reason = format!("Application {app} is not one of yours. Add it, and this delivery joins the record.");
            (app.clone(), Place::Quarantine { verdict: Verdict::ForeignApp, reason })
        }
        AppClaim::Conflict(claimed) => {
            let reason =
                format!("The request names several applications: {}. Nobody can tell whose it is.", claimed.join(", "));
            // A person who releases it means the application that is ours.
            let app = claimed.iter().find(|app| apps.contains(app)).or(claimed.first());
            (app.cloned().unwrap_or_default(), Place::Quarantine { verdict: Verdict::AppConflict, reason })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::App;

    #[test]
    fn only_our_applications_reach_the_archive() {
        let apps = Apps::new(vec![App::new("1400000000", "")]);
        let one = |app: &str| AppClaim::One(app.to_owned());
        let told = |claim: &AppClaim, verdict| match place(claim, verdict, &apps) {
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
}
