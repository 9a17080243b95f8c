//! The closed sets of words that the fields of the record hold and its filters take. Each set is said once: the API's document
//! lists it, and the check of a filter goes by it.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::codes;

/// What a call is while its end is not known (rules.md section 5).
const OPEN: &[&str] = &["ringing", "in_progress", UNKNOWN];
/// What a value is mapped to that Tencent has added since (rules.md 1.8).
const UNKNOWN: &str = "unknown";
/// Nothing is known, or nothing is asked for.
const NOTHING: &[&str] = &[""];

/// A closed set of words.
pub trait Words {
    /// The words, in parts.
    const PARTS: &'static [&'static [&'static str]];

    /// Every word, once.
    fn all() -> impl Iterator<Item = &'static str> + Clone {
        Self::PARTS.iter().copied().flatten().copied()
    }

    /// Whether a text is one of them.
    fn has(text: &str) -> bool {
        Self::all().any(|word| word == text)
    }
}

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident = $($part:expr),+;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl Words for $name {
            const PARTS: &'static [&'static [&'static str]] = &[$($part),+];
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Self::all()));
                RefOr::T(Schema::Object(words.description(Some(concat!($($doc),+).trim())).build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

words! {
    /// How a call ended, or how it stands.
    CallResult = codes::CallResult::CODES, OPEN;
    /// Audio or video; empty when not known yet, or not asked for.
    Media = NOTHING, codes::Media::CODES, &[UNKNOWN];
    /// One-to-one or group; empty when not known yet, or not asked for.
    CallType = NOTHING, codes::CallType::CODES, &[UNKNOWN];
    /// What a user was in a call; empty when not known.
    Role = NOTHING, codes::Role::CODES;
    /// What became of a user in a call; empty while that is open or not known.
    Outcome = NOTHING, codes::CallResult::CODES;
    /// What kind of room id it is; empty where Tencent does not say.
    RoomIdType = codes::RoomIdType::CODES;
    /// Which product a room belongs to.
    RoomProduct = codes::Product::CODES;
    /// Which product's rooms are asked for; empty for those of all.
    AnyRoomProduct = NOTHING, codes::Product::CODES;
    /// Which family of callbacks a delivery belongs to.
    Family = codes::Family::CODES;
    /// Which family's deliveries are asked for; empty for those of all.
    AnyFamily = NOTHING, codes::Family::CODES;
    /// What Calltrail made of a delivery.
    Verdict = codes::Verdict::CODES;
    /// Only those that have it.
    Yes = NOTHING, &["yes"];
    /// Those that are, or those that are not; empty for both.
    YesOrNo = NOTHING, &["yes", "no"];
    /// What somebody had to do with a call; empty for anything.
    CallPart = NOTHING, &["made", "received", "answered", "missed", "declined"];
    /// How a delivery came here.
    DeliverySource = &["callback", "backfill"];
    /// How the deliveries of a call came here.
    CallSource = &["callback", "backfill", "both"];
    /// How a missed caller's case stands: `put_off` is open too, and comes back at its time.
    CaseState = &["open", "put_off", "done", "closed_itself"];
    /// How a case was closed; empty while it is open.
    CaseHow = NOTHING, &["called_back", "called_again", "by_hand"];
}

macro_rules! several {
    ($($(#[doc = $doc:literal])+ $name:ident of $word:ident;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub enum $name {}

        impl $name {
            /// Whether a text is such a list.
            pub fn has(text: &str) -> bool {
                text.is_empty() || text.split(',').all($word::has)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let list = ObjectBuilder::new().schema_type(Type::String).pattern(Some(list_of($word::all())));
                RefOr::T(Schema::Object(list.description(Some(concat!($($doc),+).trim())).build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+ };
}

several! {
    /// Results, comma-separated, or none.
    CallResults of CallResult;
    /// Verdicts, comma-separated, or none.
    Verdicts of Verdict;
    /// States of cases, comma-separated, or none.
    CaseStates of CaseState;
}

/// The pattern of a comma-separated list of words, which may be empty. The words are lower-case letters, digits, `_` and `-`.
pub fn list_of(words: impl Iterator<Item = &'static str>) -> String {
    let word = words.collect::<Vec<_>>().join("|");
    format!("^(?:|(?:{word})(?:,(?:{word}))*)$")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn documented<W: Words + PartialSchema>() {
        let schema = serde_json::to_value(W::schema()).expect("JSON");
        let listed: Vec<&str> =
            schema["enum"].as_array().expect("words").iter().filter_map(|word| word.as_str()).collect();
        assert_eq!(listed, W::all().collect::<Vec<_>>(), "the document lists the set");
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "each word once: {listed:?}");
        for word in &listed {
            assert!(W::has(word), "{word:?} is documented, so it is taken");
            assert!(!W::has(&format!("{word} ")), "{word:?} with a space is not");
            assert!(!W::has(&format!("{word},{word}")), "{word:?} twice is not one word");
            assert!(
                word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')),
                "{word:?} in a pattern"
            );
        }
        assert!(!W::has("vidoe"), "a misspelt word");
    }

    #[test]
    fn what_is_documented_is_what_is_taken() {
        documented::<CallResult>();
        documented::<Media>();
        documented::<CallType>();
        documented::<Role>();
        documented::<Outcome>();
        documented::<RoomIdType>();
        documented::<RoomProduct>();
        documented::<AnyRoomProduct>();
        documented::<Family>();
        documented::<AnyFamily>();
        documented::<Verdict>();
        documented::<DeliverySource>();
        documented::<CallSource>();
        documented::<CaseState>();
        documented::<CaseHow>();
        documented::<CallPart>();
    }

    #[test]
    fn lists_are_taken_as_their_pattern_says() {
        let schema = serde_json::to_value(CallResults::schema()).expect("JSON");
        let pattern = regex::Regex::new(schema["pattern"].as_str().expect("a pattern")).expect("a usable one");
        let every = CallResult::all().collect::<Vec<_>>().join(",");
        for text in [
            "",
            "normal_end",
            "normal_end,ringing",
            &every,
            ",",
            "normal_end,",
            ",ringing",
            "normal_end, ringing",
            "Normal_end",
            "x",
        ] {
            assert_eq!(CallResults::has(text), pattern.is_match(text), "{text:?}");
        }
    }
}
