//! The listener's answers: short, exact, and silent about the inside.

use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};

use super::refusals::Reason;
use crate::callback::{codes::Family, reply};

/// What is sent back.
pub(super) type Reply = Response<Full<Bytes>>;

/// 200 with the words that this family takes for success.
pub(super) fn success(family: Family) -> Reply {
    json(StatusCode::OK, reply::success(family).to_owned())
}

/// 200 with what somebody else has decided: a JSON object.
pub(super) fn decided(object: Bytes) -> Reply {
    json(StatusCode::OK, object)
}

/// A status other than 200 with the family's words for failure.
pub(super) fn failure(family: Family, status: StatusCode, error: &str) -> Reply {
    json(status, reply::failure(family, error))
}

/// 503: the delivery could not be kept, so the sender should send it again.
pub(super) fn not_stored(family: Family) -> Reply {
    with_retry(failure(family, Reason::NotStored.status(), Reason::NotStored.message()))
}

/// The answer to a request that was refused before it was looked into, with what more can be said. A wrong path learns nothing.
pub(super) fn refusal(reason: Reason, detail: &str) -> Reply {
    if reason == Reason::UnknownPath {
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = reason.status();
        return answer;
    }
    let message = match detail {
        "" => reason.message().to_owned(),
        detail => format!("{} ({detail})", reason.message()),
    };
    let mut answer = failure(Family::Unknown, reason.status(), &message);
    if reason == Reason::Encoding {
        // What would be taken, for senders that can choose (RFC 9110, 15.5.16).
        answer.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
    }
    match reason {
        Reason::Method => {
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        // The rest of such a body is not waited for, so nothing can follow it on this connection.
        Reason::TooLarge
        | Reason::Encoding
        | Reason::Packing
        | Reason::BodyTimeout
        | Reason::BodyBroken
        | Reason::NotHttp => {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Reason::Overload => {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            answer = with_retry(answer);
        }
        _ => {}
    }
    answer
}

/// `ok`, for whoever watches whether the listener is there.
pub(super) fn health() -> Reply {
    let mut answer = Response::new(Full::from("ok"));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer
}

fn with_retry(mut answer: Reply) -> Reply {
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    answer
}

fn json(status: StatusCode, text: impl Into<Bytes>) -> Reply {
    let mut answer = Response::new(Full::from(text.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
