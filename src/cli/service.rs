//! `service`: lets the system start `calltrail serve` at login, without a window, and keep it running.

mod definition;

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command as Process, Stdio},
};

use clap::{Args, Parser as _, Subcommand};

use self::definition::Kind;
use super::{Cli, Fault, output};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Starts `calltrail serve` now and whenever you log in
    Install(Install),
    /// Stops it and starts it no more; the record stays
    Remove,
    /// Says whether it is installed and runs
    Status,
}

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// Prints what would be written, and changes nothing
    #[arg(long)]
    print: bool,
    /// What `serve` is started with, after `--`, such as `-- --no-web --hook 0.0.0.0:8787`
    #[arg(last = true, value_name = "ARGUMENT")]
    serve: Vec<OsString>,
}

pub(crate) fn run(folder: &Path, command: Command) -> Result<(), Fault> {
    let kind = Kind::of_this_system().ok_or_else(|| {
        Fault::Failed(
            "Calltrail cannot install itself as a service on this system. Let its task scheduler start `calltrail serve` at login."
                .to_owned(),
        )
    })?;
    let place = kind.place(&home()?);
    match command {
        Command::Install(options) => install(kind, &place, folder, options),
        Command::Remove => remove(kind, &place),
        Command::Status => status(kind, &place),
    }
}

/// The unit of systemd that a package brings, for whichever user enables it: on that user's own data folder. Nothing where
/// the path is no text.
pub(super) fn packaged_unit(program: &Path) -> Option<String> {
    Some(Kind::Systemd.text(&[program.to_str()?, "serve"]))
}

fn install(kind: Kind, place: &Path, folder: &Path, options: Install) -> Result<(), Fault> {
    let program = env::current_exe()?;
    // It is started in another folder than this one.
    let folder = std::path::absolute(folder)?;
    let words = definition::command_line(&program, &folder, &options.serve).ok_or_else(|| {
        Fault::Failed("A service's file is text, and one of the paths or arguments is none in UTF-8.".to_owned())
    })?;
    // What would not start is not installed.
    Cli::try_parse_from(&words)
        .map_err(|why| Fault::Usage(format!("`serve` cannot be started so: {}", why.render())))?;
    let text = kind.text(&words);
    if options.print {
        return output::print(&text);
    }
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(place, text)?;
    for step in kind.to_start(place) {
        must(step).map_err(|why| {
            Fault::Failed(format!(
                "{} is written, but the service could not be started: {why} It may start at the next login; `calltrail service status` says so.",
                place.display()
            ))
        })?;
    }
    output::print(&format!(
        "Calltrail runs now, and whenever you log in. {} says how; `calltrail service remove` ends it.\n{}",
        place.display(),
        kind.hint()
    ))
}

fn remove(kind: Kind, place: &Path) -> Result<(), Fault> {
    if !place.exists() {
        return output::print("Calltrail is not installed as a service.\n");
    }
    // Where it does not run there is nothing to stop.
    let mut stopped = Ok(());
    for step in kind.to_stop(place) {
        stopped = stopped.and(must(step));
    }
    fs::remove_file(place)?;
    for step in kind.to_forget() {
        stopped = stopped.and(must(step));
    }
    match stopped {
        Ok(()) => output::print("Calltrail is stopped and starts no more by itself. The record is where it was.\n"),
        Err(why) => Err(Fault::Failed(format!(
            "Calltrail starts no more by itself, but it could not be stopped now: {why} It ends when you log out."
        ))),
    }
}

fn status(kind: Kind, place: &Path) -> Result<(), Fault> {
    if !place.exists() {
        return output::print("Calltrail is not installed as a service. `calltrail service install` does that.\n");
    }
    if must(kind.to_ask()).is_ok() {
        return output::print("Calltrail is installed as a service and runs.\n");
    }
    output::complain(&format!("Calltrail is installed as a service and does not run. {}", kind.look()));
    Err(Fault::Told)
}

/// Runs a program of the system's; what it says on standard error is the reason.
fn must(words: Vec<OsString>) -> Result<(), String> {
    let mut words = words.into_iter();
    let program = words.next().unwrap_or_default();
    let shown = program.to_string_lossy().into_owned();
    match Process::new(&program).args(words).stdin(Stdio::null()).output() {
        Ok(ran) if ran.status.success() => Ok(()),
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stderr);
            Err(format!("{shown} said: {}.", said.trim().trim_end_matches('.')))
        }
        Err(why) if why.kind() == io::ErrorKind::NotFound => Err(format!("{shown} is not on this computer.")),
        Err(why) => Err(format!("{shown}: {why}.")),
    }
}

fn home() -> Result<PathBuf, Fault> {
    env::home_dir()
        .filter(|home| home.is_absolute())
        .ok_or_else(|| Fault::Failed("Your home folder is not known: HOME is not set.".to_owned()))
}
