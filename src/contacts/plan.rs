//! What an import would change: each row held against the contact that is known.
//!
//! An empty cell says nothing, so it never takes anything away; only "no" takes away that somebody is one of us. A row that
//! cannot be trusted in one cell is refused as a whole.

mod contact;
mod refusal;
mod values;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::contact::Value as ContactValue;
use self::values::Said;
pub use self::{
    contact::{Contact, Value},
    refusal::{LONGEST_VALUE, Refusal},
};
use super::{Field, Mapping, Table};

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What would be written, in the order of the rows. Each user's field comes once at most.
    pub edits: Vec<Edit>,
    /// How many rows there are of each outcome.
    pub counts: Counts,
    /// Every row, for the preview.
    pub rows: Vec<PlannedRow>,
}

/// One thing that would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Of this user.
    pub user: String,
    /// This field, which is never [`Field::User`].
    pub field: Field,
    /// What it would be; `None` takes away what is there.
    pub value: Option<Value>,
}

/// Rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ContactCounts)]
pub struct Counts {
    /// Of users who have no contact yet.
    pub new: usize,
    /// Of contacts that would be different.
    pub changed: usize,
    /// Of contacts that say all this already, and of ids about which the row says nothing.
    pub unchanged: usize,
    /// That cannot be taken.
    pub refused: usize,
}

/// One row of the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    /// Its line of the file, or its number in the sheet.
    pub line: u64,
    /// The user id, as far as it can be told.
    pub user: String,
    /// What would become of it.
    pub outcome: Outcome,
}

/// What would become of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A contact for a user who has none.
    New {
        /// What it would say.
        changes: Vec<Change>,
    },
    /// A contact that would be different.
    Changed {
        /// Field by field.
        changes: Vec<Change>,
    },
    /// Nothing.
    Unchanged,
    /// It cannot be taken.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// One field of a contact, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ContactChange)]
pub struct Change {
    /// The field.
    pub field: Field,
    /// What is known.
    #[schema(value_type = Option<ContactValue>)]
    pub before: Option<Value>,
    /// What would be.
    #[schema(value_type = Option<ContactValue>)]
    pub after: Option<Value>,
}

/// Holds each row against what is known. `known` is asked once for each user.
pub fn plan(table: &Table, mapping: &Mapping, known: &dyn Fn(&str) -> Option<Contact>) -> Plan {
    let mut rows: Vec<PlannedRow> = Vec::with_capacity(table.rows.len());
    let said: Vec<Result<Said, Refusal>> = table.rows.iter().map(|row| values::read(row, table, mapping)).collect();
    let disputes = disputes(table, &said);
    // Several rows of one user that do not contradict each other add to one contact.
    let mut contacts: HashMap<&str, Option<Contact>> = HashMap::new();
    for (row, said) in table.rows.iter().zip(&said) {
        let (user, outcome) = match said {
            Err(why) => (values::user_text(row, mapping), Outcome::Refused { why: why.clone() }),
            Ok(said) => match disputes.get(said.user.as_str()) {
                Some(dispute) => (said.user.clone(), Outcome::Refused { why: dispute.told_to(row.line) }),
                None => {
                    let contact = contacts.entry(&said.user).or_insert_with(|| known(&said.user));
                    (said.user.clone(), outcome(said, contact))
                }
            },
        };
        rows.push(PlannedRow { line: row.line, user, outcome });
    }
    let counts = rows.iter().fold(Counts::default(), |counts, row| counts.with(&row.outcome));
    let edits = rows.iter().flat_map(PlannedRow::edits).collect();
    Plan { edits, counts, rows }
}

fn outcome(said: &Said, contact: &mut Option<Contact>) -> Outcome {
    let is_new = contact.is_none();
    let mut after = contact.clone().unwrap_or_default();
    let mut changes = Vec::new();
    for (field, value) in &said.values {
        let before = after.get(*field);
        after.set(*field, value);
        let after = after.get(*field);
        if before != after {
            changes.push(Change { field: *field, before, after });
        }
    }
    if changes.is_empty() {
        return Outcome::Unchanged;
    }
    *contact = Some(after);
    if is_new { Outcome::New { changes } } else { Outcome::Changed { changes } }
}

/// Two rows that say different things of one field of one user. Neither is right because it comes first.
struct Dispute {
    field: Field,
    first: u64,
    second: u64,
}

impl Dispute {
    /// The reason for one of the user's rows: where to look for another value.
    fn told_to(&self, line: u64) -> Refusal {
        let other = if line == self.first { self.second } else { self.first };
        Refusal::Contradicted { field: self.field, line: other }
    }
}

fn disputes<'a>(table: &Table, said: &'a [Result<Said, Refusal>]) -> HashMap<&'a str, Dispute> {
    let mut firsts: HashMap<&str, BTreeMap<Field, (u64, &Value)>> = HashMap::new();
    let mut disputes = HashMap::new();
    for (row, said) in table.rows.iter().zip(said) {
        let Ok(said) = said else { continue };
        let known = firsts.entry(&said.user).or_default();
        for (field, value) in &said.values {
            let (first, other) = *known.entry(*field).or_insert((row.line, value));
            if other != value {
                disputes.entry(said.user.as_str()).or_insert(Dispute { field: *field, first, second: row.line });
            }
        }
    }
    disputes
}

impl Counts {
    const fn with(mut self, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::New { .. } => self.new += 1,
            Outcome::Changed { .. } => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Refused { .. } => self.refused += 1,
        }
        self
    }
}

impl PlannedRow {
    fn edits(&self) -> impl Iterator<Item = Edit> {
        let changes = match &self.outcome {
            Outcome::New { changes } | Outcome::Changed { changes } => changes.as_slice(),
            Outcome::Unchanged | Outcome::Refused { .. } => &[],
        };
        changes.iter().map(|change| Edit { user: self.user.clone(), field: change.field, value: change.after.clone() })
    }
}
