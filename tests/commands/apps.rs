//! `app add`, `app list`, `app remove`.

use std::{
    fs,
    io::Write as _,
    process::Stdio,
    time::{Duration, Instant},
};

use expect_test::expect;

use super::Folder;

#[test]
fn applications_are_added_listed_and_removed() {
    let folder = Folder::new();
    assert_eq!(folder.good(&["app", "list"]), "", "no application, no line");
    assert_eq!(folder.good(&["app", "list", "--json"]), "[]\n", "and no entry");
    assert!(!folder.data().exists(), "looking makes no folder");

    folder.good(&["app", "add", "1400000000", "--label", "Clinic 诊所", "--region", "singapore"]);
    let again = folder.good(&["app", "add", "20000001"]);
    assert_eq!(again, "20000001 is one of our apps now.\n", "what was done is said");
    folder.good(&["app", "add", "20000001", "--label", "Ward"]);
    expect![[r#"
        1400000000  Clinic 诊所  singapore
        20000001    Ward
    "#]]
    .assert_eq(&folder.good(&["app", "list"]));
    expect![[r#"
        [{"id":"1400000000","label":"Clinic 诊所","region":"singapore","administrator":"","secret_key":"none","live_token":"none","rtc_key":"none"},{"id":"20000001","label":"Ward","region":"","administrator":"","secret_key":"none","live_token":"none","rtc_key":"none"}]
    "#]]
    .assert_eq(&folder.good(&["app", "list", "--json"]));

    folder.good(&["app", "add", "1400000000", "--region", ""]);
    let emptied = folder.good(&["app", "list"]);
    assert!(!emptied.contains("singapore"), "an empty text goes back to what follows from the id: {emptied}");
    assert!(emptied.contains("Clinic 诊所"), "what is not given stays: {emptied}");
    folder.good(&["app", "remove", "1400000000"]);
    assert_eq!(folder.good(&["app", "list"]), "20000001  Ward\n", "the other one stays");
    let complaint = folder.bad(1, &["app", "remove", "1400000000"]);
    assert!(complaint.contains("not one of our apps"), "a slip of the finger is told: {complaint}");
}

#[test]
fn an_application_is_digits() {
    let folder = Folder::new();
    for id in ["", "abc", "14 00", "-1", "01400000000", "０１４００"] {
        let complaint = folder.bad(2, &["app", "add", "--", id]);
        assert!(complaint.contains("digits"), "{id:?} is refused with the reason: {complaint}");
    }
    assert!(!folder.data().exists(), "and nothing is made of it");
    let said = folder.good(&["app", "add", "１４００００００００"]);
    assert_eq!(said, "1400000000 is one of our apps now.\n", "wide digits are digits");
    let path = folder.data().join("config.json");
    let text = fs::read_to_string(&path).expect("the settings").replace("1400000000", "01400000000");
    fs::write(&path, text).expect("they can be changed");
    let told = folder.run(&["doctor"]).out;
    assert!(
        told.contains("BAD  apps") && told.contains("begins with 0"),
        "one that was spoilt by hand is told: {told}"
    );
    folder.good(&["app", "remove", "01400000000"]);
    assert_eq!(folder.good(&["app", "list"]), "", "and can be taken out");
}

#[cfg(unix)]
#[test]
fn the_settings_are_their_owners_alone() {
    let folder = Folder::new();
    folder.good(&["app", "add", "1400000000"]);
    assert_eq!(super::mode(folder.data()), 0o700, "nobody else looks into the folder");
    for name in ["config.json", "calltrail.db"] {
        assert_eq!(super::mode(folder.data().join(name)), 0o600, "nobody else reads {name}");
    }
}

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

#[test]
fn secrets_come_from_files_and_from_standard_input_and_are_never_shown() {
    let folder = Folder::new();
    let key = folder.write("key", &format!("{KEY}\n"));
    let said = folder.good(&["app", "add", "1400000000", "--secret-key-file", &key, "--admin", "boss"]);
    assert_eq!(
        said,
        "1400000000 is one of our apps now. Its SDKSecretKey is kept in secrets.json of the data folder, which only you can \
         read.\n",
        "where it is, is said"
    );
    let token = folder.write("token", "xxxxyyyy");
    let mut child = folder
        .command(&["app", "add", "1400000000", "--rtc-key-file", "-", "--live-token-file", &token])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(b"123654\r\n").expect("it reads");
    let ran: super::Ran = child.wait_with_output().expect("it ends").into();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("Its Live token and RTC key are kept"), "both: {}", ran.out);
    expect![[r#"
        1400000000  boss  SDKSecretKey, Live token, RTC key
    "#]]
    .assert_eq(&folder.good(&["app", "list"]));
    let listed = folder.good(&["app", "list", "--json"]);
    for part in [r#""secret_key":"set""#, r#""live_token":"set""#, r#""rtc_key":"set""#, r#""administrator":"boss""#] {
        assert!(listed.contains(part), "{part} is missing from {listed}");
    }
    for secret in [KEY, "xxxxyyyy", "123654"] {
        assert!(!listed.contains(secret) && !ran.out.contains(secret), "a list shows no secret");
        let config = fs::read_to_string(folder.data().join("config.json")).expect("the settings");
        assert!(!config.contains(secret), "neither do the settings: {config}");
    }
    let kept: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.data().join("secrets.json")).expect("the file")).expect("JSON");
    let want = serde_json::json!({"secret_key": KEY, "live_token": "xxxxyyyy", "rtc_key": "123654"});
    assert_eq!(kept["1400000000"], want, "without the line breaks of files");

    folder.good(&["app", "add", "1400000000", "--label", "Clinic"]);
    assert!(folder.good(&["app", "list"]).contains("SDKSecretKey, Live token"), "what is not said stays");
    let report = folder.run(&["doctor"]).out;
    assert!(report.contains("app 1: SDKSecretKey, Live token, RTC key set"), "doctor says which: {report}");
    assert!(report.contains("kept in the file secrets.json"), "and where: {report}");
    folder.good(&["app", "remove", "1400000000"]);
    let left = fs::read_to_string(folder.data().join("secrets.json")).expect("the file");
    assert!(!left.contains("1400000000") && !left.contains(KEY), "removing an app forgets its secrets: {left}");
}

#[test]
fn a_key_file_may_hold_marks_that_nobody_sees() {
    let folder = Folder::new();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<_>>();
    for (name, bytes) in [
        ("bom", format!("\u{feff}{KEY}\r\n").into_bytes()),
        ("utf-16", utf16(&format!("\u{feff}{KEY}\r\n"), u16::to_le_bytes)),
        ("utf-16-be", utf16(&format!("\u{feff}{KEY}\n"), u16::to_be_bytes)),
        ("pasted", format!("\u{200b}{}\u{ad}{}\u{a0}\n", &KEY[..9], &KEY[9..]).into_bytes()),
        ("quoted", format!("\"{KEY}\"\n").into_bytes()),
    ] {
        let file = folder.path(name);
        fs::write(&file, bytes).expect("written");
        let said = folder.good(&["app", "add", "\u{200b}1400000000", "--secret-key-file", &file]);
        assert!(said.starts_with("1400000000 ") && !said.contains("Check the"), "{name}: {said}");
        let kept = fs::read_to_string(folder.data().join("secrets.json")).expect("the file");
        assert!(kept.contains(&format!("\"{KEY}\"")), "{name}: the key alone is kept: {kept}");
    }
    let cut = folder.write("cut", &KEY[..63]);
    let said = folder.good(&["app", "add", "1400000000", "--secret-key-file", &cut]);
    assert!(said.contains("it has 63 characters, and Tencent's have 64"), "one that looks cut off is doubted: {said}");

    // Written by hand, by an editor that marks its encoding.
    let by_hand = format!(
        "\u{feff}{{\"1400000000\": {{\"secret_key\": \"\u{200b}{KEY} \", \"rtc_key\": \"no key at all\"}}}}\r\n"
    );
    fs::write(folder.data().join("secrets.json"), by_hand).expect("written");
    let config = fs::read(folder.data().join("config.json")).expect("the settings");
    fs::write(folder.data().join("config.json"), [b"\xef\xbb\xbf".as_slice(), &config].concat()).expect("written");
    assert!(folder.good(&["app", "list"]).contains("SDKSecretKey, RTC key"), "both are there");
    let report = folder.run(&["doctor"]).out;
    assert!(report.contains("app 1: its RTC key in secrets.json cannot be used"), "it says which not: {report}");
    assert!(!report.contains("no key at all"), "without showing it: {report}");
}

#[test]
fn what_is_no_secret_is_refused_before_anything_is_changed() {
    let folder = Folder::new();
    let (empty, two) = (folder.write("empty", " \n"), folder.write("two", "planted-first\nplanted-second\n"));
    let missing = folder.path("missing");
    let long = folder.write("long", &"x".repeat(5000));
    let (many, dashed) = (folder.write("many", &"r".repeat(33)), folder.write("dashed", "planted-1"));
    let (spaced, binary) = (folder.write("spaced", "planted word"), folder.path("binary"));
    fs::write(&binary, b"planted\xff").expect("written");
    for (code, arguments, says) in [
        (1, ["--secret-key-file", empty.as_str()].as_slice(), "empty"),
        (1, &["--live-token-file", &two], "control characters"),
        (1, &["--rtc-key-file", &long], "longer than 4096"),
        (1, &["--rtc-key-file", &missing], "could not be read"),
        (2, &["--rtc-key-file", "-", "--live-token-file", "-"], "standard input holds one secret"),
        (1, &["--rtc-key-file", &many], "at most 32"),
        (1, &["--rtc-key-file", &dashed], "neither a letter nor a digit"),
        (1, &["--live-token-file", &spaced], "character 8 of 12"),
        (1, &["--secret-key-file", &binary], "not a text"),
        (2, &["--region", "mars"], "singapore"),
        (2, &["--region", "http://192.0.2.7"], "singapore"),
    ] {
        let complaint = folder.bad(code, &[&["app", "add", "1400000000"], arguments].concat());
        assert!(complaint.contains(says), "{arguments:?}: {says:?} is missing from: {complaint}");
        assert!(!complaint.contains("planted"), "{arguments:?}: a complaint repeats nothing: {complaint}");
    }
    assert!(!folder.data().exists(), "and nothing is made of it");
}

#[cfg(unix)]
#[test]
fn a_file_of_secrets_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let key = folder.write("key", KEY);
    folder.good(&["app", "add", "1400000000", "--secret-key-file", &key]);
    let file = folder.data().join("secrets.json");
    assert_eq!(super::mode(&file), 0o600, "its owner alone reads it");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "that is no small thing: {}", ran.out);
    assert!(ran.out.contains("BAD  secrets") && ran.out.contains("0644"), "it is named: {}", ran.out);
    assert!(!ran.out.contains(KEY) && !ran.out.contains("1400000000"), "the report can be shown to a stranger");
}

/// Only where the session bus is named by the environment: nothing here may reach the key store of a person.
#[cfg(target_os = "linux")]
#[test]
fn a_key_store_that_is_not_there_or_says_nothing_holds_nobody_up() {
    let folder = Folder::new();
    let key = folder.write("key", KEY);
    let socket = folder.path("silent-bus");
    let silent = std::os::unix::net::UnixListener::bind(&socket).expect("a socket that nobody answers at");
    for (bus, says) in [(folder.path("no-bus"), "There is none"), (socket, "did not answer within 5 seconds")] {
        let began = Instant::now();
        let ran: super::Ran = folder
            .command(&["app", "add", "1400000000", "--secret-key-file", &key])
            .env_remove("CALLTRAIL_KEY_STORE")
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={bus}"))
            .output()
            .expect("it starts")
            .into();
        assert_eq!(ran.code, Some(0), "{bus}: {}", ran.err);
        assert!(began.elapsed() < Duration::from_secs(30), "{bus}: it took {:?}", began.elapsed());
        assert!(ran.out.contains("kept in secrets.json"), "{bus}: the file takes it: {}", ran.out);
        assert!(ran.out.contains(says), "{bus}: {says:?} is missing from: {}", ran.out);
    }
    drop(silent);
}
