//! `POST /api/test`: sends Calltrail's own test callback the way Tencent sends a real one, over HTTP to the listener: straight
//! to it, or through the public address.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State as In,
    http::{Method, Request, header},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{net::TcpStream, time::timeout};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    error::{Error, Params},
    problem::Problem,
    settings,
};
use crate::{
    callback::{self, Query, TEST_COMMAND},
    listener::{ListenerState, reachable},
    outbound,
    store::delivery::Digest,
    tencent::hosts,
};

/// The listener answers within 1.5 s; whatever takes much longer does not answer at all.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Which way a test callback goes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Straight to the listener on this machine, or out and in again through the public address.
    #[serde(default)]
    #[param(inline)]
    way: Way,
}

/// A way to the listener.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Way {
    /// On this machine.
    #[default]
    Local,
    /// Through the public address.
    Public,
}

/// A test callback that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestSent {
    /// The digest under which it appears among the deliveries.
    digest: String,
    /// The HTTP status that the listener answered with; 200 means that it is on disk.
    status: u16,
}

/// Sends a test callback to the listener, on this machine or through the public address. It becomes a delivery and nothing else.
#[utoipa::path(post, path = "/api/test", operation_id = "send_test", params(Which), responses(
    (status = 200, body = TestSent, description = "What the listener answered"),
    (status = 409, body = Error, description = "There is no public address yet"),
))]
pub(super) async fn send(In(api): In<Api>, Params(Which { way }): Params<Which>) -> Result<Json<TestSent>, Error> {
    let nonce = hex::encode(rand::random::<[u8; 16]>());
    let body = json!({ "CallbackCommand": TEST_COMMAND, "Nonce": nonce, "SentAt": api.now_ms() }).to_string();
    let understood = callback::parse(&Query::parse(""), &[], body.as_bytes());
    let digest = Digest::of("", &understood, body.as_bytes());
    let status = match way {
        Way::Local => send_here(&api, body, digest).await?,
        Way::Public => send_around(&api, body, digest).await?,
    };
    Ok(Json(TestSent { digest: digest.hex(), status }))
}

/// Straight to the listener.
async fn send_here(api: &Api, body: String, digest: Digest) -> Result<u16, Error> {
    let Some(address) = api.state.listener.address() else {
        let why = match api.state.listener.state() {
            ListenerState::Retrying { why, .. } => Some(why),
            ListenerState::Listening { .. } => None,
        };
        return Err(Problem::NotListening { why }.into());
    };
    let status = timeout(LONGEST_WAIT, post(reachable(address), &api.state.hook_url, body.into()))
        .await
        .map_err(|_| unanswered("it did not answer within 5 seconds"))?
        .map_err(unanswered)?;
    // Where a listener has every address, another program can have one of them for itself, and is then the one that answers.
    let is_of_hook = status == 200 || status == 404;
    if is_of_hook && api.read(move |reader| reader.delivery(&digest)).await?.is_none() {
        return Err(unanswered(format!("another program answered at {address}, with HTTP status {status}")));
    }
    Ok(status)
}

/// Out, and in again through the public address, as Tencent comes.
async fn send_around(api: &Api, body: String, digest: Digest) -> Result<u16, Error> {
    let settings = settings::current(api).await?;
    if settings.public_url.is_none() {
        return Err(Problem::NoPublicUrl.into());
    }
    let not_here = |why: String| Error::from(Problem::TestNotBack { why });
    let url = Url::parse(&settings.callback_url).map_err(|_| Problem::PublicUrlNoAddress)?;
    let client =
        outbound::client(LONGEST_WAIT, hosts::is_loopback(&url)).map_err(|error| not_here(outbound::why(&error)))?;
    let sent = client.post(url).header(header::CONTENT_TYPE, "application/json").body(body).send().await;
    let status = sent.map_err(|error| not_here(outbound::why(&error)))?.status().as_u16();
    // Whoever answers 200 need not be this listener: a tunnel's welcome page does that too.
    if api.read(move |reader| reader.delivery(&digest)).await?.is_none() {
        return Err(not_here(format!("something else answered there, with HTTP status {status}")));
    }
    api.state.reach.prove();
    Ok(status)
}

fn unanswered(why: impl std::fmt::Display) -> Error {
    Problem::TestUnanswered { why: why.to_string() }.into()
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
