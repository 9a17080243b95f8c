//! A sandbox with a clock that a test turns, and somebody who asks it as Tencent's customers do.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use calltrail::{
    clock::Clock,
    sandbox::{Faults, Options, Pace, Report, Sandbox, SandboxApp},
    secret::Secret,
    tencent::{Configuration, Product, usersig},
    traffic::Scenario,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{Answer, request};

/// The application of these tests.
pub(crate) const APP: &str = "1400000000";
/// A second one, without the Group Call edition.
pub(crate) const SMALL_APP: &str = "20000001";
/// The key of both.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";
/// When the tests begin: a Tuesday, 10:30 UTC.
pub(crate) const NOW_MS: i64 = 1_790_073_000_000;

/// The sandbox, and the runtime that it lives in.
pub(crate) struct Side {
    pub(crate) runtime: Runtime,
    pub(crate) sandbox: Sandbox,
    now_ms: Arc<AtomicI64>,
}

fn clock(now_ms: &Arc<AtomicI64>) -> Clock {
    let now_ms = Arc::clone(now_ms);
    Clock::from_fn(move || now_ms.load(Ordering::SeqCst))
}

impl Side {
    pub(crate) fn start() -> Self {
        let now_ms = Arc::new(AtomicI64::new(NOW_MS));
        let key = || Secret::from(KEY.to_owned());
        let small = SandboxApp { group_call_edition: false, ..SandboxApp::new(SMALL_APP, key()) };
        let runtime = Runtime::new().expect("a runtime");
        let options = Options {
            listen: "127.0.0.1:0".parse().expect("an address"),
            apps: vec![SandboxApp::new(APP, key()), small],
            seed: 1,
            clock: clock(&now_ms),
        };
        let sandbox = runtime.block_on(Sandbox::start(options)).expect("it starts");
        Self { runtime, sandbox, now_ms }
    }

    /// Lets time pass.
    pub(crate) fn later(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clock of both.
    pub(crate) fn clock(&self) -> Clock {
        clock(&self.now_ms)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    /// The password of an account that is valid now.
    pub(crate) fn usersig(&self, app: &str, key: &str, identifier: &str) -> String {
        usersig::sign(app, &Secret::from(key.to_owned()), identifier, self.now_ms() / 1_000, 3_600)
    }

    /// The query of a request that has nothing wrong with it.
    pub(crate) fn query(&self, app: &str) -> Vec<(&'static str, String)> {
        let sig = self.usersig(app, KEY, "administrator");
        vec![
            ("sdkappid", app.to_owned()),
            ("identifier", "administrator".to_owned()),
            ("usersig", sig),
            ("random", "4294967295".to_owned()),
            ("contenttype", "json".to_owned()),
        ]
    }

    /// One request, whatever it is.
    pub(crate) fn send(&self, method: &str, path: &str, query: &[(&str, String)], body: &str) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let headers = [("Content-Type", "application/json")];
        request(&self.sandbox.address().to_string(), method, &format!("/{path}?{query}"), &headers, body.as_bytes())
    }

    /// Asks an API with a query, and answers what is in the envelope.
    pub(crate) fn ask_with(&self, path: &str, query: &[(&str, String)], body: &str) -> Value {
        let answer = self.send("POST", path, query, body);
        assert_eq!(answer.status, 200, "{path}: HTTP status 200 always: {}", answer.body);
        answer.json()
    }

    /// Asks an API of the application as it should be asked.
    pub(crate) fn ask(&self, path: &str, body: Value) -> Value {
        self.ask_with(path, &self.query(APP), &body.to_string())
    }

    /// The code of the answer, whichever envelope it is in.
    pub(crate) fn code(&self, path: &str, body: Value) -> i64 {
        code_of(&self.ask(path, body))
    }

    /// Switches callbacks of a product on, as at the console.
    pub(crate) fn configure(&self, product: Product, url: &str, actions: &[&str]) {
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        let configuration = Configuration { url: url.to_owned(), actions };
        self.sandbox.configure(APP, product, Some(configuration)).expect("the app is known");
    }

    pub(crate) fn play(&self, scenario: Scenario) -> Report {
        self.play_at(scenario, Pace::Instant)
    }

    pub(crate) fn play_at(&self, scenario: Scenario, pace: Pace) -> Report {
        self.runtime.block_on(self.sandbox.play(APP, scenario, pace)).expect("the app is known")
    }

    /// Lets things go wrong, as written on the command line.
    pub(crate) fn faults(&self, names: &[&str]) {
        let mut faults = Faults::default();
        for name in names {
            faults.set(name).expect(name);
        }
        self.sandbox.faults(faults);
    }

    /// A request to the control, which is no part of Tencent's APIs.
    pub(crate) fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        request(&self.sandbox.address().to_string(), method, path, &[], body.as_bytes())
    }
}

pub(crate) fn code_of(answer: &Value) -> i64 {
    answer["errorCode"].as_i64().or_else(|| answer["ErrorCode"].as_i64()).unwrap_or_else(|| panic!("a code: {answer}"))
}

/// A body that sets callbacks of Call.
pub(crate) fn call_actions(url: &str) -> Value {
    json!({"Url": url, "CallbackCommandList": ["Call.CallbackAfterEndCall"]})
}
