//! Why a command ends without success.

/// A failure, and with it the exit code.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The command line was wrong: exit code 2.
    Usage(String),
    /// It did not work, in one or two sentences for people: exit code 1.
    Failed(String),
    /// It did not work, and everything has been said already: exit code 1.
    Told,
}

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}
