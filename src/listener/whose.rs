//! Whose listener it is. The port is answered by somebody; that it is the listener of this record is known only to who knows
//! its token, and the token is given to nobody for that.

use hyper::Method;
use subtle::ConstantTimeEq as _;

use crate::callback::signature::hmac_sha256;

/// What is signed with the token.
const QUESTION: &[u8] = b"Calltrail: whose listener answers here?";

/// A path that the listener with this token knows, and no other: it answers `GET` there as it does at the address of the hook
/// itself, with 405, and everybody else with 404. Whoever is asked by mistake learns nothing of the token, and nothing can be
/// delivered there.
pub fn own_path(token: &str) -> String {
    format!("/hook/{}", hex::encode(hmac_sha256(token, QUESTION)))
}

/// True when a request asks this.
pub(super) fn is_asked(method: &Method, path: &str, token: &str) -> bool {
    let own = || own_path(token);
    // The digest is made for requests that can be the question.
    method == Method::GET && path.len() == "/hook/".len() + 64 && bool::from(path.as_bytes().ct_eq(own().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listener_with_the_token_knows_the_path() {
        let (ours, theirs) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdee");
        let path = own_path(ours);
        assert!(is_asked(&Method::GET, &path, ours), "asked with its own token");
        assert!(!is_asked(&Method::GET, &path, theirs), "asked with another one");
        assert!(!is_asked(&Method::POST, &path, ours), "nothing can be delivered there");
        assert!(!is_asked(&Method::GET, &format!("{path}/"), ours), "nor is there anything below");
        assert!(!path.contains(&ours[..8]), "the token is not in it: {path}");
    }
}
