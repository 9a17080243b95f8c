//! The interface's packages: from the public registry, each with its hash, none of them run at installation.

use serde_json::Value;

use super::file;

/// What the interface carries to its users, besides what Svelte's compiler writes into it. Everything else is a tool.
const AT_RUN_TIME: [&str; 34] = [
    "@floating-ui/core",
    "@floating-ui/dom",
    "@floating-ui/utils",
    "@internationalized/date",
    "@jridgewell/gen-mapping",
    "@jridgewell/remapping",
    "@jridgewell/resolve-uri",
    "@jridgewell/sourcemap-codec",
    "@jridgewell/trace-mapping",
    "@sveltejs/acorn-typescript",
    "@swc/helpers",
    "@types/estree",
    "acorn",
    "aria-query",
    "axobject-query",
    "bits-ui",
    "clsx",
    "dequal",
    "devalue",
    "esm-env",
    "esrap",
    "inline-style-parser",
    "is-reference",
    "locate-character",
    "lz-string",
    "openapi-fetch",
    "openapi-typescript-helpers",
    "runed",
    "style-to-object",
    "svelte",
    "svelte-toolbelt",
    "svelte/node_modules/magic-string",
    "tabbable",
    "zimmerframe",
];

fn lock() -> serde_json::Map<String, Value> {
    let lock: Value = serde_json::from_str(&file("ui/package-lock.json")).expect("the lock file is JSON");
    let packages = lock["packages"].as_object().expect("it lists packages").clone();
    assert!(packages.len() > 50, "it was read: {} packages", packages.len());
    packages
}

/// The packages of others by name.
fn others() -> impl Iterator<Item = (String, Value)> {
    lock().into_iter().filter(|(place, _)| !place.is_empty())
}

#[test]
fn every_package_has_its_hash_and_comes_from_the_public_registry() {
    for (place, package) in others() {
        let integrity = package["integrity"].as_str().unwrap_or_default();
        assert!(integrity.starts_with("sha512-"), "{place}: what is downloaded is compared with a hash");
        if let Some(address) = package["resolved"].as_str() {
            assert!(address.starts_with("https://registry.npmjs.org/"), "{place} comes from {address}");
        }
        assert_ne!(package["link"], true, "{place} is a folder outside");
        assert_ne!(package["hasInstallScript"], true, "{place} wants to run something when it is installed");
    }
}

#[test]
fn nothing_is_run_at_installation() {
    let settings = file("ui/.npmrc");
    assert!(settings.lines().any(|line| line == "ignore-scripts=true"), "whoever types `npm install` runs no scripts");
    assert!(!settings.contains("registry"), "a mirror is somebody's own choice; the hashes hold there, too");
    assert!(!settings.contains("_auth") && !settings.contains("oken"), "and nothing secret");
}

#[test]
fn hardly_anything_goes_to_the_users() {
    let manifest: Value = serde_json::from_str(&file("ui/package.json")).expect("JSON");
    let direct: Vec<&String> = manifest["dependencies"].as_object().expect("dependencies").keys().collect();
    assert_eq!(
        direct,
        ["@internationalized/date", "bits-ui", "openapi-fetch"],
        "another package at run time is a decision: say it here"
    );
    let mut shipped: Vec<String> = others()
        .filter(|(_, package)| package["dev"] != true && package["optional"] != true && package["devOptional"] != true)
        .map(|(place, _)| place.trim_start_matches("node_modules/").to_owned())
        .collect();
    shipped.sort();
    assert_eq!(shipped, AT_RUN_TIME, "and what it brings along");
    for kind in ["optionalDependencies", "bundleDependencies"] {
        assert_eq!(manifest[kind], Value::Null, "no {kind}");
    }
}
