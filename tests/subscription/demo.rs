//! The demo: two invented weeks through a real listener, beside the real record, and gone without a trace.

use std::path::Path;

use serde_json::json;

use super::team::{Team, ask_in, until};

/// The folders that demos are in.
fn folders(home: &Path) -> usize {
    let entries = std::fs::read_dir(home).expect("the data folder").filter_map(Result::ok);
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("demo-")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fills_a_fortnight_and_leaves_no_trace() {
    let team = Team::start().await;
    let real = team.get("/api/status").await;
    assert_eq!(real["demo"], false, "the real record: {real}");
    assert_eq!(team.get("/api/demo").await["running"], false, "no demo yet");
    let before = std::fs::read(team.home.path().join("config.json")).expect("settings");

    team.done("POST", "/api/demo", json!({})).await;
    let shown = team.get("/api/status").await;
    assert_eq!(shown["demo"], true, "the demo is shown: {shown}");
    assert_ne!(shown["epoch"], real["epoch"], "whoever compares revisions asks for everything anew");
    until("all of the demo", async || {
        let demo = team.get("/api/demo").await;
        let condition = team.get("/api/condition").await;
        assert!(
            condition["clock"].is_null(),
            "what was made up as sent days ago says nothing of the clock: {condition}"
        );
        (demo["total"].as_u64() > Some(500) && demo["filled"] == demo["total"]).then_some(())
    })
    .await;
    let calls = team.get("/api/calls?limit=200&total=true").await;
    let rows = calls["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["app"] == "9999999999"), "every call is the demo's");
    assert!(calls["total"].as_u64() > Some(300), "two weeks of a small team: {}", calls["total"]);
    for result in ["normal_end", "not_answer", "call_busy", "reject", "cancel"] {
        let some = team.get(&format!("/api/calls?result={result}&total=true")).await;
        assert_ne!(some["total"], 0, "some calls ended by {result}");
    }
    assert!(team.get("/api/rooms?total=true").await["total"].as_u64() > Some(10), "rooms of every kind");
    let subscriptions = team.get("/api/callbacks").await;
    assert_eq!(subscriptions["apps"][0]["label"], "Demo", "the app says what it is: {subscriptions}");
    assert_eq!(subscriptions["apps"][0]["products"][0]["state"], "ours", "its callbacks were really subscribed to");

    team.done("DELETE", "/api/demo", json!({})).await;
    let again = team.get("/api/status").await;
    assert_eq!(
        (&again["demo"], &again["epoch"]),
        (&json!(false), &real["epoch"]),
        "the real record is shown again: {again}"
    );
    assert_eq!((&again["calls"], &again["deliveries"]), (&json!(0), &json!(0)), "it has never seen any of it");
    assert_eq!(folders(team.home.path()), 0, "the demo's folder is gone");
    let after = std::fs::read(team.home.path().join("config.json")).expect("settings");
    assert_eq!(after, before, "the settings are as they were");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_people_have_names_in_the_language_of_the_window() {
    let team = Team::start().await;
    let begun = ask_in("zh-CN,zh;q=0.9", team.service.router(), "POST", "/api/demo", None).await;
    assert_eq!(begun.0, 200, "it begins: {}", begun.1);
    until("a call of somebody with a Chinese name", async || {
        let calls = team.get("/api/calls?q=%E5%BC%A0%E4%BC%9F&total=true").await;
        (calls["total"].as_u64() > Some(0)).then_some(())
    })
    .await;
    assert_eq!(team.get("/api/apps").await[0]["label"], "示例", "and so has its app");
    team.done("DELETE", "/api/demo", json!({})).await;
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_calltrail_ends_the_demo_and_a_start_sweeps_what_a_crash_left() {
    let team = Team::start().await;
    team.done("POST", "/api/demo", json!({})).await;
    team.done("POST", "/api/demo", json!({})).await;
    assert_eq!(folders(team.home.path()), 1, "asking twice begins it once");
    let (home, sandbox) = (team.home, team.sandbox);
    team.service.stop().await;
    assert_eq!(folders(home.path()), 0, "it goes with Calltrail");
    std::fs::create_dir(home.path().join("demo-Left42")).expect("a folder");
    let options = calltrail::service::Options {
        data_dir: home.path().to_owned(),
        hook: Some("127.0.0.1:0".parse().expect("an address")),
        key_store: calltrail::config::KeyStore::File,
        ..Default::default()
    };
    let service = calltrail::service::Service::start(options).await.expect("it starts");
    assert_eq!(folders(home.path()), 0, "what a crash left is swept away");
    service.stop().await;
    sandbox.stop().await;
}
