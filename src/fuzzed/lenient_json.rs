//! Reading JSON kindly never reads what is valid in another way.

use serde_json::Value;

use crate::callback::lenient_json::{read, without_bom};

/// Reads any body strictly and kindly.
pub(super) fn check(bytes: &[u8]) {
    let strict: Option<Value> = serde_json::from_slice(without_bom(bytes)).ok();
    match (strict, read(bytes)) {
        (Some(strict), kindly) => assert_eq!(kindly, Ok((strict, false)), "what is valid is read as it is"),
        (None, Ok((value, repaired))) => {
            assert!(repaired, "what is not valid was repaired");
            let text = value.to_string();
            assert_eq!(read(text.as_bytes()), Ok((value, false)), "what was repaired is valid from then on: {text}");
        }
        (None, Err(reason)) => {
            assert!(reason.starts_with("The body is not "), "a sentence for a person: {reason}");
            assert!(reason.chars().count() < 300, "which fits into a line: {reason}");
        }
    }
}
