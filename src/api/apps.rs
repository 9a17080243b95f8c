//! `/api/apps`: the applications whose callbacks belong in the record.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Code, Error, Place, Sent},
    form::{Form as _, Line, OfApp, PlacedAppId, TypedAppId, TypedRegion},
    problem::Problem,
    secrets, settings,
};
use crate::{
    config::{self, AppChange, KeyState, Kind},
    pasted, subscription,
    tencent::{self, Hosts},
};

/// An application (SDKAppID) that is ours.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct App {
    /// Its SDKAppID, in digits.
    id: String,
    /// What people call it; may be empty.
    label: String,
    /// The region that its REST API is in, or a host or address; empty when it follows from the id.
    region: String,
    /// The administrator account that requests are made as; empty means `administrator`.
    administrator: String,
    /// The host that requests go to; empty when the region cannot be used.
    host: String,
    /// Whether its SDKSecretKey is set.
    secret_key: SecretState,
    /// Whether the token of its Live callbacks is set.
    live_token: SecretState,
    /// Whether the key of its RTC Engine callbacks is set.
    rtc_key: SecretState,
}

/// Whether a secret is set. The secret itself is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SecretState {
    /// It is not.
    None,
    /// It is.
    Set,
    /// It is, and cannot be read: what is signed with it waits in quarantine.
    Unreadable,
}

impl From<KeyState> for SecretState {
    fn from(state: KeyState) -> Self {
        match state {
            KeyState::None => Self::None,
            KeyState::Set => Self::Set,
            KeyState::Unreadable => Self::Unreadable,
        }
    }
}

/// An application that is to be ours, or what is to change of one that is. What is absent or null stays as it is; a text sets,
/// also an empty one.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewApp {
    /// Its SDKAppID, in digits.
    #[schema(value_type = TypedAppId)]
    id: String,
    /// What people call it; may be empty.
    #[schema(value_type = Option<Line>)]
    label: Option<String>,
    /// The region that its REST API is in, or a host or address; empty when it follows from the id.
    #[schema(value_type = Option<TypedRegion>)]
    region: Option<String>,
    /// The administrator account that requests are made as; empty means `administrator`.
    #[schema(value_type = Option<Line>)]
    administrator: Option<String>,
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
))]
pub(super) async fn list(In(api): In<Api>) -> Result<Json<Vec<App>>, Error> {
    let keys = &api.state.keys;
    let told = |app: config::App| App {
        host: Hosts::of(&app.id, &app.region).map(|hosts| hosts.name().to_owned()).unwrap_or_default(),
        secret_key: keys.state(&app.id, Kind::SecretKey).into(),
        live_token: keys.state(&app.id, Kind::LiveToken).into(),
        rtc_key: keys.state(&app.id, Kind::RtcKey).into(),
        id: app.id,
        label: app.label,
        region: app.region,
        administrator: app.administrator,
    };
    Ok(Json(api.state.apps.list().into_iter().map(told).collect()))
}

/// Adds an application (or changes what is given of one that is there) and moves what waited for it in quarantine into the record.
#[utoipa::path(post, path = "/api/apps", operation_id = "add_app", request_body = NewApp, responses(
    (status = 200, body = Added, description = "What that did"),
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

/// Stops intake for an application and forgets its secrets. Its calls stay in the record.
#[utoipa::path(delete, path = "/api/apps/{id}", operation_id = "remove_app", params(("id" = inline(PlacedAppId), Path, description = "The SDKAppID")), responses(
    (status = 200, body = Removed, description = "What that did"),
))]
pub(super) async fn remove(In(api): In<Api>, Place(id): Place<OfApp>) -> Result<Json<Removed>, Error> {
    let OfApp(id) = id;
    let gone = id.clone();
    settings::keep(&api, move |config| config.apps.retain(|app| app.id != gone)).await?;
    // Intake first, so that nothing of it comes in unchecked.
    let removed = api.state.apps.remove(&id);
    secrets::forget(&api, id).await?;
    Ok(Json(Removed { removed }))
}

/// What is to be kept, or what is wrong with it.
fn usable(app: NewApp) -> Result<AppChange, Error> {
    let Some(id) = config::App::read_id(&app.id) else {
        return Err(Problem::AppIdUnusable.into());
    };
    let [region, administrator] =
        [app.region, app.administrator].map(|text| text.map(|text| pasted::tidy(&text).into_owned()));
    // In a name, marks that are not seen hold signs together.
    let label = app.label.map(|text| text.trim().to_owned());
    if [&label, &administrator].into_iter().flatten().any(|text| !Line::fits(text)) {
        return Err(Problem::AppTextUnusable.into());
    }
    if let Some(region) = &region {
        let unusable = || tencent::Error::Region { region: region.chars().take(100).collect() };
        let hosts = if TypedRegion::fits(region) { Hosts::of(&id, region) } else { Err(unusable()) };
        hosts.map_err(|why| Error::told(Code::BadRequest, subscription::Error::from(why)))?;
    }
    Ok(AppChange { id, label, region, administrator })
}
