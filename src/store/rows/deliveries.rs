//! Requests as received.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::callback::{reason::Reason, words};

/// One request, as the inspector lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryRow {
    /// Hexadecimal digest: its identity.
    pub digest: String,
    /// The earliest known receipt, Unix milliseconds.
    pub received_ms: i64,
    /// The application; empty when the request names none.
    pub app: String,
    /// `call-v1 call live room rtc chat unknown`.
    #[schema(value_type = words::Family)]
    pub family: String,
    /// The command as sent.
    pub command: String,
    /// What Calltrail made of it.
    #[schema(value_type = words::Verdict)]
    pub verdict: String,
    /// Why; null when there is nothing to say.
    pub reason: Option<Reason>,
    /// How often it came again.
    pub repeats: u64,
    /// The call that it tells of, or empty.
    pub call_id: String,
    /// The room that it tells of, or empty.
    pub room_id: String,
    /// Length of its body.
    pub bytes: u64,
    /// `callback` or `backfill`.
    #[schema(value_type = words::DeliverySource)]
    pub source: String,
    /// The event's own time in Unix milliseconds, where it has a plausible one.
    pub event_ms: Option<i64>,
    /// True when it waits in quarantine.
    pub quarantined: bool,
}

impl DeliveryRow {
    /// The reason as a sentence in English; empty when there is none.
    pub fn why(&self) -> String {
        Reason::sentence(self.reason.as_ref())
    }
}

/// One request with everything that was kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryDetailRow {
    /// The row of the list.
    pub delivery: DeliveryRow,
    /// The sender's address.
    pub remote: String,
    /// The HTTP method.
    pub method: String,
    /// The raw query; values of `Sign` and `usersig` are masked.
    pub query: String,
    /// The kept headers.
    pub headers: Vec<(String, String)>,
    /// The body as text, invalid UTF-8 replaced.
    pub body: String,
    /// The body as indented JSON (repaired where it had to be); null when it is not JSON.
    pub pretty: Option<String>,
    /// When each repeat was received.
    pub repeated_ms: Vec<i64>,
    /// Which receipt of which record the earliest is: 16 hexadecimal digits that name one opening of an archive, a colon, and
    /// the number of the receipt there; null while it waits in quarantine.
    pub origin: Option<String>,
}
