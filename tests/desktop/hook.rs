//! Tencent's side: posts callbacks to the address that the window shows.

use calltrail::callback::delivery::Delivery;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

/// The application that the sample bodies name.
pub(crate) const SAMPLE_APP: &str = "1400123456";

/// A callback address: where to connect, and the path with its token.
#[derive(Clone)]
pub(crate) struct Hook {
    authority: String,
    path: String,
}

impl Hook {
    /// From the address as it is shown.
    pub(crate) fn new(url: &str) -> Hook {
        let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("{url:?} should be an http address"));
        let (authority, path) = rest.split_once('/').expect("the address has a path");
        Hook { authority: authority.to_owned(), path: format!("/{path}") }
    }

    /// The address as it is shown.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.authority, self.path)
    }

    /// Posts a body and answers the status and the reply.
    pub(crate) fn post(&self, query: &str, headers: &[(String, String)], body: &[u8]) -> io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut head = format!(
            "POST {}?{query} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n",
            self.path,
            self.authority,
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(head.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        status.map(|status| (status, body.to_owned())).ok_or_else(|| io::Error::other("no answer"))
    }

    /// Posts a sample of the fixtures with the query that belongs to it; it must be taken.
    pub(crate) fn sample(&self, file: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples");
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"));
        let index: serde_json::Value = serde_json::from_slice(&read("INDEX.json")).expect("the index is JSON");
        let entries = index.as_array().expect("the index is a list");
        let entry =
            entries.iter().find(|entry| entry["file"] == file).unwrap_or_else(|| panic!("{file} is in the index"));
        let query = entry["query"].as_str().expect("a callback has a query");
        let (status, reply) = self.post(query, &[], &read(file)).expect("the listener answers");
        assert_eq!(status, 200, "{file} should be taken; the reply was {reply}");
    }

    /// Posts simulated traffic; whatever it is, it is answered.
    pub(crate) fn traffic(&self, deliveries: impl IntoIterator<Item = Delivery>) {
        for delivery in deliveries {
            self.post(&delivery.query, &delivery.headers, &delivery.body).expect("the listener answers");
        }
    }
}
