//! The one filter that lists and exports share (rules.md section 8).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::callback::words;
use crate::store::entry::Person;
use crate::zone::Zone;

/// The longest text of a filter, in characters: four times what Tencent allows for an id, in bytes.
pub const LONGEST_TEXT: usize = 1024;

/// Whoever asks, where a filter names whose cases are wanted.
pub const ME: &str = "me";

/// What a list shows and an export holds. Empty fields do not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// From this moment on, Unix milliseconds (started, first seen, entered or received).
    #[serde(deserialize_with = "whole")]
    pub from: Option<i64>,
    /// Before this moment, Unix milliseconds.
    #[serde(deserialize_with = "whole")]
    pub to: Option<i64>,
    /// Result codes, comma-separated (calls and members).
    #[param(inline, value_type = Option<words::CallResults>)]
    #[schema(value_type = Option<words::CallResults>)]
    pub result: Option<String>,
    /// An account id, exactly: caller, callee or member of a call; user of a stay; somebody who was in a room.
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub user: Option<String>,
    /// `audio` or `video` (calls and members).
    #[param(inline, value_type = Option<words::Media>)]
    #[schema(value_type = Option<words::Media>)]
    pub media: Option<String>,
    /// `single` or `group` (calls and members).
    #[serde(rename = "type")]
    #[param(rename = "type", inline, value_type = Option<words::CallType>)]
    #[schema(value_type = Option<words::CallType>)]
    pub call_type: Option<String>,
    /// A room id, exactly.
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub room: Option<String>,
    /// `number`, `text`, or empty for rooms whose kind Tencent does not say (rooms and stays).
    #[param(inline, value_type = Option<words::RoomIdType>)]
    #[schema(value_type = Option<words::RoomIdType>)]
    pub room_id_type: Option<String>,
    /// An application (SDKAppID).
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub app: Option<String>,
    /// `live`, `conference` or `rtc` (rooms and stays).
    #[param(inline, value_type = Option<words::AnyRoomProduct>)]
    #[schema(value_type = Option<words::AnyRoomProduct>)]
    pub product: Option<String>,
    /// Verdict codes, comma-separated (deliveries).
    #[param(inline, value_type = Option<words::Verdicts>)]
    #[schema(value_type = Option<words::Verdicts>)]
    pub verdict: Option<String>,
    /// A family code (deliveries).
    #[param(inline, value_type = Option<words::AnyFamily>)]
    #[schema(value_type = Option<words::AnyFamily>)]
    pub family: Option<String>,
    /// An account id: that of a person, whose other ids count too (calls, members, rooms, stays and cases).
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub person: Option<String>,
    /// A team, exactly: at least one of its people was there (calls, members, rooms and stays; people of it).
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub team: Option<String>,
    /// A tag, exactly (calls and members).
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub tag: Option<String>,
    /// `yes`: somebody has written a note on it (calls and members).
    #[param(inline, value_type = Option<words::Yes>)]
    #[schema(value_type = Option<words::Yes>)]
    pub note: Option<String>,
    /// `yes` for those that were answered, `no` for those that ended without an answer (calls and members).
    #[param(inline, value_type = Option<words::YesOrNo>)]
    #[schema(value_type = Option<words::YesOrNo>)]
    pub answered: Option<String>,
    /// What the `user`, one of the `person` or of the `team`, or somebody had to do with it (calls and members).
    #[param(inline, value_type = Option<words::CallPart>)]
    #[schema(value_type = Option<words::CallPart>)]
    pub part: Option<String>,
    /// The hour of the week in which it was started: the day from Monday, 0, the hour, and whose clocks show it, such as
    /// `4-17 Europe/Berlin` for Fridays from 17:00 until 18:00 (calls and members).
    #[param(value_type = Option<WeekHour>)]
    #[schema(value_type = Option<WeekHour>)]
    pub hour: Option<String>,
    /// `yes` for those who are marked as ours, `no` for the others (people).
    #[param(inline, value_type = Option<words::YesOrNo>)]
    #[schema(value_type = Option<words::YesOrNo>)]
    pub ours: Option<String>,
    /// `yes`: somebody is in it now (rooms).
    #[param(inline, value_type = Option<words::Yes>)]
    #[schema(value_type = Option<words::Yes>)]
    pub inside: Option<String>,
    /// States, comma-separated (cases).
    #[param(inline, value_type = Option<words::CaseStates>)]
    #[schema(value_type = Option<words::CaseStates>)]
    pub state: Option<String>,
    /// Whose: the id of a person who writes, `me` for whoever writes here, `-` for nobody's (cases).
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub assignee: Option<String>,
    /// Whoever asks, whom the `assignee` `me` means: the API says it, and nobody else can.
    #[serde(skip)]
    #[param(ignore)]
    #[schema(ignore)]
    pub me: Option<Person>,
    /// Case-insensitive substring of call, room and member ids, of names, notes and tags.
    #[param(max_length = 1024)]
    #[schema(max_length = 1024)]
    pub q: Option<String>,
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct PageRequest {
    /// `next` of the page before; nothing for the first page.
    #[param(inline, value_type = Option<Cursor>)]
    #[schema(value_type = Option<Cursor>)]
    pub cursor: Option<String>,
    /// The page whose first row is this one of the list, counted from 0, the newest. A `cursor` goes before it.
    pub at: Option<u64>,
    /// Rows wanted: 1 to 1000, 200 if not said.
    #[param(minimum = 1, maximum = 1000)]
    #[schema(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// True to count all rows that the filter finds.
    pub total: Option<bool>,
}

/// Where a page begins, as a list has answered it: opaque to whoever asks.
#[derive(Debug)]
pub enum Cursor {}

impl Cursor {
    /// Base64 (for URLs) of a list in JSON that begins with a number: `[0` to `[9`, or `[-`. An empty one is none.
    const PATTERN: &str = "^(?:|W[yz][A-Za-z0-9_-]+)$";

    /// Whether a text looks like one. One that does and was never answered finds nothing.
    pub fn fits(text: &str) -> bool {
        let is_digit = |byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        match text.as_bytes() {
            [] => true,
            [b'W', b'y' | b'z', rest @ ..] => !rest.is_empty() && rest.iter().copied().all(is_digit),
            _ => false,
        }
    }
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::PATTERN));
        RefOr::T(Schema::Object(text.build()))
    }
}

impl ToSchema for Cursor {}

/// An hour of the week, by the clocks of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekHour {
    /// From Monday, 0.
    pub weekday: u32,
    /// From 0 to 23.
    pub hour: u32,
    /// Whose clocks.
    pub zone: Zone,
}

impl WeekHour {
    /// A text that fits may still name no zone: the API, which knows how zones are named, says it more exactly.
    const PATTERN: &str = "^(?:|[0-6]-(?:[0-9]|1[0-9]|2[0-3]) [A-Za-z0-9/_:+ -]{1,60})$";

    /// Reads `4-17 Europe/Berlin`; nothing where it is no such text.
    pub fn read(text: &str) -> Option<Self> {
        let (hour, zone) = text.split_once(' ')?;
        let (weekday, hour) = hour.split_once('-')?;
        let number = |digits: &str, under: u32| {
            let is_plain =
                digits == "0" || !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|number| is_plain && *number < under)
        };
        Some(Self { weekday: number(weekday, 7)?, hour: number(hour, 24)?, zone: Zone::read(zone).ok()? })
    }
}

impl PartialSchema for WeekHour {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::PATTERN));
        RefOr::T(Schema::Object(text.build()))
    }
}

impl ToSchema for WeekHour {}

/// A whole number, or none. JSON does not tell `1` from `1.0`, so both are read; a query has digits alone.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    struct Whole;

    impl de::Visitor<'_> for Whole {
        type Value = i64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number of 64 bits")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<i64, E> {
            // Its digits say exactly which number it is, where a conversion would round.
            let digits = format!("{number:.0}");
            let is_whole = number.fract() == 0.0;
            digits
                .parse()
                .ok()
                // What is beyond the smallest one is rounded to it.
                .filter(|whole| is_whole && *whole != i64::MIN)
                .ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))
        }
    }

    struct Number(i64);

    impl<'de> Deserialize<'de> for Number {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_i64(Whole).map(Self)
        }
    }

    Ok(Option::<Number>::deserialize(deserializer)?.map(|Number(number)| number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_taken_as_its_pattern_says() {
        let pattern = regex::Regex::new(Cursor::PATTERN).expect("a usable pattern");
        for text in ["", "WzE3", "Wy0x", "Wz", "W10", "nonsense", "WzE3 ", "WzE3\n", "WzE3=", "WzÉ"] {
            assert_eq!(Cursor::fits(text), pattern.is_match(text), "{text:?}");
        }
    }

    #[test]
    fn an_hour_of_the_week_is_read_as_its_pattern_says() {
        let pattern = regex::Regex::new(WeekHour::PATTERN).expect("a usable pattern");
        for text in ["0-0 UTC", "6-23 Europe/Berlin", "4-17 +08:00", "4-9 local"] {
            assert!(pattern.is_match(text) && WeekHour::read(text).is_some(), "{text:?}");
        }
        for text in ["7-0 UTC", "0-24 UTC", "4-09 UTC", "+4-9 UTC", "4-9", "4-9 ", "4 9 UTC", "-4-9 UTC"] {
            assert!(!pattern.is_match(text) && WeekHour::read(text).is_none(), "{text:?}");
        }
        assert_eq!(WeekHour::read("0-0 Mars/Olympus"), None, "there are no clocks");
    }

    #[test]
    fn a_whole_number_may_have_a_point() {
        let from = |json: &str| {
            serde_json::from_str::<Filter>(json).map(|filter| filter.from).map_err(|error| error.to_string())
        };
        assert_eq!(from("{}"), Ok(None), "nothing said");
        assert_eq!(from(r#"{"from":null}"#), Ok(None), "nothing, in a word");
        for (number, want) in [
            ("0", 0),
            ("-5.0", -5),
            ("1741231146000.0", 1_741_231_146_000),
            ("1.741231146e12", 1_741_231_146_000),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(from(&format!(r#"{{"from":{number}}}"#)), Ok(Some(want)), "{number}");
        }
        for number in ["0.5", "1e40", "9223372036854775808", "-9223372036854775809", "true", "\"1\""] {
            assert!(from(&format!(r#"{{"from":{number}}}"#)).is_err(), "{number} is none");
        }
    }
}
