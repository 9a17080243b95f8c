//! From a choice to a call in the list, and back to silence.

use calltrail::{
    sandbox::{AnswerWith, Faults},
    tencent::{Configuration, Product},
    traffic::Scenario,
};
use serde_json::json;

use super::team::{APP, Team};

const START: &str = "Call.CallbackAfterStartCall";
const MEMBER: &str = "Call.CallbackAfterMemberChanged";
const END: &str = "Call.CallbackAfterEndCall";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_arrives_and_nothing_else() {
    let team = Team::start().await;
    let plan =
        team.done("POST", &format!("/api/callbacks/{APP}/call/plan"), json!({"to": "actions", "actions": [END]})).await;
    assert_eq!(plan["does"], "set", "nothing was there: {plan}");
    assert_eq!(plan["notices"], json!([]), "a sandbox on this computer may have an address of this computer: {plan}");
    assert_eq!(team.sandbox.configuration(APP, Product::Call), None, "a plan changes nothing");

    team.choose("call", &[END]).await;
    let stored = team.sandbox.configuration(APP, Product::Call).expect("the sandbox keeps it");
    assert_eq!(
        stored,
        Configuration { url: team.service.hook_url(), actions: vec![END.to_owned()] },
        "as it was chosen"
    );
    let report = team.play(Scenario::Answered).await;
    assert_eq!((report.taken(), report.refused()), (1, 0), "one callback of the call was chosen: {report:?}");
    assert_eq!(team.commands().await, [END], "and it alone is in the record");
    let calls = team.get("/api/calls").await;
    assert_eq!(calls["rows"][0]["result"], "normal_end", "the call is in the list: {calls}");

    team.choose("call", &[START, MEMBER, END]).await;
    let report = team.play(Scenario::Missed).await;
    assert_eq!(report.not_configured(), 0, "everything is switched on now: {report:?}");
    assert_eq!(team.get("/api/calls").await["rows"].as_array().expect("rows").len(), 2, "the second call is there too");

    let before = team.commands().await.len();
    let (status, applied) = team.change("call", json!({"to": "nothing"}), &[]).await;
    assert_eq!((status, &applied["confirmed"]), (200, &json!(true)), "the sending is stopped: {applied}");
    assert_eq!(team.sandbox.configuration(APP, Product::Call), None, "the sandbox has nothing");
    assert_eq!(team.play(Scenario::Answered).await.taken(), 0, "nothing is sent");
    assert_eq!(team.commands().await.len(), before, "nothing arrives");

    let history = team.get(&format!("/api/callbacks/{APP}/call/history")).await;
    let does: Vec<_> = history.as_array().expect("a list").iter().map(|change| change["does"].clone()).collect();
    assert_eq!(does, ["delete", "update", "set"], "every change is written down: {history}");
    let restored = team.change("call", json!({"to": "restore", "change": history[0]["change"]}), &[]).await;
    assert_eq!(restored.0, 200, "the deletion is taken back: {}", restored.1);
    let stored = team.sandbox.configuration(APP, Product::Call).expect("it is back");
    assert_eq!(stored.actions, [START, MEMBER, END], "as it was before");
    assert!(!history.to_string().contains("/hook/0"), "no address with its secret is shown: {history}");
    let token = team.service.hook_url().rsplit('/').next().expect("a token").to_owned();
    assert!(!history.to_string().contains(&token), "the token is in no answer: {history}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_product_is_set_by_its_own_rules() {
    let team = Team::start().await;
    for (product, scenario, words) in [
        ("call-v1", Scenario::CallKitAnswered, vec!["normal_end", "caller_start_call", "callee_accept_call"]),
        ("live", Scenario::LiveRoom, vec!["Live.CallbackAfterMemberStateChanged"]),
        ("room", Scenario::ConferenceRoom, vec!["Room.CallbackAfterMemberEnter", "Room.CallbackAfterMemberLeave"]),
    ] {
        let applied = team.choose(product, &words).await;
        assert_eq!(applied["state"]["state"], "ours", "{product}: {applied}");
        // For rooms a second set is refused with 100300 and becomes an update.
        let more = team.choose(product, &words[..1]).await;
        assert_eq!(more["state"]["state"], "ours", "{product} again: {more}");
        team.choose(product, &words).await;
        let report = team.play(scenario).await;
        assert!(report.taken() > 0 && report.refused() == 0, "{product}: {report:?}");
    }
    let live = team.sandbox.configuration(APP, Product::Live).expect("set");
    let end = "Live.CallbackAfterDestroyRoom".to_owned();
    assert!(live.actions.contains(&end), "without the end of a room, stays would never close: {live:?}");
    let rooms = team.get("/api/rooms").await;
    assert!(rooms["rows"].as_array().expect("rows").len() >= 2, "live and conference rooms are in the list: {rooms}");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_configuration_is_not_taken_over_silently() {
    let team = Team::start().await;
    let theirs = Configuration {
        url: "https://moderator.example/cb?token=secret-of-theirs".to_owned(),
        actions: vec!["Live.CallbackBeforeSendGift".to_owned()],
    };
    team.sandbox.configure(APP, Product::Live, Some(theirs.clone())).expect("the app is known");
    let state = team.done("POST", &format!("/api/callbacks/{APP}/live/read"), json!({})).await;
    assert_eq!(state["state"], "other", "another address: {state}");
    assert!(!state.to_string().contains("secret-of-theirs"), "their token is not shown: {state}");
    let wanted = json!({"to": "actions", "actions": ["Live.CallbackAfterCreateRoom"]});
    let (status, error) = team.change("live", wanted.clone(), &[]).await;
    assert_eq!((status, &error["code"]), (409, &json!("not_agreed")), "it needs somebody's word: {error}");
    let (status, error) = team.change("live", wanted.clone(), &["other_url"]).await;
    assert_eq!(status, 409, "moderation that stops is a question of its own: {error}");
    assert!(error["message"].as_str().expect("text").contains("moderat"), "and it says so: {error}");
    assert_eq!(team.sandbox.configuration(APP, Product::Live), Some(theirs.clone()), "nothing was touched");
    let (status, applied) = team.change("live", wanted, &["other_url", "moderation"]).await;
    assert_eq!(status, 200, "with both it is done: {applied}");
    let number = &applied["change"]["change"];
    let back = json!({"to": "restore", "change": number});
    let (status, error) = team.change("live", back.clone(), &[]).await;
    assert_eq!(status, 409, "that it then no longer comes here is asked: {error}");
    let (status, back) = team.change("live", back, &["not_ours"]).await;
    assert_eq!(status, 200, "and it can be given back: {back}");
    let given = team.sandbox.configuration(APP, Product::Live);
    assert!(given.is_some_and(|given| given.is_same(&theirs)), "exactly as it was, with their token");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_that_is_taken_over_goes_on_getting_its_callbacks_where_that_is_wanted() {
    let team = Team::start().await;
    let theirs = crate::sandbox::receiver::Receiver::good();
    let url = theirs.url("/cb?token=secret-of-theirs");
    let before = Configuration { url, actions: vec![END.to_owned()] };
    team.sandbox.configure(APP, Product::Call, Some(before)).expect("the app is known");
    let path = format!("/api/callbacks/{APP}/call");
    let wanted = json!({"to": "actions", "actions": [START, END]});
    let plan = team.done("POST", &format!("{path}/plan"), wanted.clone()).await;
    assert_eq!(plan["keep"], json!({"private": true, "is_target": false}), "it is on this computer: {plan}");
    assert!(!plan.to_string().contains("secret-of-theirs"), "its token is not shown: {plan}");
    let apply = |private: bool| {
        let keep = json!({"private": private});
        json!({"wanted": wanted, "seen": plan["seen"], "agreed": ["other_url"], "keep_sending": keep})
    };
    let (status, error) = team.ask("POST", &format!("{path}/apply"), Some(apply(false))).await;
    assert_eq!((status, &error["problem"]["code"]), (409, &json!("forward_private")), "it needs a yes: {error}");
    assert_eq!(team.get("/api/forward").await["targets"], json!([]));

    let refusal = AnswerWith { path: "v4/call_config/set_callback".to_owned(), code: 100_002, times: 1 };
    team.sandbox.faults(Faults { answer_with: Some(refusal), ..Faults::default() });
    let (status, applied) = team.ask("POST", &format!("{path}/apply"), Some(apply(true))).await;
    assert_eq!((status, &applied["confirmed"]), (200, &json!(false)), "Tencent refuses: {applied}");
    assert_eq!(team.get("/api/forward").await["targets"], json!([]), "then nothing is passed on either");

    let (status, applied) = team.ask("POST", &format!("{path}/apply"), Some(apply(true))).await;
    assert_eq!((status, &applied["confirmed"]), (200, &json!(true)), "the second time it works: {applied}");
    let targets = team.get("/api/forward").await;
    let shown = targets["targets"][0]["url"].as_str().expect("an address");
    assert!(shown.ends_with("/cb?token=••••"), "the address is theirs, its secret is dots: {targets}");
    assert_eq!(targets["targets"][0]["answers_before"], false);
    let report = team.play(Scenario::Answered).await;
    assert_eq!((report.taken(), report.refused()), (2, 0), "they arrive here: {report:?}");
    let got = tokio::task::spawn_blocking(move || theirs.got_at_least(2)).await.expect("they arrive there as well");
    assert!(got.iter().all(|got| got.target.starts_with("/cb?token=secret-of-theirs&")), "with their own token");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_made_to_what_was_looked_at_or_not_at_all() {
    let team = Team::start().await;
    let path = format!("/api/callbacks/{APP}/call");
    let wanted = json!({"to": "actions", "actions": [END]});
    let plan = team.done("POST", &format!("{path}/plan"), wanted.clone()).await;
    let other = Configuration { url: "https://quick.example/cb".to_owned(), actions: vec![START.to_owned()] };
    team.sandbox.configure(APP, Product::Call, Some(other.clone())).expect("the app is known");
    let apply = json!({"wanted": wanted, "seen": plan["seen"], "agreed": []});
    let (status, error) = team.ask("POST", &format!("{path}/apply"), Some(apply)).await;
    assert_eq!((status, &error["code"]), (409, &json!("changed")), "somebody was quicker: {error}");
    assert_eq!(team.sandbox.configuration(APP, Product::Call), Some(other), "and keeps what they set");
    team.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_tencent_refuses_is_told_in_words_and_written_down() {
    let team = Team::start().await;
    let refusal = AnswerWith { path: "v4/call_config/set_callback".to_owned(), code: 100_002, times: 1 };
    team.sandbox.faults(Faults { answer_with: Some(refusal), ..Faults::default() });
    let (status, applied) = team.change("call", json!({"to": "actions", "actions": [END]}), &[]).await;
    assert_eq!((status, &applied["confirmed"]), (200, &json!(false)), "it was tried: {applied}");
    let error = &applied["error"];
    assert_eq!(
        (&error["code"], &error["tencent_code"]),
        (&json!("tencent_refused"), &json!(100_002)),
        "why: {applied}"
    );
    assert_eq!(error["advice"], "check_address_and_callbacks", "and what to do: {applied}");
    assert_eq!(applied["change"]["answer"]["code"], 100_002, "the history has Tencent's answer: {applied}");
    let kept = team.get(&format!("/api/callbacks/{APP}/call/history")).await;
    assert_eq!(&kept[0]["answer"]["error"], error, "with what it means: {kept}");

    let busy = AnswerWith { path: "v4/call_config/get_callback".to_owned(), code: 100_001, times: 1 };
    team.sandbox.faults(Faults { answer_with: Some(busy), ..Faults::default() });
    let state = team.done("POST", &format!("/api/callbacks/{APP}/call/read"), json!({})).await;
    assert_eq!(state["state"], "nothing", "a fault of Tencent's own is asked again: {state}");

    team.done("PUT", &format!("/api/apps/{APP}/secrets"), json!({"secret_key": "another-key"})).await;
    for (product, code) in [("call", 70_009), ("call-v1", 70_002)] {
        let state = team.done("POST", &format!("/api/callbacks/{APP}/{product}/read"), json!({})).await;
        assert_eq!(state["state"], "error", "{product}: {state}");
        assert_eq!(state["error"]["tencent_code"], code, "each API has codes of its own: {state}");
        assert_eq!(state["error"]["advice"], "enter_key", "{product}: what to do is said: {state}");
    }
    team.done("PUT", &format!("/api/apps/{APP}/secrets"), json!({"secret_key": null})).await;
    let (status, error) =
        team.ask("POST", &format!("/api/callbacks/{APP}/call/plan"), Some(json!({"to": "nothing"}))).await;
    assert_eq!((status, &error["code"]), (409, &json!("no_key")), "without a key nobody can be asked: {error}");
    team.stop().await;
}
