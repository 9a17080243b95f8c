//! A desk for one test: a record in a temporary folder, a listener on a free port, and the router over both.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, header},
};
use calltrail::{
    api::{self, FilePicker},
    backfill::Backfill,
    clock::Clock,
    config::{App, Apps, Config, KeyStore, Keys, Vault},
    export::Jobs,
    forward::Forwarding,
    language::Language,
    links::Links,
    listener::{Listener, Sink},
    reach::Reach,
    schedule::Schedules,
    store::Store,
    subscription::{Ours, Subscriptions},
};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::watch,
};
use tower::ServiceExt as _;

/// The application that is ours from the start.
pub(super) const APP: &str = "1400000000";
/// A call's id.
pub(super) const CALL: &str = "b0a7d1c2-0000-4c11-8d3e-5f00000000aa";

/// What a test works at.
pub(super) struct Desk {
    pub(super) folder: TempDir,
    pub(super) router: Router,
    pub(super) closing: watch::Sender<bool>,
    listener: Listener,
    token: String,
}

/// An answer of the API. What is no JSON is a text.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) json: Value,
}

impl Desk {
    /// A desk like that of `calltrail serve`: without a save dialog.
    pub(super) async fn open() -> Self {
        Self::open_with(None).await
    }

    /// A desk with a save dialog of the test's making.
    pub(super) async fn open_with(picker: Option<Arc<dyn FilePicker>>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut config = Config::load_or_create(folder.path()).expect("settings can be made");
        config.apps = vec![App::new(APP, "")];
        config.save(folder.path()).expect("settings can be kept");
        let store = Arc::new(Store::open(folder.path(), "a test").expect("a record can be made"));
        let apps = Apps::new(config.apps.clone());
        let keys = Keys::default();
        let sink: Arc<dyn Sink> = store.clone();
        let free = "127.0.0.1:0".parse().expect("an address");
        let listener =
            Listener::start(free, config.token.clone(), apps.clone(), keys.clone(), sink, Clock::system()).await;
        let address = listener.handle().address().expect("a free port is free");
        let (closing, closed) = watch::channel(false);
        let hook_url = format!("http://{address}/hook/{}", config.token);
        let vault = Vault::open(folder.path(), KeyStore::File);
        let data_dir = folder.path().to_owned();
        let subscriptions = Subscriptions::new(data_dir, vault.clone(), Clock::system(), hook_url.clone());
        let ours = Ours { token: config.token.clone(), url: None };
        let forwarding = Forwarding::open(folder.path(), &store, Clock::system(), keys.clone(), ours);
        let router = api::router(api::State {
            schedules: Some(Schedules::open(folder.path(), Clock::system(), apps.clone()).expect("they can be read")),
            links: Some(Links::open(folder.path(), Clock::system(), Vec::new()).expect("they can be read")),
            store: store.clone(),
            forwarding: Some(forwarding.expect("its queue can be made")),
            apps,
            keys,
            vault,
            backfill: Backfill::new(subscriptions.clone(), &store, Clock::system()),
            subscriptions,
            reach: Reach::new(folder.path(), &hook_url, listener.handle(), Clock::system()),
            listener: listener.handle(),
            data_dir: folder.path().to_owned(),
            hook_url,
            web_address: None,
            clock: Clock::system(),
            exports: Jobs::default(),
            picker,
            desktop: None,
            demo: Arc::new(NoDemo),
            is_demo: false,
            closing: closed,
        });
        Self { folder, router, closing, listener, token: config.token }
    }

    /// Asks the API in process, as the window does.
    pub(super) async fn send(&self, method: &str, address: &str, body: Option<Value>) -> Answer {
        self.send_in("en", method, address, body).await
    }

    /// The same from a window in this language.
    pub(super) async fn send_in(&self, language: &str, method: &str, address: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(address).header(header::CONTENT_TYPE, "application/json");
        let request = request.header(header::ACCEPT_LANGUAGE, language);
        let body = body.map_or_else(Body::empty, |body| body.to_string().into());
        self.ask(request.body(body).expect("a request")).await
    }

    /// Posts a file, as the window does.
    pub(super) async fn post_file(&self, address: &str, file: &[u8]) -> Answer {
        let request = Request::post(address).header(header::CONTENT_TYPE, "application/octet-stream");
        self.ask(request.body(file.to_vec().into()).expect("a request")).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a whole answer");
        let json =
            serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into()));
        Answer { status, headers, json }
    }

    /// Asks the API for something.
    pub(super) async fn get(&self, address: &str) -> Answer {
        self.send("GET", address, None).await
    }

    /// Posts the end of a call to the listener, the way Tencent does.
    pub(super) async fn post_call(&self, app: &str, call_id: &str) {
        let body = json!({
            "CallbackCommand": "Call.CallbackAfterEndCall",
            "CallRecord": {
                "CallId": call_id, "Caller_Account": "alice", "CalleeList_Account": ["bob"], "MediaType": "Video",
                "CallType": "SingleCall", "StartTime": 1_760_000_000, "AcceptTime": 1_760_000_004, "EndTime": 1_760_000_064,
                "CallResult": "NormalEnd", "RoomId": "room-77", "RoomIdType": 2,
            },
            "EventTime": 1_760_000_064_250_i64,
        });
        self.post(app, "Call.CallbackAfterEndCall", &body).await;
    }

    /// Posts a callback to the listener.
    pub(super) async fn post(&self, app: &str, command: &str, body: &Value) {
        let (body, token) = (body.to_string(), &self.token);
        let head = format!("POST /hook/{token}?SdkAppid={app}&CallbackCommand={command} HTTP/1.1\r\nhost: x\r\n");
        let request = format!("{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        let answer = self.hook(&request).await;
        let expected = if app == APP { "HTTP/1.1 200" } else { "HTTP/1.1 " };
        assert!(answer.starts_with(expected), "the listener takes it: {answer}");
    }

    /// Sends bytes to the listener and reads its answer to the end.
    pub(super) async fn hook(&self, request: &str) -> String {
        let address = self.listener.handle().address().expect("the listener listens");
        talk(address, request).await
    }

    /// The settings file.
    pub(super) fn config(&self) -> String {
        std::fs::read_to_string(self.path("config.json")).expect("the settings file is there")
    }

    /// A path in the data folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Ends the listener and then the rest.
    pub(super) async fn close(self) {
        self.closing.send_replace(true);
        self.listener.stop().await;
    }
}

/// Sends bytes over a connection of its own and reads until the other side closes.
pub(super) async fn talk(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the request is taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer comes");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A desk without a service has no demo.
struct NoDemo;

impl api::Demo for NoDemo {
    fn state(&self) -> api::DemoState {
        api::DemoState::default()
    }

    fn begin(&self, _: Language) -> BoxFuture<'static, Result<(), String>> {
        Box::pin(async { Err("There is no demo at a desk.".to_owned()) })
    }

    fn end(&self) -> BoxFuture<'static, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}
