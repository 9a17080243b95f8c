//! What people add: the same in any order, any number of times, through rebuild, restore and import; and nothing is hidden from
//! whoever has just written it.

use super::*;
use crate::store::entry::{
    Author, CASE_ASSIGNEE, CASE_REASON, CASE_STATE, CASE_UNTIL, Edit, Entry, Person, Subject, TAG,
};
use crate::store::projection::fold::heads::{heads, shown};
use crate::store::rows::RoomRow;
use proptest::prelude::*;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const YEAR_MS: i64 = 365 * 86_400_000;

fn author(name: &str) -> Author {
    Author { person: Person { id: name.to_owned(), name: name.to_uppercase() }, device: format!("{name}'s") }
}

fn user(user: &str) -> Subject {
    Subject::User(user.to_owned())
}

fn edit(subject: &Subject, field: &str, value: Value) -> Edit {
    Edit { subject: subject.clone(), field: field.to_owned(), value }
}

fn write(store: &Store, at_ms: i64, subject: &Subject, field: &str, value: Value) -> Vec<Entry> {
    store.edit(&author("ann"), at_ms, &[edit(subject, field, value)]).expect("an edit is written")
}

/// A call of two users of app 1.
fn a_call() -> Vec<Delivery> {
    let body = r#"{"CallId":"c1","StartCallTs":1760000000,"CallType":"single","MediaType":"audio","UserId":"u1","Event":"start_call","Role":"caller","CallerId":"u1","CalleeId":["u2"]}"#;
    crate::traffic::story(7).into_iter().chain([v1(1_760_000_000, "Call.CallbackStart", body)]).collect()
}

/// Calls among four users within some minutes, most of them missed: what cases are made of.
fn missed_calls(seed: u64) -> Vec<Delivery> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let users = ["u1", "u2", "u3", "u4"];
    let end = |n: u32| {
        let caller = users.choose(&mut random).unwrap_or(&"u1");
        let callee = users.choose(&mut random).unwrap_or(&"u2");
        let started = NOW / 1_000 + random.random_range(-60..60_i64) * 10;
        let answered = if random.random_ratio(1, 3) { started + 5 } else { 0 };
        let result = if answered > 0 {
            "NormalEnd"
        } else {
            ["NotAnswer", "Cancel", "Reject"].choose(&mut random).unwrap_or(&"")
        };
        let ended = started + random.random_range(3..40_i64);
        let record = json!({
            "CallId": format!("m{n}"), "Caller_Account": caller, "MediaType": "Audio", "CallType": "SingleCall",
            "StartTime": started, "EndTime": ended.max(answered), "AcceptTime": answered, "CallResult": result,
            "CalleeList_Account": [caller, callee],
        });
        let body =
            json!({ "CallbackCommand": "Call.CallbackAfterEndCall", "CallRecord": record, "EventTime": ended * 1_000 });
        v2(ended * 1_000, "Call.CallbackAfterEndCall", &body.to_string())
    };
    (0..16).map(end).collect()
}

/// Somebody who edits on a machine of their own, and knows what has reached it.
struct Machine {
    author: Author,
    off_ms: i64,
    known: Vec<Entry>,
}

/// The heads of a field, among what one machine knows.
fn known_of<'a>(known: &'a [Entry], subject: &Subject, field: &str) -> Vec<&'a Entry> {
    known.iter().filter(|entry| entry.subject == *subject && entry.field == field).collect()
}

/// Entries of up to five machines that hear of each other now and then; one clock in five is wrong by up to a year.
fn entries(seed: u64, calls: &[(String, String)], users: &[String]) -> Vec<Entry> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut machines: Vec<Machine> = (0..random.random_range(1..=5_u32))
        .map(|n| Machine {
            author: author(&format!("p{n}")),
            off_ms: if random.random_ratio(1, 5) { random.random_range(-YEAR_MS..YEAR_MS) } else { 0 },
            known: Vec::new(),
        })
        .collect();
    let notes: Vec<String> = (0..3).map(|_| Uuid::from_u128(random.random()).to_string()).collect();
    let mut all = Vec::new();
    for n in 0..random.random_range(5..60_i64) {
        if machines.len() > 1 && random.random_ratio(1, 4) {
            let from = machines.choose(&mut random).map(|machine| machine.known.clone()).unwrap_or_default();
            let at = random.random_range(0..machines.len());
            let known = &mut machines[at].known;
            from.into_iter().for_each(|entry| {
                if !known.contains(&entry) {
                    known.push(entry)
                }
            });
            continue;
        }
        let (app, call_id) = calls.choose(&mut random).cloned().unwrap_or_default();
        let call = Subject::Call { app, call_id };
        let someone = user(users.choose(&mut random).map_or("u", String::as_str));
        let note = Subject::Note(notes.choose(&mut random).cloned().unwrap_or_default());
        let word = |random: &mut ChaCha8Rng| json!(["", "Ann", "Bob", "王芳"][random.random_range(0..4_usize)]);
        let later = NOW + random.random_range(-5_000..5_000_i64) * 1_000;
        let (subject, field, value) = match random.random_range(0..13_u32) {
            9 => (
                call,
                CASE_STATE,
                [json!("done"), json!("open"), Value::Null].choose(&mut random).cloned().unwrap_or_default(),
            ),
            10 => (
                call,
                CASE_ASSIGNEE,
                [json!({ "id": "p1", "name": "P1" }), json!(5)][random.random_range(0..2_usize)].clone(),
            ),
            11 => (call, CASE_UNTIL, [json!(later), json!("soon")][random.random_range(0..2_usize)].clone()),
            12 => (call, CASE_REASON, word(&mut random)),
            0 => (someone, "name", word(&mut random)),
            1 => (someone, "team", word(&mut random)),
            2 => (someone, "ours", [json!(true), Value::Null].choose(&mut random).cloned().unwrap_or_default()),
            3 => (someone, "same_as", users.choose(&mut random).map_or(Value::Null, |other| json!(other))),
            4 => (someone, "same_as", Value::Null),
            5 => (call, "tag:billing", [json!(true), Value::Null].choose(&mut random).cloned().unwrap_or_default()),
            6 => (note, "on", json!(if random.random() { call } else { someone })),
            7 => (note, "text", word(&mut random)),
            _ => (note, "deleted", [json!(true), Value::Null].choose(&mut random).cloned().unwrap_or_default()),
        };
        let at = random.random_range(0..machines.len());
        let machine = &mut machines[at];
        let known: Vec<Entry> = known_of(&machine.known, &subject, field).into_iter().cloned().collect();
        let entry = Entry {
            id: Uuid::from_u128(random.random()),
            at_ms: NOW + n * 1_000 + machine.off_ms,
            person: machine.author.person.clone(),
            device: machine.author.device.clone(),
            subject: subject.clone(),
            field: field.to_owned(),
            value: value.clone(),
            replaces: heads(&known).iter().map(|held| held.id).collect(),
        };
        machine.known.push(entry.clone());
        let known: Vec<Entry> = known_of(&machine.known, &subject, field).into_iter().cloned().collect();
        let seen = shown(&known).map_or(Value::Null, |shown| shown.value.clone());
        assert_eq!(seen, value, "whoever has just written something sees it");
        all.push(entry);
    }
    all
}

/// What holds of every field, by a second implementation of rules 9.2: everything that somebody knew of is struck out.
fn held(entries: &[Entry]) -> BTreeMap<(String, String), Value> {
    let mut fields: BTreeMap<(String, String), Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        fields.entry((entry.subject.text(), entry.field.clone())).or_default().push(entry);
    }
    let holds = |((subject, field), of_field): ((String, String), Vec<&Entry>)| {
        let mut left = of_field.clone();
        for entry in &of_field {
            left.retain(|other| other.id == entry.id || !entry.replaces.contains(&other.id));
        }
        let added = left.iter().any(|entry| field.starts_with(TAG) && entry.value == json!(true));
        let newest = left.iter().max_by_key(|entry| (entry.at_ms, entry.id)).map(|entry| entry.value.clone());
        ((subject, field), if added { json!(true) } else { newest.unwrap_or_default() })
    };
    fields.into_iter().map(holds).filter(|(_, value)| !value.is_null()).collect()
}

/// The same, as the projection has it.
fn projected(store: &Store) -> BTreeMap<(String, String), Value> {
    let read = |reader: &Reader| {
        let mut found = BTreeMap::new();
        let mut statement =
            reader.connection().prepare("select user, name, team, ours, same_as from contact_natural")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let subject = user(&row.get::<_, String>(0)?).text();
            for (field, column) in [("name", 1), ("team", 2), ("same_as", 4)] {
                let value: Option<String> = row.get(column)?;
                found.insert((subject.clone(), field.to_owned()), json!(value));
            }
            let ours = if row.get::<_, bool>(3)? { json!(true) } else { Value::Null };
            found.insert((subject, "ours".to_owned()), ours);
        }
        let mut statement = reader.connection().prepare("select subject, tag from tagged_natural")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found.insert((row.get(0)?, format!("{TAG}{}", row.get::<_, String>(1)?)), json!(true));
        }
        let mut statement = reader.connection().prepare("select id, subject, text from note_natural")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let note = Subject::Note(row.get(0)?).text();
            found.insert((note.clone(), "on".to_owned()), serde_json::from_str(&row.get::<_, String>(1)?)?);
            found.insert((note, "text".to_owned()), json!(row.get::<_, String>(2)?));
        }
        found.retain(|_, value| !value.is_null() && *value != json!(""));
        let mut statement = reader.connection().prepare("select subject, field, value from case_entry_natural")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let field = format!("case.{}", row.get::<_, String>(1)?);
            found.insert((row.get(0)?, field), serde_json::from_str(&row.get::<_, String>(2)?)?);
        }
        Ok(found)
    };
    store.read(read).expect("the projection can be read")
}

/// What [`projected`] shows of what holds: nothing of a note that is deleted, on nothing or without text, and no empty texts; nobody
/// is the same as himself.
fn visible(mut held: BTreeMap<(String, String), Value>) -> BTreeMap<(String, String), Value> {
    let fields = held.clone();
    let has = |subject: &str, field: &str| fields.contains_key(&(subject.to_owned(), field.to_owned()));
    held.retain(|(subject, field), value| match Subject::read(subject) {
        Some(Subject::Note(_)) => {
            field != "deleted"
                && has(subject, "on")
                && has(subject, "text")
                && !has(subject, "deleted")
                && *value != json!("")
        }
        Some(Subject::User(user)) => *value != json!("") && !(field == "same_as" && *value == json!(user)),
        _ => true,
    });
    held
}

/// The rows as text, with the cases when nobody waits for theirs any more.
fn dump(store: &Store) -> String {
    store.require_complete().expect("what was archived is applied soon");
    while store.read(Reader::stale_cases).unwrap() > 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    store.read(|reader| Ok((lists::check_counters(reader), lists::check_segments(reader)))).unwrap();
    let cases = store.read(|reader| {
        let mut lines = Vec::new();
        reader.each_whole_case(&Filter::default(), NOW, |case| {
            lines.push(format!("{case:?}"));
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(lines.join("\n"))
    });
    store.read(Reader::dump).expect("the record can be read") + &cases.unwrap()
}

/// A record of these deliveries and entries, in an order that the seed decides, some of them twice.
fn recorded(seed: u64, deliveries: &[Delivery], entries: &[Entry]) -> (tempfile::TempDir, Store) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    let mut entries: Vec<Entry> = entries.iter().chain(entries.iter().take(3)).cloned().collect();
    entries.shuffle(&mut random);
    let (before, after) = entries.split_at(random.random_range(0..=entries.len()));
    store.absorb_entries(before.to_vec()).unwrap();
    store.absorb(deliveries.iter().map(|one| absorbed(one, 0)).collect()).unwrap();
    for entry in after {
        store.absorb_entries(vec![entry.clone()]).unwrap();
    }
    (folder, store)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_same_entries_give_the_same_people_tags_and_notes(seed: u64, order: u64) {
        let deliveries: Vec<Delivery> = crate::traffic::story(seed).into_iter().chain(missed_calls(seed)).collect();
        let (calls, users) = with(&deliveries, |store| {
            let calls = store.read(|reader| reader.calls(&Filter::default(), &PageRequest::default(), NOW)).unwrap().rows;
            let users = calls.iter().flat_map(|call| [vec![call.caller.clone()], call.callees.clone()].concat());
            let users: Vec<String> = users.filter(|user| !user.is_empty()).chain(["nobody".to_owned()]).collect();
            (calls.iter().map(|call| (call.app.clone(), call.call_id.clone())).collect::<Vec<_>>(), users)
        });
        let missed = (0..16).map(|n| ("1".to_owned(), format!("m{n}")));
        let calls: Vec<_> = calls.into_iter().take(4).chain(missed).chain([("1".to_owned(), "later".to_owned())]).collect();
        let users = users.into_iter().take(3).chain(["u1", "u2", "u3", "u4"].map(str::to_owned));
        let entries = entries(seed, &calls, &users.collect::<Vec<_>>());

        let (_one, store) = recorded(order, &deliveries, &entries);
        let wanted = dump(&store);
        prop_assert_eq!(projected(&store), visible(held(&entries)), "a second implementation agrees");
        store.rebuild().unwrap();
        prop_assert_eq!(&dump(&store), &wanted, "a rebuild");

        let (_other, other) = recorded(order ^ 1, &deliveries, &entries);
        prop_assert_eq!(&dump(&other), &wanted, "another order");

        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup.db");
        store.close().unwrap();
        let verified = crate::store::verify(_one.path()).unwrap();
        prop_assert!(verified.is_sound(), "what was derived bit by bit is what a replay gives: {:?}", verified);
        crate::store::backup(_one.path(), &backup).unwrap();
        let half: Vec<Entry> = entries.iter().step_by(2).cloned().collect();
        let (_third, third) = recorded(order, &[], &half);
        third.restore(&backup).unwrap();
        prop_assert_eq!(&dump(&third), &wanted, "restored into a record that had half of it");
        let again = third.restore(&backup).unwrap();
        prop_assert_eq!(again.entries, 0, "doing it again changes nothing");
        prop_assert_eq!(&dump(&third), &wanted, "and the rows are the same");
    }
}

#[test]
fn the_calls_of_the_property_make_cases() {
    for seed in 0..4 {
        with(&missed_calls(seed), |store| assert!(dump(store).contains("CaseRow"), "somebody was missed, seed {seed}"));
    }
}

#[test]
fn an_edit_is_written_with_what_it_replaces_and_can_be_undone() {
    with(&a_call(), |store| {
        let someone = user("u1");
        let first = write(store, 10, &someone, "name", json!("Ann"));
        let again = write(store, 11, &someone, "name", json!("Ann"));
        assert_eq!((first.len(), again.len()), (1, 0), "what holds is not written again");
        let second = write(store, 5, &someone, "name", json!("Anna"));
        assert_eq!(second[0].replaces, [first[0].id], "the later one replaces the first, whatever the clock says");
        let name = |store: &Store| projected(store).get(&(someone.text(), "name".to_owned())).cloned();
        assert_eq!(name(store), Some(json!("Anna")));
        let undone = store.undo(&author("bob"), 20, &[second[0].id]).unwrap();
        assert_eq!((undone.len(), name(store)), (1, Some(json!("Ann"))), "what held before, as a new entry");
        let nothing = store.undo(&author("bob"), 21, &[second[0].id]).unwrap();
        assert_eq!((nothing.len(), name(store)), (0, Some(json!("Ann"))), "what was written over since stays");
        store.undo(&author("bob"), 22, &[first[0].id, undone[0].id]).unwrap();
        assert_eq!(name(store), Some(json!("Anna")), "undoing the undoing");
    });
}

#[test]
fn several_ids_are_one_person_and_a_circle_ends_at_its_smallest() {
    with(&a_call(), |store| {
        let same = |one: &str, other: Value| write(store, 10, &user(one), "same_as", other);
        let persons = |store: &Store| {
            let sql = "select group_concat(user || '=' || person, ' ') from (select user, person from contact_natural order by user)";
            store
                .read(|reader| Ok(reader.connection().query_row(sql, [], |row| row.get::<_, Option<String>>(0))?))
                .unwrap()
        };
        let b = same("b", json!("c"));
        same("a", json!("b"));
        assert_eq!(persons(store).as_deref(), Some("a=c b=c"), "chains are followed");
        same("c", json!("a"));
        assert_eq!(persons(store).as_deref(), Some("a=a b=a c=a"), "a circle");
        store.undo(&author("ann"), 11, &b.iter().map(|entry| entry.id).collect::<Vec<_>>()).unwrap();
        assert_eq!(persons(store).as_deref(), Some("a=b b=b c=b"), "and it is opened again");
        let rebuilt = (dump(store), store.rebuild().map(|_| dump(store)).unwrap());
        assert_eq!(rebuilt.0, rebuilt.1, "a rebuild finds the same");
    });
}

#[test]
fn a_bit_that_turns_over_in_an_entry_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), "a test").unwrap();
    write(&store, 10, &user("u1"), "name", json!("Ann"));
    store.close().unwrap();
    assert!(crate::store::verify(folder.path()).unwrap().is_sound());
    let archive = rusqlite::Connection::open(folder.path().join("calltrail.db")).unwrap();
    archive.execute("update entry set value = '\"Anm\"'", []).unwrap();
    drop(archive);
    let verified = crate::store::verify(folder.path()).unwrap();
    assert_eq!(verified.altered.len(), 1, "the entry that does not give its digest: {verified:?}");
}

#[test]
fn people_and_rooms_are_found_by_their_notes_and_tags() {
    with(&a_call(), |store| {
        let rooms = |store: &Store, filter: &Filter| {
            let rooms = store.read(|reader| Ok(reader.rooms(filter, &PageRequest::default(), NOW)?.rows));
            rooms.expect("the record can be read")
        };
        let room = rooms(store, &Filter::default()).pop().expect("the traffic has a room");
        let RoomRow { app, product, room_id_type, room_id, .. } = room.clone();
        let room_subject = Subject::Room { app, product, room_id_type, room_id };
        for (id, subject) in [(1, user("u1")), (2, room_subject.clone())] {
            let note = Subject::Note(Uuid::from_u128(id).to_string());
            write(store, 10, &note, "on", json!(subject));
            write(store, 10, &note, "text", json!("Asks for ZEPPELIN hours"));
            write(store, 10, &subject, "tag:Übergabe", json!(true));
        }
        for q in ["zeppelin", "ÜBERGABE"] {
            let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
            let people = store.read(|reader| Ok(reader.people(&filter, &PageRequest::default(), NOW)?.rows));
            let people: Vec<_> = people.expect("the record can be read").into_iter().map(|one| one.user).collect();
            assert_eq!(people, ["u1"], "{q}");
            let found: Vec<_> = rooms(store, &filter).into_iter().map(|room| room.room_id).collect();
            assert_eq!(found, [room.room_id.as_str()], "{q}");
        }
    });
}
