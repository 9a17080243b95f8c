//! What is known of a user, as far as an import can say it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::Field;

/// A contact. Texts are empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name that is shown.
    pub name: String,
    /// The team.
    pub team: String,
    /// One of us.
    pub ours: bool,
    /// A telephone number.
    pub phone: String,
    /// An e-mail address.
    pub email: String,
    /// Whatever else.
    pub comment: String,
    /// Another id of the same person.
    pub same_as: String,
}

/// A value of a field, as entries hold it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ContactValue)]
pub enum Value {
    /// Of [`Field::Ours`].
    Truth(bool),
    /// Of every other field.
    Text(String),
}

impl Contact {
    /// What holds; `None` where nothing is known, and for somebody who is not one of us.
    pub fn get(&self, field: Field) -> Option<Value> {
        let text = match field {
            Field::User => return None,
            Field::Ours => return self.ours.then_some(Value::Truth(true)),
            Field::Name => &self.name,
            Field::Team => &self.team,
            Field::Phone => &self.phone,
            Field::Email => &self.email,
            Field::Comment => &self.comment,
            Field::SameAs => &self.same_as,
        };
        (!text.is_empty()).then(|| Value::Text(text.clone()))
    }

    pub(super) fn set(&mut self, field: Field, value: &Value) {
        let place = match (field, value) {
            (Field::Ours, Value::Truth(ours)) => {
                self.ours = *ours;
                return;
            }
            (Field::User | Field::Ours, _) => return,
            (Field::Name, _) => &mut self.name,
            (Field::Team, _) => &mut self.team,
            (Field::Phone, _) => &mut self.phone,
            (Field::Email, _) => &mut self.email,
            (Field::Comment, _) => &mut self.comment,
            (Field::SameAs, _) => &mut self.same_as,
        };
        if let Value::Text(text) = value {
            place.clone_from(text);
        }
    }
}
