//! `/api/exports`: lists as files from the window, with a save dialog, progress and cancel.

use std::path::PathBuf;

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api, blocking,
    error::{Error, Place, Sent},
    form::{ExportId, Form as _},
    language::{self, Reads},
    list, me, object,
    problem::Problem,
    zone::{self, TimeZone},
};
use crate::{
    export::{self, Around, Failure, Format, Headings, Job, JobState, Kind, Profile, Separator, TimeFormat},
    store::filter::Filter,
    zone::Zone,
};

/// What is to be exported, and how.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ExportRequest {
    /// Which list.
    kind: Kind,
    /// Which format; entries are `jsonl` alone.
    format: Format,
    /// Which rows: the list's own filter.
    #[serde(default, deserialize_with = "object::read")]
    filter: Filter,
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on; UTC when not said.
    #[schema(value_type = Option<TimeZone>)]
    tz: Option<String>,
    /// How times are written; `local` when not said, which in a workbook is a date. JSON Lines is always in UTC.
    #[serde(default)]
    time_format: TimeFormat,
    /// For whom a CSV file is made; `spreadsheet` when not said.
    profile: Option<Profile>,
    /// Which columns, in this order; all when not said.
    columns: Option<Vec<String>>,
    /// What stands between the values of a CSV file; `comma` when not said.
    #[serde(default)]
    separator: Separator,
    /// What the columns of a CSV file or workbook are called in its first line; `names` when not said, and of a workbook the
    /// language of `Accept-Language`.
    headings: Option<Headings>,
    /// Whether a file of its own beside it says what is in it, unless it is a workbook, which says it itself; true when not said.
    meta: Option<bool>,
}

/// How far an export is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExportState {
    /// Names it; empty for one that was cancelled in the save dialog and never began.
    id: String,
    /// Where it is.
    state: JobState,
    /// Rows written so far.
    rows: u64,
    /// Rows in all; null until they are counted.
    total: Option<u64>,
    /// The file; null for an export that never began.
    path: Option<String>,
    /// What there is to say, in English; empty while it runs.
    message: String,
    /// What kept it from its end; null where nothing did.
    failure: Option<Failure>,
}

impl From<Job> for ExportState {
    fn from(Job { id, state, rows, total, path, message, failure }: Job) -> Self {
        Self { id: id.to_string(), state, rows, total, path: Some(path), message, failure }
    }
}

impl ExportState {
    /// Somebody closed the save dialog without choosing a file.
    pub(super) fn not_begun() -> Self {
        let message = "No file was chosen, so nothing was exported.".to_owned();
        Self { id: String::new(), state: JobState::Cancelled, rows: 0, total: None, path: None, message, failure: None }
    }
}

/// Asks where to save the file, in the language of `Accept-Language`, then writes it in the background. It answers when the dialog is closed.
#[utoipa::path(post, path = "/api/exports", operation_id = "start_export", params(language::Header), request_body = ExportRequest, responses(
    (status = 200, body = ExportState, description = "The export; `cancelled` when no file was chosen"),
    (status = 409, body = Error, description = "There is no save dialog here"),
))]
pub(super) async fn start(
    In(api): In<Api>,
    Reads(language): Reads,
    Sent(wanted): Sent<ExportRequest>,
) -> Result<Json<ExportState>, Error> {
    let Some(picker) = &api.state.picker else {
        return Err(Problem::NoSaveDialog.into());
    };
    let request = export::Request {
        kind: wanted.kind,
        format: wanted.format,
        filter: me::of_whoever_asks(&api, wanted.filter).await?,
        columns: wanted.columns,
        tz: wanted.tz.map_or_else(|| Ok(Zone::utc()), |name| zone::read("tz", &name))?,
        time_format: wanted.time_format,
        profile: wanted.profile.unwrap_or(Profile::Spreadsheet),
        separator: wanted.separator,
        headings: wanted.headings.unwrap_or_else(|| Headings::usual(wanted.format, language)),
        origins: false,
        meta: wanted.meta.unwrap_or(true),
    };
    list::check(&request.filter)?;
    export::check(&request)?;
    // Said before somebody chooses a file for nothing.
    api.write(|store| store.require_complete()).await?;
    let around = around(&api);
    let Some(path) = picker.pick(file_name(&api, &request), language).await else {
        return Ok(Json(ExportState::not_begun()));
    };
    let job = api.state.exports.start(request, around, &path);
    Ok(Json(job.into()))
}

/// How far an export is.
#[utoipa::path(get, path = "/api/exports/{id}", operation_id = "export", params(("id" = inline(ExportId), Path, description = "Which one")), responses(
    (status = 200, body = ExportState, description = "How far it is"),
    (status = 404, body = Error, description = "There is no such export (any more)"),
))]
pub(super) async fn get(In(api): In<Api>, Place(id): Place<String>) -> Result<Json<ExportState>, Error> {
    job(&api, &id).map(|job| Json(job.into()))
}

/// Cancels an export. What was at its place before stays there.
#[utoipa::path(delete, path = "/api/exports/{id}", operation_id = "cancel_export", params(("id" = inline(ExportId), Path, description = "Which one")), responses(
    (status = 200, body = ExportState, description = "How far it was; it ends as `cancelled`, unless it was done already"),
    (status = 404, body = Error, description = "There is no such export (any more)"),
))]
pub(super) async fn cancel(In(api): In<Api>, Place(id): Place<String>) -> Result<Json<ExportState>, Error> {
    let running = job(&api, &id)?;
    api.state.exports.cancel(running.id);
    job(&api, &id).map(|job| Json(job.into()))
}

/// Shows the file of an export that is done where it lies, in what this computer manages files with.
#[utoipa::path(post, path = "/api/exports/{id}/show", operation_id = "show_export", params(("id" = inline(ExportId), Path, description = "Which one")), responses(
    (status = 200, body = ExportState, description = "It is shown"),
    (status = 404, body = Error, description = "There is no such export (any more), or no file of it"),
    (status = 409, body = Error, description = "There is no window of Calltrail's own"),
))]
pub(super) async fn show(In(api): In<Api>, Place(id): Place<String>) -> Result<Json<ExportState>, Error> {
    let Some(picker) = api.state.picker.clone() else {
        return Err(Problem::NoSaveDialog.into());
    };
    let job = job(&api, &id)?;
    if job.state != JobState::Done {
        return Err(Problem::NoSuchExport.into());
    }
    let path = PathBuf::from(&job.path);
    blocking(move || picker.show(&path)).await?.map_err(|why| Problem::FileNotShown { why })?;
    Ok(Json(job.into()))
}

fn job(api: &Api, id: &str) -> Result<Job, Error> {
    let known = Some(id)
        .filter(|id| ExportId::fits(id))
        .and_then(|id| id.parse().ok())
        .and_then(|id| api.state.exports.get(id));
    known.ok_or_else(|| Problem::NoSuchExport.into())
}

/// What an export finds around it now.
pub(super) fn around(api: &Api) -> Around {
    Around { folder: api.state.data_dir.clone(), ours: api.state.apps.ids(), now_ms: api.now_ms() }
}

/// What a file is called unless somebody says otherwise: `calltrail-calls-2025-03-06.csv`.
pub(super) fn file_name(api: &Api, request: &export::Request) -> String {
    let day = request.tz.at(api.now_ms());
    let day = day.map_or_else(String::new, |day| day.format("-%Y-%m-%d").to_string());
    name_of(api, &format!("{}{day}", request.kind.code()), request.ending())
}

/// The name of a file of this record.
pub(super) fn name_of(api: &Api, what: &str, ending: &str) -> String {
    // A file goes its own way; its name says that nothing in it happened.
    let invented = if api.state.is_demo { "demo-" } else { "" };
    format!("{invented}calltrail-{what}.{ending}")
}
