//! Tencent's REST APIs as the sandbox plays them.

use calltrail::{
    clock::Clock,
    sandbox::Sandbox,
    secret::Secret,
    tencent::{Account, CallbackToken, Configuration, Hosts, Product, Tencent},
};
use expect_test::expect;
use serde_json::{Value, json};

use super::side::{APP, KEY, NOW_MS, SMALL_APP, Side, call_actions, code_of};

const HOOK: &str = "https://hooks.example.org/trtc";

#[test]
fn every_configuration_api_answers_in_its_envelope() {
    let side = Side::start();
    let v1 = json!({"address": HOOK, "actions": ["normal_end", "caller_start_call"]});
    let live = json!({"Url": HOOK, "CallbackCommandList": ["Live.CallbackAfterCreateRoom", "Mic.CallbackAfterSeatInfoChanged"]});
    let room = json!({"Url": HOOK, "CallbackCommandList": ["Room.CallbackUpdateRoomInfo"]});
    let mut said = String::new();
    for (path, body) in [
        ("v1/callback/set", v1.clone()),
        ("v1/callback/update", v1),
        ("v1/callback/get", json!({})),
        ("v1/callback/delete", json!({})),
        ("v4/call_config/set_callback", call_actions(HOOK)),
        ("v4/call_config/get_callback", json!({})),
        ("v4/call_config/delete_callback", json!({})),
        ("v4/live_config/set_callback", live.clone()),
        ("v4/live_config/update_callback", live),
        ("v4/live_config/get_callback", json!({})),
        ("v4/live_config/delete_callback", json!({})),
        ("v4/live_config/set_callback_token", json!({"Token": "xxxxyyyy", "IsTokenEnable": true})),
        ("v4/live_config/get_callback_token", json!({})),
        ("v4/live_config/delete_callback_token", json!({})),
        ("v4/room_config/set_callback", room.clone()),
        ("v4/room_config/update_callback", room),
        ("v4/room_config/get_callback", json!({})),
        ("v4/room_config/delete_callback", json!({})),
    ] {
        said.push_str(&format!("{path}\n  {}\n", side.ask(path, body)));
    }
    expect![[r#"
        v1/callback/set
          {"errorCode":0,"errorMessage":"Success","requestId":"532deabf88729cb43995ab5a9cd49bf9","data":"https://hooks.example.org/trtc"}
        v1/callback/update
          {"errorCode":0,"errorMessage":"Success","requestId":"8c7654ecfd7b0b623b803e2f4e02ad1c","data":"https://hooks.example.org/trtc"}
        v1/callback/get
          {"errorCode":0,"errorMessage":"Success","requestId":"3ed2b0611e97da9cfe87c83e7ed97c2d","data":{"actions":["normal_end","caller_start_call"],"address":"https://hooks.example.org/trtc"}}
        v1/callback/delete
          {"errorCode":0,"errorMessage":"Success","requestId":"84acc16af38f59d2ddeb004751e48c2d","data":""}
        v4/call_config/set_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-adf21c0341a4dfca3200c2668f4b0412-O-Seq-5"}
        v4/call_config/get_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-9df764a92c8768b0163e7b6430418e7a-O-Seq-6","Response":{"Url":"https://hooks.example.org/trtc","CallbackCommandList":["Call.CallbackAfterEndCall"]}}
        v4/call_config/delete_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-460e144feb894b153ea4f5a10f520ae5-O-Seq-7"}
        v4/live_config/set_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-37c02559b74fdab168e5d2d3fc435573-O-Seq-8"}
        v4/live_config/update_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-22db33e560859d948f9c714dc43efc37-O-Seq-9"}
        v4/live_config/get_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-09f26ac699747ca2f13c82f6e86cecb2-O-Seq-10","Response":{"Url":"https://hooks.example.org/trtc","CallbackCommandList":["Live.CallbackAfterCreateRoom","Mic.CallbackAfterSeatInfoChanged"]}}
        v4/live_config/delete_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-591aa31cec30cc6701846d677da04f1c-O-Seq-11"}
        v4/live_config/set_callback_token
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-d879d55d657da31d6993392fe401f727-O-Seq-12"}
        v4/live_config/get_callback_token
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-d99a858826ab1f7833c2df888d5897c2-O-Seq-13","Response":{"Token":"xxxxyyyy","IsTokenEnable":true}}
        v4/live_config/delete_callback_token
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-b8c9c02b928abcf37a5af40226257959-O-Seq-14"}
        v4/room_config/set_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-15ff0089f5612998d7e006b35660ffac-O-Seq-15"}
        v4/room_config/update_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-8d9a2b6856ed934cc55401b977b989c4-O-Seq-16"}
        v4/room_config/get_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-e14562c3357b64f7b3a0aac08dfc8857-O-Seq-17","Response":{"Url":"https://hooks.example.org/trtc","CallbackCommandList":["Room.CallbackUpdateRoomInfo"]}}
        v4/room_config/delete_callback
          {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0,"RequestId":"Id-4dbdf2ea07431b4790e9b27a46fbc23b-O-Seq-18"}
    "#]].assert_eq(&said);
}

#[test]
fn every_documented_refusal_can_be_had() {
    let side = Side::start();
    let nothing = json!({});
    let v1 = |address: &str| json!({"address": address, "actions": ["normal_end"]});
    let v4 = |url: &str, word: &str| json!({"Url": url, "CallbackCommandList": [word]});
    for (path, body, code, why) in [
        ("v1/callback/update", v1(HOOK), 999, "nothing to update (page 60132)"),
        ("v1/callback/get", nothing.clone(), 999, "nothing configured (page 60138)"),
        ("v1/callback/delete", nothing.clone(), 0, "nothing to delete is no error"),
        ("v1/callback/set", v1("ftp://h/"), 70_001, "the address (page 60134)"),
        ("v1/callback/set", json!({"actions": []}), 70_001, "a missing parameter (page 60138)"),
        (
            "v1/callback/set",
            v1("https://h/").as_object().map(|o| json!({"address": o["address"]})).expect("an object"),
            70_001,
            "no actions",
        ),
        ("v1/callback/set", json!({"address": 7, "actions": []}), 70_009, "a wrong type (page 60138)"),
        ("v1/callback/set", json!({"address": HOOK, "actions": "cancel"}), 70_009, "a text is no list"),
        ("v1/callback/nothing", nothing.clone(), 70_001, "no such request"),
        ("v1/records/get_record_by_callId", nothing.clone(), 70_001, "callId is required"),
        ("v1/records/get_record_by_callId", json!({"callId": 1}), 70_009, "an id is a text"),
        ("v1/records/get_records_by_filter", nothing.clone(), 70_001, "startTimestamp is required"),
        ("v4/call_config/get_callback", nothing.clone(), 100_301, "nothing configured (page 68937)"),
        ("v4/live_config/get_callback", nothing.clone(), 100_301, "nothing configured (page 64418)"),
        ("v4/room_config/get_callback", nothing.clone(), 100_301, "nothing configured (page 60730)"),
        ("v4/live_config/update_callback", v4(HOOK, "Live.CallbackAfterCreateRoom"), 100_301, "nothing to update"),
        ("v4/live_config/get_callback_token", nothing.clone(), 100_302, "no token (page 69529)"),
        ("v4/live_config/set_callback_token", json!({"Token": "t"}), 100_002, "both, the first time"),
        (
            "v4/live_config/set_callback_token",
            json!({"Token": "t".repeat(129), "IsTokenEnable": true}),
            100_002,
            "128 at most",
        ),
        ("v4/call_config/set_callback", v4("h/", "Call.CallbackAfterEndCall"), 100_002, "the address (page 68938)"),
        ("v4/call_config/set_callback", v4(HOOK, "Live.CallbackAfterCreateRoom"), 100_002, "another product's command"),
        ("v4/call_config/set_callback", json!({"Url": HOOK}), 100_002, "the list is required"),
        (
            "v4/call_config/update_callback",
            v4(HOOK, "Call.CallbackAfterEndCall"),
            60_009,
            "Call has no update (page 68938)",
        ),
        ("v4/livee_config/get_callback", nothing.clone(), 60_009, "a slip on page 64418"),
        ("v4/call_record_http_srv/get_record_by_callid", json!({"CallId": "?"}), 101_050, "no such call (page 68930)"),
        ("v4/call_record_http_srv/get_record_by_filter", nothing.clone(), 101_050, "no calls at all"),
        (
            "v4/call_record_http_srv/get_record_by_filter",
            json!({"Page": 0}),
            101_050,
            "nothing is looked up in nothing",
        ),
    ] {
        assert_eq!(side.code(path, body.clone()), code, "{path} {body}: {why}");
        // Ten a second would be too few for this list.
        side.later(1_000);
    }
}

#[test]
fn set_replaces_for_calls_and_refuses_for_rooms() {
    let side = Side::start();
    let url = |path, key: &str| {
        side.ask(path, json!({}))[if path.starts_with("v1") { "data" } else { "Response" }][key].clone()
    };
    let v1 = |address: &str| json!({"address": address, "actions": ["normal_end"]});
    for address in ["https://a/", "https://b/"] {
        assert_eq!(side.ask("v1/callback/set", v1(address))["data"], address, "v1 repeats the address");
        assert_eq!(side.code("v4/call_config/set_callback", call_actions(address)), 0, "Call takes the last word");
    }
    assert_eq!(url("v1/callback/get", "address"), "https://b/", "the last call wins (page 60134)");
    assert_eq!(url("v4/call_config/get_callback", "Url"), "https://b/", "it overwrites (page 68938)");
    for (product, word) in [("live", "Live.CallbackAfterCreateRoom"), ("room", "Room.CallbackAfterCreateRoom")] {
        let body = |url: &str| json!({"Url": url, "CallbackCommandList": [word]});
        let path = |what: &str| format!("v4/{product}_config/{what}_callback");
        assert_eq!(side.code(&path("set"), body("https://a/")), 0, "{product}: the first one");
        assert_eq!(side.code(&path("set"), body("https://b/")), 100_300, "{product}: one exists (page 64420)");
        assert_eq!(side.code(&path("update"), body("https://b/")), 0, "{product}: update is for that");
        assert_eq!(side.ask(&path("get"), json!({}))["Response"]["Url"], "https://b/", "{product}: and it did");
        assert_eq!(side.code(&path("delete"), json!({})), 0, "{product}: deleted");
        assert_eq!(side.code(&path("set"), body("https://c/")), 0, "{product}: then set does it again");
    }
    assert_eq!(
        side.sandbox.configuration(APP, Product::Room).map(|it| it.url).as_deref(),
        Some("https://c/"),
        "a test can look at it from inside"
    );
}

#[test]
fn only_what_changes_of_the_token_has_to_be_said_later() {
    let side = Side::start();
    let (set, get) = ("v4/live_config/set_callback_token", "v4/live_config/get_callback_token");
    assert_eq!(side.code(set, json!({"Token": "first", "IsTokenEnable": true})), 0, "both");
    assert_eq!(side.code(set, json!({"IsTokenEnable": false})), 0, "off");
    assert_eq!(
        side.ask(get, json!({}))["Response"],
        json!({"Token": "first", "IsTokenEnable": false}),
        "the token stays"
    );
    assert_eq!(side.code(set, json!({"Token": "second"})), 0, "another token");
    assert_eq!(
        side.ask(get, json!({}))["Response"],
        json!({"Token": "second", "IsTokenEnable": false}),
        "it stays off"
    );
    assert_eq!(side.code(set, json!({"IsTokenEnable": "yes"})), 100_002, "a text is no truth value");
    assert_eq!(side.code("v4/live_config/delete_callback_token", json!({})), 0, "forgotten");
    assert_eq!(side.code(get, json!({})), 100_302, "and gone");
}

#[test]
fn the_query_is_checked_word_by_word() {
    let side = Side::start();
    for (change, v1, v4) in [
        (("sdkappid", ""), 70_001, 60_012),
        (("sdkappid", "1400000001"), 70_001, 60_006),
        (("identifier", ""), 70_001, 60_004),
        (("usersig", ""), 70_001, 60_004),
        (("random", ""), 70_001, 60_002),
        (("random", "4294967296"), 70_001, 60_002),
        (("random", "-1"), 70_001, 60_002),
        (("contenttype", "JSON"), 70_001, 60_002),
    ] {
        let mut query = side.query(APP);
        for (name, value) in &mut query {
            if *name == change.0 {
                change.1.clone_into(value);
            }
        }
        let code = |path| code_of(&side.ask_with(path, &query, "{}"));
        assert_eq!((code("v1/callback/delete"), code("v4/call_config/delete_callback")), (v1, v4), "{change:?}");
    }
    for body in ["", "[]", "{", "null", "\"{}\""] {
        let code = |path| code_of(&side.ask_with(path, &side.query(APP), body));
        let codes = (code("v1/callback/delete"), code("v4/call_config/delete_callback"));
        assert_eq!(codes, (70_009, 60_003), "{body:?} is no JSON object");
    }
    for (path, code) in [("v1/callback/get", 70_001), ("v4/call_config/get_callback", 60_002)] {
        let answer = side.send("GET", path, &side.query(APP), "");
        assert_eq!((answer.status, code_of(&answer.json())), (200, code), "{path}: POST only");
    }
}

#[test]
fn a_password_that_is_not_right_is_refused_with_the_code_of_the_version() {
    let side = Side::start();
    let good = side.usersig(APP, KEY, "administrator");
    for (name, sig, identifier, v1, v4) in [
        ("another key", side.usersig(APP, "another key", "administrator"), "administrator", 70_002, 70_009),
        ("another app", side.usersig("20000001", KEY, "administrator"), "administrator", 70_002, 70_014),
        ("another account", side.usersig(APP, KEY, "alice"), "administrator", 70_002, 70_013),
        ("nonsense", "nonsense".to_owned(), "administrator", 70_002, 70_009),
        ("no administrator", side.usersig(APP, KEY, "alice"), "alice", 70_004, 60_010),
        ("nothing wrong", good.clone(), "administrator", 0, 0),
    ] {
        let query = [
            ("sdkappid", APP.to_owned()),
            ("identifier", identifier.to_owned()),
            ("usersig", sig),
            ("random", "1".to_owned()),
            ("contenttype", "json".to_owned()),
        ];
        let code = |path| code_of(&side.ask_with(path, &query, "{}"));
        assert_eq!((code("v1/callback/delete"), code("v4/call_config/delete_callback")), (v1, v4), "{name}");
    }
    let query = side.query(APP);
    side.later(3_601_000);
    let code = |path| code_of(&side.ask_with(path, &query, "{}"));
    assert_eq!((code("v1/callback/delete"), code("v4/call_config/delete_callback")), (70_003, 70_001), "expired");
}

#[test]
fn without_the_group_call_edition_v1_says_so_and_v4_works() {
    let side = Side::start();
    let code = |path| code_of(&side.ask_with(path, &side.query(SMALL_APP), "{}"));
    for path in ["v1/callback/get", "v1/callback/delete", "v1/records/get_record_by_callId"] {
        assert_eq!(code(path), 50_001, "{path} (page 60134)");
    }
    assert_eq!(code("v4/call_config/delete_callback"), 0, "the edition is v1's condition");
}

#[test]
fn who_asks_too_often_is_told_so_until_a_second_has_passed() {
    let side = Side::start();
    for (path, per_second, code) in [
        ("v1/callback/delete", 10, 70_005),
        ("v1/records/get_record_by_callId", 20, 70_005),
        ("v4/call_config/delete_callback", 200, 60_007),
    ] {
        let query = side.query(APP);
        let body = r#"{"callId":"none"}"#;
        for n in 0..per_second {
            assert_eq!(code_of(&side.ask_with(path, &query, body)), 0, "{path}: {n} of {per_second}");
        }
        assert_eq!(code_of(&side.ask_with(path, &query, body)), code, "{path}: more than {per_second} a second");
        side.later(1_000);
        assert_eq!(code_of(&side.ask_with(path, &side.query(APP), body)), 0, "{path}: a second later");
    }
    assert_eq!(
        code_of(&side.ask_with("v1/callback/delete", &side.query(SMALL_APP), "{}")),
        50_001,
        "each app has its own"
    );
}

#[test]
fn any_code_can_be_had_on_demand_for_so_many_times() {
    let side = Side::start();
    side.faults(&["answer=v4/call_config:100001:2"]);
    let codes: Vec<i64> = (0..3).map(|_| side.code("v4/call_config/get_callback", json!({}))).collect();
    assert_eq!(codes, [100_001, 100_001, 100_301], "an internal error of Tencent's, twice");
    side.faults(&["answer=v1/:50001"]);
    assert_eq!(side.code("v1/callback/get", json!({})), 50_001, "also v1's");
}

/// Our own client against the sandbox: the two were written apart, from the same pages.
#[test]
fn calltrails_client_and_the_sandbox_understand_each_other() {
    let side = Side::start();
    let clock = Clock::from_fn(|| NOW_MS);
    let account = Account {
        app: APP.to_owned(),
        administrator: "administrator".to_owned(),
        key: Secret::from(KEY.to_owned()),
        hosts: Hosts::of(APP, &side.sandbox.url()).expect("an address on this computer"),
    };
    let tencent = Tencent::new(clock).expect("a client");
    let client = tencent.client(account.clone());
    for (product, word) in [
        (Product::CallV1, "normal_end"),
        (Product::Call, "Call.CallbackAfterEndCall"),
        (Product::Live, "Live.CallbackAfterCreateRoom"),
        (Product::Room, "Room.CallbackAfterCreateRoom"),
    ] {
        let run = side.runtime.handle();
        assert_eq!(run.block_on(client.configuration(product)).expect("an answer"), None, "{product}: nothing yet");
        for url in ["https://a.example.org/", "https://b.example.org/"] {
            let wanted = Configuration { url: url.to_owned(), actions: vec![word.to_owned()] };
            run.block_on(client.configure(product, &wanted)).expect("it is set, also a second time");
            assert_eq!(run.block_on(client.configuration(product)).expect("an answer"), Some(wanted), "{product}");
        }
        run.block_on(client.delete_configuration(product)).expect("it is deleted");
        assert_eq!(side.sandbox.configuration(APP, product), None, "{product}: gone at Tencent too");
    }
    let token = CallbackToken { token: Secret::from("xxxxyyyy".to_owned()), enabled: true };
    side.runtime.block_on(async {
        assert!(client.callback_token().await.expect("an answer").is_none(), "no token yet");
        client.set_callback_token(&token).await.expect("it is set");
        let kept = client.callback_token().await.expect("an answer").expect("a token");
        assert!(kept.enabled && kept.token.expose() == "xxxxyyyy", "as it was set");
        client.delete_callback_token().await.expect("it is deleted");
        let stranger = tencent.client(Account { key: Secret::from("another".to_owned()), ..account });
        let error = stranger.configuration(Product::Call).await.expect_err("the key is wrong");
        assert_eq!(error.tencent_code(), Some(70_009), "{error}");
    });
    assert_eq!(tencent.clock_offset_s(), None, "the sandbox's answers tell the sandbox's time");
}

#[test]
fn other_computers_cannot_reach_it_and_it_stops() {
    let side = Side::start();
    let options = calltrail::sandbox::Options {
        listen: "0.0.0.0:0".parse().expect("an address"),
        apps: Vec::new(),
        seed: 1,
        clock: Clock::system(),
    };
    let error = side.runtime.block_on(Sandbox::start(options)).expect_err("everybody could reach it");
    assert!(error.to_string().contains("this computer only"), "{error}");
    let Side { runtime, sandbox, .. } = side;
    let address = sandbox.address();
    runtime.block_on(sandbox.stop());
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn an_answer_never_shows_a_key() {
    let side = Side::start();
    let debug = format!("{:?}", side.sandbox);
    assert!(!debug.contains(KEY), "the key is not in what is printed for debugging");
    let answer: Value = side.ask_with("v4/call_config/get_callback", &side.query(APP), "{}");
    assert!(!answer.to_string().contains(KEY), "{answer}");
}
