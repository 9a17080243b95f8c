//! One run: the file of a period is written, and the oldest files go that are more than are wanted.

use std::{
    ffi::OsStr,
    fs,
    iter::once,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    due::Period,
    list::{Last, Made, Plan},
};
use crate::{
    export::{self, Around, Failure, Progress},
    report,
    store::Reader,
};

/// Writes the file of a period. What happened is answered either way. `made` are the files that it made before.
pub(super) fn run(around: &Around, plan: &Plan, made: &[Made], period: &Period, progress: Progress<'_>) -> Last {
    let path = plan.path_of(period).map(|path| unclaimed(path, made)).unwrap_or_default();
    let written = write(around, plan, period, &path, progress);
    Last {
        at_ms: around.now_ms,
        from: period.from.to_string(),
        to: period.last_day().to_string(),
        path: path.display().to_string(),
        rows: *written.as_ref().unwrap_or(&0),
        failure: written.err(),
    }
}

fn write(around: &Around, plan: &Plan, period: &Period, path: &Path, progress: Progress<'_>) -> Result<u64, Failure> {
    // It is not made: an empty folder where a disk is to be attached would hide what is on it.
    if !Path::new(&plan.folder).is_dir() {
        return Err(Failure::FolderGone { folder: plan.folder.clone() });
    }
    let unfit = |why: export::Unfit| Failure::NotRead { why: why.to_string() };
    let of = |error: export::Error| Failure::of(&error);
    let reader = Reader::open(&around.folder).map_err(|error| of(error.into()))?;
    match plan.report(period, around).map_err(unfit)? {
        Some(report) => report::to_file(&reader, &report, around.now_ms, &around.folder, path, progress),
        None => export::to_file(&reader, &plan.request(period).map_err(unfit)?, around, path, progress),
    }
    .map_err(of)
}

/// The first of `report.xlsx`, `report (2).xlsx`, ... at which nothing of somebody else would be written over: nothing is there, or a
/// file that was made here and that nobody has changed since.
fn unclaimed(path: PathBuf, made: &[Made]) -> PathBuf {
    let is_free =
        |path: &Path| fs::symlink_metadata(path).is_err() || self::made(path).is_some_and(|is| made.contains(&is));
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    let others = (2..=u32::MAX).map(|number| path.with_file_name(format!("{stem} ({number}).{ending}")));
    once(path.clone()).chain(others).find(|path| is_free(path)).unwrap_or(path)
}

/// How a file is known again.
pub(super) fn made(path: &Path) -> Option<Made> {
    let file = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let modified = file.modified().unwrap_or(SystemTime::UNIX_EPOCH).duration_since(UNIX_EPOCH).unwrap_or_default();
    let modified_ms = i64::try_from(modified.as_millis()).unwrap_or(i64::MAX);
    Some(Made { path: path.to_owned(), bytes: file.len(), modified_ms })
}

/// Deletes the oldest files of a schedule that are more than are kept. One that somebody has changed is theirs.
pub(super) fn delete_old(files: &mut Vec<Made>, keep: u32) {
    let many = files.len().saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
    let mut left = Vec::new();
    for old in files.drain(..many) {
        if made(&old.path).as_ref() != Some(&old) {
            continue;
        }
        match fs::remove_file(&old.path) {
            Ok(()) => {
                // What is said of it goes with it.
                let _ = fs::remove_file(export::side_car(&old.path));
                tracing::info!("{}, an older export, was deleted", old.path.display());
            }
            Err(why) => {
                tracing::warn!("{}, an older export, could not be deleted: {why}", old.path.display());
                left.push(old);
            }
        }
    }
    files.splice(0..0, left);
}

/// Breaks off when `is_wanted` says no.
pub(super) fn while_wanted(is_wanted: impl Fn() -> bool) -> impl Fn(u64) -> ControlFlow<()> {
    move |_| if is_wanted() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
