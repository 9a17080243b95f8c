//! The user interface: Node.js, its packages, and whether the built files are older than their sources.

use crate::command::{Outcome, must, npm, on_path, output, root, succeeds};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node.js that the build tool accepts.
const OLDEST: (u32, u32) = (20, 19);

/// Node.js and npm are there and new enough.
pub(crate) fn check() -> Outcome {
    let wanted = format!(
        "Node.js {}.{} or newer with npm is needed to build the user interface (https://nodejs.org)",
        OLDEST.0, OLDEST.1
    );
    let Some(version) = output(Command::new("node").arg("--version")) else {
        return Err(format!("{wanted}; `node` was not found."));
    };
    if version_of(&version).is_none_or(|found| found < OLDEST) {
        return Err(format!("{wanted}; this one is {version}."));
    }
    if !succeeds(npm().arg("--version").current_dir(root())) {
        return Err(format!("{wanted}; `npm` was not found."));
    }
    Ok(())
}

/// `v20.19.4` -> (20, 19).
fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Installs the packages where they are older than the lock file.
pub(crate) fn packages() -> Outcome {
    let ui = root().join("ui");
    if changed(&ui.join("node_modules/.package-lock.json")) >= changed(&ui.join("package-lock.json")) {
        return Ok(());
    }
    // What a package would run while it is installed is nobody's business but ours; ui/.npmrc says so to people's own npm, too.
    must(npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
}

/// Builds `ui/dist` where a source is newer. With built files and no Node.js, those are used.
pub(crate) fn build() -> Outcome {
    let ui = root().join("ui");
    let built = changed(&ui.join("dist/index.html"));
    if built > newest(&ui) {
        return Ok(());
    }
    if built > SystemTime::UNIX_EPOCH && !on_path("node") {
        eprintln!("Node.js was not found: the user interface stays as it was built before.");
        return Ok(());
    }
    check()?;
    packages()?;
    must(npm().args(["run", "--silent", "build"]))
}

/// Posts hostile texts to the program and looks at every screen in Chromium; the pictures are for people who change a screen.
pub(crate) fn hostile(program: &Path) -> Outcome {
    in_chromium("dev/hostile.mjs", program)
}

/// Does the work of a morning in Chromium on the program, and reads back what became of it.
pub(crate) fn morning(program: &Path) -> Outcome {
    in_chromium("dev/morning.mjs", program)
}

/// Runs a script of the interface that drives Chromium on the program.
fn in_chromium(script: &str, program: &Path) -> Outcome {
    if !cfg!(target_os = "linux") {
        eprintln!("{script} only runs on Linux, where Chromium is a package.");
        return Ok(());
    }
    must(node(script).arg(program))
}

/// Runs a script of the interface on its built files.
pub(crate) fn script(script: &str) -> Outcome {
    must(&mut node(script))
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(script).current_dir(root().join("ui"));
    command
}

/// When a file changed last; the epoch where there is none.
fn changed(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When the newest source below a folder changed.
fn newest(folder: &Path) -> SystemTime {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| !matches!(entry.file_name().to_str(), Some("node_modules" | "dist")))
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() { newest(&path) } else { changed(&path) }
        })
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_that_node_prints() {
        assert_eq!(version_of("v20.19.4"), Some((20, 19)), "a usual version");
        assert!(version_of("v8.9.1") < Some(OLDEST), "8 is older than 20, though not as text");
        assert!(version_of("v22.1.0") > Some(OLDEST), "a newer major version with a smaller minor one is new enough");
        assert_eq!(version_of("nonsense"), None, "not a version");
    }
}
