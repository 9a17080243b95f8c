//! A delivery: one request as received. It is what the archive keeps and everything else follows from.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Callback, Former, lasting_body};

/// One HTTP request (or one fetched record) as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When it was received, Unix milliseconds.
    pub received_ms: i64,
    /// How it came.
    pub source: Source,
    /// The sender's address as the socket saw it; a tunnel's own address behind a tunnel.
    pub remote: String,
    /// The HTTP method.
    pub method: String,
    /// The application that the request names (`sdkappid`, header `SdkAppId`); empty when it names none.
    pub app: String,
    /// The raw query string, without the question mark.
    pub query: String,
    /// The end-to-end headers that are kept (rules.md 1.6), in order, values as text.
    pub headers: Vec<(String, String)>,
    /// The body bytes, exactly.
    pub body: Vec<u8>,
}

/// How a delivery came into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Tencent posted it.
    Callback,
    /// It was fetched from Tencent's record API.
    Backfill,
}

impl Source {
    /// `callback` or `backfill`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Callback => "callback",
            Self::Backfill => "backfill",
        }
    }

    /// From the code that the archive holds.
    pub fn read(code: &str) -> Self {
        if code == "backfill" { Self::Backfill } else { Self::Callback }
    }
}

/// Identifies a delivery through all its repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// SHA-256 over the length-prefixed application, command and body (rules.md 1.5). Query and headers are left out, and so are
    /// `CallbackTs` and `CallbackMsTs` of RTC Engine events, because they differ between retries of one event.
    pub fn of(app: &str, callback: &Callback, body: &[u8]) -> Self {
        Self::over(app, &callback.command, &lasting_body::of(callback.family, body))
    }

    /// Under which an earlier version archived the same delivery, where it could not read the body or spelled its command in
    /// another way. A digest is written once and never changed, so such a delivery is known by the one that it got.
    pub(crate) fn before(app: &str, callback: &Callback, body: &[u8]) -> Option<Self> {
        let Former { family, command } = callback.former.as_ref()?;
        let former = Self::over(app, command, &lasting_body::before(*family, body));
        (former != Self::of(app, callback, body)).then_some(former)
    }

    /// True when this is the digest of a delivery, whichever version took it.
    pub(crate) fn is_of(self, app: &str, callback: &Callback, body: &[u8]) -> bool {
        self == Self::of(app, callback, body) || Some(self) == Self::before(app, callback, body)
    }

    fn over(app: &str, command: &str, lasting_body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        for field in [app.as_bytes(), command.as_bytes(), lasting_body] {
            hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(field);
        }
        Self(hash.finalize().into())
    }

    /// Lower-case hexadecimal, as the API and the exports show it.
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// From lower- or upper-case hexadecimal.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}
