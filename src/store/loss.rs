//! What may happen to a file behind the back of whoever has it open.

use std::fmt;

/// What became of a file that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Its name leads nowhere.
    Gone(String),
    /// Its name leads to another file.
    Exchanged(String),
    /// It has become shorter, which SQLite never makes it: somebody wrote over it.
    WrittenOver(String),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(file) => write!(f, "The file {file} was deleted, moved or renamed while it was in use"),
            Self::Exchanged(file) => write!(f, "Another file was put in the place of {file} while that was in use"),
            Self::WrittenOver(file) => write!(f, "Another program wrote over {file} while it was in use"),
        }
    }
}
