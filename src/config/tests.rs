//! The settings file: made once, kept whole, readable by its owner alone.

use super::*;

fn data_dir() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn the_first_start_makes_a_token_that_stays() {
    let home = data_dir();
    let folder = home.path().join("new/data");
    let first = Config::load_or_create(&folder).expect("a missing folder is made");
    assert_eq!(first.token.len(), 32, "128 bits are 32 hexadecimal digits");
    assert!(first.token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{} is hexadecimal", first.token);
    assert_eq!(first.hook.to_string(), "127.0.0.1:8787", "the callback address is on loopback by default");
    let second = Config::load_or_create(&folder).expect("it is there now");
    assert_eq!(second, first, "the token is registered at Tencent: it never changes by itself");
    let other = Config::load_or_create(data_dir().path()).expect("another folder");
    assert_ne!(other.token, first.token, "two installations never share a token");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = data_dir();
    let folder = home.path().join("data");
    Config::load_or_create(&folder).expect("made");
    let mode = |path: &Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700, "the folder holds call records");
    assert_eq!(mode(&folder.join(FILE_NAME)), 0o600, "the file holds the token");
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "no temporary file is left behind");
}

#[test]
fn fields_of_a_newer_version_survive_a_change() {
    let home = data_dir();
    let text = r#"{"token":"0123456789abcdef0123456789abcdef","apps":[{"id":"1"}],"retention":{"days":90}}"#;
    std::fs::write(home.path().join(FILE_NAME), text).expect("written");
    let changed = update(home.path(), |config| {
        apps::put(&mut config.apps, App::new("1", "Clinic"));
        config.public_url = Some("https://hook.example".into());
    });
    assert_eq!(changed.expect("updated").hook, DEFAULT_HOOK, "a field that is missing has its default");
    let kept = std::fs::read_to_string(home.path().join(FILE_NAME)).expect("there");
    for part in ["\"days\": 90", "Clinic", "https://hook.example", "0123456789abcdef0123456789abcdef"] {
        assert!(kept.contains(part), "{part} is missing from {kept}");
    }
}

#[test]
fn a_damaged_file_is_named_with_its_consequence() {
    let home = data_dir();
    std::fs::write(home.path().join(FILE_NAME), "{\"hook\": \"127.0.0.1:8787\",\n oops}").expect("written");
    let error = Config::load_or_create(home.path()).expect_err("it is not JSON");
    let text = error.to_string();
    for part in ["config.json", "line 2", "not affected", "callback address"] {
        assert!(text.contains(part), "{part:?} is missing from: {text}");
    }
    let left = std::fs::read_to_string(home.path().join(FILE_NAME)).expect("there");
    assert!(left.contains("oops"), "a file that a person can mend is never overwritten");
}

#[test]
fn a_token_that_lets_everybody_in_is_refused() {
    for token in ["short", "with/slash/0123456789abcdef", "spaces are not in URLs at all"] {
        let home = data_dir();
        std::fs::write(home.path().join(FILE_NAME), format!("{{\"token\":\"{token}\"}}")).expect("written");
        let error = Config::load(home.path()).expect_err("a weak token");
        assert!(error.to_string().contains("16 to 128"), "{token:?}: {error}");
    }
    let home = data_dir();
    std::fs::write(home.path().join(FILE_NAME), "{\"apps\":[{\"id\":\"7\"}]}").expect("written");
    let config = Config::load_or_create(home.path()).expect("a file without a token gets one");
    assert!(is_strong(&config.token), "an empty token would make /hook/ open to everybody");
    assert_eq!(config.apps.len(), 1, "and what the user wrote stays");
}

#[test]
fn changes_of_several_threads_are_all_kept() {
    let home = data_dir();
    Config::load_or_create(home.path()).expect("made");
    std::thread::scope(|scope| {
        for id in 1..=8 {
            let folder = home.path();
            scope.spawn(move || {
                update(folder, |config| {
                    apps::put(&mut config.apps, App::new(id.to_string(), ""));
                })
                .expect("updated");
            });
        }
    });
    let config = Config::load(home.path()).expect("whole").expect("there");
    assert_eq!(config.apps.len(), 8, "no change overwrote another: {:?}", config.apps);
}

#[test]
fn a_file_that_an_editor_marked_is_read() {
    let home = data_dir();
    let text = "{\"token\":\"0123456789abcdef\",\"apps\":[{\"id\":\"140000000\u{200b}0\"},{\"id\":\"７\",\"label\":\"诊所\"}]}";
    let utf16 = |unit: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect::<Vec<_>>();
    for bytes in [format!("\u{feff}{text}").into_bytes(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        std::fs::write(home.path().join(FILE_NAME), &bytes).expect("written");
        let config = Config::load(home.path()).expect("readable").expect("there");
        let told: Vec<_> = config.apps.iter().map(|app| (app.id.as_str(), app.label.as_str())).collect();
        assert_eq!(told, [("1400000000", ""), ("7", "诊所")], "and so are the numbers of apps");
    }
}
