//! Installs and removes the packages where nothing else is: in a Debian that debootstrap has just made.

use crate::Outcome;
use crate::run::{on_path, said};
use crate::smoke::{at_home, try_command};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The record's folder inside of it.
const RECORD: &str = "/home/record";

/// Says at once what is not here, before anything is made for it.
pub(crate) fn require() -> Outcome {
    for (program, package) in [("debootstrap", "debootstrap"), ("chroot", "coreutils")] {
        if !on_path(program) {
            return Err(format!("`{program}` is not installed; it is in the package {package}."));
        }
    }
    Ok(())
}

/// `dpkg -i`, a start, a look by `doctor`, `dpkg -r`: and the record is as it was. Then the window, with what it depends on.
pub(crate) fn install_and_remove(debs: &[PathBuf]) -> Outcome {
    let home = tempfile::tempdir().map_err(|why| format!("a temporary folder: {why}"))?;
    let root = home.path().join("root");
    fresh(&root)?;
    let names: Vec<String> = debs.iter().map(|deb| copied(deb, &root)).collect::<Outcome<_>>()?;
    let [command, window] = names.as_slice() else { return Err("two packages are expected".to_owned()) };

    said(&mut inside(&root, &["dpkg", "-i", command]))?;
    let record = root.join(RECORD.trim_start_matches('/'));
    try_command(&|| at_home(inside(&root, &["/usr/bin/calltrail"]), Path::new("/root")), Path::new(RECORD), &record)?;
    let before = everything(&record)?;
    said(&mut inside(&root, &["dpkg", "-r", "calltrail"]))?;
    if root.join("usr/bin/calltrail").exists() {
        return Err("`dpkg -r` left the program.".to_owned());
    }
    if before.is_empty() || everything(&record)? != before {
        return Err("`dpkg -r` changed the record.".to_owned());
    }
    println!("the command: installed by `dpkg -i`, content, removed by `dpkg -r`; the record is as it was");

    said(inside(&root, &["apt-get", "update", "-q"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", window];
    said(inside(&root, &install).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let version = said(&mut inside(&root, &["/usr/bin/calltrail-desktop", "--version"]))?;
    said(&mut inside(&root, &["dpkg", "-r", "calltrail-desktop"]))?;
    if everything(&record)? != before {
        return Err("installing or removing the window changed the record.".to_owned());
    }
    println!("the window: installed with what it depends on, starts ({}), removed", version.trim());
    Ok(())
}

/// The smallest Debian of this system's own release.
fn fresh(root: &Path) -> Outcome {
    let release = fs::read_to_string("/etc/os-release").map_err(|why| format!("/etc/os-release: {why}"))?;
    let suite = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or("stable");
    eprintln!("+ debootstrap --variant=minbase {suite}");
    let mut make = Command::new("debootstrap");
    said(make.arg("--variant=minbase").arg(suite).arg(root)).map(drop)
}

fn copied(deb: &Path, root: &Path) -> Outcome<String> {
    let name = deb.file_name().unwrap_or_default().to_string_lossy().into_owned();
    fs::copy(deb, root.join(&name)).map_err(|why| format!("{}: {why}", deb.display()))?;
    Ok(format!("/{name}"))
}

/// A program in there.
fn inside(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("chroot");
    command.arg(root).args(words);
    command
}

/// Every file of a folder, with its bytes.
fn everything(folder: &Path) -> Outcome<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let wrong = |why: std::io::Error| format!("{}: {why}", folder.display());
        for entry in fs::read_dir(&folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                found.insert(path.clone(), fs::read(&path).map_err(wrong)?);
            }
        }
    }
    Ok(found)
}
