//! What a contact can hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that is known of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ContactField)]
pub enum Field {
    /// The user id, which is the key.
    User,
    /// The name that is shown.
    Name,
    /// The team.
    Team,
    /// One of us.
    Ours,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Whatever else.
    Comment,
    /// Another id of the same person.
    SameAs,
}

impl Field {
    /// Every field, in the order of our export.
    pub const ALL: [Self; 8] =
        [Self::User, Self::Name, Self::Team, Self::Ours, Self::Phone, Self::Email, Self::Comment, Self::SameAs];

    /// The word that the command line, the API and our export's first line use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Name => "name",
            Self::Team => "team",
            Self::Ours => "ours",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Comment => "comment",
            Self::SameAs => "same_as",
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// True when its digits are what it is: a number that a spreadsheet rounded is another one.
    pub const fn is_identifier(self) -> bool {
        matches!(self, Self::User | Self::SameAs | Self::Phone)
    }
}
