//! Makes packages of programs that are built: .deb and .rpm, and an archive of the command. `cargo xtask package` runs it.

mod contents;
mod deb;
mod fresh_root;
mod needs;
mod packages;
mod rpm;
mod run;
mod smoke;
mod tarball;
#[cfg(test)]
mod workflows;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// What a step answers: nothing, or a sentence saying why it stopped.
type Outcome<T = ()> = Result<T, String>;

#[derive(Debug, Parser)]
struct Arguments {
    /// The folder that `calltrail` and `calltrail-desktop` were built into
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// The repository
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Where the packages go
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The time that every file in a package has, in seconds since 1970 (SOURCE_DATE_EPOCH)
    #[arg(long, value_name = "SECONDS")]
    date: u32,
    /// Who answers for the packages, as `NAME <MAIL>`
    #[arg(long, value_name = "WHO", default_value = "Calltrail <calltrail@localhost>")]
    maintainer: String,
    /// Unpacks the packages into an empty folder and starts what is in them
    #[arg(long)]
    smoke: bool,
    /// Installs and removes the packages in a fresh Debian made by debootstrap; as root
    #[arg(long)]
    debootstrap: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("packaging: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Outcome {
    if arguments.debootstrap {
        fresh_root::require()?;
    }
    let made = packages::make(arguments)?;
    for file in &made.files {
        println!("{} ({} KiB)", file.display(), size(file)? / 1024);
    }
    if arguments.smoke {
        smoke::smoke(&made.debs)?;
    }
    if arguments.debootstrap {
        fresh_root::install_and_remove(&made.debs)?;
    }
    Ok(())
}

fn size(file: &std::path::Path) -> Outcome<u64> {
    std::fs::metadata(file).map(|data| data.len()).map_err(|why| format!("{}: {why}", file.display()))
}
