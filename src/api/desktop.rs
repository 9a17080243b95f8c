//! `/api/desktop`: how the desktop app behaves around its window, and its end. Served to a browser there is none.

use std::sync::Arc;

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
    object::Object,
    problem::Problem,
    settings::{keep, not_kept},
};
use crate::config::{self, Config, Notify, OnClose};

/// What is around the pages where they are shown in a window of Calltrail's own. The desktop shell installs one.
pub trait Desktop: Send + Sync {
    /// Where the window is to be found again when it was closed. May block for half a second.
    fn refuge(&self) -> Refuge;
    /// Whether Calltrail starts by itself when its user logs in. Blocks.
    fn starts_at_login(&self) -> bool;
    /// Makes Calltrail start by itself, or no longer; a sentence says why that cannot be. Blocks.
    fn start_at_login(&self, on: bool) -> Result<(), String>;
    /// Ends Calltrail: what is being taken in is answered, and the record closed.
    fn quit(&self);
}

/// Where a window that was closed is to be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refuge {
    /// Behind Calltrail's icon among those of the system.
    Tray,
    /// Where minimised windows are: this desktop shows no icons of programs.
    Minimised,
}

/// How the desktop app behaves around its window.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Desktop)]
pub(super) struct DesktopState {
    /// What closing the window does.
    on_close: OnClose,
    /// Where a window that was closed is to be found again.
    refuge: Refuge,
    /// Whether Calltrail starts by itself, without its window, when its user logs in.
    starts_at_login: bool,
    /// What is said on the desktop of missed calls.
    notify: Notify,
}

/// What is to be another way; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct DesktopChange {
    /// What closing the window does.
    on_close: Option<OnClose>,
    /// Whether Calltrail starts by itself, without its window, when its user logs in.
    starts_at_login: Option<bool>,
    /// What is said on the desktop of missed calls.
    #[schema(value_type = Option<Notify>)]
    notify: Option<Object<Notify>>,
}

/// How the desktop app behaves around its window.
#[utoipa::path(get, path = "/api/desktop", operation_id = "desktop", responses(
    (status = 200, body = DesktopState, description = "How it behaves"),
    (status = 404, body = Error, description = "There is no window of Calltrail's own"),
))]
pub(super) async fn state(In(api): In<Api>) -> Result<Json<DesktopState>, Error> {
    Ok(Json(current(&api).await?))
}

/// Changes how the desktop app behaves around its window.
#[utoipa::path(put, path = "/api/desktop", operation_id = "change_desktop", request_body = DesktopChange, responses(
    (status = 200, body = DesktopState, description = "How it behaves now"),
    (status = 404, body = Error, description = "There is no window of Calltrail's own"),
))]
pub(super) async fn change(In(api): In<Api>, Sent(change): Sent<DesktopChange>) -> Result<Json<DesktopState>, Error> {
    let desktop = desktop(&api)?;
    if let Some(on) = change.starts_at_login {
        let done = super::blocking(move || desktop.start_at_login(on)).await?;
        done.map_err(|why| Problem::StartAtLoginNotKept { why })?;
    }
    if change.on_close.is_some() || change.notify.is_some() {
        keep(&api, move |config| {
            let desktop = &mut config.desktop;
            desktop.on_close = change.on_close.unwrap_or(desktop.on_close);
            desktop.notify = change.notify.map_or(desktop.notify, |Object(notify)| notify);
        })
        .await?;
    }
    Ok(Json(current(&api).await?))
}

/// Ends Calltrail. What is being taken in is answered, and the record closed; that goes on after this answer.
#[utoipa::path(post, path = "/api/desktop/quit", operation_id = "quit", responses(
    (status = 200, body = DesktopState, description = "Calltrail is ending"),
    (status = 404, body = Error, description = "There is no window of Calltrail's own"),
))]
pub(super) async fn quit(In(api): In<Api>) -> Result<Json<DesktopState>, Error> {
    let last = current(&api).await?;
    desktop(&api)?.quit();
    Ok(Json(last))
}

fn desktop(api: &Api) -> Result<Arc<dyn Desktop>, Error> {
    api.state.desktop.clone().ok_or_else(|| Problem::NoDesktop.into())
}

async fn current(api: &Api) -> Result<DesktopState, Error> {
    let (desktop, folder) = (desktop(api)?, api.state.data_dir.clone());
    super::blocking(move || {
        let config::Desktop { on_close, notify, .. } = Config::load_or_create(&folder).map_err(not_kept)?.desktop;
        Ok(DesktopState { on_close, refuge: desktop.refuge(), starts_at_login: desktop.starts_at_login(), notify })
    })
    .await?
}
