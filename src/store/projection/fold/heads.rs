//! What holds of a field: the entries that no other replaces (rules.md section 9.2). A clock decides only between those who did
//! not know of each other.

use std::collections::HashSet;

use serde_json::Value;
use uuid::Uuid;

use crate::store::entry::{Entry, TAG};

/// The entries of one field of one subject that hold: the one that is shown first, and those that were written apart from it.
///
/// Entries that replace one another in a circle can only have been made up. All of them hold then, so that nothing is hidden.
pub(crate) fn heads(entries: &[Entry]) -> Vec<&Entry> {
    let replaced: HashSet<Uuid> = entries
        .iter()
        .flat_map(|entry| entry.replaces.iter().filter(|replaced| **replaced != entry.id).copied())
        .collect();
    let mut heads: Vec<&Entry> = entries.iter().filter(|entry| !replaced.contains(&entry.id)).collect();
    if heads.is_empty() {
        heads = entries.iter().collect();
    }
    // In a set, whoever adds wins; then the greater moment, and between equals the greater id.
    heads.sort_by_cached_key(|entry| {
        let is_added = entry.field.starts_with(TAG) && entry.value == Value::Bool(true);
        std::cmp::Reverse((is_added, entry.at_ms, entry.id, entry.digest()))
    });
    heads
}

/// What is shown of a field: nothing where it was never written, or taken away.
pub(crate) fn shown(entries: &[Entry]) -> Option<&Entry> {
    heads(entries).first().copied().filter(|entry| !entry.value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entry::{Person, Subject};

    /// Entries `id at value <replaced`, such as `1 10 a` and `2 5 b <1`.
    fn entries(field: &str, lines: &[&str]) -> Vec<Entry> {
        let id = |text: &str| Uuid::from_u128(text.parse().unwrap());
        let entry = |line: &&str| {
            let words: Vec<&str> = line.split(' ').collect();
            let value = match words[2] {
                "null" => Value::Null,
                "true" => Value::Bool(true),
                text => Value::from(text),
            };
            Entry {
                id: id(words[0]),
                at_ms: words[1].parse().unwrap(),
                person: Person::default(),
                device: String::new(),
                subject: Subject::Team,
                field: field.to_owned(),
                value,
                replaces: words[3..].iter().map(|word| id(&word[1..])).collect(),
            }
        };
        lines.iter().map(entry).collect()
    }

    #[test]
    fn a_clock_decides_only_between_those_who_did_not_know_of_each_other() {
        for (what, field, lines, want) in [
            ("nothing was written", "name", &[][..], ""),
            ("one", "name", &["1 10 a"], "a"),
            ("the later of two, whatever its clock says", "name", &["1 10 a", "2 5 b <1"], "b"),
            ("of two who did not know of each other the greater moment", "name", &["1 10 a", "2 5 b"], "a b"),
            ("and of one moment the greater id", "name", &["1 10 a", "2 10 b"], "b a"),
            ("whoever writes over both ends it", "name", &["1 10 a", "2 5 b", "3 1 c <1 <2"], "c"),
            ("taken away", "name", &["1 10 a", "2 11 null <1"], ""),
            ("a value that is not here yet is replaced all the same", "name", &["2 11 b <1"], "b"),
            ("one that replaces itself", "name", &["1 10 a <1"], "a"),
            ("a circle", "name", &["1 10 a <2", "2 5 b <1"], "a b"),
            ("in a set, whoever adds wins", "tag:x", &["1 10 null", "2 5 true"], "true"),
        ] {
            let entries = entries(field, lines);
            let mut said: Vec<String> = heads(&entries)
                .iter()
                .filter(|entry| !entry.value.is_null())
                .map(|entry| entry.value.as_str().map_or_else(|| entry.value.to_string(), str::to_owned))
                .collect();
            if shown(&entries).is_none() {
                said.clear();
            }
            assert_eq!(said.join(" "), want, "{what}");
        }
    }
}
