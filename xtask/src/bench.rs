//! `cargo xtask bench …`: the benchmarks, in release mode.

use crate::command::{Outcome, cargo, must};

/// Durable answers per second, against the same server without the store.
pub(crate) fn ingest() -> Outcome {
    must(cargo().args(["bench", "--bench", "ingest"]))
}
