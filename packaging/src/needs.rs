//! What a program needs of the system, read from the program itself.

use crate::Outcome;
use crate::run::{on_path, said};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The packages of Debian that the command needs; a test compares this with the program.
const COMMAND: &[&str] = &["libc6", "libgcc-s1"];
/// Those that the window needs.
const WINDOW: &[&str] = &[
    "libc6",
    "libcairo2",
    "libdbus-1-3",
    "libgcc-s1",
    "libgdk-pixbuf-2.0-0",
    "libglib2.0-0",
    "libgtk-3-0",
    "libjavascriptcoregtk-4.1-0",
    "libsoup-3.0-0",
    "libwebkit2gtk-4.1-0",
];

/// What a program needs, as each kind of package says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// `libc6 (>= 2.34), libgcc-s1 (>= 4.2)`
    pub(crate) debian: String,
    /// `libc.so.6(GLIBC_2.34)(64bit)`: rpm's names for a library and for a version of its symbols.
    pub(crate) rpm: Vec<String>,
}

/// Asks Debian's own tool, which knows the versions; without it, the list above serves, without versions.
pub(crate) fn of(program: &Path) -> Outcome<Needs> {
    let listed = listed(program);
    let debian = match debian(program)? {
        Some(computed) => {
            if names(&computed) != listed {
                eprintln!(
                    "{} needs {computed} here; elsewhere it would be said to need {listed:?}.",
                    program.display()
                );
            }
            computed
        }
        None => listed.join(", "),
    };
    Ok(Needs { debian, rpm: rpm(program)? })
}

fn listed(program: &Path) -> Vec<String> {
    let is_window = program.file_name().is_some_and(|name| name == "calltrail-desktop");
    if is_window { WINDOW } else { COMMAND }.iter().map(|name| (*name).to_owned()).collect()
}

/// What `dpkg-shlibdeps` finds; nothing where it is not installed.
fn debian(program: &Path) -> Outcome<Option<String>> {
    if !on_path("dpkg-shlibdeps") {
        return Ok(None);
    }
    // It wants to be in the folder of a source package.
    let home = tempfile::tempdir().map_err(|why| format!("a temporary folder: {why}"))?;
    let control = "Source: calltrail\n\nPackage: calltrail\nArchitecture: any\n";
    fs::create_dir(home.path().join("debian"))
        .and_then(|()| fs::write(home.path().join("debian/control"), control))
        .map_err(|why| format!("a temporary folder: {why}"))?;
    let program = std::path::absolute(program).map_err(|why| format!("{}: {why}", program.display()))?;
    let text = said(Command::new("dpkg-shlibdeps").args(["-O", "-e"]).arg(&program).current_dir(home.path()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    line.map(|line| Some(line.to_owned())).ok_or_else(|| format!("dpkg-shlibdeps said `{}`.", text.trim()))
}

/// The packages of a list of dependencies, without versions, and as they were called before the width of time grew.
fn names(depends: &str) -> Vec<String> {
    let name = |part: &str| {
        let name = part.split([' ', '|']).find(|word| !word.is_empty()).unwrap_or_default();
        name.strip_suffix("t64").unwrap_or(name).to_owned()
    };
    depends.split(',').map(name).collect()
}

/// As rpm's own `elfdeps` says it, from what the linker wrote into the program.
fn rpm(program: &Path) -> Outcome<Vec<String>> {
    Ok(of_headers(&said(Command::new("objdump").arg("-p").arg(program))?))
}

fn of_headers(text: &str) -> Vec<String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut library = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["NEEDED", name] => {
                found.entry((*name).to_owned()).or_default().push(String::new());
            }
            ["required", "from", name] => library = Some(name.trim_end_matches(':').to_owned()),
            [hash, _, _, version] if hash.starts_with("0x") => {
                if let Some(versions) = library.as_ref().and_then(|name| found.get_mut(name)) {
                    versions.push((*version).to_owned());
                }
            }
            _ => {}
        }
    }
    let mut needs = Vec::new();
    for (library, mut versions) in found {
        versions.sort_unstable();
        needs.extend(versions.iter().map(|version| format!("{library}({version})(64bit)")));
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn what_the_linker_wrote_is_said_as_rpm_says_it() {
        let text = "Dynamic Section:\n  NEEDED               libm.so.6\n  NEEDED               libc.so.6\n  SONAME               libx.so\n\n\
                    Version References:\n  required from libc.so.6:\n    0x069691b4 0x00 06 GLIBC_2.34\n    0x09691a75 0x00 03 GLIBC_2.2.5\n";
        assert_eq!(
            of_headers(text),
            [
                "libc.so.6()(64bit)",
                "libc.so.6(GLIBC_2.2.5)(64bit)",
                "libc.so.6(GLIBC_2.34)(64bit)",
                "libm.so.6()(64bit)"
            ],
            "each library, and each version of its symbols"
        );
    }

    #[test]
    fn dependencies_have_names() {
        assert_eq!(
            names("libc6 (>= 2.34), libgtk-3-0t64 (>= 3.6.0), a | b"),
            ["libc6", "libgtk-3-0", "a"],
            "without versions, and whatever the width of time"
        );
    }

    /// The build comes before the tests in `cargo xtask test`, so there the programs are found.
    #[test]
    fn the_lists_are_what_the_built_programs_need() {
        let own = std::env::current_exe().expect("this program");
        for name in ["calltrail", "calltrail-desktop"] {
            let built: Option<PathBuf> =
                own.ancestors().nth(2).map(|folder| folder.join(name)).filter(|file| file.is_file());
            let Some(computed) = built.as_deref().and_then(|program| debian(program).expect("it can be asked")) else {
                eprintln!("{name} is not built, or dpkg-shlibdeps is not installed");
                continue;
            };
            assert_eq!(names(&computed), listed(Path::new(name)), "{name}: {computed}");
        }
    }
}
