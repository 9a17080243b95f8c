//! What an undo goes back to. Its id tells: it is made from that entry, where the ids of other entries are random. Somebody who
//! writes the same again by hand says it anew, and that is no undo.

use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::store::entry::Entry;

/// The version of a UUID that is made from something of one's own (RFC 9562).
const MADE: usize = 8;

/// The id of an undo that goes back to an entry of this id.
pub(crate) fn id(undo: &Entry, back_to: Uuid) -> Uuid {
    let mut made = Sha256::new();
    made.update(back_to.as_bytes());
    made.update(undo.at_ms.to_be_bytes());
    undo.replaces.iter().for_each(|replaced| made.update(replaced.as_bytes()));
    made.update(undo.device.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(made.finalize()).for_each(|(byte, from)| *byte = from);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Among the entries of its field, the one that an undo goes back to; none of any other entry, and where it is not here.
fn back_to<'a>(entry: &Entry, of_field: &'a [Entry]) -> Option<&'a Entry> {
    if entry.id.get_version_num() != MADE {
        return None;
    }
    of_field.iter().find(|known| known.value == entry.value && id(entry, known.id) == entry.id)
}

/// An entry and, where it is an undo, what it goes back to, and so on to the one that was no undo. It comes to an end: an id
/// cannot be made from itself.
pub(crate) fn trail<'a>(entry: &'a Entry, of_field: &'a [Entry]) -> impl Iterator<Item = &'a Entry> {
    std::iter::successors(Some(entry), move |entry| back_to(entry, of_field))
}

/// The entry that was no undo.
pub(crate) fn origin<'a>(entry: &'a Entry, of_field: &'a [Entry]) -> &'a Entry {
    trail(entry, of_field).last().unwrap_or(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entry::{Person, Subject};
    use serde_json::json;

    fn entry(value: &str, replaces: &[&Entry]) -> Entry {
        Entry {
            id: Uuid::new_v4(),
            at_ms: 10,
            person: Person::default(),
            device: "here".to_owned(),
            subject: Subject::Team,
            field: "f".to_owned(),
            value: json!(value),
            replaces: replaces.iter().map(|replaced| replaced.id).collect(),
        }
    }

    fn undo(value: &str, replaces: &Entry, back_to: &Entry) -> Entry {
        let mut undo = entry(value, &[replaces]);
        undo.id = id(&undo, back_to.id);
        undo
    }

    #[test]
    fn an_undo_is_told_from_who_writes_the_same_by_hand() {
        let a = entry("a", &[]);
        let b = entry("b", &[&a]);
        let by_hand = entry("a", &[&b]);
        let undone = undo("a", &b, &a);
        let redone = undo("b", &undone, &b);
        let again = undo("a", &redone, &undone);
        let all = [&a, &b, &by_hand, &undone, &redone, &again].map(Clone::clone);
        let ids = |entry: &Entry| trail(entry, &all).map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(&by_hand), [by_hand.id]);
        assert_eq!(ids(&undone), [undone.id, a.id]);
        assert_eq!(ids(&again), [again.id, undone.id, a.id]);
        assert_eq!((origin(&redone, &all).id, origin(&b, &all).id), (b.id, b.id));
    }

    #[test]
    fn what_is_not_here_or_was_not_so_leads_nowhere() {
        let a = entry("a", &[]);
        let b = entry("b", &[&a]);
        let undone = undo("a", &b, &a);
        let earlier = Entry { at_ms: 9, ..undone.clone() };
        let other = Entry { value: json!("x"), ..undone.clone() };
        for (what, entry, known) in
            [("not here", &undone, vec![b.clone()]), ("earlier", &earlier, vec![a.clone()]), ("other", &other, vec![a])]
        {
            assert_eq!(trail(entry, &known).count(), 1, "{what}");
        }
    }
}
