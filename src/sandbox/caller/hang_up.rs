//! A sender that goes away: the request is written, and the connection closed without waiting for the answer.

use std::time::Duration;

use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};
use url::Url;

use super::post::Request;

/// How long connecting and writing may take.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Writes a request and goes away. An error says why it could not even be written.
pub(super) async fn post(request: &Request) -> Result<(), String> {
    let url = Url::parse(&request.url).map_err(|error| error.to_string())?;
    // Over TLS nobody could tell from outside when the request has gone out.
    let (Some(host), Some(port), "http") = (url.host_str(), url.port_or_known_default(), url.scheme()) else {
        return Err("a sender goes away only where the address begins with http://".to_owned());
    };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut text = format!("POST {}{query} HTTP/1.1\r\nHost: {host}:{port}\r\n", url.path());
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
    let writing = async {
        let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        stream.write_all(text.as_bytes()).await?;
        stream.write_all(&request.body).await?;
        stream.shutdown().await
    };
    match timeout(TIME_LIMIT, writing).await {
        Ok(written) => written.map_err(|error| error.to_string()),
        Err(_) => Err("no connection in time".to_owned()),
    }
}
