//! `/api/apps`: the applications whose callbacks belong in the record.

use axum::{
    Json,
    extract::{Path, State as In},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
    settings,
};
use crate::config;

/// Longest label, in characters.
const LONGEST_LABEL: usize = 100;

/// An application (SDKAppID) that is ours.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct App {
    /// Its SDKAppID, in digits.
    id: String,
    /// What people call it; may be empty.
    label: String,
    /// The region that its REST API is in; may be empty.
    region: String,
}

/// An application that is to be ours.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewApp {
    /// Its SDKAppID, in digits.
    id: String,
    /// What people call it.
    #[serde(default)]
    label: String,
    /// The region that its REST API is in.
    #[serde(default)]
    region: String,
}

/// What adding an application did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Added {
    /// How many of its deliveries left quarantine for the record.
    released: u64,
}

/// What removing an application did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Removed {
    /// False when it was not one of ours.
    removed: bool,
}

/// The applications that are ours.
#[utoipa::path(get, path = "/api/apps", operation_id = "apps", responses(
    (status = 200, body = Vec<App>, description = "The applications"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn list(In(api): In<Api>) -> Result<Json<Vec<App>>, Error> {
    let app = |config::App { id, label, region, .. }| App { id, label, region };
    Ok(Json(api.state.apps.list().into_iter().map(app).collect()))
}

/// Adds an application (or changes the label and region that are not empty) and moves what waited for it in quarantine into the record.
#[utoipa::path(post, path = "/api/apps", operation_id = "add_app", request_body = NewApp, responses(
    (status = 200, body = Added, description = "What that did"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn add(In(api): In<Api>, Sent(app): Sent<NewApp>) -> Result<Json<Added>, Error> {
    let app = usable(app)?;
    let id = app.id.clone();
    let kept = app.clone();
    settings::keep(&api, move |config| {
        config::apps::put(&mut config.apps, kept);
    })
    .await?;
    api.state.apps.add(app);
    let released = api.write(move |store| store.release_app(&id)).await?;
    Ok(Json(Added { released }))
}

/// Stops intake for an application. Its calls stay in the record.
#[utoipa::path(delete, path = "/api/apps/{id}", operation_id = "remove_app", params(("id" = String, Path, description = "The SDKAppID")), responses(
    (status = 200, body = Removed, description = "What that did"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn remove(In(api): In<Api>, Path(id): Path<String>) -> Result<Json<Removed>, Error> {
    let gone = id.clone();
    settings::keep(&api, move |config| config.apps.retain(|app| app.id != gone)).await?;
    Ok(Json(Removed { removed: api.state.apps.remove(&id) }))
}

/// The application as it is kept, or what is wrong with it.
fn usable(app: NewApp) -> Result<config::App, Error> {
    let id = app.id.trim().to_owned();
    if !config::App::is_id(&id) {
        return Err(Error::bad(
            "An SDKAppID is a number, such as 1400000000. Tencent's console shows it beside the application's name.",
        ));
    }
    let (label, region) = (app.label.trim().to_owned(), app.region.trim().to_owned());
    if [&label, &region].iter().any(|text| text.chars().count() > LONGEST_LABEL || text.chars().any(char::is_control)) {
        return Err(Error::bad(format!("A label is one line of at most {LONGEST_LABEL} characters.")));
    }
    Ok(config::App { region, ..config::App::new(id, label) })
}
