//! `cargo xtask test`: everything that must hold, in the order that finds a fault soonest.

use crate::behind::Behind;
use crate::command::{Outcome, cargo, must, npm, program, root, succeeds};
use crate::steps::Steps;
use crate::{contract, e2e, node, packages};
use std::process::Command;

pub(crate) fn test() -> Outcome {
    let mut steps = Steps::new();
    steps.step("set-up", || {
        packages::set_up(packages::For::Testing)?;
        node::check()
    })?;
    steps.step("format", || {
        must(cargo().args(["fmt", "--all", "--check"]))?;
        must(cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
    })?;
    // Its tool is compiled first; the interface's own checks leave a processor for that.
    let mut supply = Behind::start(&deny()?, &root().join(".xtask/deny.log"))?;
    interface(&mut steps)?;
    steps.step("supply chain", || supply.finish())?;
    // The library embeds the built files, and while a browser is driven, half of the processors wait.
    let mut build = Behind::start(&build(), &root().join(".xtask/build.log"))?;
    screens(&mut steps)?;
    steps.step("build", || build.finish())?;
    // These ask one program one thing after the other.
    let mut lints = Behind::start(&clippy(), &root().join(".xtask/clippy.log"))?;
    steps.step("api: contract", contract::contract)?;
    steps.step("ui: hostile content", || node::hostile(&program("calltrail")?))?;
    steps.step("ui: a morning", || node::morning(&program("calltrail")?))?;
    steps.step("clippy", || lints.finish())?;
    steps.step("rust tests", rust_tests)?;
    steps.step("doc tests", || must(cargo().args(["test", "--workspace", "--locked", "--doc"])))?;
    steps.step("documentation", || {
        must(cargo().args(["doc", "--workspace", "--locked", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    steps.step("desktop window", || e2e::tests(&[]))?;
    steps.finish();
    Ok(())
}

/// `cargo xtask deny`, in a process of its own.
fn deny() -> Result<Command, String> {
    let mut deny = Command::new(program("xtask")?);
    deny.arg("deny");
    Ok(deny)
}

/// With the tests: what the programs are made of is then built once for both, and not with two sets of features.
fn build() -> Command {
    let mut build = cargo();
    build.args(["build", "--workspace", "--locked", "--bins", "--tests"]);
    build
}

fn clippy() -> Command {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    clippy
}

/// `cargo xtask contract`: only that step, with what it needs.
pub(crate) fn contract() -> Outcome {
    packages::set_up(packages::For::Testing)?;
    must(cargo().args(["build", "--locked", "--package", "calltrail", "--bin", "calltrail"]))?;
    contract::contract()
}

fn interface(steps: &mut Steps) -> Outcome {
    steps.step("ui: packages", node::packages)?;
    for (name, script) in [
        ("ui: api types are fresh", "types:check"),
        ("ui: types", "check"),
        ("ui: lint", "lint"),
        ("ui: tests", "test"),
        ("ui: build", "build"),
    ] {
        steps.step(name, || must(npm().args(["run", "--silent", script])))?;
    }
    Ok(())
}

/// Every screen in a browser, on the built files. The scripts of the same names in package.json build them anew each time.
fn screens(steps: &mut Steps) -> Outcome {
    for (name, script) in [
        ("ui: walk", "dev/walk.mjs"),
        ("ui: accessibility", "dev/axe.mjs"),
        ("ui: both languages fit", "dev/fit.mjs"),
        ("ui: keyboard and screen reader", "dev/aria.mjs"),
    ] {
        steps.step(name, || node::script(script))?;
    }
    Ok(())
}

/// With nextest where it is installed: it runs every test in a process of its own and names the slow ones.
fn rust_tests() -> Outcome {
    if succeeds(cargo().args(["nextest", "--version"])) {
        must(cargo().args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]))
    } else {
        must(cargo().args(["test", "--workspace", "--locked", "--lib", "--bins", "--tests"]))
    }
}
