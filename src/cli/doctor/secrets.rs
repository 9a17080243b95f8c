//! Where the secrets of the applications are, which are set, and whether others can read them. Names no application.

use std::path::Path;

use calltrail::config::{
    App, KeyStore, Kind, Vault,
    vault::{self, Kept, Place},
};

use super::Finding;

const WHAT: &str = "secrets";

pub(super) fn look(folder: &Path, apps: &[App]) -> Vec<Finding> {
    let vault = Vault::open(folder, KeyStore::Auto);
    let mut findings = vec![places(&vault)];
    findings.extend(is_private(&vault));
    // By their place in `app list`, because the report names nobody.
    findings.extend(apps.iter().enumerate().map(|(at, app)| of_app(&vault, at + 1, app)));
    findings
}

/// Where they are; where a first one would go.
fn places(vault: &Vault) -> Finding {
    let file = format!("{}, which only its owner may read", vault::FILE_NAME);
    match vault.count() {
        Err(why) => Finding::bad(WHAT, why.to_string()),
        Ok((0, 0)) => match vault.place() {
            Kept { place: Place::KeyStore, .. } => {
                Finding::good(WHAT, "none is set; they would be kept in this computer's key store")
            }
            Kept { place: Place::File, because } => {
                Finding::note(WHAT, format!("none is set; they would be kept in {file}{}", reason(because)))
            }
        },
        Ok((_, 0)) => Finding::good(WHAT, "kept in this computer's key store"),
        Ok((0, _)) => Finding::note(WHAT, format!("kept in the file {file}{}", reason(vault.place().because))),
        Ok(_) => Finding::note(WHAT, format!("some are kept in this computer's key store, others in the file {file}")),
    }
}

fn reason(because: Option<String>) -> String {
    because.map(|why| format!("; this computer's key store cannot be used: {why}")).unwrap_or_default()
}

fn of_app(vault: &Vault, number: usize, app: &App) -> Finding {
    let (mut set, mut doubt) = (Vec::new(), None);
    for kind in Kind::ALL {
        match vault.get(&app.id, kind) {
            Ok(Some(secret)) => {
                set.push(kind.name());
                doubt = doubt.or(kind.doubt(&secret));
            }
            Ok(None) => {}
            Err(vault::Error::Unreadable { why, .. }) => {
                let says =
                    format!("app {number}: its {} is in the key store, which does not give it: {why}", kind.name());
                return Finding::bad(WHAT, says);
            }
            Err(vault::Error::Unusable { why, .. }) => {
                let says = format!("app {number}: its {} in {} cannot be used. {why}", kind.name(), vault::FILE_NAME);
                return Finding::bad(WHAT, says);
            }
            Err(_) => return Finding::bad(WHAT, format!("app {number}: nobody can say which are set")),
        }
    }
    let says = if set.is_empty() { "none is set".to_owned() } else { format!("{} set", set.join(", ")) };
    match doubt {
        Some(doubt) => Finding::note(WHAT, format!("app {number}: {says}. {}", doubt.message())),
        None => Finding::good(WHAT, format!("app {number}: {says}")),
    }
}

#[cfg(unix)]
fn is_private(vault: &Vault) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(vault.file()).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let name = vault::FILE_NAME;
        Finding::bad(WHAT, format!("{name} has the mode {mode:04o}: other users may read it; chmod 600 keeps them out"))
    })
}

/// Windows and others: the user's own folder is private by the system's rules.
#[cfg(not(unix))]
fn is_private(_vault: &Vault) -> Option<Finding> {
    None
}
