//! The workflows of `.github`: YAML, with no more rights than they need, and with actions that nobody can exchange.

use std::fs;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlLoader};

fn workflows() -> Vec<(PathBuf, Yaml)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").join(".github/workflows");
    let entries = fs::read_dir(&folder).expect("there are workflows");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a text");
        let mut documents = YamlLoader::load_from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(documents.len(), 1, "{}: one document", path.display());
        (path, documents.remove(0))
    };
    entries.map(|entry| read(entry.expect("an entry").path())).collect()
}

/// Every value under a key of this name, however deep.
fn under<'a>(yaml: &'a Yaml, key: &str, found: &mut Vec<&'a Yaml>) {
    match yaml {
        Yaml::Hash(fields) => {
            for (name, value) in fields {
                if name.as_str() == Some(key) {
                    found.push(value);
                }
                under(value, key, found);
            }
        }
        Yaml::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

fn all<'a>(yaml: &'a Yaml, key: &str) -> Vec<&'a Yaml> {
    let mut found = Vec::new();
    under(yaml, key, &mut found);
    found
}

/// `owner/action@` and the hash of a commit: a tag can be moved by whoever owns the action.
fn is_pinned(action: &str) -> bool {
    let commit = action.split_once('@').map_or("", |(_, commit)| commit);
    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn workflows_may_do_what_they_need_and_no_more() {
    let workflows = workflows();
    assert_eq!(workflows.len(), 2, "test and release");
    let mut writing = 0;
    for (path, workflow) in &workflows {
        let path = path.display();
        assert_eq!(
            workflow["permissions"]["contents"].as_str(),
            Some("read"),
            "{path}: reads, where a job says nothing else"
        );
        assert_eq!(workflow["permissions"].as_hash().map(|rights| rights.len()), Some(1), "{path}: and nothing else");
        writing += all(workflow, "contents").iter().filter(|right| right.as_str() == Some("write")).count();
        assert!(all(workflow, "pull_request_target").is_empty(), "{path}: strangers' code never runs with our rights");
        let actions = all(workflow, "uses");
        assert!(!actions.is_empty(), "{path}: the actions are found");
        for action in actions {
            let action = action.as_str().expect("a name");
            assert!(is_pinned(action), "{path}: {action} is pinned by a commit");
            assert!(action.starts_with("actions/"), "{path}: {action} is of GitHub itself");
        }
        for commands in all(workflow, "run").into_iter().filter_map(Yaml::as_str) {
            // What is pasted into a command is a command; the environment is not.
            assert!(!commands.contains("${{"), "{path}: {commands}");
        }
        let jobs = workflow["jobs"].as_hash().expect("jobs");
        for (name, job) in jobs {
            assert!(job["timeout-minutes"].as_i64().is_some_and(|minutes| minutes <= 120), "{path}: {name:?} ends");
        }
    }
    assert_eq!(writing, 1, "one job makes the draft of a release");
    assert!(!is_pinned("actions/checkout@v4") && !is_pinned("actions/checkout"), "a tag is no pin");
}

#[test]
fn what_a_release_calls_is_what_there_is() {
    let (_, release) = workflows().into_iter().find(|(path, _)| path.ends_with("release.yml")).expect("the release");
    let commands: Vec<&str> = all(&release, "run").into_iter().filter_map(Yaml::as_str).collect();
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).expect("the lock file");
    let tauri = lock.split("name = \"tauri\"\nversion = \"").nth(1).and_then(|rest| rest.split('"').next());
    let bundler = commands.iter().find_map(|line| line.split("@tauri-apps/cli@").nth(1)?.split(' ').next());
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    assert_eq!(bundler.and_then(major), tauri.and_then(major), "the bundler is of the library's major version");
    assert!(
        commands.iter().any(|line| line.starts_with("cargo xtask package --smoke")),
        "packages are tried: {commands:?}"
    );
}
