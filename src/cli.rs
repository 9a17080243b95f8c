//! The commands, one file each, and what they share: the data folder, exit codes and what is printed.

mod apps;
mod backfill;
mod callbacks;
mod completeness;
mod contacts;
mod copies;
mod doctor;
mod edits;
mod export;
mod fault;
mod figures;
mod filters;
mod follow_up;
mod forward;
mod generate;
mod import;
mod logs;
mod notes;
mod output;
mod rebuild;
mod record;
mod report;
mod sandbox;
mod schedule;
mod serve;
mod service;
mod stop;
mod verify;

use std::{path::PathBuf, process::ExitCode};

use calltrail::{config, service::outlive_size_limit};
use clap::{CommandFactory as _, Parser, Subcommand};

use self::fault::Fault;

/// Keeps a team's Tencent RTC call history on its own desk.
#[derive(Debug, Parser)]
#[command(name = "calltrail", version, about, arg_required_else_help = true)]
struct Cli {
    /// The folder of the record and its settings [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes callbacks, and offers the API and the web page, without a window
    Serve(serve::Options),
    /// Lets the system start `serve` whenever you log in
    #[command(subcommand)]
    Service(service::Command),
    /// Your applications at Tencent (SDKAppIDs) and their secrets; callbacks of others stay in quarantine
    #[command(subcommand)]
    App(apps::Command),
    /// Reads and changes what Tencent sends, and where to; needs the SDKSecretKey (`app add --secret-key-file`)
    #[command(subcommand)]
    Callbacks(callbacks::Command),
    /// Fetches the calls of the last 7 days that Tencent has records of; also while Calltrail runs
    Backfill(backfill::Options),
    /// Passes what Tencent sends on to other addresses; also while Calltrail runs
    #[command(subcommand)]
    Forward(forward::Command),
    /// Says which calls of a period Tencent's records confirm, and when no callback could be taken; also while Calltrail runs
    Completeness(completeness::Options),
    /// What is known of the people behind account ids; also while Calltrail runs
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Notes on calls and people; also while Calltrail runs
    #[command(subcommand)]
    Note(notes::NoteCommand),
    /// Tags of calls; also while Calltrail runs
    #[command(subcommand)]
    Tag(notes::TagCommand),
    /// Missed callers: who calls back, when, and that it is done; also while Calltrail runs
    #[command(subcommand)]
    FollowUp(follow_up::Command),
    /// Writes what a list shows into a file
    Export(Box<export::Options>),
    /// Calls in figures: how many, how they ended, how long, when, and who; also while Calltrail runs
    Figures(Box<figures::Options>),
    /// Exports a list again and again, of each day, week or month; also while Calltrail runs
    #[command(subcommand)]
    Schedule(schedule::Command),
    /// Writes the report of a period, as a workbook or as a page to print; also while Calltrail runs
    Report(Box<report::Options>),
    /// Takes deliveries from JSON Lines, the format of `export deliveries --format jsonl`
    Import(import::Options),
    /// Derives calls, rooms and stays anew from the archive
    Rebuild,
    /// Checks the files, the archive, and that the record equals what follows from the archive
    Verify,
    /// Copies the archive of deliveries into a new file and checks the copy; also while Calltrail runs
    Backup(copies::Options),
    /// Brings everything that a backup holds back into the record; nothing that is in the record is lost by it
    Restore(copies::Options),
    /// Says what works, what does not and why, without personal data
    Doctor,
    /// Plays Tencent on this computer, for trying Calltrail out without an account
    Sandbox(Box<sandbox::Options>),
    /// Writes man pages, completions of shells and a unit of systemd, for a package
    #[command(hide = true)]
    Generate(generate::Options),
}

/// Runs the command that the process was started with. Exit code 0: done; 1: it did not work, said on standard error;
/// 2: the command itself was wrong.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    logs::to_stderr();
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fault::Usage(why)) => {
            // clap's own errors look like this, so a wrong value is told alike whoever finds it.
            Cli::command().error(clap::error::ErrorKind::ValueValidation, why).exit()
        }
        Err(Fault::Failed(why)) => {
            output::complain(&why);
            ExitCode::FAILURE
        }
        Err(Fault::Told) => ExitCode::FAILURE,
    }
}

fn dispatch(cli: Cli) -> Result<(), Fault> {
    // The runtime goes at once; the open files that it needs are not to be had twice.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async { outlive_size_limit() })?;
    let folder = match cli.data_dir {
        Some(folder) => folder,
        None => config::default_data_dir()?,
    };
    match cli.command {
        Command::Serve(options) => serve::run(folder, options),
        Command::Service(command) => service::run(&folder, command),
        Command::App(command) => apps::run(&folder, command),
        Command::Callbacks(command) => callbacks::run(folder, command),
        Command::Backfill(options) => backfill::run(&folder, &options),
        Command::Forward(command) => forward::run(&folder, command),
        Command::Completeness(options) => completeness::run(&folder, &options),
        Command::Contacts(command) => contacts::run(&folder, command),
        Command::Note(command) => notes::note(&folder, command),
        Command::Tag(command) => notes::tag(&folder, command),
        Command::FollowUp(command) => follow_up::run(&folder, command),
        Command::Export(options) => export::run(&folder, *options),
        Command::Figures(options) => figures::run(&folder, *options),
        Command::Schedule(command) => schedule::run(&folder, command),
        Command::Report(options) => report::run(&folder, *options),
        Command::Import(options) => import::run(&folder, &options),
        Command::Rebuild => rebuild::run(&folder),
        Command::Verify => verify::run(&folder),
        Command::Backup(options) => copies::backup(&folder, &options),
        Command::Restore(options) => copies::restore(&folder, &options),
        Command::Doctor => doctor::run(&folder),
        Command::Sandbox(options) => sandbox::run(*options),
        Command::Generate(options) => generate::run(&options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_described_without_contradiction() {
        Cli::command().debug_assert();
    }
}
