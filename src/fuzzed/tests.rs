//! The borders under seeded changes of what really arrives, and under every input that was found once.

mod change;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    time::Instant,
};

use super::{TARGETS, check, handler, seeds};
use crate::environment::{SEED, number, time_is_up};
use change::Changes;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Tries one input; should it fail, the input is said in a form that can be kept as a file.
fn tried(target: &str, from: &str, bytes: &[u8]) {
    catch_unwind(AssertUnwindSafe(|| check(target, bytes))).unwrap_or_else(|panic| {
        eprintln!("`{target}`, {from}: does not hold for b\"{}\"", bytes.escape_ascii());
        resume_unwind(panic)
    });
}

/// Every seed, and `inputs` changed ones; `CALLTRAIL_FUZZ_INPUTS` makes more of them.
fn changed(target: &str, inputs: u64) {
    let (begin, seeds) = (Instant::now(), seeds::of(target));
    seeds.iter().for_each(|seed| tried(target, "a seed", seed));
    let (seed, mut done) = (number(SEED).unwrap_or(1), seeds.len());
    let mut changes = Changes::new(seed, seeds, seeds::words());
    let inputs = number("CALLTRAIL_FUZZ_INPUTS").unwrap_or(inputs);
    for n in (0..inputs).take_while(|_| !time_is_up()) {
        tried(target, &format!("CALLTRAIL_SEED={seed}, change {n}"), &changes.next());
        done += 1;
    }
    println!("CALLTRAIL_FUZZ_INPUTS: {target}: {done} in {:.1} s, all held", begin.elapsed().as_secs_f32());
}

#[test]
fn callbacks_hold() {
    changed("callback", 10_000);
}

#[test]
fn queries_hold() {
    changed("query", 20_000);
}

#[test]
fn lenient_json_holds() {
    changed("lenient_json", 20_000);
}

#[test]
fn folds_hold() {
    changed("fold", 3_000);
}

#[test]
fn exports_hold() {
    changed("export", 3_000);
}

#[test]
fn answers_hold() {
    changed("answer", 10_000);
}

#[test]
fn the_handler_holds_and_its_record_is_sound() {
    changed("handler", 1_000);
    handler::finish();
}

#[test]
fn what_was_found_once_holds() {
    for (target, _) in TARGETS {
        let folder = Path::new(ROOT).join("tests/fixtures/fuzz").join(target);
        for file in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an input").path()) {
            tried(target, &file.display().to_string(), &fs::read(&file).expect("an input"));
        }
    }
    handler::finish();
}

#[test]
fn every_input_that_was_found_belongs_to_a_border() {
    for entry in fs::read_dir(Path::new(ROOT).join("tests/fixtures/fuzz")).expect("the folder of inputs") {
        let name = entry.expect("a folder").file_name().into_string().expect("a name");
        let known = TARGETS.iter().any(|(target, _)| *target == name) || name == "README.md";
        assert!(known, "tests/fixtures/fuzz/{name} is tried by nothing");
    }
}

#[test]
fn every_word_can_be_in_a_dictionary() {
    let words = seeds::words();
    assert!(words.contains("\u{1e}") && words.contains("\"CallId\":"), "marks and names of fields: {words:?}");
    let written = seeds::dictionary();
    assert_eq!(written.lines().count(), words.len(), "one line per word");
    for line in written.lines() {
        let inside = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
        assert!(inside.is_some_and(|inside| !inside.is_empty()), "in quotation marks: {line}");
        assert!(line.bytes().all(|byte| byte.is_ascii_graphic()), "and readable: {line:?}");
    }
    assert!(written.contains("\"\\x1e\"\n") && written.contains("\"\\\"CallId\\\":\"\n"), "escaped: {written}");
}

#[test]
fn every_border_has_a_fuzz_target() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("fuzz/Cargo.toml")).expect("the fuzz crate");
    for (target, _) in TARGETS {
        let bin = format!(
            "[[bin]]\nname = \"{target}\"\npath = \"fuzz_targets/{target}.rs\"\ntest = false\ndoc = false\nbench = false\n"
        );
        assert!(manifest.contains(&bin), "fuzz/Cargo.toml has\n{bin}");
        let text = fs::read_to_string(Path::new(ROOT).join(format!("fuzz/fuzz_targets/{target}.rs")));
        let want = format!(
            "//! `cargo xtask fuzz {target}`: what must hold is in `src/fuzzed/{target}.rs`.\n\n\
             #![no_main]\n\n\
             use calltrail::fuzzed;\n\
             use libfuzzer_sys::fuzz_target;\n\n\
             fuzz_target!(init: fuzzed::sow(\"{target}\"), |bytes: &[u8]| fuzzed::check(\"{target}\", bytes));\n"
        );
        assert_eq!(text.ok(), Some(want), "the target of `{target}` is built from what is here");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len(), "and there is no other");
}
