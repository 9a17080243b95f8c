//! People of several ids, and what two machines say of one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::store::entry::{Author, Edit, Entry, Person, Subject};

#[test]
fn each_id_of_a_person_is_exported_with_its_own_calls() {
    let began = NOW / 1_000 - 10_000;
    let calls = [("m1", "u1", 0), ("m2", "u2", 100), ("m3", "u2", 200)];
    let calls = calls.map(|(call_id, caller, after)| cases::missed(call_id, caller, began + after));
    with(&calls, |store| {
        let exported = |store: &Store| {
            store.require_complete().unwrap();
            let mut rows = Vec::new();
            let read = |reader: &Reader| {
                reader.each_user(&Filter::default(), NOW, |row| {
                    let seen = [row.first_ms, row.last_ms].map(|at| at.map_or(-1, |at| at / 1_000 - began));
                    rows.push((row.user, row.calls, seen, row.same_as));
                    Ok(ControlFlow::Continue(()))
                })
            };
            store.read(read).unwrap();
            rows.sort();
            rows
        };
        let row =
            |user: &str, calls: u64, seen: [i64; 2], same_as: &str| (user.to_owned(), calls, seen, same_as.to_owned());
        let alone = [row("u1", 1, [0, 0], ""), row("u2", 2, [100, 200], ""), row("us", 3, [0, 200], "")];
        assert_eq!(exported(store), alone);
        let same = |user: &str, other: &str| Edit {
            subject: Subject::User(user.to_owned()),
            field: "same_as".to_owned(),
            value: json!(other),
        };
        store.edit(&Author::default(), NOW, &[same("u2", "u1"), same("never", "u1")]).unwrap();
        let [one, two, us] = alone;
        let two = (two.0, two.1, two.2, "u1".to_owned());
        assert_eq!(exported(store), [row("never", 0, [-1, -1], "u1"), one, two, us], "no call is counted twice");
    });
}

#[test]
fn two_machines_that_say_the_same_do_not_disagree() {
    with(&[], |store| {
        let said = |id: u128, field: &str, value: serde_json::Value| Entry {
            id: Uuid::from_u128(id),
            at_ms: NOW,
            person: Person::default(),
            device: format!("machine {id}"),
            subject: Subject::User("u1".to_owned()),
            field: field.to_owned(),
            value,
            replaces: Vec::new(),
        };
        let entries =
            [(1, "ours", json!(true)), (2, "ours", json!(true)), (3, "name", json!("Ann")), (4, "name", json!("Bea"))];
        store.absorb_entries(entries.map(|(id, field, value)| said(id, field, value)).to_vec()).unwrap();
        store.require_complete().unwrap();
        let contact = store.read(|reader| reader.contact("u1")).unwrap().expect("something is said");
        let others = BTreeMap::from([("name".to_owned(), vec!["Ann".to_owned()])]);
        assert_eq!((contact.ours, contact.name.as_str(), contact.others), (true, "Bea", others));
    });
}
