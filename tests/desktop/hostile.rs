//! Hostile texts in the real window: what Chromium is shown in full (`ui/dev/hostile.mjs`), WebKit is shown in part.

use crate::hook::{Hook, SAMPLE_APP};
use crate::window::Window;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Every so-many-th of the texts; WebKit is driven one command at a time.
const SHARE: usize = 12;

/// So many looks in a row that bring nothing new are the end of what a harmless text shows.
const QUIET_LOOKS: usize = 5;

/// Notes what must never happen. What was noted is lost with a reload, and that is noticed as well.
const WATCH: &str = "window.noted = [];
    window.__xss = (which) => window.noted.push(`a script ran: ${which}`);
    window.alert = window.confirm = window.prompt = () => window.noted.push('a dialog');
    document.addEventListener('securitypolicyviolation', (event) => window.noted.push(`the policy was broken: ${event.violatedDirective} ${event.blockedURI}`));
    return 0";

/// What was noted, the names of all elements and attributes, what leads elsewhere or runs, and what hangs over.
const LOOK: &str = r"const names = [], faults = [...(window.noted ?? ['the page was loaded again'])];
    for (const element of document.querySelectorAll('*')) {
      names.push(element.localName);
      for (const { name, value } of element.attributes) {
        names.push(`${element.localName} ${name}`);
        if (name.startsWith('on')) faults.push(`a handler: ${name}`);
        if (['src', 'href', 'action'].includes(name) && element.localName !== 'link' && !/^(#\/|\/api\/|\.\/)/.test(value)) faults.push(`${name}: ${value}`);
      }
    }
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      const over = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > root.clientWidth);
      faults.push(`the page is ${root.scrollWidth} wide: ${over.slice(-3).map((element) => `${element.localName} ${element.className}`).join(', ')}`);
    }
    for (const row of document.querySelectorAll('[role=grid] [data-row]')) if (row.offsetHeight !== 34) faults.push(`a row is ${row.offsetHeight} high`);
    if (!/ – Calltrail$/.test(document.title)) faults.push(`the title is ${document.title}`);
    return { faults, names: [...new Set(names)] };";

fn texts() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dev/hostile/payloads.json");
    let groups: Value = serde_json::from_slice(&std::fs::read(&file).expect("the texts")).expect("they are JSON");
    let groups = groups.as_object().expect("groups by name");
    let all = groups.values().flat_map(|group| group.as_array().expect("a list"));
    // Ids of white space alone are none, and what a backslash stands for cannot be read back from the screen.
    all.filter_map(Value::as_str)
        .filter(|text| !text.trim().is_empty() && !text.contains('\\'))
        .step_by(SHARE)
        .map(str::to_owned)
        .collect()
}

fn sample(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples").join(file);
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|why| panic!("{file}: {why}")))
        .expect("a sample is JSON")
}

/// A call and a room of this name, with members, an owner and metadata of the same name.
fn post(hook: &Hook, text: &str) {
    let mut call = sample("call_after_end_call_NormalEnd.json");
    let record = &mut call["CallRecord"];
    for field in ["CallId", "Caller_Account", "RoomId"] {
        record[field] = json!(text);
    }
    record["CalleeList_Account"] = json!([text, "bob"]);
    let mut room = sample("live_after_create_room.json");
    room["RoomInfo"]["RoomId"] = json!(text);
    room["RoomInfo"]["RoomName"] = json!(text);
    room["RoomInfo"]["Owner_Account"] = json!(text);
    let mut metadata = sample("live_after_set_metadata.json");
    metadata["RoomId"] = json!(text);
    metadata["Metadata"] = json!([{ "Key": text, "Value": text }]);
    let mut strange = json!({ "CallbackCommand": format!("Live.{text}"), "RoomId": text });
    strange[text] = json!(text);
    for body in [call, room, metadata, strange] {
        let command = body["CallbackCommand"].as_str().unwrap_or_default();
        let known = if command.contains("Callback") { command } else { "x" };
        let query = format!("SdkAppid={SAMPLE_APP}&CallbackCommand={known}");
        let (status, reply) = hook.post(&query, &[], body.to_string().as_bytes()).expect("the listener answers");
        assert_eq!(status, 200, "{text:?} should be taken; the reply was {reply}");
    }
}

/// What stands on the screen, with everything that is written out read back.
fn read_back(shown: &str) -> String {
    let mut out = String::new();
    let mut rest = shown;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = &rest[at + 1..];
        if let Some(end) = code.strip_prefix("u{").and_then(|digits| digits.find('}')) {
            let number = u32::from_str_radix(&code[2..2 + end], 16).expect("hexadecimal digits");
            out.push(char::from_u32(number).expect("a character"));
            rest = &code[3 + end..];
        } else {
            out.push(match code.as_bytes().first() {
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                _ => '\t',
            });
            rest = &code[1..];
        }
    }
    out + rest
}

/// Opens a call or a room, waits until it is there, and answers the names that it has in the detail and everything's names.
async fn open(window: &Window, screen: &str, key: &str, detail: &str, text: &str) -> BTreeSet<String> {
    let address = json!(format!("#/{screen}?{}", form(key)));
    window.run(&format!("location.hash = {address}; return 0")).await;
    let names =
        format!("return [...document.querySelectorAll('[data-testid={detail}] dd bdi')].map((one) => one.textContent)");
    let patience = std::time::Instant::now() + crate::screen::PATIENCE;
    loop {
        let shown = window.run(&names).await;
        let found: Vec<&str> = shown.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if found.iter().any(|one| read_back(one) == text) {
            break;
        }
        assert!(std::time::Instant::now() < patience, "{text:?} should be readable in {detail}; there is {found:?}");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    let seen = window.run(LOOK).await;
    assert_eq!(seen["faults"], json!([]), "{text:?} in {detail}");
    seen["names"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn form(key: &str) -> String {
    let bytes = key.bytes().map(|byte| format!("%{byte:02X}"));
    format!("open={}", bytes.collect::<String>())
}

/// What a good text shows. What comes late, as the stays of a room do, may be there for the next text only, so this looks until nothing more comes.
async fn look_at_harmless(window: &Window) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut quiet = 0;
    while quiet < QUIET_LOOKS {
        let before = names.len();
        names.extend(look_at(window, "harmless").await);
        quiet = if names.len() == before { quiet + 1 } else { 0 };
    }
    names
}

async fn look_at(window: &Window, text: &str) -> BTreeSet<String> {
    let mut names = open(window, "calls", &format!("{SAMPLE_APP}:{text}"), "call-detail", text).await;
    names.extend(open(window, "rooms", &format!("{SAMPLE_APP}:live::{text}"), "room-detail", text).await);
    names
}

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn hostile_texts_are_only_text() {
    let window = Window::open().await;
    let hook = window.take_in(SAMPLE_APP).await;
    window.run(WATCH).await;
    post(&hook, "harmless");
    let harmless = look_at_harmless(&window).await;
    assert!(harmless.contains("bdi title"), "the names were gathered: {harmless:?}");
    for text in texts() {
        post(&hook, &text);
        let more: Vec<String> = look_at(&window, &text).await.difference(&harmless).cloned().collect();
        assert_eq!(more, Vec::<String>::new(), "{text:?} added nothing to the page that a harmless text does not");
    }
    window.click("nav-deliveries").await;
    window.find("[data-testid=delivery-row]").await;
    let seen = window.run(LOOK).await;
    assert_eq!(seen["faults"], json!([]), "the list of deliveries");

    // The eyes see: what must never happen is done on purpose.
    for (mischief, fault) in [
        ("__xss(1); return 0", "a script ran: 1"),
        (
            "const one = document.createElement('img'); one.src = 'https://hostile.example/x.png'; document.body.append(one); return 0",
            "the policy was broken: img-src",
        ),
        ("document.querySelector('[role=grid] [data-row]').style.height = '68px'; return 0", "a row is 68 high"),
        ("document.title = 'Hostile'; return 0", "the title is Hostile"),
    ] {
        window.run(mischief).await;
        let patience = std::time::Instant::now() + crate::screen::PATIENCE;
        while !window.run(LOOK).await["faults"].to_string().contains(fault) {
            assert!(std::time::Instant::now() < patience, "{fault} should be noticed");
        }
    }
}

#[test]
fn what_is_written_out_is_read_back() {
    assert_eq!(read_back("a\\u{202E}b\\n\\t\\r"), "a\u{202E}b\n\t\r", "every way of writing out");
}
