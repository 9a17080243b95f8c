//! The part of a body that stays the same between Tencent's tries of one RTC Engine event.

use std::{borrow::Cow, fmt, ops::Range};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    codes::Family,
    lenient_json::{self, without_bom},
};

/// The times of sending, which differ between tries (protocol.md section 6.2).
const SENT_AT: [&str; 2] = ["CallbackTs", "CallbackMsTs"];

/// The body that identifies a delivery: for RTC Engine events the body with the values of the top-level `CallbackTs` and
/// `CallbackMsTs` cut out, and every other byte as it was. The body itself for other families, and for one that is no JSON
/// object, however kindly it is read.
pub(super) fn of(family: Family, body: &[u8]) -> Cow<'_, [u8]> {
    if family != Family::Rtc {
        return Cow::Borrowed(body);
    }
    let values = strictly(body).or_else(|| lenient_json::document(body).ok().map(|_| kindly(body)));
    without(body, values.unwrap_or_default())
}

/// The body that identified a delivery while only valid JSON was looked into.
pub(super) fn before(family: Family, body: &[u8]) -> Cow<'_, [u8]> {
    if family != Family::Rtc {
        return Cow::Borrowed(body);
    }
    without(body, strictly(body).unwrap_or_default())
}

/// A body without parts of it, which are in order.
fn without(body: &[u8], parts: Vec<Range<usize>>) -> Cow<'_, [u8]> {
    if parts.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut lasting = Vec::with_capacity(body.len());
    let mut kept_to = 0;
    for part in parts {
        lasting.extend_from_slice(body.get(kept_to..part.start).unwrap_or_default());
        kept_to = part.end;
    }
    lasting.extend_from_slice(body.get(kept_to..).unwrap_or_default());
    Cow::Owned(lasting)
}

/// Where the times of sending are in a valid JSON object; `None` where the body is none.
fn strictly(body: &[u8]) -> Option<Vec<Range<usize>>> {
    let text = std::str::from_utf8(without_bom(body)).ok()?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let values = reader.deserialize_map(SentAt).ok()?;
    reader.end().ok()?;
    // Both are slices of the same body, so the difference of their addresses is where the value begins.
    let place = |value: &str| value.as_ptr().addr().saturating_sub(body.as_ptr().addr());
    Some(values.into_iter().map(|value| place(value)..place(value).saturating_add(value.len())).collect())
}

/// Where the times of sending are in a body that had to be repaired: one that is neither a list nor an object.
fn kindly(body: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut depth, mut name, mut is_time) = (0_usize, "", false);
    let mut rest = body;
    while let Some((&first, behind)) = rest.split_first() {
        let begin = body.len() - rest.len();
        let length = match first {
            b'"' => string_length(rest),
            b'#' => line_length(rest),
            b'/' if behind.first() == Some(&b'/') => line_length(rest),
            b'/' if behind.first() == Some(&b'*') => comment_length(rest),
            first if is_word(first) => rest.iter().take_while(|byte| is_word(**byte)).count(),
            _ => 1,
        };
        match first {
            b'{' | b'[' => (depth, is_time) = (depth + 1, false),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' => is_time = depth == 1 && SENT_AT.contains(&name),
            first if first == b'"' || is_word(first) => {
                if std::mem::take(&mut is_time) {
                    found.push(begin..begin + length);
                }
                let text = rest.get(1..length.saturating_sub(1)).filter(|_| first == b'"').unwrap_or_default();
                name = std::str::from_utf8(text).unwrap_or_default();
            }
            _ => {}
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    found
}

/// Numbers, and the words of JSON.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// How long the string literal is that some bytes begin with.
pub(super) fn string_length(rest: &[u8]) -> usize {
    let mut bytes = rest.iter().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    rest.len()
}

fn line_length(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count()
}

fn comment_length(rest: &[u8]) -> usize {
    rest.windows(2).position(|two| two == b"*/").map_or(rest.len(), |end| end + 2)
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
            // Repaired, and still one event.
            (
                "{\"CallbackTs\":1, // \"CallbackTs\":2\n\"a\":[{\"CallbackTs\":3}],}",
                "{\"CallbackTs\":, // \"CallbackTs\":2\n\"a\":[{\"CallbackTs\":3}],}",
            ),
            (
                "{\"CallbackTs\":1 \"a\":\"\n\"\"CallbackMsTs\" : \"2\" }\0",
                "{\"CallbackTs\": \"a\":\"\n\"\"CallbackMsTs\" :  }\0",
            ),
            (r#"{"a":"\ud83d","CallbackTs":1}"#, r#"{"a":"\ud83d","CallbackTs":}"#),
            (r#"{"\ud83d":1,/*:*/"CallbackTs":/**/1.5e3}"#, r#"{"\ud83d":1,/*:*/"CallbackTs":/**/}"#),
            (r#"{"a":"CallbackTs","b":"\x:","c":1}"#, r#"{"a":"CallbackTs","b":"\x:","c":1}"#),
            (r#"{"CallbackTs":1} x"#, r#"{"CallbackTs":1} x"#),
            ("{\"CallbackTs\":1 // broken", "{\"CallbackTs\":1 // broken"),
            ("[1]", "[1]"),
            ("", ""),
        ] {
            assert_eq!(lasting(body), want, "{body}");
        }
        assert_eq!(of(Family::Rtc, b"\xff{"), &b"\xff{"[..], "a body that is no text is itself");
        assert_eq!(
            of(Family::Rtc, b"{\"a\":\"\xff\",\"CallbackTs\":17}"),
            &b"{\"a\":\"\xff\",\"CallbackTs\":}"[..],
            "a text in it is broken"
        );
        assert_eq!(
            of(Family::Call, br#"{"CallbackTs":1}"#),
            &br#"{"CallbackTs":1}"#[..],
            "other families keep everything"
        );
    }
}
