//! Secrets on the command line: from files or standard input, never from an argument, and never shown.

use std::{
    fs,
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use calltrail::{
    config::{Kind, Vault, vault},
    secret::{LONGEST, Secret},
};
use clap::Args;
use zeroize::Zeroizing;

use crate::cli::Fault;

/// The files that hold the secrets of one application, one secret each.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// A file with the SDKSecretKey, with which Tencent is asked; - is standard input
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// A file with the token of Live callbacks: those that it does not sign wait in quarantine; - is standard input
    #[arg(long, value_name = "FILE")]
    live_token_file: Option<PathBuf>,
    /// A file with the key of RTC Engine callbacks: those that it does not sign wait in quarantine; - is standard input
    #[arg(long, value_name = "FILE")]
    rtc_key_file: Option<PathBuf>,
}

impl Files {
    /// Reads them all, before anything is changed.
    pub(super) fn read(&self) -> Result<Vec<(Kind, Secret)>, Fault> {
        let named = [
            (Kind::SecretKey, &self.secret_key_file),
            (Kind::LiveToken, &self.live_token_file),
            (Kind::RtcKey, &self.rtc_key_file),
        ];
        let named: Vec<_> = named.into_iter().filter_map(|(kind, file)| Some((kind, file.as_deref()?))).collect();
        if named.iter().filter(|(_, file)| is_standard_input(file)).count() > 1 {
            return Err(Fault::Usage("standard input holds one secret; name files for the others".to_owned()));
        }
        named.into_iter().map(|(kind, file)| Ok((kind, read(kind, file)?))).collect()
    }
}

/// Keeps secrets and says where, as a sentence with a space before it; nothing where there are none.
pub(super) fn keep(vault: &Vault, app: &str, secrets: &[(Kind, Secret)]) -> Result<String, Fault> {
    let mut last = None;
    for (kind, secret) in secrets {
        last = Some(vault.put(app, *kind, secret)?);
    }
    let doubts: String = secrets
        .iter()
        .filter_map(|(kind, secret)| kind.doubt(secret))
        .map(|doubt| format!(" {}", doubt.message()))
        .collect();
    let names = secrets.iter().map(|(kind, _)| kind.name()).collect::<Vec<_>>().join(" and ");
    let subject = format!("Its {names} {}", if secrets.len() == 1 { "is" } else { "are" });
    Ok(match last {
        None => String::new(),
        Some(vault::Kept { place: vault::Place::KeyStore, .. }) => {
            format!(" {subject} kept in this computer's key store.{doubts}")
        }
        Some(vault::Kept { place: vault::Place::File, because }) => {
            let because =
                because.map(|why| format!(" This computer's key store cannot be used: {why}")).unwrap_or_default();
            format!(
                " {subject} kept in {} of the data folder, which only you can read.{because}{doubts}",
                vault::FILE_NAME
            )
        }
    })
}

fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Reads the secret that a file holds; `-` is standard input.
pub(crate) fn read(kind: Kind, file: &Path) -> Result<Secret, Fault> {
    let name = kind.name();
    let read = if is_standard_input(file) { from_standard_input(name)? } else { from_file(file) };
    let (bytes, place) = match read {
        Ok(bytes) if is_standard_input(file) => (bytes, "standard input".to_owned()),
        Ok(bytes) => (bytes, file.display().to_string()),
        Err(why) => return Err(Fault::Failed(format!("The {name} could not be read from {}: {why}.", file.display()))),
    };
    kind.read_bytes(&bytes).map_err(|why| Fault::Failed(format!("The {name} in {place} cannot be used. {why}")))
}

fn from_standard_input(kind: &str) -> Result<io::Result<Zeroizing<Vec<u8>>>, Fault> {
    let input = io::stdin();
    if input.is_terminal() {
        return Err(Fault::Failed(format!(
            "Standard input is a terminal, which would show the {kind} while you type it. Send it from a program (`… | calltrail app \
             add … -`) or name a file."
        )));
    }
    Ok(all(input.lock()))
}

fn from_file(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    all(fs::File::open(file)?)
}

/// No more than tells that it is too long, also in an encoding of two bytes a letter.
fn all(source: impl io::Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let most = 4 * LONGEST + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(most));
    source.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
