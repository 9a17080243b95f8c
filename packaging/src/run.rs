//! Starting other programs.

use crate::Outcome;
use std::env;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// Whether a program of this name can be started.
pub(crate) fn on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// What a command prints. That it fails is an error, with what it says of that.
pub(crate) fn said(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|why| format!("`{}` could not be started: {why}.", shown(command)))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("`{}` failed ({}):\n{}{}", shown(command), output.status, text(&output.stdout), text(&output.stderr)))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).display().to_string();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}

/// A program that is running, and that does not outlive this value.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Asks it politely to end, and waits until it has.
    pub(crate) fn end(mut self, patience: Duration) -> Outcome<ExitStatus> {
        said(Command::new("kill").args(["-TERM", &self.0.id().to_string()]))?;
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Some(status) = self.0.try_wait().map_err(|why| why.to_string())? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("it did not end within {} s of being asked to.", patience.as_secs()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever has ended already cannot be ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
