//! Schedules that cannot be saved, and runs that end between their file and what is noted of it.

use super::*;
use crate::schedule::list::Made;

/// What there is to be saved cannot be: a folder stands in the place of the file.
fn blocked(desk: &Desk) -> PathBuf {
    let file = desk.data.path().join("schedules.json");
    fs::remove_file(&file).expect("it was saved");
    fs::create_dir(&file).expect("nothing is there");
    file
}

/// One that writes `latest.csv`, and has done it once; the next day is over.
fn written_once() -> Desk {
    let desk = Desk::new();
    desk.schedules.add(Plan { file_name: "latest".to_owned(), ..desk.plan() }).expect("it is fit");
    assert_eq!(desk.after(DAY), ["latest.csv"]);
    desk.now.fetch_add(DAY, Ordering::Relaxed);
    desk
}

/// The day that is due is written, of which nothing is noted; `before_place` happens right before the file takes its place.
fn write(desk: &Desk, before_place: impl Fn() -> Result<(), export::Error>) -> Last {
    let schedule = desk.only();
    let now_ms = desk.now.load(Ordering::Relaxed);
    let period = due(&schedule, now_ms).expect("a day is over");
    let around = Around { folder: desk.data.path().to_owned(), ours: Vec::new(), now_ms };
    let announce = |coming: Made| {
        desk.schedules.announce(&schedule, coming)?;
        before_place()
    };
    run::run(&around, &schedule.plan, &schedule.made, &period, &|_| ControlFlow::Continue(()), &announce)
}

fn opened_again(desk: Desk) -> Desk {
    Desk { schedules: Desk::open(desk.data.path(), &desk.now), ..desk }
}

#[test]
fn nothing_is_made_that_nobody_would_know_again() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    let file = blocked(&desk);
    assert_eq!(desk.after(DAY), [""; 0], "no file");
    let last = desk.only().last.expect("it was tried");
    let Some(Failure::TargetNotWritten { path, .. }) = &last.failure else { panic!("{last:?}") };
    assert_eq!(path, &file.display().to_string(), "it is said what could not be written");
    assert_eq!(desk.after(20_000), [""; 0]);
    assert_eq!(desk.only().last, Some(last), "it is not tried all the time");
    desk.schedules.run_now(desk.only().id).expect("it is there");
    assert_eq!(desk.after(0), [""; 0], "not by hand either");
    fs::remove_dir(&file).expect("it is empty");
    assert_eq!(desk.after(RETRY_MS), ["calls 2025-03-06.csv"], "but again, and once");
    assert_eq!(opened_again(desk).after(RETRY_MS), ["calls 2025-03-06.csv"], "as it was saved");
}

#[test]
fn what_was_made_is_known_where_it_cannot_be_saved() {
    let desk = written_once();
    let last = write(&desk, || Ok(()));
    assert_eq!(last.failure, None);
    let file = blocked(&desk);
    let Schedule { id, plan, .. } = desk.only();
    desk.schedules.note(id, &plan, last, Some("2025-03-08".parse().expect("a day")));
    assert_eq!(desk.after(20_000), ["latest.csv"], "it is not made again beside itself");
    assert_eq!((desk.only().next.as_str(), desk.only().made.len()), ("2025-03-08", 1));
    fs::remove_dir(&file).expect("it is empty");
    assert_eq!(desk.after(20_000), ["latest.csv"]);
    let known = desk.only();
    assert_eq!(opened_again(desk).only(), known, "it was saved when it could be");
}

#[test]
fn a_run_that_is_killed_takes_no_file_of_its_own_for_somebody_elses() {
    // The file had taken its place.
    let desk = written_once();
    assert_eq!(write(&desk, || Ok(())).failure, None);
    let desk = opened_again(desk);
    assert_eq!(desk.after(0), ["latest.csv"], "it is written again");
    assert_eq!((desk.only().made.len(), desk.only().coming), (1, None), "and known");

    // It had not.
    let desk = written_once();
    write(&desk, || Err(export::Error::Cancelled)).failure.expect("it broke off");
    let desk = opened_again(desk);
    assert_eq!(desk.after(0), ["latest.csv"], "the one before is known too");

    // Somebody has written into it since.
    let desk = written_once();
    assert_eq!(write(&desk, || Ok(())).failure, None);
    fs::write(desk.reports.path().join("latest.csv"), "with a remark").expect("somebody writes into it");
    assert_eq!(opened_again(desk).after(0), ["latest (2).csv", "latest.csv"], "theirs stays");
}

#[test]
fn a_file_whose_side_car_failed_is_its_own() {
    let desk = written_once();
    let path = |name: &str| desk.reports.path().join(name);
    let side_car = path("latest.csv.meta.json");
    fs::rename(&side_car, path("aside")).expect("it was made");
    let last = write(&desk, || Ok(()));
    fs::rename(path("aside"), &side_car).expect("that of the file before is still there");
    let failure = Some(Failure::NoRoom);
    let Schedule { id, plan, .. } = desk.only();
    desk.schedules.note(id, &plan, Last { failure, ..last }, None);
    assert_eq!(desk.after(20_000), ["latest.csv"], "the day stays due");
    assert_eq!(desk.only().next, "2025-03-07");
    assert_eq!(desk.after(RETRY_MS), ["latest.csv"], "its own file is written again");
    assert_eq!((desk.only().last.expect("it ran").failure, desk.only().next.as_str()), (None, "2025-03-08"));
}
