//! The system's packages: which are needed, which are missing, and installing them.

use crate::command::{Outcome, must, on_path, output};
use std::process::Command;

/// What the set-up is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Building and opening the desktop app.
    Running,
    /// That, and the tests of the real window.
    Testing,
    /// The benchmarks, which open no window.
    Benching,
}

/// To build the window: a C compiler and WebKitGTK; to show it: a font (a minimal system has none), and what puts an
/// icon into the tray.
const RUN: &[&str] =
    &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "fonts-dejavu-core", "libayatana-appindicator3-1"];

/// A display nobody has to look at, WebKit's WebDriver, keys for the native dialogs, a session bus of the tests' own,
/// and a font with the Chinese characters that the tests' names use; a clock that jumps, and system calls that fail;
/// another browser; the spreadsheet that exports are opened with; environments of Python for one more tool; what checks a
/// desktop entry.
const TEST: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "xdotool",
    "dbus-daemon",
    "fonts-wqy-microhei",
    "faketime",
    "strace",
    "python3",
    "python3-venv",
    "chromium",
    "libreoffice-calc-nogui",
    "desktop-file-utils",
];

/// A C compiler, and the command that exports are compared with.
const BENCH: &[&str] = &["build-essential", "sqlite3"];

/// Installs what is missing. On macOS and Windows nothing is: the system brings its own web view.
pub(crate) fn set_up(purpose: For) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let mut wanted = if purpose == For::Benching { BENCH } else { RUN }.to_vec();
    if purpose == For::Testing {
        wanted.extend(TEST);
        rust_components()?;
    }
    if !on_path("dpkg-query") || !on_path("apt-get") {
        eprintln!(
            "This is not a Debian or Ubuntu system, so nothing is installed by itself. Needed are a C compiler{}.",
            match purpose {
                For::Benching => " and the sqlite3 command",
                For::Running => ", pkg-config and the development files of WebKitGTK 4.1",
                For::Testing => {
                    ", pkg-config and the development files of WebKitGTK 4.1, and for the tests Xvfb, WebKitWebDriver, \
                     Chromium, LibreOffice Calc, xdotool, dbus-run-session, strace and libfaketime"
                }
            }
        );
        return Ok(());
    }
    let missing = missing(&wanted);
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

fn missing<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    let is_installed = |package: &str| {
        let mut ask = Command::new("dpkg-query");
        ask.args(["-W", "-f", "${db:Status-Status}", package]);
        output(&mut ask).is_some_and(|status| status == "installed")
    };
    wanted.iter().copied().filter(|package| !is_installed(package)).collect()
}

fn install(packages: &[&str]) -> Outcome {
    eprintln!("Installing {}", packages.join(", "));
    let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !is_root && !on_path("sudo") {
        return Err(format!(
            "these packages are missing, and only root may install them. As root:\n\n  apt-get update && apt-get install -y --no-install-recommends {}\n",
            packages.join(" ")
        ));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root { Command::new("env") } else { Command::new("sudo") };
        if !is_root {
            command.arg("env");
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
        must(&mut command)
    };
    // An index that cannot be refreshed may still be good enough: the installation decides.
    if let Err(why) = apt(&["update", "-q"]) {
        eprintln!("{why} Going on with the package index as it is.");
    }
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments)
}

/// A minimal Rust toolchain comes without the formatter and the linter.
fn rust_components() -> Outcome {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output(crate::command::cargo().args([subcommand, "--version"])).is_some() {
            continue;
        }
        if !on_path("rustup") {
            return Err(format!("`cargo {subcommand}` is missing; install the Rust component {component}."));
        }
        must(Command::new("rustup").args(["component", "add", component]))?;
    }
    Ok(())
}
