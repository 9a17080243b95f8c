//! Commands beside a running `serve`: reading ones work, writing ones are told who writes.

use super::{APP, Folder, samples};
use crate::process::Serve;

#[test]
fn posted_samples_become_the_same_record_as_imported_ones() {
    let folder = Folder::new();
    let serve = Serve::with_web(&folder.data(), &[APP]);
    for sample in samples::all() {
        let headers: Vec<(&str, &str)> =
            sample.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = serve.post(&sample.query, &headers, sample.body.as_bytes());
        assert_eq!(answer.status, 200, "{} is taken; the answer was {}", sample.name, answer.body);
    }
    let record = folder.record();
    assert_eq!(record, Folder::with_samples().record(), "the way in makes no difference");
    serve.kill();
    assert_eq!(folder.record(), record, "what was read beside it is what is there afterwards");
}

#[test]
fn one_process_writes_and_the_others_are_told_which() {
    let folder = Folder::with_samples();
    let serve = Serve::with_web(&folder.data(), &[]);
    let file = folder.path("samples.jsonl");
    let backup = folder.path("backup.db");
    folder.good(&["backup", &backup]);
    for args in
        [&["import", &file][..], &["app", "add", "7"], &["app", "remove", APP], &["rebuild"], &["restore", &backup]]
    {
        let complaint = folder.bad(1, args);
        let holder = format!("calltrail serve (process {})", serve.id());
        assert!(complaint.contains(&holder), "{args:?} names the process: {complaint}");
    }
    for args in [&["export", "calls"][..], &["app", "list"], &["verify"]] {
        folder.good(args);
    }
    let report = folder.run(&["doctor"]).out;
    assert!(report.contains("calltrail serve"), "doctor says who is at work: {report}");
    serve.kill();
    folder.good(&["rebuild"]);
}

#[cfg(unix)]
fn signal(name: &str, id: u32) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status();
    assert!(sent.expect("the kill command").success(), "the process {id} can be told SIG{name}");
}

#[cfg(unix)]
#[test]
fn a_terminal_that_goes_away_is_a_wish_to_stop() {
    let folder = Folder::new();
    for name in ["HUP", "QUIT", "INT", "TERM"] {
        let serve = Serve::start(&folder.data());
        signal(name, serve.id());
        let status = serve.ended();
        assert_eq!(status.code(), Some(0), "SIG{name} ends it as asked: {status}");
        assert!(!folder.data().join("calltrail.db-wal").exists(), "SIG{name}: the record was closed, not left");
    }
}

/// `nohup calltrail serve &` outlives the terminal.
#[cfg(target_os = "linux")]
#[test]
fn who_is_to_outlive_the_terminal_does() {
    let folder = Folder::new();
    let mut nohup = std::process::Command::new("nohup");
    nohup.arg(crate::support::calltrail().get_program());
    let arguments = ["--hook", "127.0.0.1:0", "--no-web"];
    let serve = crate::process::ready(
        crate::process::with_arguments(nohup, &folder.data(), &arguments).spawn().expect("the command starts"),
    );
    signal("HUP", serve.id());
    let answer = serve.post("sdkappid=1400000000", &[], b"{}");
    assert_eq!(answer.status, 200, "it goes on: {}", answer.body);
    let (status, _) = serve.terminate();
    assert_eq!(status.code(), Some(0), "and stops when it is asked to: {status}");
}

#[test]
fn a_start_clears_away_what_killed_processes_left() {
    let folder = Folder::new();
    drop(Serve::start(&folder.data()));
    let (data, elsewhere) = (folder.data(), folder.path("elsewhere"));
    std::fs::create_dir(&elsewhere).expect("a folder");
    let part = format!("{elsewhere}/.calltrail-abc123.part");
    let (demo, mine) = (data.join("demo-abc123"), data.join("demo-notes-of-mine"));
    std::fs::write(&part, "call data").expect("a file");
    std::fs::write(data.join(".unfinished-abc123"), &part).expect("a note");
    std::fs::write(data.join(".calltrail-abc123"), "settings").expect("a file");
    std::fs::write(data.join(".calltrail-notes"), "somebody's").expect("a file");
    std::fs::create_dir(&demo).expect("a folder");
    std::fs::create_dir(&mine).expect("a folder");
    let serve = Serve::start(&data);
    for gone in [part.into(), data.join(".unfinished-abc123"), data.join(".calltrail-abc123"), demo] {
        assert!(!gone.exists(), "{} is a leftover", gone.display());
    }
    for stays in [&data.join(".calltrail-notes"), &mine] {
        assert!(stays.exists(), "{} is somebody's own", stays.display());
    }
    drop(serve);
}

#[test]
fn a_weak_token_is_refused() {
    let folder = Folder::new();
    let file = folder.write("token", "s3cr3t\n");
    let complaint = folder.bad(1, &["serve", "--no-web", "--hook", "127.0.0.1:0", "--hook-token-file", &file]);
    assert!(complaint.contains("16 to 128 characters"), "the reason is told: {complaint}");
    assert!(!complaint.contains("s3cr3t"), "the token itself is not: {complaint}");
}
