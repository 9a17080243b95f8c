//! Which headers of a request are kept (rules.md 1.6).

use hyper::{
    HeaderMap,
    header::{CONNECTION, HeaderName},
};

use super::coding::Coding;

/// Those that belong to one connection and not to the message, and those that hold a person's secrets.
const DROPPED: [&str; 10] = [
    "host",
    "cookie",
    "authorization",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "cookie2",
];

/// Those that describe a body as it was packed. Beside the unpacked one they would be wrong.
const OF_PACKED: [&str; 2] = ["content-encoding", "content-length"];

/// The end-to-end headers in their order, values as text (bytes that are no UTF-8 are replaced).
pub(super) fn kept(headers: &HeaderMap, coding: Coding) -> Vec<(String, String)> {
    let named = named_by_connection(headers);
    let fits = |name: &HeaderName| coding == Coding::Plain || !OF_PACKED.contains(&name.as_str());
    headers
        .iter()
        .filter(|(name, _)| is_kept(name, &named) && fits(name))
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

fn is_kept(name: &HeaderName, named: &[String]) -> bool {
    let name = name.as_str();
    !DROPPED.contains(&name) && !name.starts_with("proxy-") && !named.iter().any(|dropped| dropped == name)
}

/// `Connection: close, x-hop` makes `x-hop` a header of this connection only.
fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        // Nobody may hide what the message itself needs by calling it a matter of the connection.
        .filter(|name| !matches!(name.as_str(), "sdkappid" | "sign" | "content-type"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn end_to_end_headers_are_kept_and_nothing_else() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "hook.example"),
            ("sdkappid", "1400000000"),
            ("sign", "a+b="),
            ("content-type", "application/json"),
            ("cookie", "session=1"),
            ("authorization", "Basic eA=="),
            ("proxy-authorization", "x"),
            ("proxy-connection", "x"),
            ("connection", "keep-alive, X-Hop"),
            ("connection", "Sign"),
            ("x-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-for", "198.51.100.1"),
            ("user-agent", "tencent"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers.append("x-bytes", HeaderValue::from_bytes(b"caf\xe9").expect("legal in HTTP"));
        let told =
            |coding| kept(&headers, coding).iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
        let want = [
            "sdkappid: 1400000000",
            "sign: a+b=",
            "content-type: application/json",
            "x-forwarded-for: 203.0.113.9",
            "x-forwarded-for: 198.51.100.1",
            "user-agent: tencent",
            "x-bytes: caf\u{fffd}",
        ];
        assert_eq!(told(Coding::Plain), want, "repeated headers stay apart, and bytes become text");
        headers.append("content-encoding", HeaderValue::from_static("gzip"));
        headers.append("content-length", HeaderValue::from_static("99"));
        let told =
            |coding| kept(&headers, coding).iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
        assert_eq!(told(Coding::Gzip), want, "a body that was unpacked is not described as packed");
    }
}
