//! The router as others hold it: it can be taken away from them, so that the record closes although they keep it, and for a
//! while it can lead to another one, the demo's.

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

/// Leads to a router until it is closed.
#[derive(Clone, Default)]
pub(super) struct Door {
    behind: Arc<RwLock<Behind>>,
    /// Told when the door leads somewhere else.
    moved: watch::Sender<()>,
}

/// What is behind a door.
#[derive(Default)]
struct Behind {
    /// The real one; nothing before the door is opened and after it was closed.
    own: Option<Router>,
    /// The one that is shown in its place.
    instead: Option<Router>,
}

impl Door {
    /// Lets everybody in.
    pub(super) fn open(&self, router: Router) {
        self.change(|behind| behind.own = Some(router));
    }

    /// Leads to another router for now.
    pub(super) fn lead_to(&self, router: Router) {
        self.change(|behind| behind.instead = Some(router));
        self.moved.send_replace(());
    }

    /// Leads to its own router again.
    pub(super) fn lead_back(&self) {
        self.change(|behind| behind.instead = None);
        self.moved.send_replace(());
    }

    /// A router that leads through this door.
    pub(super) fn router(&self) -> Router {
        let door = self.clone();
        Router::new().fallback(move |request: Request| door.clone().answer(request))
    }

    async fn answer(self, request: Request) -> Response {
        let path = request.uri().path();
        if path != NEWS {
            return pass(self.inside(path == DEMO), request).await;
        }
        let mut moved = self.moved.subscribe();
        let (head, body) = request.into_parts();
        let again = Request::from_parts(head.clone(), Body::empty());
        tokio::select! {
            answer = pass(self.inside(false), Request::from_parts(head, body)) => answer,
            // Whoever waits for news of a record that is no longer shown asks about the one that is.
            Ok(()) = moved.changed() => pass(self.inside(false), again).await,
        }
    }

    /// What is behind the door now.
    fn inside(&self, own: bool) -> Option<Router> {
        let behind = self.behind.read().unwrap_or_else(PoisonError::into_inner);
        behind.instead.as_ref().filter(|_| !own).or(behind.own.as_ref()).cloned()
    }

    /// Lets nobody in any more. Whoever is inside is not disturbed.
    pub(super) fn close(&self) {
        self.change(|behind| *behind = Behind::default());
    }

    fn change(&self, change: impl FnOnce(&mut Behind)) {
        change(&mut self.behind.write().unwrap_or_else(PoisonError::into_inner));
    }
}

async fn pass(inside: Option<Router>, request: Request) -> Response {
    match inside {
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
    async fn a_closed_door_lets_go_of_what_is_behind_it() {
        let record = Arc::new(());
        let held = Arc::clone(&record);
        let door = Door::default();
        door.open(Router::new().route(
            "/x",
            get(move || {
                let _held = Arc::clone(&held);
                async { "inside" }
            }),
        ));
        let kept = door.router();
        let ask = || Request::get("/x").body(Body::empty()).expect("a request");
        let open = kept.clone().oneshot(ask()).await.expect("infallible");
        assert_eq!(open.status(), StatusCode::OK, "an open door leads inside");
        drop(open);
        door.close();
        let closed = kept.oneshot(ask()).await.expect("infallible");
        assert_eq!(closed.status(), StatusCode::SERVICE_UNAVAILABLE, "whoever kept the router is told");
        assert_eq!(Arc::strong_count(&record), 1, "nothing behind the door is held any more");
    }

    #[tokio::test]
    async fn a_door_leads_elsewhere_and_back() {
        let room = |name: &'static str| Router::new().route("/x", get(move || async move { name }));
        let door = Door::default();
        let kept = door.router();
        let ask = async || {
            let request = Request::get("/x").body(Body::empty()).expect("a request");
            let answer = kept.clone().oneshot(request).await.expect("infallible").into_body();
            let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
            String::from_utf8(bytes.into()).expect("text")
        };
        assert!(ask().await.contains("stopping"), "nothing is behind it yet");
        door.open(room("real"));
        door.lead_to(room("demo"));
        assert_eq!(ask().await, "demo", "whoever kept the router is led elsewhere");
        door.lead_back();
        assert_eq!(ask().await, "real", "and back");
    }

    #[tokio::test]
    async fn who_waits_for_news_hears_when_the_door_leads_elsewhere() {
        let news = |name: &'static str| Router::new().route(NEWS, get(move || async move { name }));
        let waiting = Router::new().route(NEWS, get(std::future::pending::<&'static str>));
        let door = Door::default();
        door.open(waiting);
        let request = Request::get(NEWS).body(Body::empty()).expect("a request");
        let asked = tokio::spawn(door.router().oneshot(request));
        while door.moved.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        door.lead_to(news("demo"));
        let answer = asked.await.expect("no panic").expect("infallible").into_body();
        let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
        assert_eq!(bytes, "demo", "the record that is shown now answers");
    }

    #[tokio::test]
    async fn the_demo_is_ended_from_outside_of_it() {
        let room = |name: &'static str| Router::new().route(DEMO, get(move || async move { name }));
        let door = Door::default();
        door.open(room("real"));
        door.lead_to(room("demo"));
        let request = Request::get(DEMO).body(Body::empty()).expect("a request");
        let answer = door.router().oneshot(request).await.expect("infallible").into_body();
        let bytes = axum::body::to_bytes(answer, 1_000).await.expect("a body");
        assert_eq!(bytes, "real", "nobody is inside the demo while it closes");
    }
}
