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
    list::{Last, Made, Plan, Schedule, Stamp},
};
use crate::{
    export::{self, Around, Failure, Progress, Ready},
    report,
    store::Reader,
};

/// How often another name is looked for, where somebody takes the one that is being written.
const TRIES: u32 = 10;

/// Is told how a file will be known again, before it takes its place; with an error it does not.
pub(super) type Announce<'a> = &'a dyn Fn(Made) -> Result<(), export::Error>;

/// Writes the file of a period. What happened is answered either way. `made` are the files that it made before.
pub(super) fn run(
    around: &Around,
    plan: &Plan,
    made: &[Made],
    period: &Period,
    progress: Progress<'_>,
    announce: Announce<'_>,
) -> Last {
    let wanted = plan.path_of(period).unwrap_or_default();
    let (mut path, mut written) = (wanted.clone(), Err(Failure::BrokenOff));
    for _ in 0..TRIES {
        path = unclaimed(&wanted, made);
        let is_taken = || !is_unclaimed(&path, made);
        // Asked now and then, and once more right before the file takes its place.
        let unless_taken = |rows| {
            progress(rows)?;
            if is_taken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let announced = |ready: Ready| {
            announce(coming(&path, &ready))?;
            if is_taken() { Err(export::Error::Cancelled) } else { Ok(()) }
        };
        written = write(around, plan, period, &path, &unless_taken, &announced);
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

fn write(
    around: &Around,
    plan: &Plan,
    period: &Period,
    path: &Path,
    progress: Progress<'_>,
    announce: export::Announce<'_>,
) -> Result<u64, Failure> {
    // It is not made: an empty folder where a disk is to be attached would hide what is on it.
    if !Path::new(&plan.folder).is_dir() {
        return Err(Failure::FolderGone { folder: plan.folder.clone() });
    }
    let unfit = |why: export::Unfit| Failure::NotRead { why: why.to_string() };
    let of = |error: export::Error| Failure::of(&error);
    let reader = Reader::open(&around.folder).map_err(|error| of(error.into()))?;
    match plan.report(period, around).map_err(unfit)? {
        Some(report) => {
            let (now_ms, folder) = (around.now_ms, around.folder.as_path());
            report::to_file_announced(&reader, &report, now_ms, folder, path, progress, announce)
        }
        None => {
            let request = plan.request(period).map_err(unfit)?;
            export::to_file_announced(&reader, &request, around, path, progress, announce)
        }
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

/// Adds the file that was made at a path, in the place of what was made there before.
pub(super) fn add_made(files: &mut Vec<Made>, path: &Path) {
    let side_car = stamp_of(&export::side_car(path));
    let made = stamp_of(path).map(|file| Made { path: path.to_owned(), file, side_car });
    files.retain(|made| made.path != path);
    files.extend(made);
}

/// Of a run that came to no end: a file that took its place all the same is one of those that were made. What explains it may
/// be that of the file before.
pub(super) fn settle(schedule: &mut Schedule) {
    let Some(Made { path, file, side_car }) = schedule.coming.take() else { return };
    if stamp_of(&path) != Some(file) {
        return;
    }
    let before = schedule.made.iter().find(|made| made.path == path).and_then(|made| made.side_car);
    let there = stamp_of(&export::side_car(&path));
    let side_car = there.filter(|_| [side_car, before].contains(&there));
    schedule.made.retain(|made| made.path != path);
    schedule.made.push(Made { path, file, side_car });
}

/// How a file will be known in its place.
fn coming(path: &Path, ready: &Ready) -> Made {
    let side_car = ready.side_car.as_ref().map(stamp);
    Made { path: path.to_owned(), file: stamp(&ready.file), side_car }
}

fn stamp_of(path: &Path) -> Option<Stamp> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).as_ref().map(stamp)
}

fn stamp(file: &fs::Metadata) -> Stamp {
    let modified = file.modified().unwrap_or(SystemTime::UNIX_EPOCH).duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp { bytes: file.len(), modified_ms: i64::try_from(modified.as_millis()).unwrap_or(i64::MAX) }
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
