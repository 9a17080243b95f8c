//! What people have added, applied: of each field that entries touch, what holds is written down where lists look for it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::store::archive::entries;
use crate::store::entry::{Entry, Subject, TAG, undo};
use crate::store::error::Error;
use crate::store::files::projection_file::Position;
use crate::store::files::projection_schema;
use crate::store::projection::apply;
use crate::store::projection::batch::DirtySet;
use crate::store::projection::fold::heads::{heads, shown};
use crate::store::projection::{cases, contacts, notes, subjects, team};

/// Entries that are applied together.
const SLICE: i64 = 1_000;

/// Applies the entries that came since; answers how many.
pub(crate) fn apply_new(connection: &Connection, applied: &mut Position) -> Result<i64, Error> {
    let (last, count) = apply_after(connection, applied.entries, connection)?;
    applied.entries = last;
    if count > 0 && projection_schema::has_all_indexes(connection)? {
        // Whoever says something of a case sees it in the next list.
        cases::derive::some_noted(connection, SLICE)?;
    }
    Ok(count)
}

/// Applies every entry of an archive to another projection.
pub(crate) fn replay(from: &Connection, to: &Connection) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let (last, count) = apply_after(from, after, to)?;
        if count == 0 {
            return Ok(());
        }
        after = last;
    }
}

/// Applies a slice of the entries after one of them; answers the last one, and how many they are.
fn apply_after(archive: &Connection, after: i64, to: &Connection) -> Result<(i64, i64), Error> {
    let found = entries::after(archive, after, SLICE)?;
    let Some((last, _)) = found.last() else { return Ok((after, 0)) };
    apply_all(archive, found.iter().filter_map(|(_, entry)| entry.as_ref()), to)?;
    Ok((*last, i64::try_from(found.len()).unwrap_or(i64::MAX)))
}

/// Derives each field that one of these entries is about anew, from all of its entries.
fn apply_all<'a>(archive: &Connection, new: impl Iterator<Item = &'a Entry>, to: &Connection) -> Result<(), Error> {
    let touched: BTreeSet<(&Subject, &str)> = new.map(|entry| (&entry.subject, entry.field.as_str())).collect();
    let mut dirty = DirtySet::default();
    let mut whole = BTreeSet::new();
    for (subject, field) in touched {
        match (subject, field.strip_prefix(TAG)) {
            (Subject::Call { .. } | Subject::User(_) | Subject::Room { .. }, Some(tag)) => {
                let is_set =
                    shown(&entries::of_field(archive, subject, field)?).is_some_and(|entry| entry.value == true);
                subjects::tag(to, subject, tag, is_set, &mut dirty)?;
            }
            // A contact and a note are small, and their fields depend on each other.
            (Subject::User(_) | Subject::Note(_), None) => {
                whole.insert(subject);
            }
            (Subject::Call { .. }, None) => {
                if let Some(of_case) = field.strip_prefix(cases::FIELD) {
                    let of_field = entries::of_field(archive, subject, field)?;
                    // Undone is as if nothing had been: when and by whom it was said is what it was before, too.
                    let said = shown(&of_field).map(|shown| undo::origin(shown, &of_field));
                    cases::write_entry(to, subject, of_case, said, &mut dirty)?;
                }
            }
            (Subject::Team, None) if field.starts_with(team::FIELD) => dirty.cases.all(),
            // Nothing is listed by them; they are read where they are wanted.
            _ => {}
        }
    }
    for subject in whole {
        match subject {
            Subject::User(user) => contacts::write_contact(to, user, &contact(archive, subject)?, &mut dirty)?,
            Subject::Note(id) => notes::write(to, id, note(archive, subject)?.as_ref(), &mut dirty)?,
            _ => {}
        }
    }
    apply::flush(dirty, to)?;
    Ok(())
}

/// What holds of a contact.
fn contact(archive: &Connection, subject: &Subject) -> Result<contacts::Contact, Error> {
    let mut contact = contacts::Contact::default();
    for field in contacts::FIELDS {
        let of_field = entries::of_field(archive, subject, field)?;
        let mut heads = heads(&of_field).into_iter();
        if let Some(shown) = heads.next() {
            contact.set(field, &shown.value);
        }
        // In the words in which it would be shown itself.
        let others: BTreeSet<String> = heads.map(|other| worded(field, other)).collect();
        let shown = contact.get(field);
        contact.add_others(field, others.into_iter().filter(|other| *other != shown).collect());
    }
    Ok(contact)
}

/// What an entry says of a field of a contact; empty where it takes a value away.
fn worded(field: &'static str, entry: &Entry) -> String {
    let mut alone = contacts::Contact::default();
    alone.set(field, &entry.value);
    alone.get(field).to_owned()
}

/// A note as it is shown; none where it was deleted, or is on nothing.
fn note(archive: &Connection, subject: &Subject) -> Result<Option<notes::Note>, Error> {
    let deleted = entries::of_field(archive, subject, notes::DELETED)?;
    if shown(&deleted).is_some_and(|entry| entry.value == true) {
        return Ok(None);
    }
    let (on, texts) =
        (entries::of_field(archive, subject, notes::ON)?, entries::of_field(archive, subject, notes::TEXT)?);
    let Some(on) = shown(&on).and_then(|entry| serde_json::from_value(entry.value.clone()).ok()) else {
        return Ok(None);
    };
    let Some(text) = shown(&texts) else { return Ok(None) };
    // Whoever wrote what nothing came before.
    let first = texts.iter().min_by_key(|entry| (!entry.replaces.is_empty(), entry.at_ms, entry.id)).unwrap_or(text);
    Ok(Some(notes::Note::new(on, text, first)))
}
