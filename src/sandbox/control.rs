//! `/sandbox/…`: how a test or a person tells the sandbox what happens at Tencent's side. Not a part of Tencent's APIs.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use super::{
    Error, Faults, Pace, Play, Report, Sent,
    caller::Caller,
    tenant::{RtcEngine, Tenant},
};
use crate::{
    secret::Secret,
    tencent::{Configuration, Product, hosts::is_loopback},
    traffic::Scenario,
};

/// What can be told and asked.
pub(super) fn router(caller: Caller) -> Router {
    Router::new()
        .route("/sandbox", get(about))
        .route("/sandbox/play", post(play))
        .route("/sandbox/sent", get(sent))
        .route("/sandbox/configuration", get(configuration).post(configure))
        .route("/sandbox/faults", get(faults).post(set_faults))
        .route("/sandbox/rtc", post(rtc))
        .layer(middleware::from_fn(no_browsers))
        .with_state(caller)
}

/// Why something was not done: a status and a sentence.
struct Refused(StatusCode, String);

impl Refused {
    fn wrong(why: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, why.into())
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::UnknownApp(_) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, error.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, message) = self;
        let code = if status == StatusCode::NOT_FOUND { "not_found" } else { "bad_request" };
        (status, Json(json!({"code": code, "message": message}))).into_response()
    }
}

/// A web page that somebody visits must not play with the sandbox: browsers say where a request comes from, and a name that
/// was made to lead to this computer is not one of its own.
async fn no_browsers(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_ours = Url::parse(&format!("http://{host}/")).is_ok_and(|url| is_loopback(&url));
    if !is_ours || headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site") {
        return Refused(StatusCode::FORBIDDEN, "The sandbox takes no requests of web pages.".to_owned())
            .into_response();
    }
    next.run(request).await
}

/// Which application is meant: the one that is named, or the only one.
fn app_of(caller: &Caller, named: Option<String>) -> Result<String, Refused> {
    let mut known = caller.world().apps();
    match (named, known.len()) {
        (Some(app), _) => Ok(app),
        (None, 1) => Ok(known.remove(0)),
        (None, _) => Err(Refused::wrong("Say which application: \"app\" is missing, and there is not exactly one.")),
    }
}

fn with_tenant<T>(caller: &Caller, app: &str, ask: impl FnOnce(&mut Tenant) -> T) -> Result<T, Refused> {
    Ok(caller.world().tenant(app, ask).ok_or_else(|| Error::unknown_app(app))?)
}

/// Reads a wish, whatever content type it says it has: `curl -d` says that it is a form.
fn wish<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|why| Refused::wrong(format!("The body is not what is expected here: {why}.")))
}

async fn about(State(caller): State<Caller>) -> Json<Value> {
    let scenarios: BTreeMap<_, _> = Scenario::ALL.iter().map(|scenario| (scenario.code(), scenario.about())).collect();
    Json(json!({"apps": caller.world().apps(), "scenarios": scenarios}))
}

/// What is to be played.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    app: Option<String>,
    scenario: String,
    seed: Option<u64>,
    #[serde(default)]
    pace: Pace,
}

async fn play(State(caller): State<Caller>, body: Bytes) -> Result<Json<Report>, Refused> {
    let Wish { app, scenario, seed, pace } = wish(&body)?;
    let app = app_of(&caller, app)?;
    let scenario = Scenario::read(&scenario)
        .ok_or_else(|| Refused::wrong(format!("There is no scenario {scenario:?}; GET /sandbox lists them.")))?;
    Ok(Json(caller.perform(Play { seed, pace, ..Play::new(&app, scenario) }).await?))
}

#[derive(Deserialize)]
struct OfApp {
    app: Option<String>,
}

async fn sent(State(caller): State<Caller>, Query(OfApp { app }): Query<OfApp>) -> Json<Vec<Sent>> {
    let mut sent = caller.world().sent();
    sent.retain(|sent| app.as_ref().is_none_or(|app| sent.app == *app));
    Json(sent)
}

/// What an application has configured.
#[derive(Serialize)]
struct Configured {
    app: String,
    configurations: BTreeMap<Product, Configuration>,
    /// Whether Live callbacks are signed.
    live_signed: bool,
    /// The address of RTC Engine's events.
    rtc_url: Option<String>,
}

fn configured(caller: &Caller, app: String) -> Result<Json<Configured>, Refused> {
    with_tenant(caller, &app.clone(), |tenant| {
        Json(Configured {
            app,
            configurations: tenant.configurations.clone(),
            live_signed: tenant.live_token.as_ref().is_some_and(|token| token.enabled),
            rtc_url: tenant.rtc.as_ref().map(|rtc| rtc.url.clone()),
        })
    })
}

async fn configuration(State(caller): State<Caller>, Query(of): Query<OfApp>) -> Result<Json<Configured>, Refused> {
    let app = app_of(&caller, of.app)?;
    configured(&caller, app)
}

/// What somebody else sets at Tencent's console; no configuration removes the one that is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configure {
    app: Option<String>,
    product: Product,
    configuration: Option<Configuration>,
}

async fn configure(State(caller): State<Caller>, body: Bytes) -> Result<Json<Configured>, Refused> {
    let wish: Configure = wish(&body)?;
    let app = app_of(&caller, wish.app)?;
    with_tenant(&caller, &app, |tenant| tenant.configure(wish.product, wish.configuration))?;
    configured(&caller, app)
}

async fn faults(State(caller): State<Caller>) -> Json<Faults> {
    Json(caller.world().faults())
}

async fn set_faults(State(caller): State<Caller>, body: Bytes) -> Result<Json<Faults>, Refused> {
    caller.world().set_faults(wish(&body)?);
    Ok(Json(caller.world().faults()))
}

/// The address of RTC Engine's events; none stops them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rtc {
    app: Option<String>,
    url: Option<String>,
    key: Option<String>,
}

async fn rtc(State(caller): State<Caller>, body: Bytes) -> Result<Json<Configured>, Refused> {
    let wish: Rtc = wish(&body)?;
    let app = app_of(&caller, wish.app)?;
    let key = wish.key.filter(|key| !key.is_empty()).map(Secret::from);
    with_tenant(&caller, &app, |tenant| tenant.rtc = wish.url.map(|url| RtcEngine { url, key }))?;
    configured(&caller, app)
}
