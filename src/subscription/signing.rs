//! Signing of Live callbacks, switched on and off on both sides: Tencent signs with a token, and the listener checks with it.
//!
//! The order of the steps follows from how the listener checks: while no token is set here it takes Live callbacks signed and
//! unsigned; while one is set it takes only what that token signs, and all else waits in quarantine. So the check is always
//! the last to begin and the first to end, and in between both kinds are taken. What Tencent sent unsigned before, and sends
//! once more only after the check began, is all that can wait; a person can release it.

use serde::Serialize;
use tokio::time::sleep;
use utoipa::ToSchema;

use super::{
    Error, Problem,
    reconcile::{Asked, READ_BACK, Subscriptions, blocking},
};
use crate::{
    config::{KeyState, Keys, Kind, keys::Check},
    secret::Secret,
    tencent::CallbackToken,
};

/// The longest token that Tencent takes, in characters (page 69528).
const LONGEST: usize = 128;

/// Whether Tencent signs Live callbacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AtTencent {
    /// It does.
    On,
    /// It does not.
    Off,
    /// It could not be asked.
    Unknown,
}

/// How signing of Live callbacks stands on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// At Tencent.
    pub at_tencent: AtTencent,
    /// The token here, with which the listener checks.
    pub here: KeyState,
    /// Whether both sides have the same token; `None` where one of the two has none or is not known.
    pub fits: Option<bool>,
    /// Why Tencent could not be asked.
    pub why: Option<Error>,
}

impl Signing {
    fn of(found: Option<&CallbackToken>, check: &Check) -> Self {
        let signs = signs(found);
        let fits = match (signs, check) {
            (Some(there), Check::With(here)) => Some(there.expose() == here.expose()),
            _ => None,
        };
        let at_tencent = if signs.is_some() { AtTencent::On } else { AtTencent::Off };
        Self { at_tencent, here: state(check), fits, why: None }
    }
}

/// The token that Tencent signs with now.
fn signs(found: Option<&CallbackToken>) -> Option<&Secret> {
    found.filter(|found| found.enabled && !found.token.expose().is_empty()).map(|found| &found.token)
}

const fn state(check: &Check) -> KeyState {
    match check {
        Check::Off => KeyState::None,
        Check::With(_) => KeyState::Set,
        Check::Unreadable => KeyState::Unreadable,
    }
}

/// The token to sign with where Tencent does not sign yet. The one that is checked already is the best: with it, what waits
/// in quarantine until now comes in as soon as Tencent signs.
fn to_sign_with(check: &Check) -> Secret {
    match check {
        Check::With(here) if here.expose().chars().count() <= LONGEST => here.clone(),
        // 128 characters: Tencent takes 1 to 128, and an older text of page 69528 asks for exactly that many.
        _ => Secret::from(hex::encode(rand::random::<[[u8; 32]; 2]>().concat())),
    }
}

impl Subscriptions {
    /// Asks Tencent how signing stands. That it cannot be asked is part of the answer.
    pub async fn signing(&self, app: &str, keys: &Keys) -> Result<Signing, Error> {
        let check = keys.check(app, Kind::LiveToken);
        let unknown =
            |why: Error| Signing { at_tencent: AtTencent::Unknown, here: state(&check), fits: None, why: Some(why) };
        match self.asked(app).await {
            Err(why @ Error::Here(Problem::NoKey { .. })) => Ok(unknown(why)),
            Err(why) => Err(why),
            Ok(asked) => Ok(match asked.client.callback_token().await {
                Ok(found) => Signing::of(found.as_ref(), &check),
                Err(why) => unknown(why.into()),
            }),
        }
    }

    /// Switches signing of an application's Live callbacks on or off, at Tencent and here; `keys` are the listener's.
    pub async fn sign_live(&self, app: &str, on: bool, keys: &Keys) -> Result<Signing, Error> {
        // Two at a time could leave a check here for a token that Tencent no longer has.
        let _one_at_a_time = self.signing_lock().await;
        let asked = self.asked(app).await?;
        // Asked first in both cases: where Tencent does not answer, nothing is changed on either side.
        let found = asked.client.callback_token().await?;
        if on {
            self.sign(app, &asked, found, keys).await?;
        } else {
            self.stop(app, &asked, found, keys).await?;
        }
        tracing::info!(app, on, "signing of Live callbacks was switched");
        self.signing(app, keys).await
    }

    /// Tencent signs first, and only when it was read back does the check begin: until then signed callbacks are taken like
    /// unsigned ones. If Tencent signs already, its token is taken over: another one would only have to be agreed upon anew.
    /// Should the token not be kept, Tencent signs and nothing is checked; the next attempt takes over the same token.
    async fn sign(&self, app: &str, asked: &Asked, found: Option<CallbackToken>, keys: &Keys) -> Result<(), Error> {
        let token = match signs(found.as_ref()) {
            Some(token) => token.clone(),
            None => {
                let token = to_sign_with(&keys.check(app, Kind::LiveToken));
                asked.client.set_callback_token(&CallbackToken { token: token.clone(), enabled: true }).await?;
                let is_it =
                    |found: Option<&CallbackToken>| signs(found).is_some_and(|there| there.expose() == token.expose());
                if !read_back(asked, is_it).await {
                    return Err(Problem::NotSigning.into());
                }
                token
            }
        };
        let (vault, keys, app) = (self.vault().clone(), keys.clone(), app.to_owned());
        blocking(move || {
            vault
                .put(&app, Kind::LiveToken, &token)
                .map_err(|why| Problem::SignedUnchecked { why: why.to_string() })?;
            keys.set(&app, Kind::LiveToken, Some(token));
            Ok(())
        })
        .await
    }

    /// The check ends first: were Tencent's token deleted before it, what Tencent sends in between would be unsigned and wait
    /// in quarantine. Should Tencent then refuse, it signs and nothing is checked, which loses nothing.
    async fn stop(&self, app: &str, asked: &Asked, found: Option<CallbackToken>, keys: &Keys) -> Result<(), Error> {
        let (vault, keys, app) = (self.vault().clone(), keys.clone(), app.to_owned());
        blocking(move || {
            vault.remove(&app, Kind::LiveToken)?;
            keys.set(&app, Kind::LiveToken, None);
            Ok(())
        })
        .await?;
        if found.is_none() {
            return Ok(());
        }
        asked.client.delete_callback_token().await.map_err(|why| Problem::StillSigned { why: Some(why) })?;
        if read_back(asked, |found| signs(found).is_none()).await {
            Ok(())
        } else {
            Err(Problem::StillSigned { why: None }.into())
        }
    }
}

/// Whether Tencent, asked again, has what was wanted; it may need a moment.
async fn read_back(asked: &Asked, wanted: impl Fn(Option<&CallbackToken>) -> bool) -> bool {
    for pause in READ_BACK {
        sleep(pause).await;
        if asked.client.callback_token().await.is_ok_and(|found| wanted(found.as_ref())) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::from(text.to_owned())
    }

    fn there(token: &str, enabled: bool) -> CallbackToken {
        CallbackToken { token: secret(token), enabled }
    }

    #[test]
    fn both_sides_are_told_apart_and_compared() {
        let told = |found: Option<CallbackToken>, check: &Check| {
            let Signing { at_tencent, here, fits, .. } = Signing::of(found.as_ref(), check);
            (at_tencent, here, fits)
        };
        let ours = Check::With(secret("ours"));
        assert_eq!(told(None, &Check::Off), (AtTencent::Off, KeyState::None, None), "neither has one");
        assert_eq!(told(Some(there("ours", true)), &ours), (AtTencent::On, KeyState::Set, Some(true)), "the same");
        assert_eq!(told(Some(there("else", true)), &ours), (AtTencent::On, KeyState::Set, Some(false)), "another");
        assert_eq!(
            told(Some(there("ours", false)), &ours),
            (AtTencent::Off, KeyState::Set, None),
            "a token that is not in use signs nothing"
        );
        assert_eq!(told(Some(there("", true)), &ours).0, AtTencent::Off, "nothing can be signed with no token");
        assert_eq!(
            told(Some(there("ours", true)), &Check::Unreadable),
            (AtTencent::On, KeyState::Unreadable, None),
            "what cannot be read cannot be compared"
        );
    }

    #[test]
    fn a_new_token_is_long_and_random_and_one_that_is_checked_is_kept() {
        let (one, other) = (to_sign_with(&Check::Off), to_sign_with(&Check::Unreadable));
        assert_eq!(one.expose().len(), 128, "64 bytes in hexadecimal digits");
        assert!(one.expose().bytes().all(|byte| byte.is_ascii_hexdigit()), "digits that every system takes");
        assert_ne!(one.expose(), other.expose(), "no two are the same");
        assert_eq!(to_sign_with(&Check::With(secret("ours"))).expose(), "ours", "what is checked already");
        let long = Check::With(secret(&"x".repeat(LONGEST + 1)));
        assert_eq!(to_sign_with(&long).expose().len(), 128, "Tencent does not take one that is so long");
    }
}
