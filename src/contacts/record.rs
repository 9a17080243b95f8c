//! Contacts as the record has them, and what is written into it.

use serde_json::json;

use super::{Contact, Edit, LONGEST_VALUE};
use crate::store::{
    entry::{self, Subject},
    rows::ContactRow,
};

/// A row that a plan takes is taken by the record too.
const _: () = assert!(LONGEST_VALUE == entry::LONGEST_TEXT);

impl From<ContactRow> for Contact {
    fn from(known: ContactRow) -> Self {
        let ContactRow { name, team, ours, phone, email, comment, same_as, .. } = known;
        Self { name, team, ours, phone, email, comment, same_as }
    }
}

impl From<Edit> for entry::Edit {
    fn from(Edit { user, field, value }: Edit) -> Self {
        Self { subject: Subject::User(user), field: field.code().to_owned(), value: json!(value) }
    }
}
