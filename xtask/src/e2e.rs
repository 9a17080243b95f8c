//! The tests of the real desktop window, and the photographs made the same way.

use crate::command::{Outcome, cargo, must, program, root};
use crate::{node, packages};
use std::path::PathBuf;

/// `cargo xtask e2e`: builds what is needed, then the tests.
pub(crate) fn e2e(arguments: &[&str]) -> Outcome {
    prepare()?;
    tests(arguments)
}

/// The tests themselves, with the window that was built last.
pub(crate) fn tests(arguments: &[&str]) -> Outcome {
    linux_only()?;
    must(
        cargo()
            .args(["test", "--workspace", "--locked", "--test", "desktop", "--", "--ignored"])
            .args(arguments)
            .env("CALLTRAIL_DESKTOP", program("calltrail-desktop")?),
    )
}

/// `cargo xtask screenshots`: each screen in light and dark, as PNG files.
pub(crate) fn screenshots(out: Option<&str>) -> Outcome {
    prepare()?;
    linux_only()?;
    let folder = out.map_or_else(|| root().join("docs/screenshots"), |folder| root().join(PathBuf::from(folder)));
    std::fs::create_dir_all(&folder).map_err(|why| format!("{} could not be made: {why}.", folder.display()))?;
    must(
        cargo()
            .args(["test", "--workspace", "--locked", "--test", "desktop", "--", "--ignored", "photographs"])
            .env("CALLTRAIL_DESKTOP", program("calltrail-desktop")?)
            .env("CALLTRAIL_SCREENSHOTS", &folder),
    )?;
    println!("The photographs are in {}.", folder.display());
    Ok(())
}

fn prepare() -> Outcome {
    packages::set_up(packages::For::Testing)?;
    node::build()?;
    must(cargo().args(["build", "--workspace", "--locked"]))
}

/// The window is driven through WebKitGTK's WebDriver under Xvfb; macOS has no WebDriver for its web view.
fn linux_only() -> Outcome {
    if cfg!(target_os = "linux") {
        return Ok(());
    }
    Err("the desktop window is only driven on Linux (WebKitWebDriver and Xvfb).".to_owned())
}
