//! `cargo xtask openapi`: the API's description in `ui/openapi.json`, and the TypeScript types made from it.

use crate::command::{Outcome, cargo, line, must, npm, root};
use crate::node;
use std::fs;

pub(crate) fn refresh() -> Outcome {
    let mut describe = cargo();
    describe.args(["run", "--quiet", "--bin", "calltrail", "--", "openapi"]);
    eprintln!("+ {}", line(&describe));
    let output = describe
        .output()
        .map_err(|why| format!("cargo could not be started: {why}."))?;
    if !output.status.success() {
        return Err(format!(
            "`{}` failed:\n{}",
            line(&describe),
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let file = root().join("ui/openapi.json");
    fs::write(&file, output.stdout)
        .map_err(|why| format!("{} could not be written: {why}.", file.display()))?;
    node::check()?;
    node::packages()?;
    must(npm().args(["run", "--silent", "types"]))
}
