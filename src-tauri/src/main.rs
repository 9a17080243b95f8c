//! The desktop window: Calltrail with its listener, its record and its pages in one program.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod around;
mod ask;
mod autostart;
mod closing;
mod file_manager;
mod folder;
mod link;
mod missed;
mod picker;
mod quit;
mod release;
mod scheme;
mod shell;
mod tray;
mod window;
mod words;

use clap::Parser;
use shell::Start;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: calltrail::Allocator = calltrail::Allocator;

/// What the desktop app is started with. Everything has a default: a double click gives none of it.
#[derive(Debug, Parser)]
#[command(name = "calltrail-desktop", version, about = "Keeps a team's Tencent RTC call history on its own desk")]
struct Arguments {
    /// The folder with the record and its settings [default: the platform's data folder]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where callbacks are taken in, for this run [default: as in the settings]
    #[arg(long, value_name = "ADDR")]
    hook: Option<SocketAddr>,
    /// Begin with invented data in a record of its own, which is gone when the window is closed
    #[arg(long)]
    demo: bool,
    /// Begin without a window, as at login; it is opened from the tray or by starting once more
    #[arg(long)]
    hidden: bool,
    /// A call to show, as calltrail://call/SDKAPPID/CALLID
    #[arg(value_name = "LINK")]
    link: Option<String>,
    /// Seconds after which a window out of sight gives its memory back
    #[arg(long, hide = true, value_name = "SECONDS", default_value_t = 600)]
    release_after: u64,
    /// Only say by the exit code whether a window could be opened here
    #[arg(long, hide = true)]
    check_display: bool,
}

/// What is logged where `CALLTRAIL_LOG` does not say. That there is no session bus is no news: the record has its own lock.
const QUIET: &str = "warn,tauri_plugin_single_instance=error";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("CALLTRAIL_LOG").unwrap_or_else(|_| EnvFilter::new(QUIET));
    // What cannot be logged is left out: telling that on standard error, too, would end whichever thread wanted to log.
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false).init();
    if !has_display() {
        eprintln!(
            "calltrail-desktop: there is no display to open a window on. On a machine without one use `calltrail serve`, \
             which offers the same pages to a browser."
        );
        return ExitCode::FAILURE;
    }
    if arguments.check_display {
        return ExitCode::SUCCESS;
    }
    match folder::choose(arguments.data_dir) {
        Ok(folder) => shell::run(Start {
            folder,
            hook: arguments.hook,
            demo: arguments.demo,
            hidden: arguments.hidden,
            page: arguments.link.as_deref().and_then(link::page),
            release_after: Duration::from_secs(arguments.release_after),
        }),
        Err(why) => {
            eprintln!("calltrail-desktop: {why}");
            ExitCode::FAILURE
        }
    }
}

/// GTK says here what Tauri would panic about later: no display, or one that does not answer.
#[cfg(target_os = "linux")]
fn has_display() -> bool {
    gtk::init().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}
