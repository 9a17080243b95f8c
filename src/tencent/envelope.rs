//! Tencent's answers: the two envelopes, read whatever the case of their keys (protocol.md 9.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::codes::Api;

/// Longest text of Tencent's that is shown, in characters.
const LONGEST_INFO: usize = 200;

/// An answer taken out of its envelope.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    /// 0 for success.
    pub(super) code: i64,
    /// What Tencent said, shortened and without control characters.
    pub(super) info: String,
    /// `data` of v1, `Response` of v4; null where there is none.
    pub(super) data: Value,
}

/// What is odd about an answer that is not one of Tencent's API; `Display` is the English for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum OddAnswer {
    /// It is no success of HTTP.
    #[error("HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// It is longer than any answer is.
    #[error("the answer is far too long")]
    TooLong,
    /// It is not JSON.
    #[error("the answer is not JSON")]
    NotJson,
    /// It is JSON, and no object.
    #[error("the answer is not a JSON object")]
    NotObject,
    /// It is an object without Tencent's code.
    #[error("the answer has no error code")]
    NoErrorCode,
}

/// Reads an answer; an error says what is odd about it.
pub(super) fn read(api: Api, body: &[u8]) -> Result<Answer, OddAnswer> {
    let value: Value = serde_json::from_slice(body).map_err(|_| OddAnswer::NotJson)?;
    let Value::Object(fields) = value else { return Err(OddAnswer::NotObject) };
    let code = field(&fields, "ErrorCode").and_then(whole).ok_or(OddAnswer::NoErrorCode)?;
    let (info, data) = match api {
        Api::V1 => ("ErrorMessage", "data"),
        Api::V4 => ("ErrorInfo", "Response"),
    };
    let info = field(&fields, info).and_then(Value::as_str).unwrap_or_default();
    let info = info.chars().filter(|c| !c.is_control()).take(LONGEST_INFO).collect();
    Ok(Answer { code, info, data: field(&fields, data).cloned().unwrap_or_default() })
}

/// A field by its name, in any case.
pub(super) fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).or_else(|| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// A field of a value by its name, in any case; null where there is none.
pub(super) fn get<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.as_object().and_then(|fields| field(fields, name)).unwrap_or(&Value::Null)
}

/// A whole number, also one that was written as a text.
pub(super) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// A text; empty where there is none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The texts of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_envelopes_are_read_in_any_case() {
        let v1 = br#"{"errorCode":0,"errorMessage":"Success","requestId":"r","data":{"address":"a","actions":[]}}"#;
        let answer = read(Api::V1, v1).expect("v1");
        assert_eq!((answer.code, answer.data), (0, json!({"address": "a", "actions": []})), "page 60133");
        let v4 = br#"{"ActionStatus":"FAIL","ErrorInfo":"no\u0007callback","ErrorCode":100301,"RequestId":"Id-1"}"#;
        let answer = read(Api::V4, v4).expect("v4");
        assert_eq!((answer.code, answer.info.as_str()), (100_301, "nocallback"), "page 68937, without the bell");
        assert_eq!(answer.data, Value::Null, "a refusal has no response");
        let text = br#"{"ERRORCODE":"70005"}"#;
        assert_eq!(read(Api::V1, text).expect("v1").code, 70_005, "page 60138 types the code as a text");
    }

    #[test]
    fn what_is_no_envelope_says_why() {
        for (body, want) in [
            ("", OddAnswer::NotJson),
            ("<html>", OddAnswer::NotJson),
            ("[]", OddAnswer::NotObject),
            ("{}", OddAnswer::NoErrorCode),
            (r#"{"ErrorCode":null}"#, OddAnswer::NoErrorCode),
        ] {
            assert_eq!(read(Api::V4, body.as_bytes()), Err(want), "{body:?}");
        }
    }
}
