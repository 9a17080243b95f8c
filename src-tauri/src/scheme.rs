//! `app://localhost/…`: the window's requests, answered by the API router in this process. No port is open for the window.

use axum::Router;
use axum::body::Body;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Request, Response, StatusCode};
use calltrail::language::Language;
use http_body_util::BodyExt;
use std::sync::{Arc, OnceLock};
use tauri::Url;
use tower::ServiceExt;

/// The scheme's name.
pub(crate) const SCHEME: &str = "app";

/// What a page that waits for news sends along while somebody writes in it.
const IN_USE: &str = "x-calltrail-in-use";

/// Where the window begins. On Windows the web view itself writes this as `http://app.localhost/`.
pub(crate) const HOME: &str = "app://localhost/";

/// The router, once the service has started.
#[derive(Clone, Default)]
pub(crate) struct Pages(Arc<OnceLock<Router>>);

impl Pages {
    /// From now on requests are answered by this router.
    pub(crate) fn open(&self, router: Router) {
        // A second router is never given: the service starts once.
        let _ = self.0.set(router);
    }

    /// Answers one request, with a whole body: a custom scheme cannot stream.
    pub(crate) async fn answer(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let Some(router) = self.0.get() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "Calltrail is still starting.");
        };
        let Ok(answer) = router.clone().oneshot(relative(request).map(Body::from)).await;
        let (head, body) = answer.into_parts();
        match body.collect().await {
            Ok(bytes) => Response::from_parts(head, bytes.to_bytes().to_vec()),
            Err(why) => plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("The answer broke off: {why}.")),
        }
    }
}

/// The language in which a page asks the API. What the web view asks for by itself is in the system's.
pub(crate) fn language_of<T>(request: &Request<T>) -> Option<Language> {
    let asks_api = request.uri().path().starts_with("/api/");
    let said = request.headers().get(ACCEPT_LANGUAGE).filter(|_| asks_api)?;
    Language::accepted(said.to_str().ok()?)
}

/// Whether a page that waits for news says that it holds what would be lost with it; nothing where it does not wait.
pub(crate) fn in_use<T>(request: &Request<T>) -> Option<bool> {
    (request.uri().path() == "/api/changes").then(|| request.headers().contains_key(IN_USE))
}

/// The request as it would look over HTTP: only path and query.
fn relative(mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    request
}

fn plain(status: StatusCode, text: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(text.as_bytes().to_vec());
    *response.status_mut() = status;
    response
}

/// Whether the window may go there: only to its own pages, in either spelling of their address.
pub(crate) fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        SCHEME => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("app.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Request as Asked;
    use axum::routing::{get, post};

    async fn ask(pages: &Pages, method: &str, url: &str, body: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(url).body(body.as_bytes().to_vec()).unwrap();
        let answer = pages.answer(request).await;
        (answer.status().as_u16(), String::from_utf8(answer.into_body()).unwrap())
    }

    #[tokio::test]
    async fn requests_reach_the_router_as_if_over_http() {
        let pages = Pages::default();
        assert_eq!(ask(&pages, "GET", "app://localhost/", "").await.0, 503, "before the service has started");
        pages.open(
            Router::new()
                .route("/", get(|| async { "home" }))
                .route("/api/uri", get(|request: Asked| async move { request.uri().to_string() }))
                .route("/api/echo", post(|body: String| async move { body })),
        );
        assert_eq!(
            ask(&pages, "GET", "app://localhost", "").await,
            (200, "home".into()),
            "no path means the first page"
        );
        assert_eq!(
            ask(&pages, "GET", "app://localhost/api/uri?q=%E5%BC%A0", "").await,
            (200, "/api/uri?q=%E5%BC%A0".into()),
            "path and query arrive, without scheme and host"
        );
        assert_eq!(
            ask(&pages, "POST", "http://app.localhost/api/echo", r#"{"a":1}"#).await,
            (200, r#"{"a":1}"#.into()),
            "bodies arrive, also under the address that Windows uses"
        );
        assert_eq!(
            ask(&pages, "DELETE", "app://localhost/api/echo", "").await.0,
            405,
            "the router's refusals come through"
        );
    }

    #[test]
    fn a_page_says_its_language_when_it_asks() {
        let said = |url: &str, language: &str| {
            language_of(&Request::get(url).header("accept-language", language).body(()).unwrap())
        };
        assert_eq!(said("app://localhost/api/status", "zh-Hans"), Some(Language::Zh), "the page asks in its language");
        assert_eq!(said("app://localhost/", "zh-Hans"), None, "the web view asks in the system's");
        assert_eq!(said("app://localhost/api/status", "fr"), None, "a language that is not spoken here is no change");
    }

    #[test]
    fn a_page_says_when_somebody_writes_in_it() {
        let asked = |url: &str| Request::get(url).body(()).unwrap();
        let mut writing = asked("app://localhost/api/changes?after=1");
        assert_eq!(in_use(&writing), Some(false), "it only waits");
        writing.headers_mut().insert(IN_USE, "1".parse().unwrap());
        assert_eq!(in_use(&writing), Some(true), "a text is being written");
        assert_eq!(in_use(&asked("app://localhost/api/status")), None, "other requests say nothing of it");
    }

    #[test]
    fn the_window_stays_on_its_own_pages() {
        let verdict = |url: &str| is_ours(&url.parse().unwrap());
        assert!(verdict(HOME), "the first page");
        assert!(verdict("app://localhost/calls?result=cancel#x"), "a page of ours");
        assert!(verdict("http://app.localhost/calls"), "a page of ours on Windows");
        for foreign in [
            "https://example.com/",
            "app://elsewhere/",
            "http://localhost/",
            "http://app.localhost:8080/",
            "http://app.localhost.example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!verdict(foreign), "{foreign} is not one of our pages");
        }
    }
}
