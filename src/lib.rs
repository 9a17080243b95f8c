//! Calltrail keeps a team's Tencent RTC call history on its own desk.
//!
//! The modules in reading order. What arrives: [`callback`] turns a request into facts. What is kept: [`store`] archives it
//! and folds calls and stays from it. Who lets it in: [`config`] says which applications are ours, [`listener`] is the public
//! door. What is shown: [`export`] writes files, [`import`] reads them back, [`report`] tells of a period, [`contacts`] reads what a team knows of its people, [`api`] answers the window and the browser.
//! Who is asked: [`tencent`] is its REST API, [`subscription`] chooses what it sends, [`backfill`] fetches what no callback told, [`forward`] passes on what came, [`completeness`] says what can be relied upon, [`reach`] whether the public address leads here, [`schedule`] exports again and again, [`links`] lead to lists that are loaded again. What runs: [`service`] starts and stops it all. [`clock`] tells the time, [`secret`] shows nothing, [`encoding`] reads what people saved, [`language`] is the one they read, [`pasted`] takes off what nobody sees, [`outbound`] asks others, [`zone`] knows what clocks show where, [`lock`] locks a mutex, [`durable_file`] replaces a file as a whole, [`unfinished`] clears away what a killed process left; [`traffic`] makes
//! believable deliveries, and [`sandbox`] plays Tencent with them.

pub mod api;
pub mod backfill;
pub mod callback;
pub mod clock;
pub mod completeness;
pub mod config;
pub mod contacts;
pub mod durable_file;
pub mod encoding;
#[cfg(test)]
#[path = "../tests/support/environment.rs"]
mod environment;
pub mod export;
pub mod forward;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
pub mod import;
pub mod language;
pub mod links;
pub mod listener;
pub mod lock;
pub mod outbound;
pub mod pasted;
pub mod reach;
pub mod report;
pub mod sandbox;
pub mod schedule;
pub mod secret;
pub mod service;
pub mod store;
pub mod subscription;
pub mod tencent;
pub mod traffic;
pub mod unfinished;
pub mod zone;

/// Where the programs take memory from. One thread understands what another one writes and frees, which the C library's own does
/// at half the pace.
#[cfg(not(target_env = "msvc"))]
pub use tikv_jemallocator::Jemalloc as Allocator;

/// Where the programs take memory from.
#[cfg(target_env = "msvc")]
pub use std::alloc::System as Allocator;
