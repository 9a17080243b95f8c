//! `/api/damage`: archives that were damaged, went away or were exchanged, and what was saved of them.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Error, Sent},
};
use crate::store::{self, SetAside};

/// Which archive.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WhichArchive {
    /// The name of its folder.
    name: String,
}

/// Whether it was noted that a person has read about an archive.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Noted {
    /// False when there is no archive of this name.
    noted: bool,
}

/// The archives that were put aside, newest first. Each lies in a folder of its name in `damaged` in the data folder. One that
/// went away (`kind`) was written again; its folder holds only a note.
#[utoipa::path(get, path = "/api/damage", operation_id = "damage", responses(
    (status = 200, body = Vec<SetAside>, description = "The archives"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn list(In(api): In<Api>) -> Result<Json<Vec<SetAside>>, Error> {
    let folder = api.state.data_dir.clone();
    let mut found = super::blocking(move || store::set_aside(&folder)).await?;
    found.reverse();
    Ok(Json(found))
}

/// Notes that a person has read about an archive, so that no banner speaks of it any more. Its files stay.
#[utoipa::path(post, path = "/api/damage/seen", operation_id = "damage_seen", request_body = WhichArchive, responses(
    (status = 200, body = Noted, description = "Whether it was noted"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn seen(In(api): In<Api>, Sent(which): Sent<WhichArchive>) -> Result<Json<Noted>, Error> {
    let noted = api.write(move |store| store.mark_as_seen(&which.name)).await?;
    Ok(Json(Noted { noted }))
}
