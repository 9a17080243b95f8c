//! One try: the request is sent, and the answer is judged as its family judges it (protocol.md section 0).

use std::time::Duration;

use serde_json::Value;

use super::post::Request;
use crate::{callback::codes::Family, outbound};

/// The most bytes of an answer, its headers included (stated for RTC Engine, page 51586).
const LONGEST_ANSWER: usize = 2_000;

/// How long RTC Engine waits for an answer, which is the longest (page 39558).
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// The HTTP status; none when no answer came in time.
    pub(super) status: Option<u16>,
    /// What is wrong; empty for success.
    pub(super) why: String,
}

impl Heard {
    pub(super) const fn is_success(&self) -> bool {
        self.why.is_empty()
    }
}

/// How long an answer may take (protocol.md 5.3, 6.1). For CallKit v1 no page says it; the 2 seconds of the others are taken.
const fn time_limit(family: Family) -> Duration {
    match family {
        Family::Rtc => LONGEST_WAIT,
        _ => Duration::from_secs(2),
    }
}

/// Sends a request and hears the answer.
pub(super) async fn hear(http: &reqwest::Client, family: Family, request: Request) -> Heard {
    let Request { url, headers, body } = request;
    let mut builder = http.post(url).timeout(time_limit(family)).body(body);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    match builder.send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let head =
                answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>();
            let why = match answer.bytes().await {
                Ok(body) => fault(family, status, head + body.len(), &body),
                Err(error) => outbound::why(&error),
            };
            Heard { status: Some(status), why }
        }
        Err(error) => Heard { status: None, why: outbound::why(&error) },
    }
}

/// What is wrong with an answer; empty when nothing is.
fn fault(family: Family, status: u16, bytes: usize, body: &[u8]) -> String {
    if status != 200 {
        return format!("HTTP status {status}");
    }
    if family == Family::Rtc {
        // RTC Engine does not read the body.
        return if bytes > LONGEST_ANSWER { format!("{bytes} bytes are too long an answer") } else { String::new() };
    }
    let Ok(Value::Object(answer)) = serde_json::from_slice(body) else {
        return "the answer is not a JSON object".to_owned();
    };
    let is_ok = family == Family::CallV1 || answer.get("ActionStatus").and_then(Value::as_str) == Some("OK");
    match answer.get("ErrorCode").and_then(Value::as_i64) {
        Some(0) if is_ok => String::new(),
        Some(0) => "ActionStatus is not OK".to_owned(),
        Some(code) => format!("ErrorCode {code}"),
        None => "the answer has no ErrorCode".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::reply;

    #[test]
    fn each_familys_success_is_success_and_its_failure_is_not() {
        for family in [Family::CallV1, Family::Call, Family::Live, Family::Room, Family::Rtc] {
            let code = family.code();
            assert_eq!(fault(family, 200, 150, reply::success(family).as_bytes()), "", "{code}: the documented reply");
            assert_eq!(fault(family, 503, 150, reply::success(family).as_bytes()), "HTTP status 503", "{code}");
            if family != Family::Rtc {
                assert_eq!(fault(family, 200, 150, reply::failure(family, "full").as_bytes()), "ErrorCode 1", "{code}");
                assert_ne!(fault(family, 200, 150, b"ok"), "", "{code}: not JSON");
            }
        }
        assert_eq!(fault(Family::Rtc, 200, 150, b"whatever"), "", "RTC Engine does not read it");
        assert_ne!(fault(Family::Rtc, 200, 2_001, b"whatever"), "", "but its length counts");
        assert_ne!(fault(Family::Call, 200, 9, br#"{"ErrorCode":0}"#), "", "v1's words are not enough for the others");
    }
}
