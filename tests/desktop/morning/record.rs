//! The record read back from outside of the window: through the API, and with the command that exports.

use crate::window::Window;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

/// How many cases there are in each state that any is in.
pub(super) type Cases = BTreeMap<String, usize>;

/// How many rows a list has with this filter, as in an address.
pub(super) async fn total(window: &Window, list: &str, filter: &str) -> Value {
    window.api(&format!("/api/{list}?total=true&limit=1{filter}")).await["total"].clone()
}

/// The lines that an export writes below its heads, beside the running window. None of these columns may hold a line break.
pub(super) fn exported(window: &Window, kind: &str, columns: &str, filter: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calltrail"));
    command.args(["export", kind, "--tz", "utc", "--columns", columns]).args(filter);
    command.arg("--data-dir").arg(window.folder());
    command.env_remove("CALLTRAIL_LOG").env("TZ", "UTC").env("CALLTRAIL_KEY_STORE", "file");
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{kind} are exported: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("the command speaks UTF-8");
    text.lines().skip(1).map(str::to_owned).collect()
}

/// The cases, of which the export and the API tell the same.
pub(super) async fn cases(window: &Window) -> Cases {
    let figures = figures(window).await;
    let mut found = Cases::new();
    for state in exported(window, "cases", "state", &[]) {
        *found.entry(state).or_default() += 1;
    }
    for state in ["open", "put_off", "done", "closed_itself"] {
        assert_eq!(figures[state], found.get(state).copied().unwrap_or(0), "as many are {state}: {figures}");
    }
    found
}

/// The figures of the cases once they follow from every call: that is a moment after the calls are listed.
async fn figures(window: &Window) -> Value {
    for _ in 0..200 {
        let figures = window.api("/api/cases/figures").await;
        if figures["stale"] == 0 {
            return figures;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the cases never follow from the calls");
}
