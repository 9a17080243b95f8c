//! A knock: a request of our own that comes in from outside, to prove that the public address leads here. It is expected for a
//! moment, answered like any callback, and never kept.

use std::sync::{Arc, Mutex};

use hyper::HeaderMap;
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

use crate::lock::lock;

/// The header that a knock has, and by which it is known.
pub const HEADER: &str = "calltrail-knock";

/// The knocks that are expected, each with whom to tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Knocks(Arc<Mutex<Vec<Awaited>>>);

/// The nonce of one that is on its way, and who is told when it is there.
type Awaited = (String, oneshot::Sender<()>);

impl Knocks {
    /// Begins to expect one.
    pub(super) fn expect(&self) -> Knock {
        let (tell, came) = oneshot::channel();
        let nonce = hex::encode(rand::random::<[u8; 16]>());
        lock(&self.0).push((nonce.clone(), tell));
        Knock { nonce, came, knocks: self.clone() }
    }

    /// Whether a request is one that is expected; whoever expects it is told.
    pub(super) fn came(&self, headers: &HeaderMap) -> bool {
        let Some(nonce) = headers.get(HEADER) else { return false };
        let mut expected = lock(&self.0);
        let Some(at) = expected.iter().position(|(one, _)| bool::from(one.as_bytes().ct_eq(nonce.as_bytes()))) else {
            return false;
        };
        // Whoever expected it may have stopped waiting.
        let _ = expected.swap_remove(at).1.send(());
        true
    }
}

/// A knock that is expected until this is dropped.
#[derive(Debug)]
pub struct Knock {
    nonce: String,
    came: oneshot::Receiver<()>,
    knocks: Knocks,
}

impl Knock {
    /// The value of its header.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Whether it has come in. Tells it once.
    pub fn has_come(&mut self) -> bool {
        self.came.try_recv().is_ok()
    }
}

impl Drop for Knock {
    fn drop(&mut self) {
        lock(&self.knocks.0).retain(|(nonce, _)| *nonce != self.nonce);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    #[test]
    fn only_what_is_expected_is_a_knock_and_only_once() {
        let knocks = Knocks::default();
        let request = |nonce: &str| {
            HeaderMap::from_iter([(
                hyper::header::HeaderName::from_static(HEADER),
                HeaderValue::from_str(nonce).unwrap(),
            )])
        };
        let (mut first, mut second) = (knocks.expect(), knocks.expect());
        assert!(
            !knocks.came(&HeaderMap::new()) && !knocks.came(&request("")) && !knocks.came(&request(&"0".repeat(32)))
        );
        assert!(!first.has_come(), "nothing has come yet");
        let knock = request(first.nonce());
        assert!(knocks.came(&knock) && first.has_come(), "it is the one that is expected");
        assert!(!knocks.came(&knock), "a second time it is an ordinary request");
        assert!(!second.has_come(), "the other one is still expected");
        let late = request(second.nonce());
        drop(second);
        assert!(!knocks.came(&late), "nobody waits for it any more");
    }
}
