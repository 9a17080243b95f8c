//! Logs go to standard error; `CALLTRAIL_LOG` says how much (default `warn`).

use std::io;

use tracing_subscriber::EnvFilter;

/// The environment variable with a tracing filter, such as `debug` or `calltrail=trace`.
const VARIABLE: &str = "CALLTRAIL_LOG";

/// Sends this process's logs to standard error.
pub(crate) fn to_stderr() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("warn"));
    // What cannot be logged, because the disk is full or nobody listens any more, is left out: telling that on standard error, too,
    // would end whichever thread wanted to log.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    // It fails only where a subscriber is set already, and then logs have somewhere to go.
    let _ = log.log_internal_errors(false).try_init();
}
