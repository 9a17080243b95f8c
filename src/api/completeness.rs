//! `GET /api/completeness`: what the record of a period can be relied upon for.

use axum::{Json, extract::State as In, http::HeaderValue};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Api,
    error::{Error, Params},
    list,
    zone::{self, TimeZone},
};
use crate::{
    completeness::{self, Asked, Statement, summary},
    store::filter::Filter,
    zone::Zone,
};

/// Which period.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Period {
    /// From this moment on, Unix milliseconds; from the first thing that the record knows when not said.
    from: Option<i64>,
    /// Before this moment, Unix milliseconds; until now when not said.
    to: Option<i64>,
    /// Whose days are meant: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on; UTC when not said.
    #[param(value_type = Option<TimeZone>)]
    tz: Option<String>,
    /// An application (SDKAppID); all of ours when not said.
    #[param(max_length = 1024)]
    app: Option<String>,
}

/// From where the calls of a period are known, when no callback could be taken, what was read of Tencent's records, and what can
/// still be read before Tencent forgets it.
#[utoipa::path(get, path = "/api/completeness", operation_id = "completeness", params(Period), responses(
    (status = 200, body = Statement, description = "The statement"),
))]
pub(super) async fn completeness(
    In(api): In<Api>,
    Params(Period { from, to, tz, app }): Params<Period>,
) -> Result<Json<Statement>, Error> {
    let app = app.filter(|app| !app.is_empty());
    list::check(&Filter { app: app.clone(), ..Filter::default() })?;
    let zone = tz.map_or_else(|| Ok(Zone::utc()), |name| zone::read("tz", &name))?;
    of(&api, Asked { from_ms: from, to_ms: to, zone, app }).await.map(Json)
}

/// What a file says of its own completeness: that of the filter's period and application.
pub(super) async fn of_file(api: &Api, filter: &Filter, zone: Zone) -> Result<HeaderValue, Error> {
    let app = filter.app.clone().filter(|app| !app.is_empty());
    let statement = of(api, Asked { from_ms: filter.from, to_ms: filter.to, zone, app }).await?;
    HeaderValue::try_from(summary::header(&statement)).map_err(Error::internal)
}

async fn of(api: &Api, asked: Asked) -> Result<Statement, Error> {
    let ours = api.state.apps.ids();
    let now_ms = api.now_ms();
    api.read(move |reader| completeness::of(reader, ours, &asked, now_ms)).await
}
