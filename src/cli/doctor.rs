//! `doctor`: what works, what does not and why. The report can be shown to a stranger: it names no ids, tokens or paths.

mod beside;
mod copies;
mod folder;
mod port;
mod record;
mod secrets;

use std::{fmt, path::Path};

use calltrail::config::{App, Config, DEFAULT_HOOK};

use super::{Fault, output};

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// It works.
    Good,
    /// Nothing is broken, and there is something to know.
    Note,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    mark: Mark,
    what: &'static str,
    says: String,
}

impl Finding {
    fn good(what: &'static str, says: impl Into<String>) -> Self {
        Self { mark: Mark::Good, what, says: says.into() }
    }

    fn note(what: &'static str, says: impl Into<String>) -> Self {
        Self { mark: Mark::Note, what, says: says.into() }
    }

    fn bad(what: &'static str, says: impl Into<String>) -> Self {
        Self { mark: Mark::Bad, what, says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.mark {
            Mark::Good => "ok",
            Mark::Note => "note",
            Mark::Bad => "BAD",
        };
        write!(f, "{mark:<5}{:<15}{}", self.what, self.says)
    }
}

pub(crate) fn run(folder: &Path) -> Result<(), Fault> {
    let findings = examine(folder);
    let all_well = findings.iter().all(|finding| finding.mark != Mark::Bad);
    let mut text = format!("Calltrail {} on {}\n", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    for finding in &findings {
        text.push_str(&format!("{}\n", without_paths(&finding.to_string(), folder)));
    }
    text.push_str(if all_well { "All is well.\n" } else { "Something is wrong; see the lines marked BAD.\n" });
    output::print(&text)?;
    if all_well { Ok(()) } else { Err(Fault::Told) }
}

/// Looks at everything, and changes nothing.
fn examine(folder: &Path) -> Vec<Finding> {
    let mut findings = vec![folder::exists(folder)];
    findings.extend(folder::is_private(folder));
    let config = match Config::load(folder) {
        Ok(Some(config)) => {
            findings.push(apps(&config.apps));
            findings.extend(secrets::look(folder, &config.apps));
            Some(config)
        }
        Ok(None) => {
            findings.push(Finding::note("settings", "there are none yet; the first start makes them"));
            None
        }
        Err(error) => {
            findings.push(Finding::bad("settings", error.to_string()));
            None
        }
    };
    findings.extend(record::look(folder));
    findings.extend(copies::look(folder));
    findings.extend(beside::look(folder));
    let (hook, token) = config.map_or((DEFAULT_HOOK, None), |config| (config.hook, Some(config.token)));
    findings.push(port::look(hook, folder, token.as_deref()));
    findings
}

fn apps(apps: &[App]) -> Finding {
    let spoilt = apps.iter().filter(|app| App::read_id(&app.id).is_none()).count();
    if spoilt > 0 {
        let why = "an SDKAppID is made of digits and never begins with 0, so no callback can be of such an app";
        let remedy = "`calltrail app list` shows it, and `app remove` and `app add` put it right";
        return Finding::bad("apps", format!("{spoilt} of {} have an id that is none: {why}; {remedy}", apps.len()));
    }
    match apps.len() {
        0 => Finding::note("apps", "none yet, so every callback waits in quarantine; `calltrail app add ID` adds one"),
        1 => Finding::good("apps", "1 app is ours"),
        n => Finding::good("apps", format!("{n} apps are ours")),
    }
}

/// Takes folder names out of messages from elsewhere: they contain the user's name.
fn without_paths(text: &str, folder: &Path) -> String {
    let mut text = text.to_owned();
    let home = std::env::home_dir();
    for (path, instead) in [(Some(folder), "the data folder"), (home.as_deref(), "~")] {
        if let Some(path) = path.and_then(Path::to_str).filter(|path| path.len() > 1) {
            text = text.replace(path, instead);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_no_paths() {
        let folder = Path::new("/data/of/zhang.san");
        let text = without_paths("The settings file /data/of/zhang.san/config.json is damaged", folder);
        assert_eq!(
            text, "The settings file the data folder/config.json is damaged",
            "a folder can carry a person's name"
        );
    }

    #[test]
    fn an_empty_folder_is_no_fault_and_stays_empty() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let missing = folder.path().join("missing");
        for folder in [folder.path(), &missing] {
            // The port is the machine's and not the folder's.
            let findings = examine(folder).into_iter().filter(|finding| finding.what != "hook");
            let bad: Vec<_> = findings.filter(|finding| finding.mark == Mark::Bad).collect();
            assert_eq!(bad, [], "nothing is wrong before the first start");
        }
        assert!(!missing.exists(), "looking makes no folder");
        assert_eq!(folder.path().read_dir().expect("it is there").count(), 0, "and no files");
    }
}
