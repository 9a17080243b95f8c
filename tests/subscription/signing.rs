//! Signing of Live callbacks, switched on and off on both sides with one request.

use calltrail::{
    clock::Clock,
    sandbox::{AnswerWith, Faults},
    secret::Secret,
    tencent::{Account, CallbackToken, Hosts, Tencent},
    traffic::Scenario,
};
use serde_json::{Value, json};

use super::team::{APP, KEY, Team};

const ROOM: [&str; 2] = ["Live.CallbackAfterCreateRoom", "Live.CallbackAfterMemberStateChanged"];

fn path() -> String {
    format!("/api/apps/{APP}/signing")
}

/// What an answer says of both sides.
fn sides(answer: &Value) -> (Value, Value, Value) {
    (answer["at_tencent"].clone(), answer["here"].clone(), answer["fits"].clone())
}

/// Puts a token of somebody's at Tencent.
async fn at_tencent(team: &Team, token: &str) {
    let hosts = Hosts::of(APP, &team.sandbox.url()).expect("the sandbox's address");
    let key = Secret::from(KEY.to_owned());
    let account = Account { app: APP.to_owned(), administrator: "administrator".to_owned(), key, hosts };
    let tencent = Tencent::new(Clock::system()).expect("a client");
    let token = CallbackToken { token: Secret::from(token.to_owned()), enabled: true };
    tencent.client(account).set_callback_token(&token).await.expect("the sandbox takes it");
}

/// How many deliveries wait in quarantine, and how many are in the record.
async fn places(team: &Team) -> (u64, u64) {
    let status = team.get("/api/status").await;
    (status["quarantined"].as_u64().expect("a number"), status["deliveries"].as_u64().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_on_both_sides_fit_and_switched_off_both_are_silent() {
    let team = Team::start().await;
    team.choose("live", &ROOM).await;
    let off = (json!("off"), json!("none"), Value::Null);
    assert_eq!(sides(&team.get(&path()).await), off, "nothing is signed at first");

    let on = team.done("PUT", &path(), json!({"on": true})).await;
    assert_eq!(sides(&on), (json!("on"), json!("set"), json!(true)), "Tencent signs with what is checked: {on}");
    let kept = std::fs::read_to_string(team.home.path().join("secrets.json")).expect("the vault's file");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    let token = kept[APP]["live_token"].as_str().unwrap_or_default().to_owned();
    assert_eq!(token.len(), 128, "a token of 64 bytes is kept in the vault: its length is {}", token.len());
    assert!(!on.to_string().contains(&token), "and told to nobody");
    let apps = team.get("/api/apps").await;
    assert_eq!(apps[0]["live_token"], "set", "the list of apps says that it is set: {apps}");
    let report = team.play(Scenario::LiveRoom).await;
    assert!(report.taken() > 0 && report.refused() == 0, "what Tencent signs is taken: {report:?}");
    assert_eq!(places(&team).await.0, 0, "nothing waits");

    team.sandbox.faults(Faults { bad_signatures: 100, ..Faults::default() });
    let forged = team.play(Scenario::LiveRoom).await;
    assert!(forged.taken() == 0 && forged.refused() > 0, "what somebody else signs is not: {forged:?}");
    team.sandbox.faults(Faults::default());

    let again = team.done("PUT", &path(), json!({"on": true})).await;
    assert_eq!(sides(&again), sides(&on), "on again changes nothing: {again}");
    let kept_now = std::fs::read_to_string(team.home.path().join("secrets.json")).expect("the vault's file");
    assert!(kept_now.contains(&token), "the same token is in use");

    let ended = team.done("PUT", &path(), json!({"on": false})).await;
    assert_eq!(sides(&ended), off, "both sides have forgotten it: {ended}");
    let kept_now = std::fs::read_to_string(team.home.path().join("secrets.json")).expect("the vault's file");
    assert!(!kept_now.contains(&token), "the token is in the vault no more");
    let unsigned = team.play(Scenario::LiveRoom).await;
    assert!(unsigned.taken() > 0 && unsigned.refused() == 0, "what is not signed is taken again: {unsigned:?}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_does_not_fit_quarantines_and_on_makes_it_fit() {
    let team = Team::start().await;
    team.choose("live", &ROOM).await;
    at_tencent(&team, "somebody-elses-token").await;
    let found = team.get(&path()).await;
    assert_eq!(sides(&found), (json!("on"), json!("none"), Value::Null), "Tencent signs, nobody checks: {found}");
    assert!(team.play(Scenario::LiveRoom).await.taken() > 0, "unchecked, a signed callback is taken");

    team.done("PUT", &format!("/api/apps/{APP}/secrets"), json!({"live_token": "a-slip-of-the-pen"})).await;
    let found = team.get(&path()).await;
    assert_eq!(sides(&found), (json!("on"), json!("set"), json!(false)), "the two differ: {found}");
    let before = places(&team).await;
    let report = team.play(Scenario::LiveRoom).await;
    assert!(report.taken() == 0 && report.refused() > 0, "with the wrong token here all are answered 403: {report:?}");
    let after = places(&team).await;
    assert!(after.0 > before.0, "and wait in quarantine: {before:?}, {after:?}");

    let on = team.done("PUT", &path(), json!({"on": true})).await;
    assert_eq!(sides(&on), (json!("on"), json!("set"), json!(true)), "Tencent's token is taken over: {on}");
    assert!(!on.to_string().contains("somebody-elses-token"), "and not told");
    let kept = std::fs::read_to_string(team.home.path().join("secrets.json")).expect("the vault's file");
    assert!(kept.contains("somebody-elses-token"), "what Tencent signs with was not replaced");
    let report = team.play(Scenario::LiveRoom).await;
    assert!(report.taken() > 0 && report.refused() == 0, "now they fit: {report:?}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_step_fails_no_honest_callback_is_lost() {
    let team = Team::start().await;
    team.choose("live", &ROOM).await;
    let refuse = |path: &str, times| {
        let answer = AnswerWith { path: format!("v4/live_config/{path}"), code: 100_002, times };
        team.sandbox.faults(Faults { answer_with: Some(answer), ..Faults::default() });
    };

    refuse("set_callback_token", 9);
    let (status, error) = team.ask("PUT", &path(), Some(json!({"on": true}))).await;
    assert_eq!((status, &error["code"]), (502, &json!("tencent")), "Tencent refused: {error}");
    assert_eq!(team.get("/api/apps").await[0]["live_token"], "none", "so nothing is checked here");
    team.sandbox.faults(Faults::default());
    assert_eq!(team.play(Scenario::LiveRoom).await.refused(), 0, "and unsigned callbacks are taken as before");

    let file = team.home.path().join("secrets.json");
    let key = std::fs::read(&file).expect("the vault's file");
    team.done("PUT", &path(), json!({"on": true})).await;
    refuse("delete_callback_token", 9);
    let (status, error) = team.ask("PUT", &path(), Some(json!({"on": false}))).await;
    let message = error["message"].as_str().expect("a sentence");
    assert_eq!((status, &error["code"]), (502, &json!("tencent")), "Tencent goes on signing: {error}");
    assert!(message.contains("No callback is lost"), "and the person learns what that means: {message}");
    team.sandbox.faults(Faults::default());
    let left = team.get(&path()).await;
    assert_eq!(sides(&left), (json!("on"), json!("none"), Value::Null), "Tencent signs, nobody checks: {left}");
    assert_eq!(team.play(Scenario::LiveRoom).await.refused(), 0, "what is still signed is taken");
    let ended = team.done("PUT", &path(), json!({"on": false})).await;
    assert_eq!(sides(&ended).0, "off", "the second attempt ends it: {ended}");
    assert_eq!(std::fs::read(&file).expect("the vault's file"), key, "and the vault is as it was at first");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_or_an_answer_it_is_not_known_and_not_changed() {
    let team = Team::start().await;
    team.done("PUT", &format!("/api/apps/{APP}/secrets"), json!({"secret_key": null})).await;
    let unknown = team.get(&path()).await;
    assert_eq!(sides(&unknown).0, "unknown", "nobody can ask: {unknown}");
    assert_eq!(unknown["why"], json!({"code": "no_secret_key", "app": APP}), "and why is said: {unknown}");
    let (status, error) = team.ask("PUT", &path(), Some(json!({"on": true}))).await;
    assert_eq!((status, &error["code"]), (409, &json!("no_key")), "nothing can be switched: {error}");
    assert_eq!(team.ask("GET", "/api/apps/999/signing", None).await.0, 404, "an app that is not ours");
    let (status, error) = team.ask("PUT", &path(), Some(json!({"on": "yes"}))).await;
    assert_eq!(status, 400, "a slip of the pen must not look like success: {error}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_switches_it_while_no_calltrail_runs() {
    let Team { service, sandbox, home } = Team::start().await;
    let sign = |switch: &str| {
        let mut command = crate::support::calltrail();
        command.arg("--data-dir").arg(home.path()).args(["callbacks", "sign", "--app", APP, switch]);
        let ran = command.output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (ran.status.code(), text(ran.stdout), text(ran.stderr))
    };
    let (code, _, complaint) = sign("on");
    assert_eq!(code, Some(1), "the running one would not learn of the token: {complaint}");
    assert!(complaint.contains("held by a test"), "and it says who is in the way: {complaint}");
    service.stop().await;

    let is_kept =
        || std::fs::read_to_string(home.path().join("secrets.json")).is_ok_and(|kept| kept.contains("live_token"));
    let (code, said, complaint) = sign("on");
    assert_eq!(code, Some(0), "it is switched on: {complaint}");
    assert!(said.contains("signs the Live callbacks of 1400000001 now") && is_kept(), "and kept: {said}");
    let (code, said, complaint) = sign("off");
    assert_eq!(code, Some(0), "it is switched off: {complaint}");
    assert!(said.contains("no longer signs") && !is_kept(), "and forgotten: {said}");
    let (code, _, complaint) = sign("perhaps");
    assert_eq!(code, Some(2), "on or off: {complaint}");
    sandbox.stop().await;
}
