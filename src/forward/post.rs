//! One attempt: the same bytes, query, method and end-to-end headers, to another address.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Method, Response, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use super::sign;
use crate::{
    config::{Keys, Kind, keys::Check},
    outbound::{self, NoAnswer},
    store::delivery::Delivery,
    subscription::address::is_private_ip,
};

/// How long a target may take. Tencent waits 2 to 5 seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// So much of an answer is read, so that the connection can be used again; what it says is of no interest.
const READ: usize = 16 * 1024;
/// The longest answer that is passed on to Tencent, in bytes.
const LONGEST_DECISION: usize = 64 * 1024;
/// Says that the signature of a Live callback is not Tencent's, but was made here with the same token.
const SIGNED_ANEW: HeaderName = HeaderName::from_static("calltrail-signed-anew");
/// What is made anew for each connection.
const OWN: [&str; 2] = ["content-length", "host"];

/// What a target answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = ForwardAnswer)]
pub enum Answer {
    /// A status of success: it has the delivery.
    #[error("it was taken")]
    Taken,
    /// Another status.
    #[error("the answer was {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// Nothing.
    #[error("{why}")]
    Nothing {
        /// Why.
        why: NoAnswer,
    },
    /// The request has come back here.
    #[error("the address leads back to Calltrail")]
    LeadsBack,
    /// It is not in the archive any more, or cannot be read there.
    #[error("the delivery cannot be read any more")]
    Unreadable,
}

impl Answer {
    /// Whether it tells that the target does not work at all, rather than that it does not want this delivery.
    pub(super) fn is_down(&self) -> bool {
        match self {
            Self::Nothing { .. } => true,
            Self::Status { status } => *status >= 500 || *status == 429,
            Self::Taken | Self::LeadsBack | Self::Unreadable => false,
        }
    }
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// What the target said.
    pub(super) answer: Answer,
    /// Whether the signature was made anew.
    pub(super) signed_anew: bool,
}

/// Makes the connections: to public addresses alone, and to any.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    public: Result<Client, NoAnswer>,
    private: Result<Client, NoAnswer>,
    /// What Live callbacks are signed with.
    keys: Keys,
}

impl Sender {
    pub(super) fn new(keys: Keys) -> Self {
        let told = |made: Result<Client, reqwest::Error>| made.map_err(|error| outbound::no_answer(&error));
        Self {
            public: told(outbound::client_with(PATIENCE, false, |builder| builder.dns_resolver(Arc::new(PublicOnly)))),
            private: told(outbound::client(PATIENCE, true)),
            keys,
        }
    }

    /// Sends a delivery at `now_ms`; `private`: wherever the name leads.
    pub(super) async fn send(&self, url: &str, private: bool, delivery: &Delivery, now_ms: i64) -> Attempt {
        let signed = match self.keys.check(&delivery.app, Kind::LiveToken) {
            Check::With(token) => sign::anew(&delivery.query, token.expose(), now_ms),
            Check::Off | Check::Unreadable => None,
        };
        let signed_anew = signed.is_some();
        let mut headers = headers(delivery);
        if signed_anew {
            headers.insert(SIGNED_ANEW, HeaderValue::from_static("1"));
        }
        let answer =
            match self.post((url, private), signed.as_ref().unwrap_or(&delivery.query), headers, delivery).await {
                Ok(answer) => read(answer).await,
                Err(answer) => answer,
            };
        Attempt { answer, signed_anew }
    }

    /// Sends a command that asks for permission, just now received. Whether the target has it now, and what it said where that can be
    /// passed on: a JSON object, with status 200.
    pub(super) async fn ask(&self, url: &str, private: bool, delivery: &Delivery) -> (bool, Option<Vec<u8>>) {
        let mut headers = headers(delivery);
        // What is packed could not be looked at, and Tencent may not have asked for it.
        headers.remove(ACCEPT_ENCODING);
        match self.post((url, private), &delivery.query, headers, delivery).await {
            Ok(answer) => (answer.status().is_success(), object(answer).await),
            Err(_) => (false, None),
        }
    }

    async fn post(
        &self,
        (url, private): (&str, bool),
        query: &str,
        headers: HeaderMap,
        delivery: &Delivery,
    ) -> Result<Response, Answer> {
        let client = if private { &self.private } else { &self.public };
        let client = client.as_ref().map_err(|why| Answer::Nothing { why: why.clone() })?;
        let url = with_query(url, query).map_err(|_| Answer::Unreadable)?;
        let method = Method::from_bytes(delivery.method.as_bytes()).unwrap_or(Method::POST);
        let request = client.request(method, url).headers(headers).body(delivery.body.clone());
        request.send().await.map_err(|error| Answer::Nothing { why: outbound::no_answer(&error) })
    }
}

/// The body of an answer of status 200 that is one JSON object and not too long.
async fn object(mut answer: Response) -> Option<Vec<u8>> {
    if answer.status() != StatusCode::OK {
        return None;
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if body.len() + chunk.len() > LONGEST_DECISION {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    is_object(&body).then_some(body)
}

fn is_object(body: &[u8]) -> bool {
    // What is skipped is not looked at otherwise.
    let text = str::from_utf8(body).ok();
    text.is_some_and(|text| serde_json::from_str::<HashMap<String, IgnoredAny>>(text).is_ok())
}

async fn read(mut answer: Response) -> Answer {
    let status = answer.status();
    let mut left = READ;
    while let Ok(Some(chunk)) = answer.chunk().await {
        match left.checked_sub(chunk.len()) {
            Some(rest) => left = rest,
            None => break,
        }
    }
    match status {
        StatusCode::LOOP_DETECTED => Answer::LeadsBack,
        status if status.is_success() => Answer::Taken,
        status => Answer::Status { status: status.as_u16() },
    }
}

/// The target's own query, and behind it the delivery's, as it came.
fn with_query(url: &str, query: &str) -> Result<Url, url::ParseError> {
    let mut url = Url::parse(url)?;
    if !query.is_empty() {
        let all = match url.query().filter(|own| !own.is_empty()) {
            Some(own) => format!("{own}&{query}"),
            None => query.to_owned(),
        };
        url.set_query(Some(&all));
    }
    Ok(url)
}

fn headers(delivery: &Delivery) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &delivery.headers {
        if OWN.contains(&name.as_str()) {
            continue;
        }
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    outbound::mark_as_passed_on(&mut headers);
    headers
}

/// Looks names up and leaves out private addresses: a name that was public when it was entered may lead elsewhere now.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| !is_private_ip(address.ip().to_canonical())).collect();
            if public.is_empty() {
                return Err("the name leads into a private network".into());
            }
            let addresses: Addrs = Box::new(public.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_comes_as_it_was_behind_the_targets_own() {
        let whole = |url: &str, query: &str| with_query(url, query).expect("an address").to_string();
        for (url, query, want) in [
            ("https://a.example/cb", "", "https://a.example/cb"),
            ("https://a.example/cb", "SdkAppid=1&Sign=a%2Bb", "https://a.example/cb?SdkAppid=1&Sign=a%2Bb"),
            ("https://a.example/cb?token=t", "SdkAppid=1", "https://a.example/cb?token=t&SdkAppid=1"),
            ("https://a.example/cb?", "x=1", "https://a.example/cb?x=1"),
        ] {
            assert_eq!(whole(url, query), want);
        }
    }

    #[test]
    fn only_an_object_is_an_answer_to_a_question() {
        for (body, want) in [
            (r#"{"ErrorCode":1,"ErrorInfo":"no \ud83d"}"#, true),
            (" {} \n", true),
            ("", false),
            ("OK", false),
            ("0", false),
            ("[]", false),
            ("null", false),
            (r#"{"ErrorCode":0"#, false),
            (r#"{"ErrorCode":0}{"ErrorCode":1}"#, false),
            ("<html>{}</html>", false),
        ] {
            assert_eq!(is_object(body.as_bytes()), want, "{body}");
        }
        assert!(!is_object(b"{\"a\":\"\xff\"}"), "no text");
        assert!(!is_object("{\"a\":".repeat(100_000).as_bytes()), "deeper than anybody means it");
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_computer_is_not_asked() {
        let name: Name = "localhost".parse().expect("a name");
        assert!(PublicOnly.resolve(name).await.is_err());
    }
}
