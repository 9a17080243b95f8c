//! `serve`: callbacks in, the record out, and who else may write meanwhile.

use super::{APP, Folder, samples, serving::Serving};

#[cfg(unix)]
#[test]
fn posted_samples_become_the_same_record_as_imported_ones() {
    let folder = Folder::new();
    let serving = Serving::start(&folder, &["--no-web", "--app", APP]);
    assert_eq!(serving.web, None, "--no-web means no web page");
    for sample in samples::all() {
        let (status, body) = serving.post(&sample);
        assert_eq!(status, "HTTP/1.1 200 OK", "{} is taken; the answer was {body}", sample.name);
    }
    let record = folder.record();
    let (status, rest) = serving.stop();
    assert_eq!(status.code(), Some(0), "SIGTERM ends it in order");
    assert_eq!(rest, "", "standard output has the one line and nothing else");
    assert_eq!(folder.record(), record, "what was read beside it is what is there afterwards");
    assert_eq!(record, Folder::with_samples().record(), "the way in makes no difference");
}

#[cfg(unix)]
#[test]
fn one_process_writes_and_the_others_are_told_which() {
    let folder = Folder::with_samples();
    let serving = Serving::start(&folder, &["--no-web"]);
    let file = folder.path("samples.jsonl");
    for args in [&["import", &file][..], &["app", "add", "7"], &["app", "remove", APP], &["rebuild"]] {
        let complaint = folder.bad(1, args);
        assert!(complaint.contains("calltrail serve"), "{args:?} names what runs: {complaint}");
        assert!(complaint.contains(&serving.id().to_string()), "{args:?} names the process: {complaint}");
    }
    for args in [&["export", "calls"][..], &["app", "list"], &["verify"]] {
        folder.good(args);
    }
    let report = folder.run(&["doctor"]).out;
    assert!(report.contains("calltrail serve"), "doctor says who is at work: {report}");
    let (status, _) = serving.stop();
    assert_eq!(status.code(), Some(0), "it stops in order");
    folder.good(&["rebuild"]);
}

#[cfg(unix)]
#[test]
fn the_callback_address_stays_the_same() {
    let folder = Folder::new();
    let path = |url: &str| url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).map(|(_, path)| path.to_owned());
    let first = Serving::start(&folder, &["--web", "127.0.0.1:0", "--app", "7=Clinic"]);
    let (hook, web) = (first.hook.clone(), first.web.clone());
    assert!(web.is_some_and(|web| web.starts_with("http://127.0.0.1:")), "the web page is on this machine");
    assert!(!hook.ends_with('/'), "Tencent's console takes the address as it is: {hook}");
    first.stop();
    assert_eq!(folder.good(&["app", "list"]), "7           Clinic\n".replace("           ", "  "), "--app is kept");
    let second = Serving::start(&folder, &["--no-web"]);
    assert_eq!(path(&second.hook), path(&hook), "Tencent has the address; a restart must not change it");
    second.stop();
}

#[test]
fn a_weak_token_is_refused() {
    let folder = Folder::new();
    let file = folder.write("token", "s3cr3t\n");
    let complaint = folder.bad(1, &["serve", "--no-web", "--hook", "127.0.0.1:0", "--hook-token-file", &file]);
    assert!(complaint.contains("16 to 128 characters"), "the reason is told: {complaint}");
    assert!(!complaint.contains("s3cr3t"), "the token itself is not: {complaint}");
}
