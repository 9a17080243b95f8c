//! Walks over all rows: what they must have, and what they wait for.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::store::Error;
use crate::store::files::paths::Files;
use crate::store::files::{archive_file, projection_file};
use crate::traffic;

fn start_of(call_id: &str) -> Delivery {
    let mut start = calls::event(1_760_000_000, "alice", "caller", "start_call", "");
    let body = String::from_utf8(start.body).unwrap();
    start.body = body.replace(r#""CallId":"c""#, &format!(r#""CallId":"{call_id}""#)).into_bytes();
    start
}

#[test]
fn an_export_has_what_was_answered_before_it_however_much_comes_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A slow disk: what is archived is applied in bursts.
        scope.spawn(|| {
            let files = Files::of(folder.path(), None);
            let archive = archive_file::open_reader(&files).unwrap();
            let number = projection_file::in_use(&archive).unwrap().unwrap();
            let slow = Connection::open(files.projection(number)).unwrap();
            while !is_over.load(Ordering::Relaxed) {
                if slow.execute_batch("begin immediate").is_ok() {
                    std::thread::sleep(Duration::from_millis(10));
                    slow.execute_batch("rollback").unwrap();
                }
                std::thread::sleep(Duration::from_millis(40));
            }
        });
        scope.spawn(|| {
            // Several at a time, one after the other: the archive is nearly always a little ahead.
            let mut day = traffic::fortnight(3, traffic::STORY_START_MS, 14, 10_000);
            while !is_over.load(Ordering::Relaxed) {
                let some: Vec<_> = day.by_ref().take(16).collect();
                std::thread::scope(|scope| {
                    for delivery in &some {
                        scope.spawn(|| record(&store, delivery));
                    }
                });
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let exported: Vec<Result<bool, Error>> = (0..80)
            .map(|number| {
                let call_id = format!("mine-{number}");
                record(&store, &start_of(&call_id));
                // What the interface asks before it begins one.
                store.require_complete()?;
                let mut has_it = false;
                open_reader(folder.path()).each_call(&Filter::default(), NOW, |row| {
                    has_it |= row.call_id == call_id;
                    Ok(ControlFlow::Continue(()))
                })?;
                Ok(has_it)
            })
            .collect();
        is_over.store(true, Ordering::Relaxed);
        assert!(exported.iter().all(|has_it| matches!(has_it, Ok(true))), "{exported:?}");
    });
}
