//! The part of a body that stays the same between Tencent's tries of one RTC Engine event.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{codes::Family, lenient_json::without_bom};

/// The times of sending, which differ between tries (protocol.md section 6.2).
const SENT_AT: [&str; 2] = ["CallbackTs", "CallbackMsTs"];

/// The body that identifies a delivery: for RTC Engine events the body with the values of the top-level `CallbackTs` and
/// `CallbackMsTs` cut out, and every other byte as it was. The body itself for other families, and for one that is no JSON object.
pub(super) fn of(family: Family, body: &[u8]) -> Cow<'_, [u8]> {
    if family != Family::Rtc {
        return Cow::Borrowed(body);
    }
    let text = std::str::from_utf8(without_bom(body)).unwrap_or_default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let sent_at = match reader.deserialize_map(SentAt) {
        Ok(values) if reader.end().is_ok() && !values.is_empty() => values,
        _ => return Cow::Borrowed(body),
    };
    let mut lasting = Vec::with_capacity(body.len());
    let mut kept_to = 0;
    for value in sent_at {
        // Both are slices of the same body, so the difference of their addresses is where the value begins.
        let begin = value.as_ptr().addr().saturating_sub(body.as_ptr().addr());
        lasting.extend_from_slice(body.get(kept_to..begin).unwrap_or_default());
        kept_to = begin.saturating_add(value.len());
    }
    lasting.extend_from_slice(body.get(kept_to..).unwrap_or_default());
    Cow::Owned(lasting)
}

/// Collects the texts of the values to cut out, in the order of the body.
struct SentAt;

impl<'de> Visitor<'de> for SentAt {
    type Value = Vec<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some((key, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            if SENT_AT.contains(&key.as_ref()) {
                values.push(value.get());
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasting(body: &str) -> String {
        String::from_utf8(of(Family::Rtc, body.as_bytes()).into_owned()).expect("text stays text")
    }

    #[test]
    fn only_the_values_of_the_top_level_times_of_sending_are_cut_out() {
        for (body, want) in [
            (
                r#"{"EventType":103,"CallbackTs":17600001,"EventInfo":{"CallbackTs":5}}"#,
                r#"{"EventType":103,"CallbackTs":,"EventInfo":{"CallbackTs":5}}"#,
            ),
            ("{\n\t\"CallbackTs\":\t1 ,\n\"CallbackMsTs\" : 22}", "{\n\t\"CallbackTs\":\t ,\n\"CallbackMsTs\" : }"),
            (r#"{"CallbackTs":1,"CallbackTs":2}"#, r#"{"CallbackTs":,"CallbackTs":}"#),
            (r#"{"Callback\u0054s":1}"#, r#"{"Callback\u0054s":}"#),
            ("\u{feff}{\"CallbackTs\":1}", "\u{feff}{\"CallbackTs\":}"),
            (r#"{"callbackts":1,"Text":"\"CallbackTs\":3"}"#, r#"{"callbackts":1,"Text":"\"CallbackTs\":3"}"#),
            (r#"{"CallbackTs":1} x"#, r#"{"CallbackTs":1} x"#),
            ("{\"CallbackTs\":1 // broken", "{\"CallbackTs\":1 // broken"),
            ("[1]", "[1]"),
            ("", ""),
        ] {
            assert_eq!(lasting(body), want, "{body}");
        }
        assert_eq!(of(Family::Rtc, b"\xff{"), &b"\xff{"[..], "a body that is no text is itself");
        assert_eq!(
            of(Family::Call, br#"{"CallbackTs":1}"#),
            &br#"{"CallbackTs":1}"#[..],
            "other families keep everything"
        );
    }
}
