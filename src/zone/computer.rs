//! This computer's own zone, by the rules that its `date` follows: `TZ` as POSIX and the C library read it, else the file of
//! rules at `/etc/localtime`. A name alone is not trusted where the file is there: containers lay the right file over a wrong name.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;

use super::{Error, Zone};

/// The rules of this computer.
const LOCALTIME: &str = "/etc/localtime";
/// Where systems keep their rules by name, unless `TZDIR` says otherwise.
const FOLDERS: [&str; 4] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

/// This computer's zone.
pub(super) fn zone() -> Result<Zone, Error> {
    match env::var_os("TZ") {
        Some(tz) => of_variable(&tz.to_string_lossy(), &folders()),
        None => of_file(Path::new(LOCALTIME)),
    }
}

fn folders() -> Vec<PathBuf> {
    env::var_os("TZDIR").map(PathBuf::from).into_iter().chain(FOLDERS.iter().map(PathBuf::from)).collect()
}

/// The zone that `TZ` names: a file of rules, a name, or the rule itself, each also after a colon.
pub(super) fn of_variable(tz: &str, folders: &[PathBuf]) -> Result<Zone, Error> {
    let value = tz.strip_prefix(':').unwrap_or(tz);
    if value.is_empty() {
        return Err(Error::Nowhere("TZ is set and empty, which stands for UTC".to_owned()));
    }
    // An absolute path is itself, whatever the folder.
    let files = folders.iter().map(|folder| folder.join(value));
    let of_file = || files.into_iter().find_map(|path| rules(&path, value).ok());
    of_file()
        .or_else(|| Zone::named(after_zoneinfo(value).unwrap_or(value)))
        // A rule such as `CST-8`. Where it does not say when summer is (`CET-1CEST`), C libraries do not agree on it.
        .or_else(|| TimeZone::posix(value).ok().map(|rules| Zone { rules, name: value.to_owned() }))
        .ok_or_else(|| Error::Variable(tz.to_owned()))
}

/// The zone of a computer whose rules are in this file.
pub(super) fn of_file(path: &Path) -> Result<Zone, Error> {
    let target = fs::read_link(path).ok();
    let name = target.as_deref().and_then(Path::to_str).and_then(after_zoneinfo);
    match rules(path, name.unwrap_or("this computer's zone")) {
        Ok(zone) => Ok(zone),
        // The link is there and what it names is not, or this is a system that keeps its zone elsewhere.
        Err(why) => name
            .and_then(Zone::named)
            .or_else(of_system)
            .ok_or_else(|| Error::Nowhere(format!("TZ is not set, and {}: {why}", path.display()))),
    }
}

/// What the operating system calls its zone, where there is no file to be read: on Windows, for one.
fn of_system() -> Option<Zone> {
    // On Linux that would be /etc/timezone, which `date` does not follow.
    if cfg!(target_os = "linux") {
        return None;
    }
    Zone::named(&iana_time_zone::get_timezone().ok()?)
}

/// The rules in a file in the format of tzdata (TZif, RFC 9636).
fn rules(path: &Path, name: &str) -> io::Result<Zone> {
    let bytes = fs::read(path)?;
    let rules =
        TimeZone::tzif(name, &bytes).map_err(|_| io::Error::other("it does not hold the rules of a time zone"))?;
    Ok(Zone { rules, name: name.to_owned() })
}

/// `Asia/Shanghai` of `/usr/share/zoneinfo/Asia/Shanghai`.
fn after_zoneinfo(path: &str) -> Option<&str> {
    path.split_once("/zoneinfo/").map(|(_, name)| name)
}
