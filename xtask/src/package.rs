//! `cargo xtask package`: builds the programs and has `packaging/` make packages of them.

use crate::command::{Outcome, cargo, must, output, root};
use crate::{node, packages};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish<'a> {
    /// Programs as they are built for tests: for work on the packages themselves.
    dev: bool,
    out: Option<&'a str>,
    /// What `packaging/` does with the packages that it made.
    trials: Vec<&'static str>,
}

pub(crate) fn package(words: &[&str]) -> Outcome {
    let wish = read(words)?;
    if !cfg!(target_os = "linux") {
        return Err("these packages are for Linux; on macOS and Windows Tauri makes the installers (.github/workflows/release.yml).".to_owned());
    }
    packages::set_up(packages::For::Running)?;
    node::build()?;
    let programs = build(wish.dev)?;
    let root = root();
    let out = wish.out.map_or_else(|| root.join("target/packages"), PathBuf::from);
    let mut make = cargo();
    make.args(["run", "--quiet", "--locked", "--package", "calltrail-packaging", "--", "--programs"]).arg(programs);
    make.arg("--root").arg(&root).arg("--out").arg(out).args(["--date", &date(&root)?]);
    if let Some(who) = env::var("CALLTRAIL_MAINTAINER").ok().filter(|who| !who.is_empty()) {
        make.args(["--maintainer", &who]);
    }
    must(make.args(wish.trials))
}

fn read<'a>(words: &[&'a str]) -> Result<Wish<'a>, String> {
    let mut wish = Wish::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--smoke" => wish.trials.push("--smoke"),
            "--debootstrap" => wish.trials.push("--debootstrap"),
            "--profile" => match words.next() {
                Some(&"dev") => wish.dev = true,
                Some(&"release") => wish.dev = false,
                _ => return Err("--profile wants `release` or `dev`.".to_owned()),
            },
            "--out" => wish.out = Some(words.next().copied().ok_or("--out wants a folder.")?),
            other => return Err(format!("`package` does not know `{other}`.")),
        }
    }
    Ok(wish)
}

/// Builds both programs, and says where they are.
fn build(dev: bool) -> Result<PathBuf, String> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    if dev {
        must(cargo().args(["build", "--workspace", "--locked"]))?;
        return Ok(target.join("debug"));
    }
    // All of one commit on one compiler gives the same bytes, wherever the sources and their dependencies lie.
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "--package", "calltrail", "--package", "calltrail-desktop"]);
    let places = places();
    let flags = places.iter().map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()));
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.collect::<Vec<_>>().join("\u{1f}"));
    let flags = places.iter().map(|(place, name)| format!("-ffile-prefix-map={}={name}", place.display()));
    let given = env::var("CFLAGS").unwrap_or_default();
    build.env("CFLAGS", flags.fold(given, |all, flag| format!("{all} {flag}").trim().to_owned()));
    must(&mut build)?;
    Ok(target.join("release"))
}

/// The folders of this machine that would otherwise be named in the programs, and what is said instead.
fn places() -> Vec<(PathBuf, &'static str)> {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let mut places = vec![(root(), "/calltrail")];
    places.extend(target.map(|place| (place, "/calltrail/target")));
    places.extend(cargo_home.map(|place| (place, "/cargo")));
    places
}

/// The time of what is packed, in seconds since 1970: as `SOURCE_DATE_EPOCH` says (reproducible-builds.org), or of the commit.
fn date(root: &Path) -> Result<String, String> {
    if let Ok(date) = env::var("SOURCE_DATE_EPOCH") {
        return Ok(date);
    }
    let commit = output(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root));
    commit.ok_or_else(|| "the time of the commit is not known: set SOURCE_DATE_EPOCH.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read() {
        let wish = read(&["--profile", "dev", "--smoke", "--out", "/x"]);
        assert_eq!(wish, Ok(Wish { dev: true, out: Some("/x"), trials: vec!["--smoke"] }), "each of them");
        assert_eq!(read(&[]), Ok(Wish::default()), "a release, and no trial");
        for words in [&["--profile", "fast"][..], &["--out"], &["--frob"]] {
            assert!(read(words).is_err(), "{words:?} is refused");
        }
    }
}
