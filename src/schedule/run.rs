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
    list::{Last, Made, Plan, Stamp},
};
use crate::{
    export::{self, Around, Failure, Progress},
    report,
    store::Reader,
};

/// How often another name is looked for, where somebody takes the one that is being written.
const TRIES: u32 = 10;

/// Writes the file of a period. What happened is answered either way. `made` are the files that it made before.
pub(super) fn run(around: &Around, plan: &Plan, made: &[Made], period: &Period, progress: Progress<'_>) -> Last {
    let wanted = plan.path_of(period).unwrap_or_default();
    let (mut path, mut written) = (wanted.clone(), Err(Failure::BrokenOff));
    for _ in 0..TRIES {
        path = unclaimed(&wanted, made);
        let is_taken = || !is_unclaimed(&path, made);
        // Told now and then, and once more before the file takes its place.
        let unless_taken = |rows| {
            progress(rows)?;
            if is_taken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        written = write(around, plan, period, &path, &unless_taken);
        if written.is_ok() || !is_taken() {
            break;
        }
    }
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

/// The first of `report.xlsx`, `report (2).xlsx`, ... at which nothing of somebody else would be written over.
fn unclaimed(wanted: &Path, made: &[Made]) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(wanted.file_stem()), part(wanted.extension()));
    let others = (2..=u32::MAX).map(|number| wanted.with_file_name(format!("{stem} ({number}).{ending}")));
    once(wanted.to_owned()).chain(others).find(|path| is_unclaimed(path, made)).unwrap_or_default()
}

/// Nothing is there, or a file that was made here and that nobody has changed since; and so it is with what is said of it.
fn is_unclaimed(path: &Path, made: &[Made]) -> bool {
    let made = made.iter().find(|made| made.path == path);
    let is_ours = |path: &Path, stamp: Option<Stamp>| {
        fs::symlink_metadata(path).is_err() || stamp.is_some_and(|known| stamp_of(path) == Some(known))
    };
    is_ours(path, made.map(|made| made.file)) && is_ours(&export::side_car(path), made.and_then(|made| made.side_car))
}

/// How a file is known again.
pub(super) fn made(path: &Path) -> Option<Made> {
    let side_car = stamp_of(&export::side_car(path));
    stamp_of(path).map(|file| Made { path: path.to_owned(), file, side_car })
}

fn stamp_of(path: &Path) -> Option<Stamp> {
    let file = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let modified = file.modified().unwrap_or(SystemTime::UNIX_EPOCH).duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(Stamp { bytes: file.len(), modified_ms: i64::try_from(modified.as_millis()).unwrap_or(i64::MAX) })
}

/// Deletes the oldest files of a schedule that are more than are kept. One that somebody has changed is theirs.
pub(super) fn delete_old(files: &mut Vec<Made>, keep: u32) {
    let many = files.len().saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
    let mut left = Vec::new();
    for old in files.drain(..many) {
        if stamp_of(&old.path) != Some(old.file) {
            continue;
        }
        match fs::remove_file(&old.path) {
            Ok(()) => {
                // What is said of it goes with it, unless somebody has written into that.
                let side_car = export::side_car(&old.path);
                if old.side_car.is_some() && stamp_of(&side_car) == old.side_car {
                    let _ = fs::remove_file(side_car);
                }
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
