//! The service as the window uses it: it starts, answers in process, and lets go of everything when it stops.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use calltrail::{
    callback::{self, Query},
    config::{Config, KeyStore},
    listener::ListenerState,
    service::{Error, Options, Service, WebOptions},
    store::{
        Store,
        delivery::{Delivery, Place, Received, Source},
    },
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::process::{APP, Sender, end_call};

fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().expect("an address")
}

fn options(home: &tempfile::TempDir) -> Options {
    Options {
        data_dir: home.path().join("data"),
        holder: "a test".to_owned(),
        hook: Some(loopback()),
        key_store: KeyStore::File,
        ..Options::default()
    }
}

async fn get(router: axum::Router, path: &str) -> (StatusCode, String) {
    let answer = router.oneshot(Request::get(path).body(Body::empty()).expect("a request")).await.expect("infallible");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Posts a callback the way Tencent does and says what was answered.
async fn post(service: &Service, id: &str) -> u16 {
    let address = service.listener().address().expect("it listens");
    let url = service.hook_url();
    let path = url.get(url.find("/hook/").expect("the hook")..).expect("a path").to_owned();
    let body = end_call(id);
    let sent = tokio::task::spawn_blocking(move || Sender::connect(address, &path)?.post(&body));
    sent.await.expect("a sender").expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adding_an_application_brings_in_what_waited_for_it() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let service = Service::start(options(&home)).await.expect("it starts");
    assert_eq!(post(&service, "early").await, 403, "nobody has said yet that this application is ours");
    let (status, told) = get(service.router(), "/api/status").await;
    assert_eq!(status, StatusCode::OK, "the window asks in process: {told}");
    assert!(told.contains(r#""quarantined":1"#), "it waits: {told}");
    service.stop().await;

    let again = Options { apps: vec![(APP.to_owned(), "Clinic".to_owned())], ..options(&home) };
    let service = Service::start(again).await.expect("it starts again");
    let (_, told) = get(service.router(), "/api/calls").await;
    assert!(told.contains("early"), "the call is in the record: {told}");
    assert_eq!(post(&service, "later").await, 200, "and the next one is taken at once");
    service.stop().await;
    let kept = Config::load(&home.path().join("data")).expect("whole").expect("there");
    assert_eq!(kept.apps.len(), 1, "the application was added for good: {:?}", kept.apps);
    assert_ne!(kept.hook, loopback(), "an address for one run is not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_lets_go_of_the_record_although_the_window_keeps_the_router() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let with_web = Options { web: Some(WebOptions { addr: Some(loopback()) }), ..options(&home) };
    let service = Service::start(with_web).await.expect("it starts");
    let router = service.router();
    let (_, told) = get(router.clone(), "/api/changes?after=0").await;
    let news: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let waiting =
        format!("/api/changes?after={}&epoch={}", news["revision"], news["epoch"].as_str().unwrap_or_default());
    let poll = tokio::spawn(get(router.clone(), Box::leak(waiting.into_boxed_str())));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let began = Instant::now();
    service.stop().await;
    assert!(began.elapsed() < Duration::from_secs(2), "nobody waits for the long poll: {:?}", began.elapsed());
    poll.await.expect("the long poll was released");
    assert_eq!(
        get(router, "/api/status").await.0,
        StatusCode::SERVICE_UNAVAILABLE,
        "the window's router leads nowhere now"
    );
    let store = Store::open(&home.path().join("data"), "another test").expect("the record is free");
    drop(Arc::new(store));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callbacks_are_taken_while_the_record_is_derived_anew() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let ours = Options { apps: vec![(APP.to_owned(), String::new())], ..options(&home) };
    let folder = ours.data_dir.clone();
    let store = Store::open(&folder, "a test").expect("a new record");
    let deliveries = (0..6_000).map(|n| received(&end_call(&format!("old-{n}")))).collect();
    store.absorb(deliveries).expect("they are kept");
    store.close().expect("it closes");
    for entry in std::fs::read_dir(&folder).expect("the data folder").flatten() {
        if entry.file_name().to_string_lossy().starts_with("projection-") {
            std::fs::remove_file(entry.path()).expect("nobody has it open");
        }
    }
    let service = Service::start(ours).await.expect("an upgrade that derives everything anew keeps nobody waiting");
    let (_, told) = get(service.router(), "/api/condition").await;
    assert!(told.contains(r#""partial":true"#), "it is under way: {told}");
    let mut slowest = Duration::ZERO;
    for n in 0..20 {
        let began = Instant::now();
        assert_eq!(post(&service, &format!("new-{n}")).await, 200, "callback {n} is kept meanwhile");
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_millis(1_500), "and answered in Tencent's time: {slowest:?}");
    assert_eq!(get(service.router(), "/api/status").await.0, StatusCode::OK, "and the screen is answered");
    service.stop().await;
}

/// A delivery as an archive holds it, received at some time.
fn received(body: &str) -> Received {
    let query = format!("SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall");
    let callback = callback::parse(&Query::parse(&query), &[], body.as_bytes());
    let delivery = Delivery {
        received_ms: 1_741_231_146_500,
        source: Source::Callback,
        remote: String::new(),
        method: "POST".to_owned(),
        app: APP.to_owned(),
        query,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    };
    Received { delivery, callback, place: Place::Archive, repeats: 0, origin: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_callback_port_stops_nothing_but_callbacks() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let other = std::net::TcpListener::bind(loopback()).expect("a free port");
    let address = other.local_addr().expect("bound");
    let service =
        Service::start(Options { hook: Some(address), ..options(&home) }).await.expect("it starts all the same");
    assert!(matches!(service.listener().state(), ListenerState::Retrying { .. }), "it says so");
    assert!(service.hook_url().contains(&address.to_string()), "the URL is the one that is registered");
    let (status, told) = get(service.router(), "/api/status").await;
    assert_eq!(status, StatusCode::OK, "the record can be read: {told}");
    assert!(told.contains("retrying") && told.contains("taken"), "and the screen says what is wrong: {told}");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_start_starts_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let open: SocketAddr = "0.0.0.0:0".parse().expect("an address");
    let other = std::net::TcpListener::bind(loopback()).expect("a free port");
    let taken = other.local_addr().expect("bound");
    let web = |addr| Some(WebOptions { addr: Some(addr) });
    for (wrong, want) in [
        (Options { web: web(open), ..options(&home) }, "only this computer"),
        (Options { web: web(taken), ..options(&home) }, "--no-web"),
        (Options { token: Some("short".to_owned()), ..options(&home) }, "16 to 128"),
        (Options { apps: vec![("clinic".to_owned(), String::new())], ..options(&home) }, "SDKAppID"),
    ] {
        let error: Error = Service::start(wrong).await.err().expect("this cannot start");
        assert!(error.to_string().contains(want), "{want:?} is missing from: {error}");
    }
    let service = Service::start(options(&home)).await.expect("nothing of it holds the record");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_takes_commands_too() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let service = Service::start(options(&home)).await.expect("it starts");
    let folder = home.path().join("data");
    let mut command = super::support::calltrail();
    command.arg("--data-dir").arg(&folder).args(["app", "add", "7"]);
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("it starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let (_, told) = get(service.router(), "/api/apps").await;
    assert!(told.contains(r#""id":"7""#), "what it shows: {told}");
    assert!(folder.join("calltrail.api").exists(), "there is a way in");
    service.stop().await;
    assert!(!folder.join("calltrail.api").exists(), "and it is gone with the window");
}

/// Says under which address the listener can be reached from outside.
async fn name_public(service: &Service, url: &str) {
    let body = serde_json::json!({ "public_url": url }).to_string();
    let request = Request::put("/api/settings").header("content-type", "application/json").body(Body::from(body));
    let answer = service.router().oneshot(request.expect("a request")).await.expect("infallible");
    assert_eq!(answer.status(), StatusCode::OK);
}

/// What an address of the API answers, once it is so.
async fn until(service: &Service, path: &str, what: &str, is_so: impl Fn(&serde_json::Value) -> bool) {
    let begun = Instant::now();
    loop {
        let (_, told) = get(service.router(), path).await;
        let told = serde_json::from_str(&told).expect("JSON");
        if is_so(&told) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}: {told}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_address_is_tried_and_one_that_leads_elsewhere_is_a_gap() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let known = Options { apps: vec![(APP.to_owned(), String::new())], ..options(&home) };
    let service = Service::start(known).await.expect("it starts");
    let link = |told: &serde_json::Value| {
        let links = told["links"].as_array().expect("links").iter();
        links.clone().find(|link| link["link"] == "public").cloned().unwrap_or_default()
    };
    let connection = "/api/connection";
    until(&service, connection, "nobody has named one", |told| link(told)["says"]["code"] == "public_none").await;

    let here = format!("http://{}", service.listener().address().expect("it listens"));
    name_public(&service, &here).await;
    until(&service, connection, "it leads here", |told| {
        let link = link(told);
        link["state"] == "ok" && link["says"]["code"] == "public_works" && link["proof_ms"].is_i64()
    })
    .await;
    let (_, status) = get(service.router(), "/api/status").await;
    assert!(status.contains(r#""deliveries":0"#), "the proof is in no record: {status}");

    let elsewhere = crate::sandbox::receiver::Receiver::answering(|_, _| Some((502, "Bad gateway".to_owned())));
    name_public(&service, &elsewhere.url("")).await;
    until(&service, connection, "one failure tells nothing", |told| {
        let link = link(told);
        link["state"] == "unknown" && link["says"] == serde_json::json!({"code": "public_elsewhere", "status": 502})
    })
    .await;
    // Whoever saves it again wants to know again.
    name_public(&service, &elsewhere.url("")).await;
    until(&service, connection, "two do", |told| link(told)["state"] == "attention").await;
    let gap = "/api/completeness";
    until(&service, gap, "callbacks cannot arrive, which is a gap", |told| {
        told["gaps"].to_string().contains("not_reached")
    })
    .await;

    assert_eq!(post(&service, "all the same").await, 200, "a callback arrives");
    until(&service, connection, "that is a better proof", |told| link(told)["says"]["code"] == "public_callbacks")
        .await;
    service.stop().await;
}
