//! Undoing: one step after the other, several at once, and not what somebody else has written since.

use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::store::entry::{Author, Edit, Entry, Person, Subject};
use crate::store::writer::edits::TOGETHER;

fn author(name: &str) -> Author {
    Author { person: Person { id: name.to_owned(), name: name.to_uppercase() }, device: format!("{name}'s") }
}

fn named(user: &str, name: Value) -> Edit {
    Edit { subject: Subject::User(user.to_owned()), field: "name".to_owned(), value: name }
}

/// Somebody gives the user a name.
fn write(store: &Store, who: &str, name: &str) -> Vec<Uuid> {
    let name = if name.is_empty() { Value::Null } else { json!(name) };
    ids(store.edit(&author(who), NOW, &[named("u1", name)]).expect("an edit is written"))
}

fn ids(entries: Vec<Entry>) -> Vec<Uuid> {
    entries.into_iter().map(|entry| entry.id).collect()
}

fn undo(store: &Store, who: &str, ids: &[Uuid]) -> Vec<Uuid> {
    self::ids(store.undo(&author(who), NOW, ids).expect("an undo is written"))
}

/// What the user is called.
fn name(store: &Store) -> String {
    store.require_complete().unwrap();
    store.read(|reader| reader.contact("u1")).unwrap().map(|contact| contact.name).unwrap_or_default()
}

#[test]
fn a_chain_of_undos_goes_back_one_step_after_the_other() {
    with(&[], |store| {
        let written = ["Ann", "Anna", "Annabel"].map(|name| write(store, "ann", name));
        for (step, wanted) in written.iter().rev().zip(["Anna", "Ann", ""]) {
            assert_eq!((undo(store, "ann", step).len(), name(store).as_str()), (1, wanted));
        }
        assert_eq!(undo(store, "ann", &written[0]).len(), 0, "there is nothing more");
    });
}

#[test]
fn two_edits_of_one_field_are_undone_together() {
    with(&[], |store| {
        let written = ["Ann", "Anna", "Annabel"].map(|name| write(store, "ann", name));
        assert_eq!(undo(store, "ann", &written[1..].concat()).len(), 2);
        assert_eq!(name(store), "Ann");
    });
}

#[test]
fn what_somebody_else_has_written_since_stays() {
    with(&[], |store| {
        write(store, "ann", "Ann");
        let anna = write(store, "ann", "Anna");
        let bobs = write(store, "bob", "Annabel");
        assert_eq!((undo(store, "ann", &anna), name(store).as_str()), (vec![], "Annabel"));
        undo(store, "bob", &bobs);
        let undone = undo(store, "ann", &anna);
        assert_eq!(
            (undone.len(), name(store).as_str()),
            (1, "Ann"),
            "it was taken back, so the one before stands again"
        );
        undo(store, "ann", &undone);
        assert_eq!(name(store), "Anna");
        write(store, "bob", "Annabel");
        write(store, "bob", "Anna");
        assert_eq!((undo(store, "ann", &anna), name(store).as_str()), (vec![], "Anna"), "said anew, by hand");
    });
}

#[test]
fn what_cannot_be_written_to_its_end_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path(), "a test").unwrap().close().unwrap();
    let trap = "create trigger fault before insert on entry when new.value = '\"broken\"'
        begin select raise(abort, 'a fault'); end";
    Connection::open(folder.path().join("calltrail.db")).unwrap().execute_batch(trap).unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    write(&store, "ann", "Ann");
    let mut edits: Vec<Edit> = (1..=TOGETHER).map(|n| named(&format!("u{n}"), json!("Anna"))).collect();
    edits.push(named("last", json!("broken")));
    assert!(store.edit(&author("ann"), NOW, &edits).is_err(), "the last one is in a transaction of its own");
    assert_eq!(name(&store), "Ann", "what was there before");
    let count = "select count(*) from contact where name <> ''";
    let named = store.read(|reader| Ok(reader.connection().query_row(count, [], |row| row.get::<_, i64>(0))?)).unwrap();
    assert_eq!(named, 1, "and nobody else has a name");
    let history = store.read(|reader| reader.history(&Subject::User("u2".to_owned()), 10)).unwrap();
    assert_eq!(history.len(), 2, "the history tells of it");
    store.close().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// As the window does: it remembers what was done, and takes the last of it back.
    #[test]
    fn each_undo_gives_back_what_was_shown_before(steps in proptest::collection::vec((0..4_usize, any::<bool>()), 1..24)) {
        with(&[], |store| {
            let mut done: Vec<(Vec<Uuid>, String)> = Vec::new();
            let mut shown = String::new();
            for (word, is_undo) in &steps {
                if *is_undo {
                    let Some((ids, before)) = done.pop() else { continue };
                    assert_eq!(undo(store, "ann", &ids).len(), 1, "{steps:?}");
                    shown = before;
                } else {
                    let wanted = ["", "Ann", "Bea", "Cleo"][*word];
                    let ids = write(store, "ann", wanted);
                    if !ids.is_empty() {
                        done.push((ids, std::mem::replace(&mut shown, wanted.to_owned())));
                    }
                }
                assert_eq!(name(store), shown, "{steps:?}");
            }
        });
    }
}
