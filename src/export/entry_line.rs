//! One line of the JSON Lines format of entries (rules.md section 8): what somebody has added, as `export entries` writes it and
//! `import` reads it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::line::{Error, VERSION};
use crate::store::entry::{Entry, Person, Subject};

/// An entry as a line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryLine {
    /// The version of the format: [`VERSION`].
    pub v: u32,
    /// A UUID.
    pub id: Uuid,
    /// When it was written, by the clock of that machine: Unix milliseconds.
    pub at: i64,
    /// Who wrote it.
    pub person: Person,
    /// On which installation.
    pub device: String,
    /// About what.
    pub subject: Subject,
    /// Which of its fields.
    pub field: String,
    /// What it says.
    pub value: Value,
    /// The entries that held before.
    #[serde(default)]
    pub replaces: Vec<Uuid>,
}

impl From<Entry> for EntryLine {
    fn from(entry: Entry) -> Self {
        let Entry { id, at_ms, person, device, subject, field, value, replaces } = entry;
        Self { v: VERSION, id, at: at_ms, person, device, subject, field, value, replaces }
    }
}

impl EntryLine {
    /// Reads a line.
    pub fn read(text: &[u8]) -> Result<Entry, Error> {
        let line: Self = serde_json::from_slice(text)?;
        if line.v != VERSION {
            return Err(Error::Version(line.v));
        }
        let Self { id, at, person, device, subject, field, value, replaces, .. } = line;
        Ok(Entry { id, at_ms: at, person, device, subject, field, value, replaces })
    }
}
