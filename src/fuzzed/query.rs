//! Any query string is read, nothing of it is lost, and spelling does not matter.

use crate::callback::{Query, claimed_app, client_ip, platform};

/// Reads any query.
pub(super) fn check(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let query = Query::parse(&raw);
    let said = raw.trim_start_matches('?');
    for mark in ["", "?", "??"] {
        assert_eq!(Query::parse(&format!("{mark}{said}")), query, "question marks before it are no part of it");
    }
    for (key, value) in form_urlencoded::parse(said.as_bytes()) {
        for spelling in [key.to_ascii_lowercase(), key.to_ascii_uppercase()] {
            let found = query.all(&spelling).any(|other| other == value);
            assert!(found, "{key:?} has the value {value:?}, however it is spelt");
        }
    }
    let _ = (claimed_app(&query, &[]), client_ip(&query), platform(&query));
}
