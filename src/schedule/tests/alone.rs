//! Runs that wait for one another, and what happens to their schedules meanwhile.

use std::thread;

use super::*;

/// Until somebody who was started waits.
const A_WHILE: Duration = Duration::from_millis(200);

#[test]
fn what_is_exported_is_looked_up_when_nobody_else_writes() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    let id = desk.only().id;
    let file = desk.reports.path().join("calls 2025-03-06.csv");
    assert_eq!(desk.after(DAY).len(), 1, "one day is over");
    fs::remove_file(&file).expect("it was made");
    desk.schedules.run(id, Asked::Due).expect("it is there");
    assert!(!file.exists(), "what was exported meanwhile is not due any more");
    // A run is under way, and somebody presses the button.
    let alone = lock(&desk.schedules.0.running);
    thread::scope(|scope| {
        let asked = scope.spawn(|| desk.schedules.run_now(id));
        thread::sleep(A_WHILE);
        let plan = Plan { file_name: "{from}".to_owned(), ..desk.plan() };
        desk.schedules.replace(id, plan).expect("it is fit");
        drop(alone);
        asked.join().expect("it ends").expect("it is there");
    });
    assert!(!file.exists(), "not by the plan that was");
    assert_eq!(desk.after(0), ["2025-03-06.csv"], "but by the one that is");
    fs::remove_file(desk.reports.path().join("2025-03-06.csv")).expect("it was made");
    let alone = lock(&desk.schedules.0.running);
    thread::scope(|scope| {
        let asked = scope.spawn(|| desk.schedules.run_now(id));
        thread::sleep(A_WHILE);
        desk.schedules.remove(id).expect("it is there");
        drop(alone);
        assert!(matches!(asked.join().expect("it ends"), Err(Refusal::NoSuchSchedule)), "that is said");
    });
    assert_eq!(desk.after(DAY), [""; 0], "nothing is made for it any more");
}

#[test]
fn a_run_that_was_waited_for_is_not_made_again() {
    let desk = Desk::new();
    desk.schedules.add(desk.plan()).expect("it is fit");
    let id = desk.only().id;
    desk.now.fetch_add(DAY, Ordering::Relaxed);
    let alone = lock(&desk.schedules.0.running);
    thread::scope(|scope| {
        let asked = [(); 2].map(|()| scope.spawn(|| desk.schedules.run_now(id)));
        thread::sleep(A_WHILE);
        drop(alone);
        for asked in asked {
            asked.join().expect("it ends").expect("it is there");
        }
    });
    let made = desk.only().made;
    assert_eq!(made.len(), 1, "one file");
    assert_eq!(desk.after(0), ["calls 2025-03-06.csv"], "and nothing is due");
    assert_eq!(desk.only().next, "2025-03-07");
}
