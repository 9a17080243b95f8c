//! Starting other programs, and where things are.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a chore answers: nothing, or a sentence saying why it stopped.
pub(crate) type Outcome = Result<(), String>;

/// The repository's top folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The debug build of one of the workspace's programs, which lies beside this one.
pub(crate) fn program(name: &str) -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|why| format!("where is xtask itself? {why}"))?;
    Ok(own.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The cargo that runs this chore.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// npm, in the folder of the user interface.
pub(crate) fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root().join("ui"));
    command
}

/// Whether a program of this name can be started.
pub(crate) fn on_path(name: &str) -> bool {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&file).is_file()))
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_else(|| command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy);
    words.collect::<Vec<_>>().join(" ")
}

/// Runs a command with this terminal's input and output, and says it first.
pub(crate) fn must(command: &mut Command) -> Outcome {
    let said = line(command);
    eprintln!("+ {said}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{said}` failed ({status}).")),
        Err(why) => Err(format!("`{said}` could not be started: {why}.")),
    }
}

/// Goes on as another program: what stops this chore (a signal too) stops that program, and its end is the chore's end.
#[cfg(unix)]
pub(crate) fn turn_into(command: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    eprintln!("+ {}", line(command));
    let why = command.exec();
    Err(format!("`{}` could not be started: {why}.", line(command)))
}

#[cfg(not(unix))]
pub(crate) fn turn_into(command: &mut Command) -> Outcome {
    must(command)
}

/// Whether a command succeeds, without its output.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// What a command prints, trimmed; nothing when it fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
