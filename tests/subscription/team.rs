//! A team: a running Calltrail, and a sandbox in the place of Tencent.

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use calltrail::{
    clock::Clock,
    config::KeyStore,
    sandbox::{self, Pace, Report, Sandbox, SandboxApp},
    secret::Secret,
    service::{Options, Service},
    traffic::Scenario,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The application that both sides know.
pub(super) const APP: &str = "1400000001";
/// Its SDKSecretKey.
pub(super) const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A running Calltrail with one application, and Tencent's side.
pub(super) struct Team {
    pub(super) service: Service,
    pub(super) sandbox: Sandbox,
    pub(super) home: TempDir,
}

impl Team {
    /// Starts both; the application is added and its key entered as the window does it.
    pub(super) async fn start() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let apps = vec![SandboxApp::new(APP, Secret::from(KEY.to_owned()))];
        let listen = "127.0.0.1:0".parse().expect("an address");
        let options = sandbox::Options { listen, apps, seed: 5, clock: Clock::system() };
        let sandbox = Sandbox::start(options).await.expect("a free port");
        let options = Options {
            data_dir: home.path().to_owned(),
            holder: "a test".to_owned(),
            hook: Some(listen),
            key_store: KeyStore::File,
            ..Options::default()
        };
        let team = Self { service: Service::start(options).await.expect("it starts"), sandbox, home };
        team.done("POST", "/api/apps", json!({"id": APP, "label": "Clinic", "region": team.sandbox.url()})).await;
        team.done("PUT", &format!("/api/apps/{APP}/secrets"), json!({"secret_key": KEY})).await;
        team
    }

    /// Ends both.
    pub(super) async fn stop(self) {
        self.service.stop().await;
        self.sandbox.stop().await;
    }

    /// Asks the API and gives the status and the answer.
    pub(super) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        ask(self.service.router(), method, path, body).await
    }

    /// Asks the API for something that works.
    pub(super) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "GET {path}: {answer}");
        answer
    }

    /// Tells the API to do something that works.
    pub(super) async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(method, path, Some(body)).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    /// Plans a change and applies it as planned, agreeing to these.
    pub(super) async fn change(&self, product: &str, wanted: Value, agreed: &[&str]) -> (u16, Value) {
        let path = format!("/api/callbacks/{APP}/{product}");
        let plan = self.done("POST", &format!("{path}/plan"), wanted.clone()).await;
        let apply = json!({"wanted": wanted, "seen": plan["seen"], "agreed": agreed});
        self.ask("POST", &format!("{path}/apply"), Some(apply)).await
    }

    /// Chooses these commands.
    pub(super) async fn choose(&self, product: &str, actions: &[&str]) -> Value {
        let (status, applied) = self.change(product, json!({"to": "actions", "actions": actions}), &[]).await;
        assert_eq!((status, &applied["confirmed"]), (200, &json!(true)), "{product} is set: {applied}");
        applied
    }

    /// Lets something happen at Tencent.
    pub(super) async fn play(&self, scenario: Scenario) -> Report {
        self.sandbox.play(APP, scenario, Pace::Instant).await.expect("it is played")
    }

    /// The commands of the deliveries in the record, the newest first.
    pub(super) async fn commands(&self) -> Vec<String> {
        let page = self.get("/api/deliveries?limit=200").await;
        let rows = page["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["command"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Asks a router and gives the status and the answer.
pub(super) async fn ask(router: Router, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    ask_in("en", router, method, path, body).await
}

/// The same from a window in this language.
pub(super) async fn ask_in(
    language: &str,
    router: Router,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::ACCEPT_LANGUAGE, language);
    let body = body.map_or_else(Body::empty, |body| body.to_string().into());
    let answer = router.oneshot(request.body(body).expect("a request")).await.expect("infallible");
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a whole answer");
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes).into_owned())),
    )
}

/// Looks again and again until something is so, for 30 seconds at most.
pub(super) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not come about within 30 seconds");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
