//! What comes goes on to other addresses: its bytes, its order within a call, at least once, whatever happens on either side.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    process::{APP, Serve, end_call},
    sandbox::receiver::{Got, Receiver},
    support::{calltrail, request},
};

const QUERY: &str =
    "SdkAppid=1400000000&CallbackCommand=Call.CallbackAfterMemberChanged&contenttype=json&ClientIP=1.2.3.4";

/// How many callbacks the long test sends, and how often it kills Calltrail meanwhile.
fn callbacks() -> (usize, usize) {
    match std::env::var("CALLTRAIL_FORWARDED").ok().and_then(|number| number.parse().ok()) {
        Some(many) => (many, 10),
        None => (240, 2),
    }
}

/// `calltrail forward …`: the exit code, and what it said on either stream.
fn forward(data_dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let ran = calltrail().arg("--data-dir").arg(data_dir).arg("forward").args(arguments).output().expect("it runs");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ran.status.code(), said(&ran.stdout) + &said(&ran.stderr))
}

/// Something happens in a call; the number makes it the n-th thing.
fn change(call: usize, n: usize) -> String {
    format!(
        r#"{{"CallbackCommand": "Call.CallbackAfterMemberChanged",	"CallId": "call-{call}","UserList":[{{"User_Account":"a","Status":"Calling"}}],"ChangedUserList":[{{"User_Account":"user-{n}","ActionType":"Join"}}],"EventTime":{}}}"#,
        1_741_231_146_000_u64 + u64::try_from(n).expect("a small number")
    )
}

fn wait_until(what: &str, longest: Duration, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < longest, "{what}: not within {longest:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn each_callback_goes_on_byte_for_byte_in_the_order_of_its_call_whatever_fails() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let taken = Arc::new(Mutex::new(Vec::<Got>::new()));
    let kept = Arc::clone(&taken);
    let receiver = Receiver::answering(move |nth, got| {
        if nth % 37 == 11 {
            return Some((503, String::new()));
        }
        if nth % 97 == 40 {
            return Some((404, String::new()));
        }
        kept.lock().expect("no test fails in it").push(got.clone());
        Some((200, "whatever it says".to_owned()))
    });
    let mut serve = Serve::with_web(home.path(), &[]);
    let url = receiver.url("/callback?key=mine");
    let (code, said) = forward(home.path(), &["add", &url, "--app", APP, "--private"]);
    assert_eq!(code, Some(0), "{said}");
    let (total, kills) = callbacks();
    // A call has about twenty things to tell; each that is not taken at once holds up its call for some seconds.
    let calls = 12.max(total / 20);
    let bodies: Vec<String> = (0..total).map(|n| change(n % calls, n)).collect();
    for (n, body) in bodies.iter().enumerate() {
        let answer =
            serve.post(QUERY, &[("Content-Type", "application/json"), ("X-Signed", "as it was")], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.body);
        if n % (total / (kills + 1)) == total / (kills + 1) - 1 && n + 1 < total {
            serve.kill();
            serve = Serve::with_web(home.path(), &[]);
        }
    }
    let sent: BTreeSet<&[u8]> = bodies.iter().map(String::as_bytes).collect();
    let longest = Duration::from_secs(60) + Duration::from_millis(u64::try_from(total).expect("a small number"));
    wait_until("the target has every callback", longest, || {
        let taken = taken.lock().expect("no test fails in it");
        taken.iter().map(|got| got.body.as_slice()).collect::<BTreeSet<_>>() == sent
    });
    let taken = taken.lock().expect("no test fails in it");
    let mut last = BTreeMap::<String, u64>::new();
    let mut seen = BTreeSet::new();
    for got in taken.iter() {
        assert_eq!(got.target, format!("/callback?key=mine&{QUERY}"), "the target's own query, and then Tencent's");
        assert_eq!(got.header("x-signed"), Some("as it was"), "end-to-end headers go on");
        if seen.insert(got.body.as_slice()) {
            let (json, at) = (got.json(), got.json()["EventTime"].as_u64().expect("a number"));
            let before = last.insert(json["CallId"].as_str().expect("an id").to_owned(), at);
            assert!(before.is_none_or(|before| before < at), "{json} came before an earlier one of its call");
        }
    }
    // The target has the last one a moment before that is noted here. No secret is shown.
    wait_until("nothing waits", Duration::from_secs(20), || {
        forward(home.path(), &["list"]).1.contains("/callback?key=••••  runs, 0 waiting, 0 given up")
    });
    drop(serve);
}

/// A target that refuses everything until it is said to be up.
fn target_that_is_down() -> (Receiver, Arc<AtomicBool>) {
    let is_up = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_up);
    let answer = move |_, _: &Got| {
        let status = if switch.load(Ordering::Acquire) { 200 } else { 500 };
        Some((status, String::new()))
    };
    (Receiver::answering(answer), is_up)
}

#[test]
fn a_target_that_is_down_delays_no_answer_and_gets_everything_when_it_is_back() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (receiver, is_up) = target_that_is_down();
    let serve = Serve::with_web(home.path(), &[]);
    forward(home.path(), &["add", &receiver.url("/"), "--app", APP, "--private"]);
    for n in 0..30 {
        assert_eq!(serve.post(QUERY, &[], change(n, n).as_bytes()).status, 200);
    }
    wait_until("it is said that the target is down", Duration::from_secs(20), || {
        let targets = serve.api("/api/forward");
        targets["targets"][0]["down"] == true && targets["targets"][0]["missed"]["code"] == "status"
    });
    let waiting = serve.api("/api/forward")["targets"][0]["waiting"].as_u64().expect("a number");
    assert_eq!(waiting, 30, "nothing is lost");
    let digest = serve.api("/api/deliveries")["rows"][0]["digest"].as_str().expect("a digest").to_owned();
    let outcome = |serve: &Serve| serve.api(&format!("/api/forward/outcomes?digest={digest}"))["outcomes"][0].clone();
    assert_eq!(outcome(&serve)["fate"], "waiting");
    is_up.store(true, Ordering::Release);
    wait_until("it has everything", Duration::from_secs(60), || {
        serve.api("/api/forward")["targets"][0]["waiting"] == 0
    });
    assert_eq!(outcome(&serve)["fate"], "taken");
    assert_eq!(serve.api("/api/forward")["targets"][0]["down"], false);
}

/// Nothing else comes that could remind Calltrail of it.
#[test]
fn a_single_callback_that_a_target_did_not_take_reaches_it_once_it_is_back() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (receiver, is_up) = target_that_is_down();
    let serve = Serve::with_web(home.path(), &[]);
    forward(home.path(), &["add", &receiver.url("/"), "--app", APP, "--private"]);
    assert_eq!(serve.post(QUERY, &[], change(1, 1).as_bytes()).status, 200);
    receiver.got_at_least(3);
    is_up.store(true, Ordering::Release);
    wait_until("it has it", Duration::from_secs(40), || serve.api("/api/forward")["targets"][0]["waiting"] == 0);
    assert!(receiver.got().len() < 12, "it was asked now and then, and not all the time");
    assert_eq!(serve.post(QUERY, &[], change(1, 2).as_bytes()).status, 200);
    wait_until("and what comes later", Duration::from_secs(20), || {
        receiver.got().last().is_some_and(|got| got.body == change(1, 2).as_bytes())
    });
}

#[test]
fn what_comes_back_here_is_found_and_goes_round_no_further() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    let (address, path) = (serve.address.to_string(), serve.path.clone());
    let relay = Receiver::answering(move |_, got| {
        let headers: Vec<(&str, &str)> = got
            .headers
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("content-length"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let query = got.target.split_once('?').map_or("", |(_, query)| query);
        let answer = request(&address, "POST", &format!("{path}?{query}"), &headers, &got.body);
        Some((answer.status, answer.body))
    });
    forward(home.path(), &["add", &relay.url("/"), "--app", APP, "--private"]);
    assert_eq!(serve.post(QUERY, &[], change(0, 0).as_bytes()).status, 200);
    wait_until("it is stopped", Duration::from_secs(20), || {
        serve.api("/api/forward")["targets"][0]["paused"] == "leads_back"
    });
    assert_eq!(serve.api("/api/refusals")["counts"]["circle"], 1, "it was refused once");
    assert_eq!(relay.got().len(), 1);
    let own = format!("http://{}{}", serve.address, serve.path);
    let (code, said) = forward(home.path(), &["add", &own, "--app", APP, "--private"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("leads back to Calltrail"), "the address itself is seen at once: {said}");
}

#[test]
fn addresses_are_added_paused_and_removed_by_command_and_a_period_is_sent_again() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let receiver = Receiver::answering(|_, _| Some((200, String::new())));
    let serve = Serve::with_web(home.path(), &[]);
    assert_eq!(serve.post(QUERY, &[], end_call("before").as_bytes()).status, 200);
    let url = receiver.url("/cb");
    assert_eq!(forward(home.path(), &["list"]), (Some(0), "Nothing is passed on.\n".to_owned()));
    let (code, said) = forward(home.path(), &["add", &url, "--app", APP]);
    assert_eq!(code, Some(1));
    assert!(said.contains("in a private network"), "{said}");
    assert_eq!(forward(home.path(), &["add", &url, "--app", "1400000001", "--private"]).0, Some(1), "none of ours");
    assert_eq!(forward(home.path(), &["add", "ftp://x.example", "--app", APP]).0, Some(1), "not of the web");
    let runs = format!("1  {APP}  {url}  runs, 0 waiting, 0 given up\n");
    assert_eq!(forward(home.path(), &["add", &url, "--app", APP, "--private"]), (Some(0), runs.clone()));
    assert_eq!(forward(home.path(), &["add", &url, "--app", APP, "--private"]), (Some(0), runs), "once");
    let (code, paused) = forward(home.path(), &["pause", "1"]);
    assert_eq!((code, paused.contains("  paused, ")), (Some(0), true), "{paused}");
    assert_eq!(serve.post(QUERY, &[], change(1, 1).as_bytes()).status, 200);
    thread::sleep(Duration::from_millis(300));
    assert!(receiver.got().is_empty(), "nothing is sent while it is paused, and nothing from before it was added");
    forward(home.path(), &["resume", "1"]);
    assert_eq!(receiver.got_at_least(1)[0].body, change(1, 1).as_bytes());
    let (code, said) = forward(home.path(), &["replay", "1", "--from", "2020-01-01"]);
    assert_eq!((code, said.as_str()), (Some(0), "2 callbacks wait to be sent.\n"));
    let again = receiver.got_at_least(3);
    assert!(
        again[1..].iter().any(|got| got.body == end_call("before").as_bytes()),
        "also what came before it was added"
    );
    for (only, want) in [
        (&["--q", "CALL-1"][..], "1 callback waits to be sent.\n"),
        (&["--family", "live"], "0 callbacks wait to be sent.\n"),
        (&["--family", "call", "--to", "2020-01-02"], "0 callbacks wait to be sent.\n"),
    ] {
        let said = forward(home.path(), &[&["replay", "1", "--from", "2020-01-01"], only].concat());
        assert_eq!(said, (Some(0), want.to_owned()), "{only:?}");
    }
    for wrong in [&["--family", "x"][..], &["--to", "2019-12-31"]] {
        let said = forward(home.path(), &[&["replay", "1", "--from", "2020-01-01"], wrong].concat());
        assert_eq!(said.0, Some(2), "{wrong:?}: {}", said.1);
    }
    let listed: Value = serde_json::from_str(&forward(home.path(), &["list", "--json"]).1).expect("JSON");
    assert_eq!((&listed[0]["id"], &listed[0]["app"]), (&Value::from(1), &Value::from(APP)));
    assert_eq!(forward(home.path(), &["remove", "1"]), (Some(0), "Nothing is passed on.\n".to_owned()));
    assert_eq!(forward(home.path(), &["remove", "1"]).0, Some(1), "it is gone");
    drop(serve);
    let (code, said) = forward(home.path(), &["add", &url, "--app", APP, "--private"]);
    assert_eq!(code, Some(0), "without a running Calltrail it waits for the next start: {said}");
}

/// A command that asks for permission; the number makes it the n-th one.
fn gift(n: usize) -> String {
    format!(
        r#"{{"CallbackCommand":"Live.CallbackBeforeSendGift","Operator_Account":"a","RoomId":"r","GiftWater":{{"From_Account":"a","To_Account":["b"],"Time":{n},"GiftId":"g","Count":1,"Coins":1}}}}"#
    )
}

#[test]
fn what_a_target_answers_to_a_before_command_is_passed_through_if_it_comes_in_time_and_is_json() {
    const ASKS: &str = "SdkAppid=1400000000&CallbackCommand=Live.CallbackBeforeSendGift";
    const ALLOWED: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;
    let no = r#"{"ActionStatus":"FAIL","ErrorCode":1,"ErrorInfo":"不行"}"#;
    let answers = Arc::new(Mutex::new(Some((200, String::new()))));
    let given = Arc::clone(&answers);
    let receiver = Receiver::answering(move |_, _| given.lock().expect("no test fails in it").clone());
    let answer = |with: Option<(u16, &str)>| {
        let with = with.map(|(status, body)| (status, body.to_owned()));
        *answers.lock().expect("no test fails in it") = with;
    };
    let home = tempfile::tempdir().expect("a temporary folder");
    let serve = Serve::with_web(home.path(), &[]);
    let (code, said) =
        forward(home.path(), &["add", &receiver.url("/"), "--app", APP, "--private", "--answers-before"]);
    assert!(code == Some(0) && said.contains("answers Before commands"), "{said}");
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(64 * 1024));
    answer(Some((200, no)));
    assert_eq!(serve.post(ASKS, &[], gift(0).as_bytes()).body, no, "word for word");
    wait_until("it is settled", Duration::from_secs(10), || serve.api("/api/forward")["targets"][0]["waiting"] == 0);
    assert_eq!(receiver.got().len(), 1, "what it answered is not sent again");
    for (n, (status, body)) in
        [(500, no), (200, "OK"), (200, "[1]"), (204, ""), (200, long.as_str())].into_iter().enumerate()
    {
        answer(Some((status, body)));
        let answered = serve.post(ASKS, &[], gift(n + 1).as_bytes());
        let told = body.chars().take(20).collect::<String>();
        assert_eq!((answered.status, answered.body.as_str()), (200, ALLOWED), "{status} {told}");
    }

    answer(None);
    let begun = Instant::now();
    thread::scope(|scope| {
        let asked = scope.spawn(|| (serve.post(ASKS, &[], gift(99).as_bytes()).body, begun.elapsed()));
        thread::sleep(Duration::from_millis(100));
        let (other, took) = (Instant::now(), serve.post(QUERY, &[], change(0, 0).as_bytes()).status);
        assert!(took == 200 && other.elapsed() < Duration::from_millis(900), "others are answered meanwhile");
        let (body, took) = asked.join().expect("it is answered");
        assert_eq!(body, ALLOWED, "no answer is no objection");
        let in_time = Duration::from_millis(1_100)..Duration::from_millis(1_900);
        assert!(in_time.contains(&took), "Tencent waits for 2 seconds: {took:?}");
    });
    let deliveries = serve.api("/api/deliveries?total=true");
    assert_eq!(deliveries["total"], 8, "each is in the record, whatever was answered: {deliveries}");

    answer(Some((200, no)));
    forward(home.path(), &["add", &receiver.url("/"), "--app", APP, "--private"]);
    assert_eq!(serve.post(ASKS, &[], gift(100).as_bytes()).body, ALLOWED, "off, as it is at first");
}
