//! Whether the record can be trusted: the files, the archive, and that the projection equals a replay.

use crate::store::projection::dump::same_rows;
use std::path::Path;

use crate::store::error::Error;
use crate::store::files::projection_file::{self, NUMBERED, PROJECTED};
use crate::store::projection::catch_up;
use crate::store::query::reader::{FileCheck, Reader};

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Deliveries in the archive.
    pub deliveries: u64,
    /// What SQLite says of the files; `ok` alone when they are sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
    /// Deliveries whose content does not give their digest.
    pub altered: Vec<String>,
    /// Tables whose rows are not what a replay gives.
    pub differing: Vec<String>,
    /// Deliveries that the projection has not come to yet: it is being filled.
    pub missing: u64,
    /// True when the projection was filled by other rules than those of this program: a newer reading waits for a person.
    pub other_rules: bool,
}

impl Verified {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.integrity == ["ok"] && self.dangling == 0 && self.altered.is_empty() && self.differing.is_empty()
    }
}

/// Checks the files, the archive, and that the projection equals a replay. A projection that is still being filled is not
/// compared ([`Verified::missing`] says so), and neither is one that was filled by other rules ([`Verified::other_rules`]).
pub fn verify(folder: &Path) -> Result<Verified, Error> {
    let reader = Reader::open(folder)?;
    let file = match reader.check_file() {
        // So damaged that the check itself cannot be carried out: what SQLite says then is what it found.
        Err(error) if error.is_damage() => FileCheck { integrity: vec![error.to_string()], dangling: 0 },
        checked => checked?,
    };
    let mut verified = Verified { integrity: file.integrity, dangling: file.dangling, ..Verified::default() };
    match reader.in_whole_snapshot(|reader| compare(reader, true, &mut verified)) {
        Err(Error::Rebuilding { missing }) => {
            verified.missing = missing;
            reader.in_snapshot(|reader| compare(reader, false, &mut verified))?;
        }
        Err(error) if error.is_damage() => verified.integrity.push(error.to_string()),
        compared => compared?,
    }
    verified.integrity.dedup();
    Ok(verified)
}

/// Replays the archive, checks each delivery and, where the projection is whole, compares it with the replay.
fn compare(reader: &Reader, is_whole: bool, verified: &mut Verified) -> Result<(), Error> {
    verified.other_rules = projection_file::other_rules(reader.connection())?;
    let mut scratch = projection_file::scratch()?;
    catch_up::replay(reader.connection(), &mut scratch, |one| {
        verified.deliveries += 1;
        if !one.entry.digest.is_of(&one.delivery.app, &one.callback, &one.delivery.body) {
            verified.altered.push(one.entry.digest.hex());
        }
    })?;
    for table in PROJECTED.iter().chain(NUMBERED).filter(|_| is_whole && !verified.other_rules) {
        if !same_rows(reader.connection(), &scratch, table)? {
            verified.differing.push((*table).to_owned());
        }
    }
    Ok(())
}
