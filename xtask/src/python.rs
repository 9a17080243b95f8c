//! Programs of Python's, which come from PyPI.

use crate::command::must;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the programs are of what a list of requirements names: an environment of its own, made anew when the versions change.
pub(crate) fn programs(list: &Path, environment: &Path) -> Result<PathBuf, String> {
    let (bin, installed) = (environment.join("bin"), environment.join("requirements.txt"));
    let wanted = fs::read_to_string(list).map_err(|why| format!("{} could not be read: {why}.", list.display()))?;
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(bin);
    }
    must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment))?;
    // Wheels alone: nothing of a package runs while it is installed.
    let pip = ["install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--requirement"];
    must(Command::new(bin.join("pip")).args(pip).arg(list))?;
    fs::write(&installed, wanted).map_err(|why| format!("{} could not be written: {why}.", installed.display()))?;
    Ok(bin)
}
