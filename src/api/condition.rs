//! `GET /api/condition`: what is wrong with the record, or going on with it. Nothing is read from the database for it, so it
//! answers also where that cannot be read.

use std::path::Path;

use axum::{Json, extract::State as In};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Api,
    clock::{self, ClockWarning},
    error::Error,
};
use crate::store::{
    self, AsideKind,
    condition::{Failure, Locked, Rebuilding},
};

/// What is wrong with the record, or going on with it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Condition {
    /// Why nothing can be stored at the moment; senders are answered 503 meanwhile. Null while all is well.
    failing: Option<Failure>,
    /// Another program's lock on the files of the record, where that is why; null when it is something else.
    locked: Option<Locked>,
    /// Deliveries that could not be stored when they came. They wait in memory and go into the record as soon as that is
    /// possible; they would be lost with the process.
    waiting: u64,
    /// Deliveries that found no room to wait since the start: those are not kept.
    turned_away: u64,
    /// Calls, rooms and stays that are being derived from the archive; null when they are not.
    rebuilding: Option<Rebuilding>,
    /// What kept that from ending; it is tried again. Null when nothing did.
    rebuild_failed: Option<Failure>,
    /// True while a newer reading of the archive waits for a person; see `review`.
    review_waits: bool,
    /// True while the files are checked after an unclean stop.
    checking: bool,
    /// Why the last daily backup could not be made; null when it could.
    backup_failed: Option<Failure>,
    /// Set when this computer's clock seems to be wrong; null when nothing speaks against it.
    clock: Option<ClockWarning>,
    /// Archives that were damaged, went away or were exchanged while they were in use, and that nobody has read about; see
    /// `damage`.
    damaged: u64,
    /// Those among them that were not damaged: they went away or were exchanged.
    exchanged: u64,
}

/// What is wrong with the record, or going on with it.
#[utoipa::path(get, path = "/api/condition", operation_id = "condition", responses(
    (status = 200, body = Condition, description = "How the record is doing"),
))]
pub(super) async fn condition(In(api): In<Api>) -> Result<Json<Condition>, Error> {
    let folder = api.state.data_dir.clone();
    let mut aside = super::blocking(move || store::set_aside(&folder)).await?;
    aside.retain(|aside| !aside.seen);
    let exchanged = aside.iter().filter(|aside| aside.kind != AsideKind::Damaged).count();
    let state = api.state.store.condition();
    let told = |failure: Option<Failure>| {
        failure.map(|Failure { cause, why }| Failure { cause, why: without_path(&why, &api.state.data_dir) })
    };
    Ok(Json(Condition {
        failing: told(state.failing),
        locked: state.locked,
        waiting: state.waiting,
        turned_away: state.turned_away,
        rebuilding: state.rebuilding,
        rebuild_failed: told(state.rebuild_failed),
        review_waits: state.review.is_some(),
        checking: state.checking,
        backup_failed: told(state.backup_failed),
        clock: clock::warning(&api),
        damaged: super::count(aside.len()),
        exchanged: super::count(exchanged),
    }))
}

/// A reason without the folder of the record, which carries the user's name.
fn without_path(why: &str, folder: &Path) -> String {
    match folder.to_str() {
        Some(folder) if folder.len() > 1 => why.replace(folder, "the data folder"),
        _ => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_no_folder() {
        let folder = Path::new("/home/zhang.san/calltrail");
        let why = "/home/zhang.san/calltrail/backups: Permission denied (os error 13)";
        assert_eq!(
            without_path(why, folder),
            "the data folder/backups: Permission denied (os error 13)",
            "a screen may be shown to others"
        );
    }
}
