//! The router as others hold it: it can be taken away from them, so that the record closes although they keep it.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use tower::ServiceExt as _;

/// Leads to a router until it is closed.
#[derive(Clone)]
pub(super) struct Door(Arc<RwLock<Option<Router>>>);

impl Door {
    /// An open door.
    pub(super) fn new(router: Router) -> Self {
        Self(Arc::new(RwLock::new(Some(router))))
    }

    /// A router that leads through this door.
    pub(super) fn router(&self) -> Router {
        let door = self.clone();
        Router::new().fallback(move |request: Request| {
            let inside = door.0.read().unwrap_or_else(PoisonError::into_inner).clone();
            pass(inside, request)
        })
    }

    /// Lets nobody in any more. Whoever is inside is not disturbed.
    pub(super) fn close(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take();
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
    use axum::{body::Body, routing::get};

    #[tokio::test]
    async fn a_closed_door_lets_go_of_what_is_behind_it() {
        let record = Arc::new(());
        let held = Arc::clone(&record);
        let door = Door::new(Router::new().route(
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
}
