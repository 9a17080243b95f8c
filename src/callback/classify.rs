//! Which family sent a request, under which command, and for which application (protocol.md section 0).

use super::{
    AppClaim, callkit_v1,
    codes::Family,
    fields::Fields,
    query::{Headers, Query, header_values},
};

/// Both names of the query key that holds the command; the second is a slip on page 64412.
const COMMAND_KEYS: [&str; 2] = ["CallbackCommand", "WebhookCommand"];

/// Prefixes of commands of the Chat product, which need not be on Tencent's RTC pages.
const CHAT_PREFIXES: [&str; 7] = ["c2c", "state", "sns", "profile", "bot", "contact", "user"];

/// The family and the command of a body that could be read. The body's word wins over the query's.
pub(super) fn of_body(query: &Query, body: Fields<'_>) -> (Family, String) {
    if body.get("EventGroupId").is_some() {
        return (Family::Rtc, body.text_or_empty("EventType"));
    }
    if let Some(command) = COMMAND_KEYS.iter().find_map(|key| body.word(key)).or_else(|| query_command(query)) {
        return (of_command(&command, Some(body)), command);
    }
    if let Some(command) = query.word("command") {
        return (Family::CallV1, command.to_owned());
    }
    if callkit_v1::looks_like(body) {
        return (Family::CallV1, callkit_v1::command_of_body(body));
    }
    (Family::Unknown, String::new())
}

/// The family and the command as far as the request tells without its body.
pub(super) fn without_body(query: &Query, headers: &Headers) -> (Family, String) {
    if let Some(command) = query_command(query) {
        return (of_command(&command, None), command);
    }
    if let Some(command) = query.word("command") {
        return (Family::CallV1, command.to_owned());
    }
    let signed = ["SdkAppId", "Sign"].iter().all(|name| header_values(headers, name).next().is_some());
    (if signed { Family::Rtc } else { Family::Unknown }, String::new())
}

/// `CallbackCommand` of the query.
pub(super) fn query_command(query: &Query) -> Option<String> {
    COMMAND_KEYS.iter().find_map(|key| query.word(key)).map(str::to_owned)
}

/// True for `Live.CallbackBeforeSendGift` and every other `*.CallbackBefore*`.
pub(super) fn is_before(command: &str) -> bool {
    command.split_once('.').is_some_and(|(_, rest)| rest.to_ascii_lowercase().starts_with("callbackbefore"))
}

/// True for a command of the Chat product, which is understood to hold nothing for the record.
pub(super) fn is_chat(command: &str) -> bool {
    CHAT_PREFIXES.contains(&prefix(command).as_str())
}

fn of_command(command: &str, body: Option<Fields<'_>>) -> Family {
    match prefix(command).as_str() {
        "call" => Family::Call,
        "room" => Family::Room,
        // Only the Room page of this command has an operator.
        "mic" if body.is_some_and(|body| body.get("Operator_Account").is_some()) => Family::Room,
        "live" | "mic" | "follow" | "group" => Family::Live,
        _ if is_chat(command) || is_callback(command) => Family::Chat,
        _ => Family::Unknown,
    }
}

/// `Xxx.Callback...`: whatever the product, it speaks the protocol of section 5.
fn is_callback(command: &str) -> bool {
    command.split_once('.').is_some_and(|(_, rest)| rest.to_ascii_lowercase().starts_with("callback"))
}

/// What stands before the first dot, in lower case; empty without a dot.
fn prefix(command: &str) -> String {
    command.split_once('.').map(|(prefix, _)| prefix.to_ascii_lowercase()).unwrap_or_default()
}

/// The application that a request names: `SdkAppid` of the query in any spelling, and the header `SdkAppId`.
pub(super) fn app(query: &Query, headers: &Headers) -> AppClaim {
    let mut apps: Vec<String> = Vec::new();
    // Something else may have been appended to the number in its turn.
    let of_query = query.all("SdkAppId").map(|app| app.split('?').next().unwrap_or_default().trim());
    for app in of_query.chain(header_values(headers, "SdkAppId")) {
        if !app.is_empty() && !apps.iter().any(|known| known == app) {
            apps.push(app.to_owned());
        }
    }
    match apps.len() {
        0 => AppClaim::Absent,
        1 => AppClaim::One(apps.remove(0)),
        _ => AppClaim::Conflict(apps),
    }
}
