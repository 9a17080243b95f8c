//! The router as others hold it: it can be taken away from them, so that the record closes although they keep it, and for a
//! while it can show another one, the demo's.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// Where news are waited for.
const NEWS: &str = "/api/changes";
/// Where the demo is begun and ended. Not behind the demo itself: a request inside it would keep its record from closing.
const DEMO: &str = "/api/demo";
/// What is around the window, and its settings: there is one window, and the demo's folder goes away.
const DESKTOP: &str = "/api/desktop";

/// Shows a router until it is closed.
#[derive(Clone, Default)]
pub(super) struct RouterSwitch {
    routers: Arc<RwLock<Routers>>,
    /// Told when another router is shown.
    moved: watch::Sender<()>,
}

/// What a switch chooses from.
#[derive(Default)]
struct Routers {
    /// The real one; nothing before the switch is opened and after it was closed.
    own: Option<Router>,
    /// The one that is shown in its place.
    instead: Option<Router>,
}

impl RouterSwitch {
    /// Shows this router, its own, from now on.
    pub(super) fn open(&self, router: Router) {
        self.change(|routers| routers.own = Some(router));
    }

    /// Shows another router for now.
    pub(super) fn show(&self, router: Router) {
        self.change(|routers| routers.instead = Some(router));
        self.moved.send_replace(());
    }

    /// Shows its own router again.
    pub(super) fn show_own(&self) {
        self.change(|routers| routers.instead = None);
        self.moved.send_replace(());
    }

    /// A router that passes everything to the one that is shown.
    pub(super) fn router(&self) -> Router {
        let switch = self.clone();
        Router::new().fallback(move |request: Request| switch.clone().answer(request))
    }

    /// A router that passes everything to its own one, also while another is shown: what is not for the eye, such as a command,
    /// is meant for the real record.
    pub(super) fn own_router(&self) -> Router {
        let switch = self.clone();
        Router::new().fallback(move |request: Request| async move { pass(switch.shown(true), request).await })
    }

    async fn answer(self, request: Request) -> Response {
        let path = request.uri().path();
        if path != NEWS {
            return pass(self.shown(path == DEMO || path.starts_with(DESKTOP)), request).await;
        }
        let mut moved = self.moved.subscribe();
        let (head, body) = request.into_parts();
        let again = Request::from_parts(head.clone(), Body::empty());
        tokio::select! {
            answer = pass(self.shown(false), Request::from_parts(head, body)) => answer,
            // Whoever waits for news of a record that is no longer shown asks about the one that is.
            Ok(()) = moved.changed() => pass(self.shown(false), again).await,
        }
    }

    /// The router that is shown now, or its own.
    fn shown(&self, own: bool) -> Option<Router> {
        let routers = self.routers.read().unwrap_or_else(PoisonError::into_inner);
        routers.instead.as_ref().filter(|_| !own).or(routers.own.as_ref()).cloned()
    }

    /// Shows nothing any more. Requests that a router has already are not disturbed.
    pub(super) fn close(&self) {
        self.change(|routers| *routers = Routers::default());
    }

    fn change(&self, change: impl FnOnce(&mut Routers)) {
        change(&mut self.routers.write().unwrap_or_else(PoisonError::into_inner));
    }
}

async fn pass(shown: Option<Router>, request: Request) -> Response {
    match shown {
        Some(router) => router.oneshot(request).await.unwrap_or_else(|never| match never {}),
        None => {
            let text = r#"{"code":"unavailable","message":"Calltrail is stopping."}"#;
            (StatusCode::SERVICE_UNAVAILABLE, [("content-type", "application/json")], text).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;

    #[tokio::test]
    async fn a_closed_switch_lets_go_of_its_routers() {
        let record = Arc::new(());
        let held = Arc::clone(&record);
        let switch = RouterSwitch::default();
        switch.open(Router::new().route(
            "/x",
            get(move || {
                let _held = Arc::clone(&held);
                async { "inside" }
            }),
        ));
        let kept = switch.router();
        let ask = || Request::get("/x").body(Body::empty()).expect("a request");
        let open = kept.clone().oneshot(ask()).await.expect("infallible");
        assert_eq!(open.status(), StatusCode::OK, "an open switch shows its router");
        drop(open);
        switch.close();
        let closed = kept.oneshot(ask()).await.expect("infallible");
        assert_eq!(closed.status(), StatusCode::SERVICE_UNAVAILABLE, "whoever kept the router is told");
        assert_eq!(Arc::strong_count(&record), 1, "nothing that a router holds is held any more");
    }

    #[tokio::test]
    async fn a_switch_shows_another_router_and_its_own_again() {
        let named = |name: &'static str| Router::new().route("/x", get(move || async move { name }));
        let switch = RouterSwitch::default();
        let kept = switch.router();
        let ask = async || {
            let request = Request::get("/x").body(Body::empty()).expect("a request");
            let answer = kept.clone().oneshot(request).await.expect("infallible").into_body();
            let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
            String::from_utf8(bytes.into()).expect("text")
        };
        assert!(ask().await.contains("stopping"), "nothing is shown yet");
        switch.open(named("real"));
        switch.show(named("demo"));
        assert_eq!(ask().await, "demo", "whoever kept the router sees the other one");
        let request = Request::get("/x").body(Body::empty()).expect("a request");
        let own = switch.own_router().oneshot(request).await.expect("infallible").into_body();
        let own = axum::body::to_bytes(own, 1_000).await.expect("a body");
        assert_eq!(own, "real", "whoever means the real record reaches it meanwhile");
        switch.show_own();
        assert_eq!(ask().await, "real", "and its own again");
    }

    #[tokio::test]
    async fn who_waits_for_news_hears_when_another_router_is_shown() {
        let news = |name: &'static str| Router::new().route(NEWS, get(move || async move { name }));
        let waiting = Router::new().route(NEWS, get(std::future::pending::<&'static str>));
        let switch = RouterSwitch::default();
        switch.open(waiting);
        let request = Request::get(NEWS).body(Body::empty()).expect("a request");
        let asked = tokio::spawn(switch.router().oneshot(request));
        while switch.moved.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        switch.show(news("demo"));
        let answer = asked.await.expect("no panic").expect("infallible").into_body();
        let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
        assert_eq!(bytes, "demo", "the record that is shown now answers");
    }

    #[tokio::test]
    async fn the_demo_is_ended_from_outside_of_it() {
        let named = |name: &'static str| Router::new().route(DEMO, get(move || async move { name }));
        let switch = RouterSwitch::default();
        switch.open(named("real"));
        switch.show(named("demo"));
        let request = Request::get(DEMO).body(Body::empty()).expect("a request");
        let answer = switch.router().oneshot(request).await.expect("infallible").into_body();
        let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
        assert_eq!(bytes, "real", "nobody is inside the demo while it closes");
    }
}
