//! Secrets are planted by file, standard input and API, everything is used that could show them, and then everything is
//! searched: they are in `secrets.json` alone.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixListener},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use calltrail::callback::signature::{live_sign, rtc_sign};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    process::{self, APP, Serve, end_call, ready},
    support::{Answer, calltrail, request},
};

/// By file.
const SECRET_KEY: &str = "5ec7e7b1a9f04c3d86e2d0b7715f9a4c5ec7e7b1a9f04c3d86e2d0b7715f9a4c";
/// By standard input.
const LIVE_TOKEN: &str = "PlantedLiveToken7QzXw2Rk";
/// By the API, instead of the one after it.
const RTC_KEY: &str = "PlantedRtcKey9Vb4Tn8Lm";
/// By the API, and then replaced: it must be nowhere.
const OLD_RTC_KEY: &str = "PlantedOldRtcKey3Hs6Yd";
/// Sent to the API in ways that it refuses: it must be nowhere.
const REFUSED: &str = "PlantedInVain5Jc1Gp0Zf";

const PLANTED: [&str; 5] = [SECRET_KEY, LIVE_TOKEN, RTC_KEY, OLD_RTC_KEY, REFUSED];

/// What a secret would look like: as it is, in hexadecimal, and in base64, wherever in a longer text it begins.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for before in 0..3 {
        let text = BASE64_STANDARD.encode([vec![b'.'; before], secret.as_bytes().to_vec()].concat());
        // The first and last four digits also depend on what stands around it.
        let inner = text.get(4..text.len() - 4).expect("a long secret").to_owned();
        forms.push(inner.replace('+', "-").replace('/', "_"));
        forms.push(inner);
    }
    forms
}

/// What is searched, each under a name.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Seen {
    fn add(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) {
        self.0.push((name.into(), String::from_utf8_lossy(bytes.as_ref()).into_owned()));
    }

    fn command(&mut self, name: &str, output: &Output) {
        self.add(format!("standard output of {name}"), &output.stdout);
        self.add(format!("standard error of {name}"), &output.stderr);
    }

    /// Every file below a folder but the one where secrets are.
    fn files(&mut self, when: &str, folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                self.files(when, &entry);
            } else if !entry.ends_with("secrets.json") {
                // A file of the database may go while it is looked at.
                self.add(format!("{} {when}", entry.display()), fs::read(&entry).unwrap_or_default());
            }
        }
    }

    fn process(&mut self, name: &str, id: u32) {
        for file in ["cmdline", "environ"] {
            // Both are empty for a moment while a process begins.
            let text = within(|| fs::read(format!("/proc/{id}/{file}")).ok().filter(|text| !text.is_empty()));
            self.add(format!("{file} of {name}"), text);
        }
    }

    fn shows(&self, secret: &str) -> Vec<&str> {
        let forms = forms(secret);
        let shows = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
        self.0.iter().filter(|(_, text)| shows(text)).map(|(name, _)| name.as_str()).collect()
    }
}

/// Asks again and again until there is an answer.
fn within<T>(ask: impl Fn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nothing came of it in {:?}", began.elapsed());
        thread::sleep(Duration::from_millis(20));
    }
}

struct Desk {
    serve: Serve,
    authority: String,
    key: String,
}

impl Desk {
    fn of(serve: Serve) -> Self {
        let web = serve.web.as_deref().and_then(|web| web.strip_prefix("http://")).expect("it has a web page");
        let (authority, key) = web.split_once("/?key=").expect("its address holds the key");
        let (authority, key) = (authority.to_owned(), key.to_owned());
        Self { serve, authority, key }
    }

    fn ask(&self, seen: &mut Seen, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = request(&self.authority, method, path, &headers, body.as_bytes());
        seen.add(format!("the answer to {method} {path}"), &answer.body);
        answer
    }
}

/// Runs a command to its end, with everything in its log.
fn run(seen: &mut Seen, data_dir: &Path, arguments: &[&str]) -> Output {
    let output = traced(data_dir, arguments).output().expect("it runs");
    seen.command(&arguments.join(" "), &output);
    output
}

fn traced(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = calltrail();
    command.arg("--data-dir").arg(data_dir).args(arguments).env("CALLTRAIL_LOG", "trace").stdin(Stdio::null());
    command
}

/// Tencent's side, with the planted key; killed when dropped.
struct Tencent {
    child: Child,
    url: String,
    log: PathBuf,
}

impl Tencent {
    fn start(home: &TempDir, key_file: &str) -> Self {
        let log = home.path().join("sandbox-log");
        let mut command = calltrail();
        command.args(["sandbox", "--listen", "127.0.0.1:0", "--app", APP, "--secret-key-file", key_file, "--json"]);
        command.env("CALLTRAIL_LOG", "trace").stderr(File::create(&log).expect("a file"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("one line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        Self { child, url: told["url"].as_str().expect("an address").to_owned(), log }
    }
}

impl Drop for Tencent {
    fn drop(&mut self) {
        // Both fail where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything that makes a password of the key, from the window and from the command line, also when it is refused.
fn ask_tencent(seen: &mut Seen, desk: &Desk, data_dir: &Path, tencent: &Tencent) {
    let path = format!("/api/callbacks/{APP}/call");
    let state = desk.ask(seen, "POST", &format!("{path}/read"), "{}").json();
    assert_eq!(state["state"], "nothing", "it is asked with the planted key: {state}");
    let wanted = json!({ "to": "actions", "actions": ["Call.CallbackAfterEndCall"] });
    let plan = desk.ask(seen, "POST", &format!("{path}/plan"), &wanted.to_string()).json();
    let apply = json!({ "wanted": wanted, "seen": plan["seen"], "agreed": [] }).to_string();
    let applied = desk.ask(seen, "POST", &format!("{path}/apply"), &apply).json();
    assert_eq!(applied["confirmed"], true, "it is set: {applied}");
    let of = ["--app", APP, "--product", "call"];
    for command in ["get", "history", "delete", "get"] {
        let output = run(seen, data_dir, &[&["callbacks", command][..], &of].concat());
        assert!(output.status.success(), "callbacks {command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let faults = json!({ "answer_with": { "path": "v4/", "code": 70_009, "times": 1 } }).to_string();
    let authority = tencent.url.strip_prefix("http://").expect("plain");
    let told = request(authority, "POST", "/sandbox/faults", &[], faults.as_bytes());
    assert_eq!(told.status, 200, "{}", told.body);
    let state = desk.ask(seen, "POST", &format!("{path}/read"), "{}").json();
    assert_eq!(state["error"]["tencent_code"], 70_009, "it is refused: {state}");
    seen.process("sandbox", tencent.child.id());
    seen.add("the log of the sandbox", fs::read(&tencent.log).expect("a log"));
}

/// The first two, on the command line.
fn plant_by_command(seen: &mut Seen, data_dir: &Path, key_file: &str, region: &str) {
    let added = run(seen, data_dir, &["app", "add", APP, "--region", region, "--secret-key-file", key_file]);
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let arguments = ["app", "add", APP, "--live-token-file", "-"];
    let mut child = traced(data_dir, &arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    seen.process("app add -", child.id());
    child.stdin.take().expect("piped").write_all(LIVE_TOKEN.as_bytes()).expect("it reads");
    let added = child.wait_with_output().expect("it ends");
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    seen.command("app add -", &added);
}

/// The others, by the API, also in ways that it refuses.
fn plant_by_api(seen: &mut Seen, desk: &Desk) {
    let address = format!("/api/apps/{APP}/secrets");
    for key in [OLD_RTC_KEY, RTC_KEY] {
        let answer = desk.ask(seen, "PUT", &address, &json!({ "rtc_key": key }).to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    for body in [
        json!({ "rtc_key": [REFUSED] }).to_string(),
        json!({ "rtc_key": format!("{REFUSED}\n{REFUSED}") }).to_string(),
        json!({ REFUSED: REFUSED }).to_string(),
        format!("{{\"rtc_key\": {REFUSED}}}"),
        REFUSED.to_owned(),
    ] {
        let answer = desk.ask(seen, "PUT", &address, &body);
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    let body = json!({ "rtc_key": REFUSED }).to_string();
    assert_eq!(desk.ask(seen, "PUT", "/api/apps/7/secrets", &body).status, 404, "not one of our apps");
    assert_eq!(desk.ask(seen, "POST", &address, &body).status, 405, "not the method");
}

/// Signed and badly signed callbacks of both families that are signed, and one that is not.
fn call_back(seen: &mut Seen, serve: &Serve) {
    let now = calltrail::clock::Clock::system().now_ms() / 1_000;
    let live = |user: &str| {
        format!(
            r#"{{"CallbackCommand":"Live.CallbackAfterMemberStateChanged","RoomId":"r","EventType":"Online","EventCause":"Enter","MemberList":[{{"Member_Account":"{user}"}}],"EventTime":{now}000}}"#
        )
    };
    let rtc = |user: &str| {
        format!(
            r#"{{"EventGroupId":1,"EventType":103,"CallbackTs":{now}000,"EventInfo":{{"RoomId":7,"EventMsTs":{now}000,"UserId":"{user}","Reason":1}}}}"#
        )
    };
    for (token, time, user, status) in [
        (LIVE_TOKEN, now, "alice", 200),
        ("wrong", now, "mallory", 403),
        (LIVE_TOKEN, now - 3_600, "stale", 403),
        (LIVE_TOKEN, now + 3_600, "early", 403),
    ] {
        let query = format!("SdkAppid={APP}&Sign={}&RequestTime={time}", live_sign(token, &time.to_string()));
        let answer = serve.post(&query, &[], live(user).as_bytes());
        assert_eq!(answer.status, status, "{user}: {}", answer.body);
        seen.add(format!("the answer to the live callback of {user}"), &answer.body);
    }
    for (key, user, status) in [(RTC_KEY, "alice", 200), (OLD_RTC_KEY, "mallory", 403)] {
        let body = rtc(user);
        let answer = serve.post("", &[("SdkAppId", APP), ("Sign", &rtc_sign(key, body.as_bytes()))], body.as_bytes());
        assert_eq!(answer.status, status, "{user}: {}", answer.body);
        seen.add(format!("the answer to the RTC callback of {user}"), &answer.body);
    }
    // Something that the log speaks of.
    let refused = request(&serve.address.to_string(), "GET", &serve.path, &[], b"");
    assert_eq!(refused.status, 405, "callbacks are posted: {}", refused.body);
    let call = serve.post(&format!("SdkAppid={APP}"), &[], end_call("a").as_bytes());
    assert_eq!(call.status, 200, "{}", call.body);
}

/// Every address of the API that can be read.
fn read_everything(seen: &mut Seen, desk: &Desk) {
    let deliveries = desk.ask(seen, "GET", "/api/deliveries", "").json();
    let digests: Vec<&str> =
        deliveries["rows"].as_array().expect("rows").iter().filter_map(|row| row["digest"].as_str()).collect();
    assert_eq!(digests.len(), 7, "seven callbacks were sent, four of which wait: {deliveries}");
    for digest in digests {
        desk.ask(seen, "GET", &format!("/api/delivery?digest={digest}"), "");
    }
    let document: Value = desk.ask(seen, "GET", "/api/openapi.json", "").json();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        if methods.get("get").is_some() {
            desk.ask(seen, "GET", &path.replace("{file}", "calls.csv").replace("{id}", APP), "");
        }
    }
    for kind in ["calls", "members", "rooms", "stays", "deliveries"] {
        let answer = desk.ask(seen, "GET", &format!("/api/export/{kind}.csv"), "");
        assert_eq!(answer.status, 200, "{kind} can be exported: {}", answer.body);
    }
    desk.ask(seen, "GET", "/api/export/deliveries.jsonl", "");
    desk.ask(seen, "POST", "/api/backups", "{}");
    desk.ask(seen, "GET", "/", "");
}

#[test]
fn a_planted_secret_is_found_nowhere_but_in_its_file() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    let mut seen = Seen::default();
    let key_file = home.path().join("the-key");
    fs::write(&key_file, format!("{SECRET_KEY}\n")).expect("a file");
    let key_file = key_file.to_str().expect("a temporary name");
    let tencent = Tencent::start(&home, key_file);
    plant_by_command(&mut seen, &data_dir, key_file, &tencent.url);

    let log = home.path().join("log");
    let mut command = process::command(&data_dir, &["--hook", "127.0.0.1:0", "--web", "127.0.0.1:0"]);
    command.env("CALLTRAIL_LOG", "trace").stderr(File::create(&log).expect("a file"));
    let desk = Desk::of(ready(command.spawn().expect("it starts")));
    plant_by_api(&mut seen, &desk);
    call_back(&mut seen, &desk.serve);
    ask_tencent(&mut seen, &desk, &data_dir, &tencent);
    read_everything(&mut seen, &desk);
    seen.process("serve", desk.serve.id());
    for arguments in [
        &["doctor"][..],
        &["verify"],
        &["app", "list"],
        &["app", "list", "--json"],
        &["export", "deliveries", "--format", "jsonl"],
    ] {
        run(&mut seen, &data_dir, arguments);
    }
    seen.files("while it runs", &data_dir);
    let (status, _) = desk.serve.terminate();
    assert!(status.success(), "it stops when it is asked to: {status}");
    seen.files("after the stop", &data_dir);
    let log = fs::read_to_string(&log).expect("the log");
    assert!(log.contains("request refused"), "the log speaks of what is only seen in the details: {log}");
    seen.add("the log of serve", log);

    for secret in PLANTED {
        assert_eq!(seen.shows(secret), Vec::<&str>::new(), "{secret} is shown");
    }
    let passwords: Vec<_> = seen.0.iter().filter(|(_, text)| text.contains("usersig=")).map(|(name, _)| name).collect();
    assert_eq!(passwords, Vec::<&String>::new(), "a password that was made of the key is shown");
    let file = data_dir.join("secrets.json");
    let kept = fs::read_to_string(&file).expect("the file");
    let found: Vec<bool> = PLANTED.iter().map(|secret| kept.contains(secret)).collect();
    assert_eq!(found, [true, true, true, false, false], "three are kept, and of the others nothing is: {kept}");
    let mode = fs::metadata(&file).expect("the file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "its owner alone reads it");

    // The search itself finds what is there.
    let mut planted = Seen::default();
    planted.add("secrets.json", kept);
    planted.add("a coded text", BASE64_STANDARD.encode(format!("..{RTC_KEY}..")));
    assert_eq!(planted.shows(RTC_KEY), ["secrets.json", "a coded text"], "as it is, and coded");
}

#[test]
fn a_key_store_that_answers_late_is_asked_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let data_dir = home.path().join("data");
    fs::create_dir(&data_dir).expect("a folder");
    let held = json!({ "installation": "0123456789abcdef0123456789abcdef", "entries": [format!("{APP}/live_token")] });
    let config = json!({ "apps": [{ "id": APP }], "key_store": held }).to_string();
    fs::write(data_dir.join("config.json"), config).expect("settings");
    let socket = home.path().join("silent-bus");
    let silent = UnixListener::bind(&socket).expect("a socket that nobody answers at");
    let mut command = process::command(&data_dir, &["--hook", "127.0.0.1:0", "--no-web"]);
    command
        .env_remove("CALLTRAIL_KEY_STORE")
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    let serve = ready(command.stderr(Stdio::null()).spawn().expect("it starts"));
    let post = |user: u32| {
        let time = (calltrail::clock::Clock::system().now_ms() / 1_000).to_string();
        let query = format!("SdkAppid={APP}&Sign={}&RequestTime={time}", live_sign(LIVE_TOKEN, &time));
        let body = format!(r#"{{"CallbackCommand":"Live.CallbackAfterCreateRoom","RoomId":"{user}"}}"#);
        serve.post(&query, &[], body.as_bytes()).status
    };
    assert_eq!(post(0), 403, "it runs, and nothing comes in that it cannot check");
    // What the key store would have said after its dialog is read from the file here: the same way in.
    let secrets = json!({ APP: { "live_token": LIVE_TOKEN } }).to_string();
    fs::write(data_dir.join("secrets.json"), secrets).expect("a file");
    assert_eq!(post(1), 403, "a file that was written by hand is not watched");
    drop(silent);
    within(|| (post(2) == 200).then_some(()));
}
