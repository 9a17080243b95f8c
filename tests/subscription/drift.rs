//! Somebody else changes what Tencent sends: it is shown, written down, and can be taken back or taken as right.

use calltrail::{
    clock::Clock,
    config::{App, Apps, KeyStore, Vault},
    subscription::Subscriptions,
    tencent::{Configuration, Product},
};
use serde_json::json;

use super::team::{APP, Team};

const END: &str = "Call.CallbackAfterEndCall";
const START: &str = "Call.CallbackAfterStartCall";

fn elsewhere() -> Configuration {
    Configuration { url: "https://somebody.example/cb".to_owned(), actions: vec![START.to_owned()] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drift_is_shown_and_taken_back() {
    let team = Team::start().await;
    team.choose("call", &[START, END]).await;
    team.sandbox.configure(APP, Product::Call, Some(elsewhere())).expect("the app is known");
    let state = team.done("POST", &format!("/api/callbacks/{APP}/call/read"), json!({})).await;
    assert_eq!(state["state"], "drift", "it is not what was set here: {state}");
    assert_eq!(state["drift"]["was"]["actions"], json!([START, END]), "and what was set is known: {state}");
    let connection = team.get("/api/connection").await;
    assert_eq!(connection["links"][1]["state"], "attention", "the connection card says so: {connection}");

    let (status, applied) =
        team.change("call", json!({"to": "actions", "actions": [START, END]}), &["other_url"]).await;
    assert_eq!((status, &applied["state"]["state"]), (200, &json!("ours")), "it is set again: {applied}");

    team.sandbox.configure(APP, Product::Call, None).expect("the app is known");
    let state = team.done("POST", &format!("/api/callbacks/{APP}/call/read"), json!({})).await;
    assert_eq!(state["state"], "drift", "deleting is a change too: {state}");
    let (status, applied) = team.change("call", json!({"to": "as_is"}), &[]).await;
    assert_eq!((status, &applied["state"]["state"]), (200, &json!("nothing")), "taken as right: {applied}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_writes_down_what_others_do() {
    let team = Team::start().await;
    team.choose("call", &[END]).await;
    let apps = Apps::new(vec![App { region: team.sandbox.url(), ..App::new(APP, "Clinic") }]);
    let vault = Vault::open(team.home.path(), KeyStore::File);
    let watch = Subscriptions::new(team.home.path().to_owned(), vault, Clock::system(), team.service.hook_url());
    watch.look_round(&apps).await;
    assert!(!watch.look_round(&apps).await, "as long as nothing changes there is no news");
    team.sandbox.configure(APP, Product::Call, Some(elsewhere())).expect("the app is known");
    assert!(watch.look_round(&apps).await, "a change is news");
    let history = watch.history(APP, Product::Call).await.expect("a history");
    let newest = history.first().expect("an entry");
    assert_eq!((newest.by.code(), newest.after.as_ref()), ("elsewhere", Some(&elsewhere())), "it is written down");
    watch.look_round(&apps).await;
    assert_eq!(watch.history(APP, Product::Call).await.expect("a history").len(), history.len(), "once");
    team.stop().await;
}
