//! Tencent's answers: the two envelopes, read whatever the case of their keys (protocol.md 9.1).

use serde_json::{Map, Value};

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

/// Reads an answer; an error says what is odd about it.
pub(super) fn read(api: Api, body: &[u8]) -> Result<Answer, String> {
    let value: Value = serde_json::from_slice(body).map_err(|_| "the answer is not JSON".to_owned())?;
    let Value::Object(fields) = value else { return Err("the answer is not a JSON object".to_owned()) };
    let code = field(&fields, "ErrorCode").and_then(whole).ok_or("the answer has no error code")?;
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
        for body in ["", "<html>", "[]", "{}", r#"{"ErrorCode":null}"#] {
            let why = read(Api::V4, body.as_bytes()).expect_err(body);
            assert!(why.starts_with("the answer"), "{body:?}: {why}");
        }
    }
}
