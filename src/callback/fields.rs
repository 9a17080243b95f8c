//! Lenient access to the fields of a body: Tencent's pages disagree about the case of keys and the types of values.
//! Ids are text or whole numbers and never pass through floating point (protocol.md section 9.5).

use serde_json::Value;

use super::{
    codes::RoomIdType,
    json::{Json, Object},
    number,
};

/// 2015-01-01, before any of Tencent's callbacks existed.
pub const OLDEST_MS: i64 = 1_420_070_400_000;
/// 2100-01-01. However many senders say so, nothing happens after it.
pub const NEWEST_MS: i64 = 4_102_444_800_000;

/// From this value on a time is in milliseconds, below it in seconds (protocol.md section 9.5).
const FIRST_MILLISECOND: i64 = 100_000_000_000;

/// One JSON object whose fields are read leniently.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(&'a Object);

impl<'a> Fields<'a> {
    /// The fields of an object.
    pub const fn of(object: &'a Object) -> Self {
        Self(object)
    }

    /// The fields of a value that is an object.
    pub fn of_value(value: &'a Json) -> Option<Self> {
        match value {
            Json::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    /// A field by its name, else by its name in another case. `null` counts as absent.
    pub fn get(self, name: &str) -> Option<&'a Json> {
        let exact = self.0.get(name);
        let value = exact.or_else(|| self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v));
        value.filter(|value| **value != Json::Null)
    }

    /// A field as text; a whole number becomes its digits, however it is written. `None` when absent or not a plain value.
    pub fn text(self, name: &str) -> Option<String> {
        self.get(name).and_then(text)
    }

    /// A field as text, empty when absent.
    pub fn text_or_empty(self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// A field as text that is not empty.
    pub fn word(self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// A field as an integer, also when it is sent as a numeric string.
    pub fn integer(self, name: &str) -> Option<i64> {
        self.get(name).and_then(integer)
    }

    /// A field as a time in Unix milliseconds, whether it is sent in seconds or milliseconds. 0 stays 0.
    pub fn time_ms(self, name: &str) -> Option<i64> {
        self.integer(name).map(milliseconds)
    }

    /// A time that is there: 0 means that it is not (`AcceptTs` of a call that was never answered).
    pub fn time_ms_above_0(self, name: &str) -> Option<i64> {
        self.time_ms(name).filter(|time| *time > 0)
    }

    /// A field that is an object.
    pub fn object(self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::of_value)
    }

    /// The elements of a list; a single value counts as a list of one.
    pub fn list(self, name: &str) -> Option<&'a [Json]> {
        self.get(name).map(|value| match value {
            Json::List(list) => list.as_slice(),
            plain => std::slice::from_ref(plain),
        })
    }

    /// The account ids of a list of texts, numbers or objects with an `..._Account` in them.
    pub fn accounts(self, name: &str) -> Option<Vec<String>> {
        self.list(name).map(|list| list.iter().filter_map(account).collect())
    }

    /// `RoomIdType`: 1 numeric, 2 string; anything else means that Tencent does not say.
    pub fn room_id_type(self) -> Option<RoomIdType> {
        self.integer("RoomIdType").map(|kind| match kind {
            1 => RoomIdType::Number,
            2 => RoomIdType::Text,
            _ => RoomIdType::Unsaid,
        })
    }

    /// Every field except the named ones, in the order of the body, with accounts as text: what has no field of its own.
    pub fn others(self, taken: &[&str]) -> Vec<(String, Value)> {
        self.0
            .iter()
            .filter(|(key, _)| !taken.iter().any(|name| name.eq_ignore_ascii_case(key)))
            .map(|(key, value)| (key.clone(), tidy(key, value)))
            .collect()
    }
}

/// A plain value as text: strings as they are, whole numbers as their digits, fractions and booleans as they are written.
pub fn text(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.text()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// A number, or a numeric string, as an integer; a fraction is cut off.
pub fn integer(value: &Json) -> Option<i64> {
    match value {
        Json::Number(number) => number.integer(),
        Json::Text(text) => number::integer(text.trim()),
        _ => None,
    }
}

/// `true`, `false`, their names in any case, 1 and 0 (protocol.md section 9.5).
pub fn boolean(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(truth) => Some(*truth),
        Json::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Json::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        other => match integer(other)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
    }
}

/// Whether anything of Tencent's can have happened then (rules.md 1.7).
pub const fn is_plausible(at_ms: i64) -> bool {
    OLDEST_MS <= at_ms && at_ms < NEWEST_MS
}

/// Seconds become milliseconds; what is large enough is in milliseconds already.
pub const fn milliseconds(time: i64) -> i64 {
    if time >= FIRST_MILLISECOND { time } else { time.saturating_mul(1_000) }
}

/// An account id: a text, a number, or an object that has one under `User_Account`, `Member_Account` and the like.
pub fn account(value: &Json) -> Option<String> {
    let id = match value {
        Json::Object(fields) => fields.iter().find(|(key, _)| is_account(key)).and_then(|(_, id)| text(id)),
        Json::Text(_) | Json::Number(_) => text(value),
        _ => None,
    };
    id.filter(|id| !id.is_empty())
}

/// A value as it is kept beside the typed fields: accounts are text, switches (`Is...`) are booleans.
pub fn tidy(key: &str, value: &Json) -> Value {
    match value {
        Json::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), tidy(key, value))).collect())
        }
        Json::List(list) => Value::Array(list.iter().map(|value| tidy(key, value)).collect()),
        Json::Number(number) if is_account(key) => Value::String(number.text()),
        plain if is_switch(key) => boolean(plain).map_or_else(|| plain.kept(), Value::Bool),
        plain => plain.kept(),
    }
}

fn is_account(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.ends_with("_account") || key == "userid"
}

/// `IsSeatEnabled`, `IsCloudRecordingDisabled`, ...
fn is_switch(key: &str) -> bool {
    key.strip_prefix("Is").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_never_pass_through_floating_point() {
        for (value, want) in [
            (json!(144_115_212_830_834_855_u64), Some("144115212830834855")),
            (json!(u64::MAX), Some("18446744073709551615")),
            (json!(-7), Some("-7")),
            (json!("007"), Some("007")),
            (json!(""), None),
            (json!(null), None),
            (json!({"Member_Account": 9_007_199_254_740_993_u64}), Some("9007199254740993")),
            (json!({"x": 1}), None),
            (json!([]), None),
        ] {
            assert_eq!(account(&Json::from(&value)).as_deref(), want, "{value}");
        }
    }

    #[test]
    fn times_are_seconds_or_milliseconds() {
        let body = json!({"s": 1_760_000_000, "ms": 1_760_000_000_123_i64, "text": "1760000000202", "short": 170_485_688,
            "zero": 0, "edge": 100_000_000_000_i64, "below": 99_999_999_999_i64, "no": "soon", "huge": i64::MAX, "old": i64::MIN, "f": 1.5});
        let body = Json::from(&body);
        let fields = Fields::of_value(&body).expect("an object");
        for (name, want) in [
            ("s", Some(1_760_000_000_000)),
            ("ms", Some(1_760_000_000_123)),
            ("text", Some(1_760_000_000_202)),
            ("short", Some(170_485_688_000)),
            ("zero", Some(0)),
            ("edge", Some(100_000_000_000)),
            ("below", Some(99_999_999_999_000)),
            ("no", None),
            ("absent", None),
            ("huge", Some(i64::MAX)),
            ("old", Some(i64::MIN)),
            ("f", Some(1_000)),
        ] {
            assert_eq!(fields.time_ms(name), want, "{name}");
        }
        assert_eq!(fields.time_ms_above_0("zero"), None, "0 is no time");
    }

    #[test]
    fn keys_are_found_in_another_case_but_the_exact_one_wins() {
        let body = json!({"optype": "a", "OpType": "b", "EVENTID": 5, "Nothing": null});
        let body = Json::from(&body);
        let fields = Fields::of_value(&body).expect("an object");
        assert_eq!(fields.text("OpType").as_deref(), Some("b"), "the exact spelling wins");
        assert_eq!(fields.text("eventId").as_deref(), Some("5"), "any other case is found");
        assert_eq!(fields.get("Nothing"), None, "null is absent");
    }

    #[test]
    fn what_is_kept_beside_has_accounts_as_text_and_switches_as_booleans() {
        let body = json!({"RoomId": 1, "Operator_Account": 12, "SeatList": [{"Index": 1, "Member_Account": 34}],
            "IsCloudRecordingDisabled": "false", "IsTaken": 1, "Issue": "1", "To_Account": [5, "six"]});
        let body = Json::from(&body);
        let fields = Fields::of_value(&body).expect("an object");
        assert_eq!(
            Value::Object(fields.others(&["roomid"]).into_iter().collect()),
            json!({"Operator_Account": "12", "SeatList": [{"Index": 1, "Member_Account": "34"}],
                "IsCloudRecordingDisabled": false, "IsTaken": true, "Issue": "1", "To_Account": ["5", "six"]}),
            "numbers of accounts become text at every depth"
        );
    }
}
