//! Secrets in the file: kept, replaced, forgotten, and shown by nothing. No test here asks a real key store.

use super::*;

const TEXT: &str = "planted-5bd2850fff3ecb11d7c805251c51ee46";

fn vault() -> (tempfile::TempDir, Vault) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let vault = Vault::open(&home.path().join("data"), KeyStore::File);
    (home, vault)
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

fn text(vault: &Vault, app: &str, kind: Kind) -> Option<String> {
    vault.get(app, kind).expect("readable").map(|secret| secret.expose().to_owned())
}

#[test]
fn a_secret_is_kept_replaced_and_forgotten() {
    let (_home, vault) = vault();
    assert_eq!(text(&vault, "1", Kind::SecretKey), None, "none is set");
    assert!(!vault.remove("1", Kind::SecretKey).expect("no failure"), "there is none to forget");
    assert!(!vault.file().exists(), "asking makes no file");

    let kept = vault.put("1", Kind::SecretKey, &secret(TEXT)).expect("kept");
    assert_eq!(kept, Kept { place: Place::File, because: None }, "the file was asked for");
    assert_eq!(text(&vault, "1", Kind::SecretKey).as_deref(), Some(TEXT), "as it was given");
    assert_eq!(text(&vault, "1", Kind::RtcKey), None, "another kind is another secret");
    assert_eq!(text(&vault, "2", Kind::SecretKey), None, "another app's too");
    vault.put("2", Kind::RtcKey, &secret("k\"\\789")).expect("kept");
    vault.put("1", Kind::SecretKey, &secret("another")).expect("kept");
    assert_eq!(text(&vault, "1", Kind::SecretKey).as_deref(), Some("another"), "replaced");
    assert_eq!(text(&vault, "2", Kind::RtcKey).as_deref(), Some("k\"\\789"), "the others stay, whatever is in them");
    assert_eq!(vault.count().expect("readable"), (0, 2), "two in the file, none in the key store");

    assert!(vault.remove("1", Kind::SecretKey).expect("no failure"), "it was there");
    assert!(!vault.is_set("1", Kind::SecretKey).expect("readable"), "and is gone");
    assert!(vault.is_set("2", Kind::RtcKey).expect("readable"), "the other stays");
    let left = std::fs::read_to_string(vault.file()).expect("there");
    assert!(!left.contains("another"), "nothing of it is left: {left}");
}

#[cfg(unix)]
#[test]
fn its_owner_alone_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_home, vault) = vault();
    vault.put("1", Kind::LiveToken, &secret(TEXT)).expect("kept");
    let mode = |path: &Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&vault.file()), 0o600, "it holds a secret");
    assert_eq!(mode(&vault.data_dir), 0o700, "in a folder that was made for it");
    let files = std::fs::read_dir(&vault.data_dir).expect("a folder").count();
    assert_eq!(files, 1, "no temporary file with a secret is left, and no settings were needed");
}

#[test]
fn a_file_that_a_person_wrote_is_used() {
    let (_home, vault) = vault();
    std::fs::create_dir_all(&vault.data_dir).expect("a folder");
    let written = r#"{"1":{"live_token":" xxxxyyyy\n","of_tomorrow":"kept"},"2":{"rtc_key":""}}"#;
    std::fs::write(vault.file(), written).expect("written");
    assert_eq!(text(&vault, "1", Kind::LiveToken).as_deref(), Some("xxxxyyyy"), "spaces around it are not part of it");
    assert_eq!(text(&vault, "2", Kind::RtcKey), None, "an empty one is none");
    vault.put("1", Kind::LiveToken, &secret("new")).expect("kept");
    let now = std::fs::read_to_string(vault.file()).expect("there");
    assert!(now.contains("of_tomorrow"), "what a newer version wrote stays: {now}");
}

#[test]
fn a_damaged_file_is_told_without_its_contents() {
    let (_home, vault) = vault();
    std::fs::create_dir_all(&vault.data_dir).expect("a folder");
    for damaged in [format!("{{\"1\":\n\"{TEXT}\"}}"), format!("{{\"1\":\n{TEXT}"), TEXT.to_owned()] {
        std::fs::write(vault.file(), &damaged).expect("written");
        for error in [
            vault.get("1", Kind::SecretKey).expect_err("unreadable"),
            vault.put("1", Kind::SecretKey, &secret("x")).expect_err("not overwritten"),
        ] {
            let told = format!("{error} {error:?}");
            assert!(told.contains(FILE_NAME) && told.contains("line"), "it names the file and the line: {told}");
            assert!(!told.contains("5bd2850f"), "and repeats nothing of it: {told}");
        }
        let left = std::fs::read_to_string(vault.file()).expect("there");
        assert_eq!(left, damaged, "a file that a person can mend is never overwritten");
    }
}

#[test]
fn a_secret_of_a_key_store_that_may_not_be_asked_is_not_taken_for_none() {
    let (_home, vault) = vault();
    vault
        .change_held(|held| {
            held.installation = "0123456789abcdef0123456789abcdef".to_owned();
            held.entries.insert("1/rtc_key".to_owned())
        })
        .expect("kept");
    let error = vault.get("1", Kind::RtcKey).expect_err("it is set, and not here").to_string();
    for part in ["RTC key of app 1", "key store", "enter the secret again"] {
        assert!(error.contains(part), "{part:?} is missing from: {error}");
    }
    assert!(vault.is_set("1", Kind::RtcKey).expect("known"), "that it is set is known without asking");
    assert_eq!(text(&vault, "1", Kind::LiveToken), None, "one that was never set is not in the key store");

    vault.put("1", Kind::RtcKey, &secret("entered-again")).expect("kept");
    assert_eq!(text(&vault, "1", Kind::RtcKey).as_deref(), Some("entered-again"), "now the file has it");
    assert_eq!(vault.count().expect("readable"), (0, 1), "and the key store is no longer asked");
}
