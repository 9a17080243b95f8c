//! A command that goes on behind other steps and takes only what they leave of the processors.

use crate::command::{Outcome, line};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// It runs, and what it says goes into a file until somebody waits for it.
pub(crate) struct Behind {
    said: String,
    child: Child,
    log: PathBuf,
}

impl Behind {
    /// Starts it. What it says is at `log`.
    pub(crate) fn start(command: &Command, log: &Path) -> Result<Behind, String> {
        let said = line(command);
        eprintln!("+ {said} (behind what follows)");
        let unusable = |why| format!("{}: {why}.", log.display());
        log.parent().map_or(Ok(()), fs::create_dir_all).map_err(unusable)?;
        let file = File::create(log).map_err(unusable)?;
        let errors = file.try_clone().map_err(unusable)?;
        let mut command = patient(command);
        let child = command.stdout(file).stderr(errors).spawn();
        let child = child.map_err(|why| format!("`{said}` could not be started: {why}."))?;
        Ok(Behind { said, child, log: log.to_owned() })
    }

    /// Waits for its end, and prints what it said.
    pub(crate) fn finish(&mut self) -> Outcome {
        let ended = self.child.wait();
        eprint!("{}", fs::read_to_string(&self.log).unwrap_or_default());
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{}` failed ({status}).", self.said)),
            Err(why) => Err(format!("`{}` was lost: {why}.", self.said)),
        }
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        // A step before it failed; both fail where it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same command for the system to run when nobody else wants to.
#[cfg(unix)]
fn patient(command: &Command) -> Command {
    let mut patient = Command::new("nice");
    patient.args(["-n", "19"]).arg(command.get_program()).args(command.get_args());
    patient.current_dir(command.get_current_dir().unwrap_or(Path::new(".")));
    patient.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    patient
}

#[cfg(not(unix))]
fn patient(command: &Command) -> Command {
    let mut same = Command::new(command.get_program());
    same.args(command.get_args()).current_dir(command.get_current_dir().unwrap_or(Path::new(".")));
    same.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    same
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn ended(script: &str) -> (Outcome, String) {
        let log = std::env::temp_dir().join(format!("xtask-behind-{}-{}", std::process::id(), script.len()));
        let mut behind = Behind::start(Command::new("sh").args(["-c", script]), &log).expect("it starts");
        let outcome = behind.finish();
        let said = fs::read_to_string(&log).expect("a log");
        fs::remove_file(&log).expect("it is there");
        (outcome, said)
    }

    #[test]
    fn its_end_and_what_it_said_are_told() {
        assert_eq!(ended("echo out; echo err >&2"), (Ok(()), "out\nerr\n".to_owned()));
        let (outcome, said) = ended("echo bad; exit 3");
        assert!(outcome.is_err_and(|why| why.contains("exit status: 3")) && said == "bad\n");
    }
}
