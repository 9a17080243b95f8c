//! What a family's reader makes of one body, before the verdict is written down.

use super::facts::Facts;
use super::reason::Reason;

/// The outcome of reading one body whose family and command are known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// It belongs in the record.
    Record(Box<Facts>),
    /// It is understood and holds nothing for the record; why.
    NotRelevant(Reason),
    /// Its command is not known; what is said about it.
    UnknownCommand(Reason),
    /// It lacks what its command needs; what that is.
    Unparsable(Reason),
}

impl Reading {
    /// What belongs in the record.
    pub(crate) fn record(facts: Facts) -> Self {
        Self::Record(Box::new(facts))
    }

    /// A command of a known family that is on none of Tencent's lists.
    pub(crate) fn unknown(command: &str) -> Self {
        Self::UnknownCommand(Reason::UnknownCommand { command: command.to_owned() })
    }

    /// A body without the id that its command needs.
    pub(crate) fn lacks(field: &str) -> Self {
        Self::Unparsable(Reason::Lacks { field: field.to_owned() })
    }
}
