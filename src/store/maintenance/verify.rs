//! Whether the record can be trusted: the files, the archive, and that the projection equals a replay.

use std::path::Path;

use crate::store::archive::{coverage, entries};
use crate::store::error::Error;
use crate::store::files::paths::Files;
use crate::store::files::projection_file::{self, CASES, PROJECTED, Position};
use crate::store::maintenance::{call_hours, room_counts};
use crate::store::projection::cases;
use crate::store::projection::catch_up::CatchUp;
use crate::store::projection::dump::same_rows;
use crate::store::projection::segments;
use crate::store::projection::stale;
use crate::store::query::reader::{FileCheck, Reader};

/// So often it is compared again when something came while it was compared.
const TRIES: u32 = 3;

/// What `verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Deliveries in the archive.
    pub deliveries: u64,
    /// What SQLite says of the files; `ok` alone when they are sound.
    pub integrity: Vec<String>,
    /// References that lead nowhere.
    pub dangling: u64,
    /// Deliveries, entries of people, and periods of rules.md section 13, whose content does not give their digest.
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
    let files = Files::of(folder, None);
    for _ in 0..TRIES {
        verified = Verified { integrity: verified.integrity, dangling: verified.dangling, ..Verified::default() };
        let compared = match reader.in_whole_snapshot(|reader| compare(reader, &files, true, &mut verified)) {
            Err(Error::Rebuilding { missing }) => {
                verified.missing = missing;
                reader.in_snapshot(|reader| compare(reader, &files, false, &mut verified))
            }
            Err(error) if error.is_damage() => {
                verified.integrity.push(error.to_string());
                break;
            }
            compared => compared,
        };
        if compared? || verified.differing.is_empty() {
            break;
        }
    }
    verified.integrity.dedup();
    Ok(verified)
}

/// Replays the archive, checks each delivery and, where the projection is whole, compares it with the replay. `false`: the replay
/// may have seen what the reader does not see yet, because it folds from the archive as it is now.
fn compare(reader: &Reader, files: &Files, is_whole: bool, verified: &mut Verified) -> Result<bool, Error> {
    verified.other_rules = projection_file::other_rules(reader.connection())?;
    let mut scratch = projection_file::scratch_beside(files)?;
    CatchUp::default().replay(reader.connection(), &mut scratch, |one| {
        verified.deliveries += 1;
        if !one.archived.digest.is_of(&one.delivery.app, &one.callback, &one.delivery.body) {
            verified.altered.push(one.archived.digest.hex());
        }
    })?;
    verified.altered.extend(entries::altered(reader.connection())?);
    verified.altered.extend(coverage::altered(reader.connection())?);
    if !is_whole || verified.other_rules {
        return Ok(true);
    }
    for (view, _) in PROJECTED {
        if !same_rows(reader.connection(), &scratch, view)? {
            verified.differing.push(view.trim_end_matches("_natural").to_owned());
        }
    }
    // A search would miss rows.
    verified.differing.extend(segments::differing(reader.connection())?.into_iter().map(str::to_owned));
    if stale::count(reader.connection())? == 0 {
        cases::derive::all(&mut scratch)?;
        for view in CASES {
            if !same_rows(reader.connection(), &scratch, view)? {
                verified.differing.push(view.trim_end_matches("_natural").to_owned());
            }
        }
    }
    if room_counts::differ(reader.connection())? {
        verified.differing.push("room".to_owned());
    }
    // Figures would be wrong.
    if call_hours::differ(reader.connection())? {
        verified.differing.push("call_hour".to_owned());
    }
    Ok(Position::end_of_archive(&scratch)? == Position::end_of_archive(reader.connection())?)
}
