//! `/api/schedules`: exports that are made again and again.

use std::ffi::OsString;

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, blocking,
    error::{Error, Sent},
    language::{self, Reads},
    list, object,
    problem::Problem,
};
use crate::{
    export,
    schedule::{Last, Plan, Refusal, Schedule, Schedules, Unfit},
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(replace))
        .routes(routes!(remove))
        .routes(routes!(pause))
        .routes(routes!(run))
        .routes(routes!(choose_folder))
}

/// An export that is made again and again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScheduledExport {
    /// Its number, by which it is named here.
    id: u64,
    /// What is exported, how often, and where to.
    plan: Plan,
    /// Whether nothing is exported until somebody says so.
    paused: bool,
    /// The first day of the next period: `2025-03-03`.
    next_from: String,
    /// When it is exported, Unix milliseconds; what failed last is tried again every ten minutes.
    next_ms: Option<i64>,
    /// What happened last; null where nothing has yet.
    last: Option<Last>,
}

impl From<Schedule> for ScheduledExport {
    fn from(schedule: Schedule) -> Self {
        let next_ms = schedule.next_ms();
        let Schedule { id, plan, paused, next, last, .. } = schedule;
        Self { id, plan, paused, next_from: next, next_ms, last }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScheduledExports {
    /// In the order in which they were added.
    schedules: Vec<ScheduledExport>,
}

/// Which one.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct OfSchedule {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: u64,
}

/// Another plan for one.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ReplaceSchedule {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: u64,
    /// What is wanted from now on.
    plan: Plan,
}

/// Whether something is to be exported.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PauseSchedule {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: u64,
    /// True: nothing until somebody says so. What is missed meanwhile is made up for.
    paused: bool,
}

/// What somebody has chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FolderChosen {
    /// The folder's full path; null where the dialog was closed without one.
    folder: Option<String>,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unfit(unfit) => unfit.into(),
            Refusal::NoSuchSchedule => Problem::NoSuchSchedule.into(),
            Refusal::NotSaved(why) => Problem::SettingsNotKept { why: format!("schedules.json: {why}.") }.into(),
        }
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Name => Problem::ScheduleNameUnusable.into(),
            Unfit::Time => Problem::ScheduleTimeUnusable.into(),
            Unfit::FolderNotWhole => Problem::ScheduleFolderNotWhole.into(),
            Unfit::NoFolder(folder) => Problem::ScheduleNoFolder { folder }.into(),
            Unfit::ReportOfNoCalls(list) => Problem::ReportOfNoCalls { list }.into(),
            Unfit::SameFiles(name) => Problem::ScheduleSameFiles { name }.into(),
            Unfit::FileName => Problem::ScheduleFileNameUnusable.into(),
            Unfit::Keep { most } => Problem::ScheduleKeepUnusable { most }.into(),
            Unfit::View(why) => why.into(),
        }
    }
}

impl From<export::Unfit> for Error {
    fn from(unfit: export::Unfit) -> Self {
        match unfit {
            export::Unfit::Zone(why) => Problem::ZoneUnusable { name: "tz".to_owned(), why: why.to_string() }.into(),
            export::Unfit::Export(why) => why.into(),
        }
    }
}

impl Api {
    /// Does something with the schedules, on a thread that may block, and answers all of them.
    async fn schedules(
        &self,
        work: impl FnOnce(&Schedules) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<Json<ScheduledExports>, Error> {
        let schedules = self.state.schedules.clone().ok_or(Problem::SchedulesUnavailable)?;
        let all = blocking(move || {
            work(&schedules)?;
            Ok::<_, Refusal>(schedules.list())
        });
        Ok(Json(ScheduledExports { schedules: all.await??.into_iter().map(ScheduledExport::from).collect() }))
    }
}

/// The exports that are made again and again: what happened last, and what is next.
#[utoipa::path(get, path = "/api/schedules", operation_id = "schedules", responses(
    (status = 200, body = ScheduledExports, description = "All of them"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn list(In(api): In<Api>) -> Result<Json<ScheduledExports>, Error> {
    api.schedules(|_| Ok(())).await
}

/// Exports a list again and again: of each day, week or month that has ended, from the one of today on.
#[utoipa::path(post, path = "/api/schedules", operation_id = "add_schedule", request_body = Plan, responses(
    (status = 200, body = ScheduledExports, description = "All of them, with this one"),
    (status = 400, body = Error, description = "It cannot be done so"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn add(In(api): In<Api>, Sent(plan): Sent<Plan>) -> Result<Json<ScheduledExports>, Error> {
    list::check(&plan.view.filter)?;
    api.schedules(move |schedules| schedules.add(plan)).await
}

/// Changes one. What was exported stays so.
#[utoipa::path(post, path = "/api/schedules/replace", operation_id = "replace_schedule", request_body = ReplaceSchedule, responses(
    (status = 200, body = ScheduledExports, description = "All of them"),
    (status = 400, body = Error, description = "It cannot be done so"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn replace(
    In(api): In<Api>,
    Sent(ReplaceSchedule { id, plan }): Sent<ReplaceSchedule>,
) -> Result<Json<ScheduledExports>, Error> {
    list::check(&plan.view.filter)?;
    api.schedules(move |schedules| schedules.replace(id, plan)).await
}

/// Exports nothing for one any more. Its files stay.
#[utoipa::path(post, path = "/api/schedules/remove", operation_id = "remove_schedule", request_body = OfSchedule, responses(
    (status = 200, body = ScheduledExports, description = "Those that are left"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn remove(In(api): In<Api>, Sent(OfSchedule { id }): Sent<OfSchedule>) -> Result<Json<ScheduledExports>, Error> {
    api.schedules(move |schedules| schedules.remove(id)).await
}

/// Stops one and goes on with it.
#[utoipa::path(post, path = "/api/schedules/pause", operation_id = "pause_schedule", request_body = PauseSchedule, responses(
    (status = 200, body = ScheduledExports, description = "All of them"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn pause(
    In(api): In<Api>,
    Sent(PauseSchedule { id, paused }): Sent<PauseSchedule>,
) -> Result<Json<ScheduledExports>, Error> {
    api.schedules(move |schedules| schedules.pause(id, paused)).await
}

/// Exports the period that ended last now, whatever is due. It answers when that is done; `last` says what happened.
#[utoipa::path(post, path = "/api/schedules/run", operation_id = "run_schedule", request_body = OfSchedule, responses(
    (status = 200, body = ScheduledExports, description = "All of them"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn run(In(api): In<Api>, Sent(OfSchedule { id }): Sent<OfSchedule>) -> Result<Json<ScheduledExports>, Error> {
    api.schedules(move |schedules| schedules.run_now(id)).await
}

/// Asks for the folder of an export in the system's own dialog, in the language of `Accept-Language`. It answers when the dialog is closed.
#[utoipa::path(post, path = "/api/schedules/folder", operation_id = "choose_schedule_folder", params(language::Header), responses(
    (status = 200, body = FolderChosen, description = "What was chosen"),
    (status = 400, body = Error, description = "The folder's name is no text, so nothing can be exported there"),
    (status = 409, body = Error, description = "There is no window of Calltrail's own"),
))]
async fn choose_folder(In(api): In<Api>, Reads(language): Reads) -> Result<Json<FolderChosen>, Error> {
    let picker = api.state.picker.as_ref().ok_or(Problem::NoSaveDialog)?;
    let chosen = picker.pick_folder(language).await.map(|folder| folder.into_os_string().into_string());
    let unusable = |name: OsString| Problem::ScheduleNoFolder { folder: name.to_string_lossy().into_owned() };
    Ok(Json(FolderChosen { folder: chosen.transpose().map_err(unusable)? }))
}
