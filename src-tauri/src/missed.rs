//! One notification for the calls that were missed since somebody looked: said while the window is not in front, outside of the
//! quiet hours, and taken back when somebody looks or calls back.

mod cases;
mod desk;
mod said;

use crate::around::Around;
use crate::ask::{self, Gone, Seen};
use crate::window;
use crate::words::Words;
use axum::Router;
use calltrail::config::{Config, Notify, TimeOfDay};
use calltrail::zone::Zone;
use cases::Cases;
use desk::Desk;
use said::{Deed, Look, Memory};
use std::time::Duration;

/// How soon after a look there is another one.
const PACE: Duration = Duration::from_secs(2);
/// Where a click leads.
const PAGE: &str = "#/followup";

/// Follows the record until Calltrail ends.
pub(crate) fn follow(around: &Around, router: Router) {
    let around = around.clone();
    tauri::async_runtime::spawn(async move {
        let clicked = around.clone();
        let desk = Desk::new(&around.app, move || window::show(&clicked, Some(PAGE.to_owned())));
        let mut memory = Memory::default();
        // `Gone`: Calltrail ends.
        while let Ok(seen) = look(&around, &router, &mut memory, &desk).await {
            tokio::time::sleep(PACE).await;
            tokio::select! {
                () = ask::wait(&router, &seen) => {}
                () = around.sight.changed() => {}
            }
        }
    });
}

async fn look(around: &Around, router: &Router, memory: &mut Memory, desk: &Desk) -> Result<Seen, Gone> {
    let status = ask::ask(router, "/api/status").await?;
    let now_ms = status["now_ms"].as_i64().unwrap_or_default();
    let Some(Cases { open, misses }) = cases::read(router, now_ms, memory).await? else {
        // While lists are being derived nothing is known of cases.
        return Ok(Seen::of(&status));
    };
    let speaks = settings(around).await.speaks_at(time_of_day(&wall(), now_ms));
    let in_front = around.sight.is_looked_at();
    let deed = memory.look(Look { open, misses, now_ms, in_front, speaks });
    match deed {
        Deed::Nothing => {}
        Deed::Say(missed) => desk.say(missed.said(Words::of(around.language()))),
        Deed::TakeBack => desk.take_back(),
    }
    Ok(Seen::of(&status))
}

/// What is to be said, as it is in the settings now. Where those cannot be read, as it is without a word.
async fn settings(around: &Around) -> Notify {
    let folder = around.folder.clone();
    let read = tauri::async_runtime::spawn_blocking(move || Config::load(&folder));
    match read.await {
        Ok(Ok(Some(config))) => config.desktop.notify,
        _ => Notify::default(),
    }
}

/// The clock on this computer's wall, read anew each time, because whoever travels sets it; UTC where it does not say which that is.
fn wall() -> Zone {
    Zone::read("local").unwrap_or_else(|_| Zone::utc())
}

fn time_of_day(zone: &Zone, now_ms: i64) -> TimeOfDay {
    let clock = zone.at(now_ms).and_then(|at| at.format("%H:%M").to_string().parse().ok());
    clock.unwrap_or_else(|| Notify::default().to)
}
