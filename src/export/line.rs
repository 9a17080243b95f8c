//! One line of the JSON Lines format (rules.md section 8): a delivery as `export deliveries` writes it and `import` reads it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::times;
use crate::callback::reason::Reason;
use crate::store::{
    delivery::{Delivery, Origin, Source},
    rows::DeliveryRow,
};

/// The version that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// A delivery as a line of JSON. Fields are in the order of rules.md; `method` and `source` follow after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLine {
    /// The version of the format: [`VERSION`].
    pub v: u32,
    /// The earliest receipt, ISO 8601 in UTC with milliseconds.
    pub received: String,
    /// The application; empty when the request names none, absent in a line made by hand: then the query names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// Derived; computed anew by an import.
    #[serde(default)]
    pub family: String,
    /// Derived; computed anew by an import.
    #[serde(default)]
    pub command: String,
    /// Derived; an import only looks whether it is a quarantine verdict.
    #[serde(default)]
    pub verdict: String,
    /// Derived, as a sentence in English.
    #[serde(default)]
    pub reason: String,
    /// The same with its code; kept for a delivery that goes back to quarantine. Lines of older versions have the sentence alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reason>,
    /// The raw query string, without the question mark.
    #[serde(default)]
    pub query: String,
    /// The kept headers, in order.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The sender's address.
    #[serde(default)]
    pub remote: String,
    /// How often it came again.
    #[serde(default)]
    pub repeats: u64,
    /// Derived; computed anew by an import.
    #[serde(default)]
    pub digest: String,
    /// The body, when it is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body in base64, when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
    /// The HTTP method.
    #[serde(default = "post")]
    pub method: String,
    /// `callback` or `backfill`.
    #[serde(default = "callback")]
    pub source: String,
    /// Which receipt of which record it is ([`crate::store::delivery::Origin`]); absent where nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

fn post() -> String {
    "POST".to_owned()
}

fn callback() -> String {
    Source::Callback.code().to_owned()
}

/// Why a line is not a delivery, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not JSON, or not of this shape.
    #[error("it is not a delivery in JSON Lines: {0}")]
    Shape(#[from] serde_json::Error),
    /// Another version of the format.
    #[error("it is in version {0} of the format, and this program reads version {VERSION}")]
    Version(u32),
    /// `received` is no time.
    #[error("its \"received\" is not a time such as 2025-03-06T03:19:06.123Z: {0}")]
    Received(String),
    /// Neither `body` nor `body_base64`.
    #[error("it has no \"body\" and no \"body_base64\"")]
    NoBody,
    /// `body` and `body_base64`.
    #[error("it has both \"body\" and \"body_base64\"")]
    TwoBodies,
    /// `body_base64` is not base64.
    #[error("its \"body_base64\" is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// `origin` names no receipt.
    #[error("its \"origin\" is not a record's 16 hexadecimal digits, a colon and a number: {0}")]
    Origin(String),
    /// `source` is neither of its two words.
    #[error("its \"source\" is neither callback nor backfill: {0}")]
    Source(String),
}

impl DeliveryLine {
    /// The line of a delivery; `row` says what became of it.
    pub fn new(row: DeliveryRow, delivery: Delivery) -> Self {
        let (body, body_base64) = match String::from_utf8(delivery.body) {
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        let reason = row.why();
        Self {
            v: VERSION,
            received: times::utc(row.received_ms),
            app: Some(delivery.app),
            family: row.family,
            command: row.command,
            verdict: row.verdict,
            reason,
            why: row.reason,
            query: delivery.query,
            headers: delivery.headers,
            remote: delivery.remote,
            repeats: row.repeats,
            digest: row.digest,
            body,
            body_base64,
            method: delivery.method,
            source: delivery.source.code().to_owned(),
            origin: None,
        }
    }

    /// Reads a line of text.
    pub fn read(text: &[u8]) -> Result<Self, Error> {
        /// Reads the version first, so that a newer line is called newer and not broken.
        #[derive(Deserialize)]
        struct Versioned {
            v: u32,
        }
        let Versioned { v } = serde_json::from_slice(text)?;
        if v != VERSION {
            return Err(Error::Version(v));
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// Which receipt of which record it is.
    pub fn origin(&self) -> Result<Option<Origin>, Error> {
        let read = |text: &String| Origin::read(text).ok_or_else(|| Error::Origin(text.clone()));
        self.origin.as_ref().map(read).transpose()
    }

    /// The delivery that it describes; `app` is what the query names where the line does not say.
    pub fn delivery(self, app: impl FnOnce(&Self) -> String) -> Result<Delivery, Error> {
        let received_ms = times::read_instant(&self.received).ok_or_else(|| Error::Received(self.received.clone()))?;
        let source = match self.source.as_str() {
            code @ ("callback" | "backfill") => Source::read(code),
            other => return Err(Error::Source(other.to_owned())),
        };
        let body = match (&self.body, &self.body_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64)?,
            (None, None) => return Err(Error::NoBody),
            (Some(_), Some(_)) => return Err(Error::TwoBodies),
        };
        let app = match &self.app {
            Some(app) => app.clone(),
            None => app(&self),
        };
        Ok(Delivery {
            received_ms,
            source,
            remote: self.remote,
            method: self.method,
            app,
            query: self.query,
            headers: self.headers,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn row() -> DeliveryRow {
        DeliveryRow {
            digest: "ab".repeat(32),
            received_ms: 1_741_231_146_007,
            app: "1400000000".to_owned(),
            family: "call-v1".to_owned(),
            command: "command".to_owned(),
            verdict: "applied".to_owned(),
            reason: None,
            repeats: 2,
            call_id: "c1".to_owned(),
            room_id: String::new(),
            bytes: 2,
            source: "callback".to_owned(),
            event_ms: None,
            quarantined: false,
        }
    }

    fn delivery(body: &[u8]) -> Delivery {
        Delivery {
            received_ms: 1_741_231_146_007,
            source: Source::Callback,
            remote: "127.0.0.1:5000".to_owned(),
            method: "POST".to_owned(),
            app: "1400000000".to_owned(),
            query: "sdkappid=1400000000".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_vec(),
        }
    }

    #[test]
    fn the_fields_are_in_the_order_of_the_rules() {
        let line = serde_json::to_string(&DeliveryLine::new(row(), delivery(b"{}"))).expect("a line is always JSON");
        expect![[r#"{"v":1,"received":"2025-03-06T03:19:06.007Z","app":"1400000000","family":"call-v1","command":"command","verdict":"applied","reason":"","query":"sdkappid=1400000000","headers":[["content-type","application/json"]],"remote":"127.0.0.1:5000","repeats":2,"digest":"abababababababababababababababababababababababababababababababab","body":"{}","method":"POST","source":"callback"}"#]]
        .assert_eq(&line);
    }

    #[test]
    fn every_body_comes_back_byte_for_byte() {
        for body in [&b"{\"a\":1}"[..], b"", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", "张三\u{0}\r\n".as_bytes()] {
            let line = serde_json::to_vec(&DeliveryLine::new(row(), delivery(body))).expect("a line is always JSON");
            let read = DeliveryLine::read(&line).and_then(|line| line.delivery(|_| String::new()));
            assert_eq!(read.expect("our own line is read"), delivery(body), "the delivery is what it was");
        }
    }

    #[test]
    fn a_bad_line_says_what_is_wrong_with_it() {
        for (text, why) in [
            ("nonsense", "it is not a delivery in JSON Lines"),
            (r#"{"received":"2025-03-06T03:19:06Z"}"#, "missing field `v`"),
            (r#"{"v":2,"news":[]}"#, "version 2"),
            (r#"{"v":1,"received":"yesterday","body":""}"#, "its \"received\" is not a time"),
            (r#"{"v":1,"received":"2025-03-06T03:19:06Z"}"#, "no \"body\""),
            (r#"{"v":1,"received":"2025-03-06T03:19:06Z","body":"","body_base64":""}"#, "both \"body\""),
            (r#"{"v":1,"received":"2025-03-06T03:19:06Z","body_base64":"*"}"#, "not base64"),
            (
                r#"{"v":1,"received":"2025-03-06T03:19:06Z","body":"","origin":"nobody"}"#,
                "\"origin\" is not a record's",
            ),
            (
                r#"{"v":1,"received":"2025-03-06T03:19:06Z","body":"","source":"rumour"}"#,
                "neither callback nor backfill",
            ),
        ] {
            let error = DeliveryLine::read(text.as_bytes())
                .and_then(|line| line.origin().map(|_| line))
                .and_then(|line| line.delivery(|_| String::new()));
            let error = error.expect_err("the line is bad").to_string();
            assert!(error.contains(why), "{text} is explained by {why:?}, not by {error:?}");
        }
    }
}
