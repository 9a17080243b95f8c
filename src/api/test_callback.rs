//! `POST /api/test`: sends Calltrail's own test callback the way Tencent sends a real one, over HTTP to the listener.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State as In,
    http::{Method, Request, header},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::json;
use tokio::{net::TcpStream, time::timeout};
use utoipa::ToSchema;

use super::{
    Api,
    error::{Code, Error},
};
use crate::{
    callback::{self, Query, TEST_COMMAND},
    listener::ListenerState,
    store::delivery::Digest,
};

/// The listener answers within 1.5 s; whatever takes much longer does not answer at all.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A test callback that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestSent {
    /// The digest under which it appears among the deliveries.
    digest: String,
    /// The HTTP status that the listener answered with; 200 means that it is on disk.
    status: u16,
}

/// Sends a test callback to the listener's address on this machine. It becomes a delivery and nothing else.
#[utoipa::path(post, path = "/api/test", operation_id = "send_test", responses(
    (status = 200, body = TestSent, description = "What the listener answered"),
    (status = "default", body = Error, description = "Why not"),
))]
pub(super) async fn send(In(api): In<Api>) -> Result<Json<TestSent>, Error> {
    let Some(address) = api.state.listener.address() else {
        let why = match api.state.listener.state() {
            ListenerState::Retrying { why, .. } => why,
            ListenerState::Listening { .. } => String::new(),
        };
        return Err(Error::new(
            Code::NotListening,
            format!("The listener has no open port, so nothing can be sent to it. {why}"),
        ));
    };
    let nonce = hex::encode(rand::random::<[u8; 16]>());
    let body = json!({ "CallbackCommand": TEST_COMMAND, "Nonce": nonce, "SentAt": api.now_ms() }).to_string();
    let understood = callback::parse(&Query::parse(""), &[], body.as_bytes());
    let digest = Digest::of("", &understood, body.as_bytes()).hex();
    let status = timeout(LONGEST_WAIT, post(reachable(address), &api.state.hook_url, body.into()))
        .await
        .map_err(|_| unanswered("it did not answer within 5 seconds"))?
        .map_err(unanswered)?;
    Ok(Json(TestSent { digest, status }))
}

fn unanswered(why: impl std::fmt::Display) -> Error {
    Error::new(Code::NotListening, format!("The listener did not answer the test callback: {why}."))
}

/// A listener that is bound to every address is reached through loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Posts a body over a connection of its own and says with which status it was answered.
async fn post(
    address: SocketAddr,
    hook_url: &str,
    body: Bytes,
) -> Result<u16, Box<dyn std::error::Error + Send + Sync>> {
    let path = hook_url.parse::<axum::http::Uri>()?.path().to_owned();
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, address.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .body(Body::from(body))?;
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let (response, ended) = tokio::join!(sender.send_request(request), connection);
    match response {
        Ok(response) => Ok(response.status().as_u16()),
        Err(error) => Err(ended.err().unwrap_or(error).into()),
    }
}
