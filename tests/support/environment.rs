//! What the environment says of the long tests, in the library and from outside.

use std::{
    env,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// After this moment, in Unix seconds, every such test ends early.
const UNTIL: &str = "CALLTRAIL_UNTIL";
/// A number that makes other choices of chance, or those of an earlier run again.
pub(crate) const SEED: &str = "CALLTRAIL_SEED";

/// A number from the environment.
pub(crate) fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}")))
}

/// True when a test should end, however far it has come.
pub(crate) fn time_is_up() -> bool {
    number(UNTIL).is_some_and(|seconds| SystemTime::now() >= UNIX_EPOCH + Duration::from_secs(seconds))
}
