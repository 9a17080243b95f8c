//! The packages: what they are called, what they say of themselves, and the files that they become.

use crate::contents::{self, Files, Parts};
use crate::needs::{self, Needs};
use crate::run::said;
use crate::{Arguments, Outcome, deb, rpm, tarball};
use chrono::DateTime;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package before it is written as .deb or .rpm.
pub(crate) struct Package<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    /// `NAME <MAIL>`
    pub(crate) maintainer: &'a str,
    pub(crate) summary: &'static str,
    /// Paragraphs.
    pub(crate) description: &'static [&'static str],
    pub(crate) needs: Needs,
    /// What it works without, and better with.
    pub(crate) recommends: Option<Recommends>,
    pub(crate) files: Files,
}

/// One thing, as each kind of package calls it.
#[derive(Clone, Copy)]
pub(crate) struct Recommends {
    pub(crate) debian: &'static str,
    pub(crate) rpm: &'static str,
}

/// What puts the icon into the tray. It is loaded when it is there, so no linker says that it is needed.
const TRAY: Recommends = Recommends { debian: "libayatana-appindicator3-1", rpm: "libayatana-appindicator-gtk3" };

const COMMAND: [&str; 2] = [
    "Tencent RTC tells a server whenever a call starts, is answered, missed or ends, and whenever somebody enters or leaves a live room, and \
     forgets it within seven days. Calltrail listens for these messages, keeps every one of them, and shows calls, rooms and people in a \
     browser; it exports to spreadsheets.",
    "This is the command, for servers and terminals. It needs no display, and works with the window of calltrail-desktop or without.",
];

const WINDOW: [&str; 2] =
    [COMMAND[0], "This is the window, which needs nothing else. The package calltrail has the command for terminals."];

impl Package<'_> {
    /// As Debian calls it.
    pub(crate) fn debian_architecture(&self) -> &'static str {
        match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        }
    }
}

/// What was written.
pub(crate) struct Made {
    pub(crate) files: Vec<PathBuf>,
    /// Those of them that are Debian's.
    pub(crate) debs: Vec<PathBuf>,
}

/// Writes all packages.
pub(crate) fn make(arguments: &Arguments) -> Outcome<Made> {
    let Arguments { programs, root, out, date, maintainer, .. } = arguments;
    let version = version(&programs.join("calltrail"))?;
    let home = tempfile::tempdir().map_err(|why| format!("a temporary folder: {why}"))?;
    let day = day(*date);
    let generated = |program: &str, name: &str| -> Outcome<PathBuf> {
        let folder = home.path().join(name);
        let mut command = Command::new(programs.join("calltrail"));
        said(command.arg("generate").arg(&folder).args(["--program", program]))?;
        Ok(folder)
    };
    let (packaged, unpacked) =
        (generated("/usr/bin/calltrail", "packaged")?, generated("/usr/local/bin/calltrail", "unpacked")?);
    let parts = |generated| Parts { programs, generated, root, version: &version, day: &day };
    let needs = [needs::of(&programs.join("calltrail"))?, needs::of(&programs.join("calltrail-desktop"))?];
    fs::create_dir_all(out).map_err(|why| format!("{}: {why}", out.display()))?;
    let mut made = Made { files: Vec::new(), debs: Vec::new() };
    for package in both(&parts(&packaged), needs, maintainer)? {
        let (name, architecture) = (package.name, package.debian_architecture());
        let deb = written(out, &format!("{name}_{version}_{architecture}.deb"), &deb::made(&package, *date)?)?;
        made.debs.push(deb.clone());
        made.files.push(deb);
        let rpm_name = format!("{name}-{version}-1.{}.rpm", std::env::consts::ARCH);
        made.files.push(written(out, &rpm_name, &rpm::made(&package, *date)?)?);
    }
    let architecture = std::env::consts::ARCH;
    let bytes = tarball::of_command(&parts(&unpacked), architecture, *date)?;
    made.files.push(written(out, &format!("calltrail-{version}-linux-{architecture}.tar.xz"), &bytes)?);
    Ok(made)
}

/// The command and the window: either works alone, so a server needs no window, and whoever has the window no terminal.
fn both<'a>(parts: &Parts<'a>, needs: [Needs; 2], maintainer: &'a str) -> Outcome<[Package<'a>; 2]> {
    let [command, window] = needs;
    let version = parts.version;
    Ok([
        Package {
            name: "calltrail",
            version,
            maintainer,
            summary: "keeps a team's Tencent RTC call history (command)",
            description: &COMMAND,
            needs: command,
            recommends: None,
            files: contents::command(parts)?,
        },
        Package {
            name: "calltrail-desktop",
            version,
            maintainer,
            summary: "keeps a team's Tencent RTC call history (window)",
            description: &WINDOW,
            needs: window,
            recommends: Some(TRAY),
            files: contents::desktop(parts)?,
        },
    ])
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(path)
}

/// The version as the program says it, so that a package never says another one.
fn version(program: &Path) -> Outcome<String> {
    let text = said(Command::new(program).arg("--version"))?;
    let version = text.trim().strip_prefix("calltrail ").map(str::to_owned);
    version.ok_or_else(|| format!("{} calls itself `{}`.", program.display(), text.trim()))
}

/// The day of a time, in UTC, as `2026-11-30`.
fn day(date: u32) -> String {
    DateTime::from_timestamp(i64::from(date), 0).unwrap_or_default().format("%Y-%m-%d").to_string()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::contents::tests::Stubs;

    /// Both packages of programs that are none.
    pub(crate) fn both(stubs: &Stubs) -> [Package<'_>; 2] {
        let needs = |debian: &str| Needs { debian: debian.to_owned(), rpm: vec!["libc.so.6()(64bit)".to_owned()] };
        super::both(&stubs.parts(), [needs("libc6"), needs("libc6, libgtk-3-0")], "A B <a@b.example>")
            .expect("packages")
    }
}
