//! What people add to the record: entries of a log that only grows (rules.md section 9). Nothing is ever changed; what holds
//! follows from the set of all entries, in whatever order they came.

pub(crate) mod undo;

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

/// The field of a note that says what it is on: the subject, as JSON.
pub const ON: &str = "on";
/// Fields that make a set begin so, such as the tags of a call: one field for each element, `true` or taken away.
pub const TAG: &str = "tag:";

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Stays the same when the name changes.
    pub id: String,
    /// What the person is called.
    pub name: String,
}

/// Who writes, and on which installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The person.
    pub person: Person,
    /// Random, once for each installation.
    pub device: String,
}

/// What an entry is about, by its natural key. As JSON a list: the kind, and the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum Subject {
    /// `["call", app, call_id]`
    Call {
        /// The application (SDKAppID).
        app: String,
        /// Tencent's `CallId`.
        call_id: String,
    },
    /// `["user", user]`
    User(String),
    /// `["room", app, product, room_id_type, room_id]`
    Room {
        /// The application (SDKAppID).
        app: String,
        /// `live`, `conference` or `rtc`.
        product: String,
        /// `number`, `text`, or empty where Tencent does not say.
        room_id_type: String,
        /// Tencent's room id.
        room_id: String,
    },
    /// `["note", id]`
    Note(String),
    /// `["view", id]`: a saved filter.
    View(String),
    /// `["schedule", id]`: an export that is made again and again.
    Schedule(String),
    /// `["team"]`: what the whole team has agreed on, such as the colours of tags.
    Team,
}

/// A list that names no subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names nothing that something can be said of")]
pub struct NoSubject(Vec<String>);

impl TryFrom<Vec<String>> for Subject {
    type Error = NoSubject;

    fn try_from(parts: Vec<String>) -> Result<Self, NoSubject> {
        let own = |text: &String| text.clone();
        match parts.as_slice() {
            [kind] if kind == "team" => Ok(Self::Team),
            [kind, id] if id.is_empty() => Err(NoSubject(vec![own(kind), own(id)])),
            [kind, id] => match kind.as_str() {
                "user" => Ok(Self::User(own(id))),
                "note" => Ok(Self::Note(own(id))),
                "view" => Ok(Self::View(own(id))),
                "schedule" => Ok(Self::Schedule(own(id))),
                _ => Err(NoSubject(parts)),
            },
            [kind, app, call_id] if kind == "call" && !call_id.is_empty() => {
                Ok(Self::Call { app: own(app), call_id: own(call_id) })
            }
            [kind, app, product, room_id_type, room_id] if kind == "room" => Ok(Self::Room {
                app: own(app),
                product: own(product),
                room_id_type: own(room_id_type),
                room_id: own(room_id),
            }),
            _ => Err(NoSubject(parts)),
        }
    }
}

impl From<Subject> for Vec<String> {
    fn from(subject: Subject) -> Self {
        let kind = subject.kind().to_owned();
        match subject {
            Subject::Call { app, call_id } => vec![kind, app, call_id],
            Subject::Room { app, product, room_id_type, room_id } => vec![kind, app, product, room_id_type, room_id],
            Subject::User(id) | Subject::Note(id) | Subject::View(id) | Subject::Schedule(id) => vec![kind, id],
            Subject::Team => vec![kind],
        }
    }
}

impl Subject {
    /// Its kind, the first of the list.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Call { .. } => "call",
            Self::User(_) => "user",
            Self::Room { .. } => "room",
            Self::Note(_) => "note",
            Self::View(_) => "view",
            Self::Schedule(_) => "schedule",
            Self::Team => "team",
        }
    }

    /// As JSON: one text for one subject.
    pub fn text(&self) -> String {
        Value::from(Vec::<String>::from(self.clone())).to_string()
    }

    /// Reads what [`Subject::text`] has written.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl PartialSchema for Subject {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let list = ArrayBuilder::new().items(text).min_items(Some(1)).max_items(Some(5));
        let about = "A kind and its natural key: `[\"call\", app, call_id]`, `[\"user\", user]`, \
            `[\"room\", app, product, room_id_type, room_id]`, `[\"note\", id]`, `[\"view\", id]`, `[\"schedule\", id]` or `[\"team\"]`.";
        RefOr::T(Schema::Array(list.description(Some(about)).build()))
    }
}

impl ToSchema for Subject {}

/// One entry. It is never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// A UUID, made where it was written: random, or of an undo from what it goes back to.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// When it was written, by the clock of that machine: Unix milliseconds.
    pub at_ms: i64,
    /// Who wrote it.
    pub person: Person,
    /// On which installation.
    pub device: String,
    /// About what.
    pub subject: Subject,
    /// Which of its fields.
    pub field: String,
    /// What it says; null takes a value away.
    pub value: Value,
    /// The entries of the same subject and field that held when it was written.
    #[schema(value_type = Vec<String>)]
    pub replaces: Vec<Uuid>,
}

impl Entry {
    /// SHA-256 of everything it says: two entries are the same when this is, and a bit that turned over on disk shows.
    pub(crate) fn digest(&self) -> [u8; 32] {
        // Writing values into a text cannot fail.
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }
}

/// What somebody wants to write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    /// About what.
    pub subject: Subject,
    /// Which of its fields.
    pub field: String,
    /// What it is to say; null takes a value away.
    pub value: Value,
}

/// The longest text that somebody writes, in bytes.
pub const LONGEST_TEXT: usize = 16 * 1024;
/// The longest tag, in characters.
pub const LONGEST_TAG: usize = 200;
/// The colours of tags.
pub const COLOURS: [&str; 9] = ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"];
/// The field of the team that holds the colour of a tag begins so.
pub const COLOUR: &str = "tag_colour:";
/// The fields of a missed call that say how it is followed up (rules.md section 12).
pub const CASE_STATE: &str = "case.state";
/// Whose it is: a [`Person`].
pub const CASE_ASSIGNEE: &str = "case.assignee";
/// The id of somebody to whom a case is assigned by the name alone begins so.
pub const BY_NAME: &str = "name:";
/// Put off until then, Unix milliseconds.
pub const CASE_UNTIL: &str = "case.until";
/// Why it was closed.
pub const CASE_REASON: &str = "case.reason";
/// The field of the team that says whether a result of a call makes it a miss begins so; the code of the result follows.
pub const COUNTS: &str = "follow_up.counts:";
/// The results of which the team can say so.
pub const COUNTED: [&str; 6] = ["not_answer", "call_busy", "offline", "failed", "cancel", "reject"];
/// The field of the team that says how long a call must have rung for its cancel to be a miss, in milliseconds.
pub const CANCEL_AFTER: &str = "follow_up.cancel_after_ms";
/// The longest such time: an hour.
pub const LONGEST_CANCEL_AFTER: i64 = 3_600_000;

/// Why an edit cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A subject has no such field.
    #[error("a {kind} has no field \"{field}\"")]
    Field {
        /// The kind of the subject.
        kind: &'static str,
        /// The field that was named.
        field: String,
    },
    /// A field takes other values.
    #[error("the field \"{field}\" does not take this value")]
    Value {
        /// The field.
        field: String,
    },
    /// A text is too long.
    #[error("the field \"{field}\" takes at most {most} bytes")]
    Long {
        /// The field.
        field: String,
        /// The most bytes.
        most: usize,
    },
}

impl Edit {
    /// Whether it says something that this program understands. Null is always understood.
    pub fn check(&self) -> Result<(), Unfit> {
        let Self { subject, field, value } = self;
        let kind = subject.kind();
        let takes = match (subject, field.as_str()) {
            (Subject::Call { .. } | Subject::User(_) | Subject::Room { .. }, field) if is_tag(field) => Takes::True,
            (Subject::User(_), "name" | "team" | "phone" | "email" | "comment" | "same_as") => Takes::Text,
            (Subject::User(_), "ours") | (Subject::Note(_), "deleted") => Takes::True,
            (Subject::Note(_), "text") => Takes::Text,
            (Subject::Note(_), ON) => Takes::Subject,
            (Subject::Team, field) if field.starts_with(COLOUR) => Takes::Colour,
            (Subject::Team, CANCEL_AFTER) => Takes::Number(0..=LONGEST_CANCEL_AFTER),
            (Subject::Team, field) if field.strip_prefix(COUNTS).is_some_and(|code| COUNTED.contains(&code)) => {
                Takes::Bool
            }
            (Subject::Call { .. }, CASE_STATE) => Takes::State,
            (Subject::Call { .. }, CASE_ASSIGNEE) => Takes::Person,
            (Subject::Call { .. }, CASE_UNTIL) => Takes::Number(i64::MIN..=i64::MAX),
            (Subject::Call { .. }, CASE_REASON) => Takes::Text,
            (Subject::View(_) | Subject::Schedule(_), _) => Takes::Anything,
            _ => return Err(Unfit::Field { kind, field: field.clone() }),
        };
        if value.to_string().len() > LONGEST_TEXT {
            return Err(Unfit::Long { field: field.clone(), most: LONGEST_TEXT });
        }
        let fits = match takes {
            _ if value.is_null() => true,
            Takes::Text => value.is_string(),
            Takes::True => *value == Value::Bool(true),
            Takes::Bool => value.is_boolean(),
            Takes::Number(range) => value.as_i64().is_some_and(|number| range.contains(&number)),
            Takes::State => value.as_str().is_some_and(|state| ["open", "done"].contains(&state)),
            Takes::Person => {
                serde_json::from_value::<Person>(value.clone()).is_ok_and(|person| !person.name.is_empty())
            }
            Takes::Colour => value.as_str().is_some_and(|colour| COLOURS.contains(&colour)),
            Takes::Subject => serde_json::from_value::<Subject>(value.clone())
                .is_ok_and(|on| matches!(on, Subject::Call { .. } | Subject::User(_) | Subject::Room { .. })),
            Takes::Anything => true,
        };
        if fits { Ok(()) } else { Err(Unfit::Value { field: field.clone() }) }
    }
}

/// Whether a field is a tag. Whatever is in one is shown harmlessly.
fn is_tag(field: &str) -> bool {
    field.strip_prefix(TAG).is_some_and(|tag| {
        !tag.is_empty() && tag.trim() == tag && !tag.contains('\0') && tag.chars().count() <= LONGEST_TAG
    })
}

/// Which values a field takes.
enum Takes {
    Text,
    True,
    Bool,
    Number(RangeInclusive<i64>),
    State,
    Person,
    Colour,
    Subject,
    Anything,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_a_list_of_its_kind_and_its_key() {
        for text in [
            r#"["call","1400","a\"b"]"#,
            r#"["user","007"]"#,
            r#"["room","1400","live","","r"]"#,
            r#"["note","n"]"#,
            r#"["view","v"]"#,
            r#"["schedule","s"]"#,
            r#"["team"]"#,
        ] {
            assert_eq!(Subject::read(text).map(|subject| subject.text()).as_deref(), Some(text));
        }
        for text in [
            r#"[]"#,
            r#"["user"]"#,
            r#"["user",""]"#,
            r#"["call","1"]"#,
            r#"["dog","1"]"#,
            r#""user""#,
            r#"["team","x"]"#,
        ] {
            assert_eq!(Subject::read(text), None, "{text}");
        }
    }
}
