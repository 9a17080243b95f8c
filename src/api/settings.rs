//! `/api/settings`: where things are, and the address under which Tencent reaches this machine.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
    form::{Form as _, PublicUrl},
    problem::Problem,
};
use crate::{
    config::{self, Config},
    listener::ListenerState,
    pasted,
};

/// Where things are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settings {
    /// The listener's address on this machine, with the token.
    hook_url: String,
    /// What to enter at Tencent: the same address behind `public_url`, or `hook_url` while there is none.
    pub(super) callback_url: String,
    /// The address and port at which the listener is bound, or tries to be.
    pub(super) hook_address: String,
    /// Where this API is offered to browsers; null in the desktop window, which opens no port for it.
    web_address: Option<String>,
    /// The folder that holds the record.
    data_dir: String,
    /// The address under which a tunnel or proxy makes the listener reachable, such as `https://calls.example.com`; null when
    /// nobody has said.
    pub(super) public_url: Option<String>,
}

/// What a person may change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SettingsChange {
    /// See `Settings`; null or empty to forget it.
    #[schema(value_type = Option<PublicUrl>)]
    public_url: Option<String>,
}

/// Where things are.
#[utoipa::path(get, path = "/api/settings", operation_id = "settings", responses(
    (status = 200, body = Settings, description = "Where things are"),
))]
pub(super) async fn read(In(api): In<Api>) -> Result<Json<Settings>, Error> {
    Ok(Json(current(&api).await?))
}

/// The settings as they are now.
pub(super) async fn current(api: &Api) -> Result<Settings, Error> {
    let folder = api.state.data_dir.clone();
    let config = super::blocking(move || Config::load_or_create(&folder)).await?.map_err(not_kept)?;
    Ok(settings(api, config.public_url))
}

/// Remembers under which address the listener can be reached from outside.
#[utoipa::path(put, path = "/api/settings", operation_id = "change_settings", request_body = SettingsChange, responses(
    (status = 200, body = Settings, description = "Where things are now"),
))]
pub(super) async fn change(In(api): In<Api>, Sent(change): Sent<SettingsChange>) -> Result<Json<Settings>, Error> {
    let public_url = change.public_url.map(|url| usable(&url)).transpose()?.flatten();
    let kept = public_url.clone();
    keep(&api, move |config| config.public_url = kept).await?;
    api.state.reach.look();
    Ok(Json(settings(&api, public_url)))
}

/// Changes `config.json`.
pub(super) async fn keep(api: &Api, change: impl FnOnce(&mut Config) + Send + 'static) -> Result<(), Error> {
    let folder = api.state.data_dir.clone();
    super::blocking(move || config::update(&folder, change)).await?.map_err(not_kept)?;
    Ok(())
}

pub(super) fn not_kept(cause: config::Error) -> Error {
    Problem::SettingsNotKept { why: cause.to_string() }.into()
}

fn settings(api: &Api, public_url: Option<String>) -> Settings {
    let state = &api.state;
    let (ListenerState::Listening { address: hook_address } | ListenerState::Retrying { address: hook_address, .. }) =
        state.listener.state();
    let path = state.hook_url.find("/hook/").map_or("", |at| state.hook_url.get(at..).unwrap_or_default());
    Settings {
        callback_url: public_url.as_ref().map_or_else(|| state.hook_url.clone(), |url| format!("{url}{path}")),
        hook_url: state.hook_url.clone(),
        hook_address: hook_address.to_string(),
        web_address: state.web_address.map(|address| address.to_string()),
        data_dir: state.data_dir.display().to_string(),
        public_url,
    }
}

/// The public address without its last slash, `None` for an empty one, or what is wrong with it.
fn usable(url: &str) -> Result<Option<String>, Error> {
    let url = pasted::tidy_quoted(url);
    if !PublicUrl::fits(&url) {
        return Err(Problem::PublicUrlUnusable.into());
    }
    let url = url.trim_end_matches('/');
    Ok(Some(url.to_owned()).filter(|url| !url.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_web_address() {
        assert_eq!(
            usable(" https://calls.example.com/ ").unwrap().as_deref(),
            Some("https://calls.example.com"),
            "tidied up"
        );
        assert_eq!(
            usable("https://example.com/a/b/").unwrap().as_deref(),
            Some("https://example.com/a/b"),
            "a path may lead to it"
        );
        assert_eq!(usable("  ").unwrap(), None, "an empty one is forgotten");
        for pasted in [
            "\u{feff}https://calls.example.com\u{200b}\n",
            "https://calls.exam\u{ad}ple.com/",
            "“https://calls.example.com”",
        ] {
            let url = usable(pasted).unwrap();
            assert_eq!(url.as_deref(), Some("https://calls.example.com"), "{}", pasted.escape_unicode());
        }
        for bad in [
            "calls.example.com",
            "ftp://x.example",
            "https://",
            "https://x.example/?a=b",
            "javascript:alert(1)",
            "https://u@x.example",
            "https://a b",
        ] {
            assert!(usable(bad).is_err(), "{bad} is no address that Tencent could call");
        }
    }
}
