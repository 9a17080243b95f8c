//! Commands that write beside a running Calltrail: through its API, found by the file beside the lock.

mod door;

use std::{
    fs::{self, File},
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant, SystemTime},
};

use calltrail::store::Store;
use serde_json::{Value, json};

use super::{APP, Folder, Ran};
use crate::process::{self, Serve, end_call, ready};

/// What the file beside the lock says.
struct Endpoint {
    address: String,
    key: String,
}

fn file(folder: &Folder) -> PathBuf {
    folder.data().join("calltrail.api")
}

fn endpoint(folder: &Folder) -> Endpoint {
    let said: Value = serde_json::from_slice(&fs::read(file(folder)).expect("the file")).expect("JSON");
    let text = |name: &str| said[name].as_str().expect("a text").to_owned();
    Endpoint { address: text("address"), key: text("key") }
}

/// Writes another file in its place.
fn write_endpoint(folder: &Folder, address: &str, key: &str, process: u32) {
    let said = json!({ "address": address, "key": key, "process": process, "version": "0" });
    fs::write(file(folder), said.to_string()).expect("it can be changed");
}

fn status_of(serve: &Serve, app: &str, id: &str) -> u16 {
    serve.post(&format!("SdkAppid={app}"), &[], end_call(id).as_bytes()).status
}

/// Holds the record without taking commands, as an earlier version does.
fn held(folder: &Folder) -> Store {
    Store::open(&folder.data(), "a window").expect("nobody else writes it")
}

fn holder() -> String {
    format!("a window (process {})", std::process::id())
}

#[test]
fn applications_come_and_go_beside_a_running_one() {
    for web in [true, false] {
        let folder = Folder::new();
        let serve = if web { Serve::with_web(&folder.data(), &[]) } else { Serve::start(&folder.data()) };
        assert_eq!(status_of(&serve, "7", "early"), 403, "nobody has said yet that this application is ours");
        let said =
            folder.good(&["app", "add", "7", "--label", "Clinic 诊所", "--region", "singapore", "--admin", "boss"]);
        assert_eq!(
            said, "7 is one of our apps now. 1 delivery came out of quarantine into the record.\n",
            "the same words as without it"
        );
        assert_eq!(status_of(&serve, "7", "later"), 200, "it goes by what the command said");
        assert!(folder.good(&["app", "list"]).contains("7           Clinic 诊所  singapore  boss"), "all of it");
        assert!(folder.good(&["export", "calls"]).contains("early"), "what waited is in the record");
        assert_eq!(
            folder.good(&["app", "add", "7", "--label", ""]),
            "7 was one of our apps already.\n",
            "what is said"
        );
        let listed = folder.good(&["app", "list"]);
        assert!(!listed.contains("Clinic") && listed.contains("singapore"), "what is not said stays: {listed}");
        let complaint = folder.bad(1, &["app", "add", "7", "--label", &"x".repeat(101)]);
        assert!(complaint.contains("at most 100 characters"), "its own sentence: {complaint}");
        let complaint = folder.bad(2, &["app", "add", "7", "--region", "mars"]);
        assert!(complaint.contains("singapore"), "a slip in the command is one: {complaint}");
        let said = folder.good(&["app", "remove", "7"]);
        assert!(said.starts_with("7 is removed: "), "{said}");
        assert_eq!(status_of(&serve, "7", "too-late"), 403, "from now on");
        let complaint = folder.bad(1, &["app", "remove", "7"]);
        assert!(complaint.contains("not one of our apps; nothing was changed"), "{complaint}");
        drop(serve);
        assert!(!folder.good(&["app", "list"]).contains("singapore"), "it stays so");
    }
}

#[test]
fn a_key_is_not_sent_to_a_running_one() {
    let folder = Folder::new();
    let serve = Serve::start(&folder.data());
    let key = folder.write("key", "123654");
    let complaint = folder.bad(1, &["app", "add", APP, "--rtc-key-file", &key]);
    assert!(complaint.contains(&format!("calltrail serve (process {})", serve.id())), "who holds it: {complaint}");
    assert!(!folder.data().join("secrets.json").exists(), "nothing is kept");
    assert!(!folder.good(&["app", "list"]).contains(APP), "and nothing is added");
}

#[test]
fn commands_at_once_are_all_done() {
    let folder = Folder::new();
    for running in [true, false] {
        let serve = running.then(|| Serve::start(&folder.data()));
        let ids: Vec<String> = (1..=4).map(|n| format!("{}{n}", if running { 1 } else { 2 })).collect();
        let children: Vec<_> = ids
            .iter()
            .map(|id| folder.command(&["app", "add", id]).stderr(Stdio::piped()).spawn().expect("starts"))
            .collect();
        for child in children {
            let ran: Ran = child.wait_with_output().expect("it ends").into();
            assert_eq!(ran.code, Some(0), "running: {running}: {}", ran.err);
        }
        let listed = folder.good(&["app", "list"]);
        assert!(ids.iter().all(|id| listed.lines().any(|line| line == id)), "all are there: {listed}");
        drop(serve);
    }
}

#[test]
fn the_file_is_there_while_commands_are_taken() {
    let folder = Folder::new();
    let serve = Serve::start(&folder.data());
    let first = endpoint(&folder);
    assert!(first.address.starts_with("127.0.0.1:"), "on this computer alone: {}", first.address);
    assert_eq!(first.key.len(), 32, "128 random bits");
    #[cfg(unix)]
    assert_eq!(super::mode(file(&folder)), 0o600, "its owner alone reads it");
    fs::remove_file(file(&folder)).expect("it is there");
    let began = Instant::now();
    folder.good(&["app", "add", "7"]);
    assert!(began.elapsed() < Duration::from_secs(5), "it is put back, and waited for: {:?}", began.elapsed());
    let again = endpoint(&folder);
    assert_eq!((again.address, again.key), (first.address, first.key.clone()), "it is the same");
    #[cfg(unix)]
    {
        let (status, _) = serve.terminate();
        assert!(status.success(), "{status}");
        assert!(!file(&folder).exists(), "it goes with the process");
    }
    #[cfg(not(unix))]
    drop(serve);
    let serve = Serve::start(&folder.data());
    assert_ne!(endpoint(&folder).key, first.key, "another key at each start");
    drop(serve);
}

#[test]
fn what_a_killed_one_left_is_believed_by_nobody() {
    let folder = Folder::new();
    let serve = Serve::start(&folder.data());
    let (left, id) = (fs::read(file(&folder)).expect("the file"), serve.id());
    serve.kill();
    assert!(file(&folder).exists(), "it had no time to take it away");
    folder.good(&["app", "add", "7"]);
    assert!(!file(&folder).exists(), "whoever has the record next does");

    fs::write(file(&folder), &left).expect("it can be put back");
    let store = held(&folder);
    fs::write(file(&folder), &left).expect("as an earlier version would leave it");
    let complaint = folder.bad(1, &["app", "add", "8"]);
    assert!(complaint.contains(&holder()) && complaint.contains("began a moment ago"), "who holds it: {complaint}");
    assert!(!complaint.contains(&id.to_string()), "and not who did: {complaint}");
    let name = File::options().write(true).open(folder.data().join("calltrail.holder")).expect("the file");
    name.set_modified(SystemTime::now() - Duration::from_secs(3_600)).expect("it is ours");
    let complaint = folder.bad(1, &["app", "remove", "7"]);
    assert!(complaint.contains(&holder()) && complaint.contains("an earlier version"), "what it may be: {complaint}");
    drop(store);
    assert!(folder.good(&["app", "list"]).contains('7'), "nothing was changed");
}

#[test]
fn a_record_that_becomes_free_is_waited_for() {
    let folder = Folder::new();
    let store = held(&folder);
    let ending = thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        store.close().expect("it closes");
    });
    assert_eq!(folder.good(&["app", "add", "7"]), "7 is one of our apps now.\n", "it was ending");
    ending.join().expect("it ended");
}

#[test]
fn while_the_demo_is_shown_the_real_record_is_meant() {
    let folder = Folder::new();
    let serve = ready(
        process::command(&folder.data(), &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0", "--demo"])
            .spawn()
            .expect("it starts"),
    );
    let shown = serve.api("/api/apps");
    assert_eq!(shown.as_array().map(Vec::len), Some(1), "the demo has one application of its own: {shown}");
    folder.good(&["app", "add", "7"]);
    assert!(folder.good(&["app", "list"]).contains('7'), "the real record has it");
    assert_eq!(serve.api("/api/apps"), shown, "and the demo has not");
}

#[cfg(unix)]
#[test]
fn one_that_stands_still_is_not_waited_for_without_end() {
    let folder = Folder::new();
    let serve = Serve::start(&folder.data());
    super::serve::signal("STOP", serve.id());
    let began = Instant::now();
    let ran = folder.run(&["app", "add", "7"]);
    super::serve::signal("CONT", serve.id());
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.err.contains("no answer came in time"), "why: {}", ran.err);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
