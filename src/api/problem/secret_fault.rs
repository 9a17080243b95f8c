//! What is wrong with a text that should be a secret.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::config::fit::Unfit;
use crate::secret;

/// What is wrong with a text that should be a secret. Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SecretFault {
    /// There is nothing in it but spaces.
    Empty,
    /// There are line breaks or other control characters in the middle.
    Control,
    /// A character is in it that no secret has.
    Letter {
        /// Which one, from 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// It is no text.
    NotText,
    /// It is longer than any secret.
    TooLong {
        /// The most bytes.
        most: usize,
    },
    /// It is longer than those of its kind.
    Long {
        /// How many characters it has.
        length: usize,
        /// How many it may have.
        most: usize,
    },
    /// A character is neither a letter nor a digit.
    Sign {
        /// Which one, from 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
}

impl From<Unfit> for SecretFault {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unusable(secret::Unusable::Empty) => Self::Empty,
            Unfit::Unusable(secret::Unusable::Control) => Self::Control,
            Unfit::Unusable(secret::Unusable::Letter { at, of }) => Self::Letter { at, of },
            Unfit::Unusable(secret::Unusable::NotText) => Self::NotText,
            Unfit::Unusable(secret::Unusable::TooLong) => Self::TooLong { most: secret::LONGEST },
            Unfit::Long { length, most, .. } => Self::Long { length, most },
            Unfit::Sign { at, of, .. } => Self::Sign { at, of },
        }
    }
}
