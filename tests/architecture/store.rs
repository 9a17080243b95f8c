//! The folders of the store: the arrows between them are those of the page, nothing inside uses the facade, and no two modules
//! use each other, also not through others.

use std::collections::{BTreeMap, BTreeSet};

use super::{root, rust_files, table};

/// What each module of the store uses of it, by their paths below `store`, such as `writer::queue`.
fn modules() -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("src/store");
    let name = |file: &std::path::Path| {
        let path = file.strip_prefix(&folder).unwrap().with_extension("");
        path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("::")
    };
    let files: Vec<_> = rust_files(&folder).into_iter().filter(|file| !name(file).starts_with("tests")).collect();
    let names: BTreeSet<String> = files.iter().map(|file| name(file)).collect();
    files
        .iter()
        .map(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let from = name(file);
            let used = paths(&code.join("\n"), &from).into_iter().map(|path| longest(&path, &names));
            (from.clone(), used.filter(|used| *used != from).collect())
        })
        .collect()
}

/// The paths below `store` that a text names, groups in braces taken apart.
fn paths(code: &str, from: &str) -> BTreeSet<String> {
    let parent = from.rsplit_once("::").map_or("", |(parent, _)| parent);
    let origins = [("crate::store::", String::new()), ("use super::", format!("{parent}::"))];
    let mut found = BTreeSet::new();
    for (origin, base) in origins {
        for after in code.split(origin).skip(1) {
            let end = after.find(|c: char| !(c.is_alphanumeric() || "_:{}, \n*".contains(c))).unwrap_or(after.len());
            expand(&base, &after[..end], &mut found);
        }
    }
    found
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(base: &str, tree: &str, found: &mut BTreeSet<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split([',', '}', ' ', '\n']).next().unwrap_or_default();
        found.insert(format!("{base}{path}").trim_matches(':').trim_end_matches("::self").to_owned());
        return;
    };
    let (mut depth, mut part) = (0, String::new());
    for c in rest.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            expand(&format!("{base}{head}"), std::mem::take(&mut part).trim(), found);
        } else {
            part.push(c);
        }
    }
    if !part.trim().is_empty() {
        expand(&format!("{base}{head}"), part.trim(), found);
    }
}

/// The module that a path leads to: the longest beginning of it that is one; else what it names in the facade.
fn longest(path: &str, modules: &BTreeSet<String>) -> String {
    let parts: Vec<&str> = path.split("::").collect();
    let found = (1..=parts.len()).rev().map(|length| parts[..length].join("::")).find(|name| modules.contains(name));
    found.unwrap_or_else(|| format!("the facade: {path}"))
}

fn folder(module: &str) -> &str {
    module.split("::").next().unwrap_or(module)
}

#[test]
fn the_arrows_between_its_folders_are_those_of_the_page() {
    let mut allowed = table("The store");
    // Another table there says what is in each folder.
    allowed.retain(|name, _| name.starts_with("store/"));
    let folders: BTreeSet<&str> = allowed.keys().map(|name| name.trim_start_matches("store/")).collect();
    let modules = modules();
    assert!(modules.len() > 60 && folders.len() == 6, "the walk found the store: {} modules", modules.len());
    for (module, used) in &modules {
        for used in used {
            let (from, to) = (folder(module), folder(used));
            let may = allowed.get(&format!("store/{from}"));
            let is_allowed =
                from == to || !folders.contains(to) || may.is_some_and(|may| may.contains(&format!("store/{to}")));
            assert!(
                !used.starts_with("the facade"),
                "`store::{module}` uses {used}, which the facade has from elsewhere"
            );
            assert!(is_allowed, "`store::{module}` uses `store::{used}`, which the page does not allow");
        }
    }
}

#[test]
fn no_two_modules_use_each_other() {
    let mut left = modules();
    // Whoever uses nothing that is left is no part of a circle.
    loop {
        let names: BTreeSet<String> = left.keys().cloned().collect();
        let before = left.len();
        left.retain(|_, used| used.iter().any(|used| names.contains(used)));
        if left.len() == before {
            break;
        }
    }
    // Nor is whoever is used by nobody that is left.
    loop {
        let used: BTreeSet<String> = left.values().flatten().cloned().collect();
        let before = left.len();
        left.retain(|name, _| used.contains(name));
        if left.len() == before {
            break;
        }
    }
    assert!(left.is_empty(), "these modules of the store use each other: {:?}", left.keys());
}
