//! How a body travels: the query, the headers, the time of receipt that Tencent's requests have.

use serde_json::{Value, json};

use super::{Stage, cast::Person, dice::Dice, names::Rooms};
use crate::callback::{
    delivery::{Delivery, Source},
    signature,
};

/// The key that signs the RTC Engine events.
const RTC_KEY: &str = "demoKey0123456789";

/// Collects the deliveries of a scenario.
pub(super) struct Post<'a> {
    stage: &'a Stage,
    dice: &'a mut Dice,
    deliveries: Vec<Delivery>,
}

impl<'a> Post<'a> {
    pub(super) const fn new(stage: &'a Stage, dice: &'a mut Dice) -> Self {
        Self { stage, dice, deliveries: Vec::new() }
    }

    pub(super) const fn dice(&mut self) -> &mut Dice {
        self.dice
    }

    /// So many different people.
    pub(super) fn people(&mut self, count: usize) -> Vec<Person> {
        self.stage.cast.some(self.dice, count)
    }

    /// What rooms are called.
    pub(super) const fn rooms(&self) -> &'static Rooms {
        self.stage.cast.rooms()
    }

    /// Two different people.
    pub(super) fn pair(&mut self) -> [Person; 2] {
        self.stage.cast.pair(self.dice)
    }

    pub(super) fn into_deliveries(self) -> Vec<Delivery> {
        self.deliveries
    }

    /// A CallKit v1 callback: lower-case query keys, the command in the query only.
    pub(super) fn callkit(&mut self, at_ms: i64, command: &str, from: Person, body: &Value) {
        let (Person { ip, platform, .. }, app) = (from, &self.stage.app);
        let query =
            format!("sdkappid={app}&command={command}&contenttype=json&clientip=203.0.113.{ip}&optplatform={platform}");
        self.push(at_ms, query, Vec::new(), body.to_string().into_bytes());
    }

    /// A `Call.*`, `Live.*`, `Room.*`, ... callback; `fields` come after the command, `EventTime` comes last.
    pub(super) fn v2(&mut self, at_ms: i64, command: &str, from: Person, fields: Value) {
        let mut body = json!({"CallbackCommand": command});
        if let (Value::Object(body), Value::Object(fields)) = (&mut body, fields) {
            body.extend(fields);
            body.insert("EventTime".to_owned(), at_ms.into());
        }
        self.v2_body(at_ms, command, from, body.to_string().into_bytes());
    }

    /// The same with a body that is already written.
    pub(super) fn v2_body(&mut self, at_ms: i64, command: &str, from: Person, body: Vec<u8>) {
        let (Person { ip, platform, .. }, app) = (from, &self.stage.app);
        let query = format!(
            "SdkAppid={app}&CallbackCommand={command}&contenttype=json&ClientIP=198.51.100.{ip}&OptPlatform={platform}"
        );
        self.push(at_ms, query, Vec::new(), body);
    }

    /// An RTC Engine event: pretty-printed with tabs, as real ones are, signed, without a query.
    pub(super) fn rtc(&mut self, at_ms: i64, group: u32, event_type: u32, info: Value) {
        let mut all = json!({"RoomId": null, "EventTs": at_ms / 1_000, "EventMsTs": at_ms});
        if let (Value::Object(all), Value::Object(info)) = (&mut all, info) {
            all.extend(info);
        }
        let sent_at = at_ms + self.dice.between(20, 90);
        let body = json!({"EventGroupId": group, "EventType": event_type, "CallbackTs": sent_at, "EventInfo": all});
        let body = tabbed(&body, 0).into_bytes();
        let sign = signature::rtc_sign(RTC_KEY, &body);
        let headers = vec![("SdkAppId".to_owned(), self.stage.app.clone()), ("Sign".to_owned(), sign)];
        self.push(at_ms, String::new(), headers, body);
    }

    /// Any request whatever.
    pub(super) fn push(&mut self, at_ms: i64, query: String, more: Vec<(String, String)>, body: Vec<u8>) {
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        headers.extend(more);
        let named = query.contains("ppid=") || headers.iter().any(|(name, _)| name == "SdkAppId");
        self.deliveries.push(Delivery {
            received_ms: at_ms + self.dice.between(30, 400),
            source: Source::Callback,
            remote: "127.0.0.1".to_owned(),
            method: "POST".to_owned(),
            app: if named { self.stage.app.clone() } else { String::new() },
            query,
            headers,
            body,
        });
    }
}

/// JSON as RTC Engine writes it: one field per line, a tab after each colon.
pub(super) fn tabbed(value: &Value, depth: usize) -> String {
    let Value::Object(fields) = value else { return value.to_string() };
    let indent = "\t".repeat(depth + 1);
    let line = |(key, value)| format!("{indent}{}:\t{}", Value::from(String::clone(key)), tabbed(value, depth + 1));
    let lines: Vec<String> = fields.iter().map(line).collect();
    format!("{{\n{}\n{}}}", lines.join(",\n"), "\t".repeat(depth))
}
