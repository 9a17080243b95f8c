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

#[test]
fn a_weak_token_is_refused() {
    let folder = Folder::new();
    let file = folder.write("token", "s3cr3t\n");
    let complaint = folder.bad(1, &["serve", "--no-web", "--hook", "127.0.0.1:0", "--hook-token-file", &file]);
    assert!(complaint.contains("16 to 128 characters"), "the reason is told: {complaint}");
    assert!(!complaint.contains("s3cr3t"), "the token itself is not: {complaint}");
}
