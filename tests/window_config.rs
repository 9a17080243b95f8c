//! What the desktop window is allowed, read from its configuration: whoever loosens it has to loosen this test as well.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

fn shell(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(shell(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

fn config() -> Value {
    serde_json::from_str(&read("tauri.conf.json")).expect("the configuration is JSON")
}

/// Every file of a folder, and of those in it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the shell has sources").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Every name in a JSON document.
fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| std::iter::once(name.as_str()).chain(names(value))).collect()
        }
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// The words of a configuration by which a page could do more than show itself.
fn dangers(config: &Value) -> Vec<&str> {
    names(config)
        .into_iter()
        .filter(|name| {
            let lower = name.to_ascii_lowercase();
            lower.starts_with("dangerous")
                || ["remote", "devurl", "assetprotocol", "devtools"].contains(&lower.as_str())
        })
        .collect()
}

#[test]
fn the_page_has_no_way_into_the_shell() {
    let config = config();
    assert_eq!(
        config["app"],
        json!({
            "withGlobalTauri": false,
            // Windows are opened by the program alone, on its own scheme, whose answers carry the API's policy.
            "windows": [],
            "security": { "csp": "default-src 'none'", "freezePrototype": true, "capabilities": [] },
        }),
        "nothing of Tauri's own scheme runs, prototypes are frozen, and no window has a permission"
    );
    assert_eq!(dangers(&config), Vec::<&str>::new(), "no switch that takes protection away");
    assert_eq!(config["plugins"], Value::Null, "no plugin is set up for the page");
    assert_eq!(config["build"], json!({ "frontendDist": "frontend" }), "no page comes from a server of a developer");
}

#[test]
fn there_are_no_permissions_and_no_commands() {
    for folder in ["capabilities", "permissions"] {
        assert!(!shell(folder).exists(), "src-tauri/{folder}: the page asks by HTTP alone and needs no permission");
    }
    let build: String = read("build.rs").lines().filter(|line| !line.starts_with("//")).collect();
    assert_eq!(
        build.split_whitespace().collect::<String>(),
        "fnmain(){tauri_build::build();}",
        "build.rs declares no command"
    );
    let dependencies = read("Cargo.toml");
    let tauri: Vec<&str> = dependencies.lines().filter(|line| line.starts_with("tauri")).collect();
    assert_eq!(
        tauri,
        [
            "tauri-build = { version = \"2\", features = [] }",
            "tauri = { version = \"2\", features = [\"tray-icon\"] }",
            "tauri-plugin-dialog = \"2\"",
            "tauri-plugin-single-instance = \"2\"",
            "tauri-plugin-window-state = \"2\"",
            // Not on Linux; the page cannot reach it, because it has no permission.
            "tauri-plugin-autostart = \"2\"",
        ],
        "no developer tools in a release, no plugin for shells, files, requests or opening links"
    );
    for path in sources(&shell("src")) {
        let source = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        for word in [
            "invoke_handler",
            "generate_handler",
            "#[tauri::command]",
            "initialization_script",
            ".eval(",
            "open_devtools",
        ] {
            assert!(
                !source.contains(word),
                "{} has {word}: the page and the shell share nothing but HTTP",
                path.display()
            );
        }
    }
}

#[test]
fn a_loosened_configuration_is_noticed() {
    let loose = json!({ "app": { "security": { "dangerousRemoteDomainIpcAccess": [], "capabilities": [{ "remote": {} }] } }, "build": { "devUrl": "" } });
    assert_eq!(dangers(&loose), ["dangerousRemoteDomainIpcAccess", "remote", "devUrl"], "each of them, wherever it is");
}
