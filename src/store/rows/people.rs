//! People, and what is written on calls, rooms and people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::entry::{Person, Subject};

/// One person: somebody who was ever in a call or a room, or whom somebody has named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonRow {
    /// The account id that stands for the person.
    pub user: String,
    /// All account ids of the person, that one first.
    pub users: Vec<String>,
    /// Empty where nobody has said it, like the next ones.
    pub name: String,
    /// The team.
    pub team: String,
    /// True for one of us.
    pub ours: bool,
    /// The telephone number.
    pub phone: String,
    /// The e-mail address.
    pub email: String,
    /// Whatever else is good to know.
    pub comment: String,
    /// How many calls the person was in, with any of the ids.
    pub calls: u64,
    /// When first in a call or a room, Unix milliseconds; null for never.
    pub first_ms: Option<i64>,
    /// When last; null for never.
    pub last_ms: Option<i64>,
    /// How many notes there are on the person.
    pub notes: u64,
    /// In an export, where each account id has a row: the one that stands for the person. Else empty.
    pub same_as: String,
}

/// What is said of one account id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactRow {
    /// The account id.
    pub user: String,
    /// Empty where nobody has said it, like the next ones.
    pub name: String,
    /// The team.
    pub team: String,
    /// True for one of us.
    pub ours: bool,
    /// The telephone number.
    pub phone: String,
    /// The e-mail address.
    pub email: String,
    /// Whatever else is good to know.
    pub comment: String,
    /// The account id that it is the same person as; empty where none is.
    pub same_as: String,
    /// Values that were written on other machines without knowing of those that are shown, by field.
    pub others: BTreeMap<String, Vec<String>>,
}

/// A person with what is said of each of the ids, and the notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonDetailRow {
    /// The person.
    pub person: PersonRow,
    /// Of each account id of which something is said, what.
    pub contacts: Vec<ContactRow>,
    /// The notes, oldest first.
    pub notes: Vec<NoteRow>,
    /// The tags, in order.
    pub tags: Vec<String>,
    /// How many stays in rooms there were.
    pub stays: u64,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoteRow {
    /// A UUID.
    pub id: String,
    /// On what.
    pub on: Subject,
    /// What it says.
    pub text: String,
    /// Who wrote it first.
    pub person: Person,
    /// On which installation.
    pub device: String,
    /// When, Unix milliseconds by the clock of that machine.
    pub at_ms: i64,
    /// When the text was written that is shown, where it is not the first one.
    pub edited_ms: Option<i64>,
    /// By whom; empty where it is the first one.
    pub edited_by: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagRow {
    /// The tag.
    pub tag: String,
    /// `grey red orange yellow green teal blue purple pink`; empty without one.
    pub colour: String,
    /// How many calls have it.
    pub calls: u64,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamRow {
    /// The team.
    pub team: String,
    /// How many people are in it.
    pub people: u64,
}
