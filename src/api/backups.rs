//! `/api/backups`: the rolling copies of the archive, made and brought back.

use axum::{Json, extract::State as In};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
    problem::Problem,
};
use crate::store::{self, Backup, Saved};

/// Which backup.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WhichBackup {
    /// Its file name.
    name: String,
}

/// The rolling backups in the data folder, newest first.
#[utoipa::path(get, path = "/api/backups", operation_id = "backups", responses(
    (status = 200, body = Vec<Backup>, description = "The backups"),
))]
pub(super) async fn list(In(api): In<Api>) -> Result<Json<Vec<Backup>>, Error> {
    let folder = api.state.data_dir.clone();
    super::blocking(move || store::backups(&folder)).await.map(Json)
}

/// Makes a backup now and answers when it is checked and in its place. The oldest makes room for it.
#[utoipa::path(post, path = "/api/backups", operation_id = "make_backup", responses(
    (status = 200, body = Backup, description = "The backup"),
))]
pub(super) async fn make(In(api): In<Api>) -> Result<Json<Backup>, Error> {
    let permit = alone(&api)?;
    let store = api.state.store.clone();
    let made = super::blocking(move || {
        let _until_done = permit;
        store.back_up()
    });
    let made = match made.await? {
        // Made this very second, by another request: here it is.
        Err(store::Error::Exists(_)) => newest(&api).await?,
        made => made.map_err(not_made)?,
    };
    made.map(Json).ok_or_else(|| Problem::EndingWithoutBackup.into())
}

/// Brings everything that a backup holds back into the record, and answers when that is done. Nothing that is in the record is
/// lost by it.
#[utoipa::path(post, path = "/api/backups/restore", operation_id = "restore_backup", request_body = WhichBackup, responses(
    (status = 200, body = Saved, description = "What was brought back"),
    (status = 404, body = Error, description = "There is no backup of this name"),
))]
pub(super) async fn restore(In(api): In<Api>, Sent(which): Sent<WhichBackup>) -> Result<Json<Saved>, Error> {
    let permit = alone(&api)?;
    let store = api.state.store.clone();
    let restored = super::blocking(move || {
        let _until_done = permit;
        store.restore_backup(&which.name)
    });
    restored.await?.map_err(not_restored)?.map(Json).ok_or_else(|| Problem::NoSuchBackup.into())
}

/// The newest backup.
async fn newest(api: &Api) -> Result<Option<Backup>, Error> {
    let folder = api.state.data_dir.clone();
    super::blocking(move || store::backups(&folder).into_iter().next()).await
}

/// Only one at a time: each reads or writes the whole archive.
fn alone(api: &Api) -> Result<OwnedSemaphorePermit, Error> {
    api.copying.clone().try_acquire_owned().map_err(|_| Problem::BackupBusy.into())
}

fn not_made(error: store::Error) -> Problem {
    match error {
        error @ (store::Error::NoRoom { .. } | store::Error::Closed) => error.into(),
        other => broken(&other, Problem::BackupFailed),
    }
}

fn not_restored(error: store::Error) -> Problem {
    match error {
        store::Error::Newer { found, known } => Problem::BackupNewer { found, known },
        error @ store::Error::Closed => error.into(),
        other => broken(&other, Problem::RestoreFailed),
    }
}

/// The log gets the cause, the screen a sentence.
fn broken(cause: &store::Error, problem: Problem) -> Problem {
    tracing::error!(%cause, "{problem}");
    problem
}
