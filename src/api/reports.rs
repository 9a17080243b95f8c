//! `/api/report.xlsx`, `/api/report.html` and `/api/reports`: the report of a period, as a download in a browser and as a file from
//! the window.

use std::io;

use axum::{
    Json,
    extract::State as In,
    http::{HeaderValue, header},
    response::Response,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    download::{self, File, Place},
    error::{Error, Params, Sent},
    exports::{self, ExportState},
    language::{self, Reads},
    list, object,
    problem::Problem,
    zone::{self, TimeZone},
};
use crate::{
    export::Progress,
    language::Language,
    report::{self, Format, Request},
    store::{Reader, filter::Filter},
    zone::{Zone, period::Named},
};

/// What a page with a report may do in a browser that shows it: nothing but show its style, and it belongs to no site.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(workbook)).routes(routes!(page)).routes(routes!(start))
}

/// Which report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The period by its name, in whole days of the zone, instead of `from` and `to`. What is not over lasts until now.
    #[param(inline)]
    period: Option<Named>,
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on; UTC when not said.
    #[param(value_type = Option<TimeZone>)]
    tz: Option<String>,
    /// In which language; that of `Accept-Language` when not said.
    #[param(inline)]
    language: Option<Language>,
}

/// What is to be reported, and how.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ReportRequest {
    /// Which format.
    format: Format,
    /// The period by its name, in whole days of the zone, instead of the filter's `from` and `to`. What is not over lasts until now.
    period: Option<Named>,
    /// Of which calls: the filter of their list.
    #[serde(default, deserialize_with = "object::read")]
    filter: Filter,
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on; UTC when not said.
    #[schema(value_type = Option<TimeZone>)]
    tz: Option<String>,
    /// In which language; that of `Accept-Language` when not said.
    language: Option<Language>,
}

/// The report of a period as a workbook: its figures beside those of the period before, with charts, and every row of the lists.
#[utoipa::path(get, path = "/api/report.xlsx", operation_id = "report_workbook", params(Filter, Asked, language::Header), responses(
    (status = 200, body = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", description = "The file"),
))]
pub(super) async fn workbook(
    In(api): In<Api>,
    Reads(language): Reads,
    Params(filter): Params<Filter>,
    Params(asked): Params<Asked>,
) -> Result<Response, Error> {
    let request = request(&api, Format::Xlsx, filter, asked, language)?;
    send(&api, request).await
}

/// The same as a page to be read and printed, with the newest rows of the lists. It needs nothing from elsewhere and runs nothing.
#[utoipa::path(get, path = "/api/report.html", operation_id = "report_page", params(Filter, Asked, language::Header), responses(
    (status = 200, body = String, content_type = "text/html", description = "The page"),
))]
pub(super) async fn page(
    In(api): In<Api>,
    Reads(language): Reads,
    Params(filter): Params<Filter>,
    Params(asked): Params<Asked>,
) -> Result<Response, Error> {
    let request = request(&api, Format::Html, filter, asked, language)?;
    let name = exports::name_of(&api, &request.name(), request.format.code());
    let mut answer = send(&api, request).await?;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    // To be looked at first.
    let shown = HeaderValue::try_from(format!("inline; filename=\"{name}\"")).map_err(Error::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, shown);
    Ok(answer)
}

/// Asks where to save the report, in the language of `Accept-Language`, then writes it in the background, as an export. It answers
/// when the dialog is closed.
#[utoipa::path(post, path = "/api/reports", operation_id = "start_report", params(language::Header), request_body = ReportRequest, responses(
    (status = 200, body = ExportState, description = "The export; `cancelled` when no file was chosen"),
    (status = 409, body = Error, description = "There is no save dialog here"),
))]
pub(super) async fn start(
    In(api): In<Api>,
    Reads(language): Reads,
    Sent(wanted): Sent<ReportRequest>,
) -> Result<Json<ExportState>, Error> {
    let Some(picker) = &api.state.picker else {
        return Err(Problem::NoSaveDialog.into());
    };
    let ReportRequest { format, period, filter, tz, language: said } = wanted;
    let request = request(&api, format, filter, Asked { period, tz, language: said }, language)?;
    // Said before somebody chooses a file for nothing.
    api.write(|store| store.require_complete()).await?;
    let now = api.now_ms();
    let name = exports::name_of(&api, &request.name(), request.format.code());
    let Some(path) = picker.pick(name, language).await else {
        return Ok(Json(ExportState::not_begun()));
    };
    let wanted = request.clone();
    let job = api.state.exports.begin(
        api.state.data_dir.clone(),
        &path,
        move |reader| report::count(reader, &wanted, now),
        move |reader, folder, path, progress| report::to_file(reader, &request, now, folder, path, progress),
    );
    Ok(Json(job.into()))
}

async fn send(api: &Api, request: Request) -> Result<Response, Error> {
    let (now, scratch) = (api.now_ms(), api.state.data_dir.clone());
    let file = File {
        name: exports::name_of(api, &request.name(), request.format.code()),
        content_type: request.format.content_type(),
        filter: request.filter.clone(),
        zone: request.zone.clone(),
    };
    let write = move |reader: &Reader, out: &mut (dyn io::Write + Send), progress: Progress<'_>| {
        report::write(reader, &request, now, &scratch, out, progress)
    };
    download::send(api, file, Place::now(api)?, write).await
}

fn request(api: &Api, format: Format, filter: Filter, asked: Asked, reads: Language) -> Result<Request, Error> {
    list::check(&filter)?;
    let Asked { period, tz, language } = asked;
    let zone = tz.map_or_else(|| Ok(Zone::utc()), |name| zone::read("tz", &name))?;
    Ok(Request {
        language: language.unwrap_or(reads),
        ours: api.state.apps.ids(),
        is_demo: api.state.is_demo,
        ..Request::new(format, filter, period, zone, api.now_ms())
    })
}
