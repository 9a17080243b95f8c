//! `PUT /api/apps/{id}/secrets`: secrets come in here and never go out again.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, State as In},
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    Api,
    error::{Error, Place},
    form::{LiveToken, OfApp, PlacedAppId, RtcKey, SecretKey},
    object::Object,
    problem::Problem,
};
use crate::{
    config::{Keys, Kind, Vault, fit::Doubt, vault},
    pasted,
    secret::{self, Secret},
    subscription,
};

/// Which secrets to change. A text sets one, null or an empty text forgets it, and one that is not named stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretsChange {
    /// The SDKSecretKey of Tencent's console, with which requests to Tencent are signed.
    #[serde(default)]
    #[schema(value_type = Option<SecretKey>)]
    secret_key: Given,
    /// The token of Live callbacks.
    #[serde(default)]
    #[schema(value_type = Option<LiveToken>)]
    live_token: Given,
    /// The key of RTC Engine callbacks.
    #[serde(default)]
    #[schema(value_type = Option<RtcKey>)]
    rtc_key: Given,
}

/// What is said of one secret.
#[derive(Default)]
enum Given {
    #[default]
    Nothing,
    Forget,
    Set(Zeroizing<String>),
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?.map(Zeroizing::new);
        Ok(text.filter(|text| !pasted::tidy(text).is_empty()).map_or(Self::Forget, Self::Set))
    }
}

/// The body of such a request. Its error repeats nothing of it, where others quote what they cannot read.
pub(super) struct Confidential(SecretsChange);

impl<S: Send + Sync> FromRequest<S> for Confidential {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let unusable = || Error::from(Problem::SecretsBodyUnusable);
        let body = Bytes::from_request(request, state).await.map_err(|_| unusable())?;
        serde_json::from_slice(&body).map(|Object(change)| Self(change)).map_err(|_| unusable())
    }
}

/// Where the secrets are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecretsKept {
    /// The place of what was just set, or where it would go.
    kept_in: KeptIn,
    /// The file, where it is one.
    file: Option<String>,
    /// What is unusual about what was just set, and was taken all the same.
    doubts: Vec<SecretDoubt>,
}

/// What is unusual about a secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecretDoubt {
    /// Which one: `secret_key`, `live_token` or `rtc_key`.
    secret: String,
    /// `not_64_hex`: Tencent's have 64 hexadecimal digits.
    code: String,
    /// How many characters it has.
    length: u64,
}

impl SecretDoubt {
    fn of(kind: Kind, Doubt { length }: Doubt) -> Self {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        Self { secret: kind.code().to_owned(), code: Doubt::CODE.to_owned(), length }
    }
}

/// A place for secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptIn {
    /// The key store of the operating system.
    KeyStore,
    /// A file that its owner alone can read, because there is no key store that could be used.
    File,
}

/// Sets or forgets secrets of an application that is ours. The listener checks the next delivery with what is said here.
#[utoipa::path(put, path = "/api/apps/{id}/secrets", operation_id = "change_secrets", request_body = SecretsChange,
    params(("id" = inline(PlacedAppId), Path, description = "The SDKAppID")), responses(
    (status = 200, body = SecretsKept, description = "Where they are kept"),
    (status = 404, body = Error, description = "There is no such application"),
))]
pub(super) async fn change(
    In(api): In<Api>,
    Place(id): Place<OfApp>,
    Confidential(change): Confidential,
) -> Result<Json<SecretsKept>, Error> {
    let OfApp(id) = id;
    if !api.state.apps.contains(&id) {
        return Err(subscription::Error::from(subscription::Problem::NoApp { app: id }).into());
    }
    let given =
        [(Kind::SecretKey, change.secret_key), (Kind::LiveToken, change.live_token), (Kind::RtcKey, change.rtc_key)];
    // All are read before any is kept.
    let mut wanted = Vec::new();
    for (kind, given) in given {
        match given {
            Given::Nothing => {}
            Given::Forget => wanted.push((kind, None)),
            Given::Set(text) => wanted.push((kind, Some(usable(kind, &text)?))),
        }
    }
    let (keys, vault) = (api.state.keys.clone(), api.state.vault.clone());
    super::blocking(move || keep(&id, wanted, &keys, &vault)).await?.map(Json)
}

/// Forgets what an application had.
pub(super) async fn forget(api: &Api, id: String) -> Result<(), Error> {
    let (keys, vault) = (api.state.keys.clone(), api.state.vault.clone());
    let all = Kind::ALL.map(|kind| (kind, None)).to_vec();
    super::blocking(move || keep_each(&id, all, &keys, &vault)).await?.map(|_| ())
}

fn usable(kind: Kind, text: &str) -> Result<Secret, Error> {
    if text.chars().count() > secret::LONGEST {
        return Err(Problem::secret(kind, secret::Unusable::TooLong.into()).into());
    }
    kind.read(text).map_err(|unfit| Problem::secret(kind, unfit).into())
}

/// Keeps or forgets, and says where secrets are.
fn keep(id: &str, wanted: Vec<(Kind, Option<Secret>)>, keys: &Keys, vault: &Vault) -> Result<SecretsKept, Error> {
    let doubted =
        wanted.iter().filter_map(|(kind, secret)| Some(SecretDoubt::of(*kind, kind.doubt(secret.as_ref()?)?)));
    let doubts = doubted.collect();
    let kept = keep_each(id, wanted, keys, vault)?.unwrap_or_else(|| vault.place());
    let (kept_in, file) = match kept.place {
        vault::Place::KeyStore => (KeptIn::KeyStore, None),
        vault::Place::File => (KeptIn::File, Some(vault.file().display().to_string())),
    };
    Ok(SecretsKept { kept_in, file, doubts })
}

/// Each one is on disk before the listener goes by it.
fn keep_each(
    id: &str,
    wanted: Vec<(Kind, Option<Secret>)>,
    keys: &Keys,
    vault: &Vault,
) -> Result<Option<vault::Kept>, Error> {
    let not_kept = |why: vault::Error| Error::from(Problem::SecretNotKept { why: why.to_string() });
    let mut last = None;
    for (kind, secret) in wanted {
        match &secret {
            Some(secret) => last = Some(vault.put(id, kind, secret).map_err(not_kept)?),
            None => drop(vault.remove(id, kind).map_err(not_kept)?),
        }
        keys.set(id, kind, secret);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_sets_null_forgets_and_silence_keeps() {
        let read = |text: &str| serde_json::from_str::<SecretsChange>(text).map_err(|error| error.to_string());
        let change = read(r#"{"live_token":" abc ","rtc_key":null}"#).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(change.secret_key, Given::Nothing), "not named");
        assert!(matches!(&change.live_token, Given::Set(text) if text.as_str() == " abc "), "named with a text");
        assert!(matches!(change.rtc_key, Given::Forget), "null");
        let change = read(r#"{"secret_key":"  "}"#).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(change.secret_key, Given::Forget), "an emptied field forgets too");
        assert!(read(r#"{"livetoken":"abc"}"#).is_err(), "a slip of the pen must not look like success");
    }
}
