//! A lock that keeps the record from being written, as it is told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Another program has locked the files of the record, such as a database browser that has begun a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Locked {
    /// Which one; null where that cannot be found out.
    pub by: Option<Process>,
}

/// A process on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// The name of its program, as the operating system tells it; empty when it does not.
    pub program: String,
}

impl std::fmt::Display for Locked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.by {
            Some(Process { pid, program }) if program.is_empty() => write!(f, "process {pid}"),
            Some(Process { pid, program }) => write!(f, "{program} (process {pid})"),
            None => f.write_str("another program"),
        }
    }
}
