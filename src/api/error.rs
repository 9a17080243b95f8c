//! The one shape of every error of the API, and the extractors that answer in it.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use super::object::Object;
use super::problem::Problem;
use crate::{export, store, subscription};

/// Why a request was not answered with what it asked for. The set is closed: a client may switch over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ErrorCode)]
pub enum Code {
    /// The request says something that cannot be used: a bad cursor, filter, number or body.
    BadRequest,
    /// The access key is missing or wrong.
    Unauthorized,
    /// The request was made by another web page.
    Forbidden,
    /// The request was meant for another host name.
    Misdirected,
    /// Nothing like that is in the record, or there is no such address.
    NotFound,
    /// The address exists, but not for this method.
    MethodNotAllowed,
    /// There is no save dialog here; download the export instead.
    NoDialog,
    /// The listener has no open port at the moment.
    NotListening,
    /// There is no public address yet; enter the one that leads to this computer first.
    NoPublicUrl,
    /// The application's SDKSecretKey is not known, so Tencent cannot be asked.
    NoKey,
    /// Tencent has something else than the plan was made for; make a new one.
    Changed,
    /// Something stands against the change, or must be agreed to first.
    NotAgreed,
    /// Tencent refused or could not be reached; the message says what to do.
    Tencent,
    /// Too much of this is being done at once; try again a little later.
    Busy,
    /// The record cannot be read or written at the moment.
    Unavailable,
    /// Something went wrong inside Calltrail; its log says what.
    Internal,
}

impl Code {
    /// The HTTP status that goes with it.
    const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoDialog | Self::NoPublicUrl | Self::NoKey | Self::Changed | Self::NotAgreed => StatusCode::CONFLICT,
            Self::Tencent => StatusCode::BAD_GATEWAY,
            Self::Busy | Self::NotListening | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What every request is answered with that cannot be answered otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Error {
    /// For programs.
    pub code: Code,
    /// What happened and what to do, as English sentences.
    pub message: String,
    /// What exactly it is, with its arguments, for a sentence in another language.
    pub problem: Said,
}

impl Error {
    /// An error of what Tencent is to send.
    pub(super) fn told(code: Code, error: subscription::Error) -> Self {
        Self { code, message: error.to_string(), problem: Said::Subscription(error) }
    }

    /// Something went wrong that the person at the screen can do nothing about: the log gets the cause, the screen a sentence.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        Problem::internal(cause).into()
    }
}

/// What exactly stood in the way. The codes of all are different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ProblemSaid)]
pub enum Said {
    /// What concerns the request and the record.
    Request(Problem),
    /// What concerns Tencent and the callbacks it is to send.
    Subscription(subscription::Error),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { code: problem.class(), message: problem.to_string(), problem: Said::Request(problem) }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        (self.code.status(), Json(self)).into_response()
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<export::Error> for Error {
    fn from(error: export::Error) -> Self {
        Problem::from(error).into()
    }
}

/// A query string, read into `T`; an unusable one is a [`Code::BadRequest`].
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|rejection| Problem::AddressUnusable { why: rejection.body_text() }.into())
    }
}

/// The variable parts of a path, read into `T`; unusable ones are a [`Code::BadRequest`].
pub(super) struct Place<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Place<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Path::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|rejection| Problem::AddressUnusable { why: rejection.body_text() }.into())
    }
}

/// A JSON object as body, read into `T`; an unusable one is a [`Code::BadRequest`].
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Json::from_request(request, state)
            .await
            .map(|Json(Object(value))| Self(value))
            .map_err(|rejection| Problem::BodyUnusable { why: rejection.body_text() }.into())
    }
}
