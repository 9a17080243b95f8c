//! What was refused before it became a delivery: counted by reason, the last hundred kept in memory, never with a body.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
};

use hyper::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::lock::lock;

/// How many refusals are remembered one by one.
const REMEMBERED: usize = 100;

/// Why a request was refused before the check of its application (rules.md 1.2), or could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The path is not the hook's: a wrong token, a scanner, a browser's favicon.
    UnknownPath,
    /// The hook takes POST only.
    Method,
    /// A page in a browser sent it: `Origin` or `Sec-Fetch-Site`.
    Browser,
    /// This process passed it on itself.
    Circle,
    /// The body is larger than the limit.
    TooLarge,
    /// The body is packed in a way that is not read here, or in several.
    Encoding,
    /// The body is not packed as it says: cut off, damaged, or followed by something else.
    Packing,
    /// The body did not arrive in time.
    BodyTimeout,
    /// The connection broke, or its framing was wrong, before the body was complete.
    BodyBroken,
    /// It is not HTTP that can be read, or not one host's.
    NotHttp,
    /// All connections were busy.
    Overload,
    /// The store could not keep it in time.
    NotStored,
    /// A fault of Calltrail itself.
    Fault,
}

impl Reason {
    /// The code that the API shows and counts by.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::UnknownPath => "unknown_path",
            Self::Method => "method",
            Self::Browser => "browser",
            Self::Circle => "circle",
            Self::TooLarge => "too_large",
            Self::Encoding => "encoding",
            Self::Packing => "packing",
            Self::BodyTimeout => "body_timeout",
            Self::BodyBroken => "body_broken",
            Self::NotHttp => "not_http",
            Self::Overload => "overload",
            Self::NotStored => "not_stored",
            Self::Fault => "fault",
        }
    }

    /// The status that answers it.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Browser => StatusCode::FORBIDDEN,
            Self::Circle => StatusCode::LOOP_DETECTED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Packing | Self::BodyBroken | Self::NotHttp => StatusCode::BAD_REQUEST,
            Self::Overload | Self::NotStored => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the sender is told. Never anything about the inside.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::UnknownPath => "",
            Self::Method => "only POST is taken here",
            Self::Browser => "requests of web pages are not taken",
            Self::Circle => "this was passed on from here",
            Self::TooLarge => "the body is larger than 256 KiB",
            Self::Encoding => "compressed bodies are not taken, except one gzip or deflate",
            Self::Packing => "the compressed body cannot be unpacked",
            Self::BodyTimeout => "the body did not arrive in time",
            Self::BodyBroken | Self::NotHttp => "the request is broken",
            Self::Overload => "too many connections",
            Self::NotStored => "storage unavailable",
            Self::Fault => "internal error",
        }
    }
}

/// One refused request, without its body, its query and the secret part of its path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refusal {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// The sender's address as the socket saw it.
    pub remote: String,
    /// The HTTP method; empty when the request could not be read.
    pub method: String,
    /// The path; what follows `/hook/` is left out.
    pub path: String,
    /// The status that answered it.
    pub status: u16,
    /// The reason's code, such as `unknown_path`, `too_large` or `not_stored`.
    pub reason: String,
    /// What more is known; empty where nothing is. With `not_http` the protocol that was spoken: `tls`, `proxy_protocol`,
    /// `http2`, `ssh` or `socks`. With `encoding` the codings of the body, such as `br`.
    pub detail: String,
}

/// All refusals since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refusals {
    /// How many, by reason.
    pub counts: BTreeMap<String, u64>,
    /// The last hundred, newest first.
    pub last: Vec<Refusal>,
}

/// What is noted of a request that was refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused<'a> {
    /// The HTTP method; empty when the request could not be read.
    pub(super) method: &'a str,
    /// The path, as it may be shown.
    pub(super) path: &'a str,
    /// Why.
    pub(super) reason: Reason,
    /// What more is known, as a code.
    pub(super) detail: &'a str,
}

/// Where the listener notes them.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    counts: BTreeMap<&'static str, u64>,
    last: VecDeque<Refusal>,
}

impl Ledger {
    /// Counts a refusal and remembers it for as long as it is among the last hundred.
    pub(super) fn note(&self, at_ms: i64, remote: &str, refused: Refused<'_>) {
        let Refused { method, path, reason, detail } = refused;
        let refusal = Refusal {
            at_ms,
            remote: remote.to_owned(),
            method: method.chars().take(20).collect(),
            path: path.to_owned(),
            status: reason.status().as_u16(),
            reason: reason.code().to_owned(),
            detail: detail.to_owned(),
        };
        let mut entries = lock(&self.0);
        *entries.counts.entry(reason.code()).or_default() += 1;
        entries.last.truncate(REMEMBERED - 1);
        entries.last.push_front(refusal);
    }

    /// What has been noted so far.
    pub(super) fn read(&self) -> Refusals {
        let entries = lock(&self.0);
        Refusals {
            counts: entries.counts.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect(),
            last: entries.last.iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hundred_are_kept_and_all_are_counted() {
        let ledger = Ledger::default();
        let unknown = Refused { method: "GET", path: "/favicon.ico", reason: Reason::UnknownPath, detail: "" };
        for at in 0..250 {
            ledger.note(at, "203.0.113.9", unknown);
        }
        ledger.note(250, "203.0.113.9", Refused { method: "PUT", path: "/hook/…", reason: Reason::Method, ..unknown });
        let seen = ledger.read();
        assert_eq!(seen.counts["unknown_path"], 250, "the count forgets nothing");
        assert_eq!(seen.counts["method"], 1, "each reason has its own");
        assert_eq!(seen.last.len(), 100, "memory is bounded, whoever knocks");
        assert_eq!((seen.last[0].at_ms, seen.last[0].status), (250, 405), "the newest is first");
        assert_eq!(seen.last[99].at_ms, 151, "the oldest went");
    }
}
