//! Which language somebody at the window reads: `Accept-Language`, for the little that is said outside of its pages.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT_LANGUAGE, request::Parts},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::language::Language;

/// The header as the API's description names it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes the header; `Reads` reads it")]
pub(super) struct Header {
    /// The language that people at the window read, such as `zh-Hans`; English when not said.
    #[serde(rename = "Accept-Language")]
    #[param(value_type = String, required = false)]
    accept_language: Option<String>,
}

/// The language that the header likes best.
pub(super) struct Reads(pub(super) Language);

impl<S: Sync> FromRequestParts<S> for Reads {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(header.and_then(Language::accepted).unwrap_or_default()))
    }
}
