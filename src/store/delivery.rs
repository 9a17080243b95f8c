//! Where a delivery goes, and what became of it.

use crate::callback::Callback;
use crate::callback::codes::Verdict;
pub use crate::callback::delivery::{Delivery, Digest, Source};
use crate::callback::reason::Reason;

/// Where a delivery goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into the archive, and from there into the record.
    Archive,
    /// Into the bounded quarantine.
    Quarantine {
        /// One of the quarantine verdicts.
        verdict: Verdict,
        /// What was wrong with it.
        reason: Reason,
    },
}

/// Which receipt of which record something is: no other receipt of any record has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// One opening of one archive for writing.
    pub record: [u8; 8],
    /// Which receipt of that origin, from 1 without holes.
    pub n: u64,
}

impl Origin {
    /// No record has received more: a larger number is nobody's.
    pub(crate) const LAST: u64 = 1 << 53;

    /// As API and exports show it: the record in hexadecimal, a colon, the number.
    pub fn text(&self) -> String {
        format!("{}:{}", hex::encode(self.record), self.n)
    }

    /// Reads what [`Origin::text`] has written.
    pub fn read(text: &str) -> Option<Self> {
        let (record, n) = text.split_once(':')?;
        let mut bytes = [0; 8];
        hex::decode_to_slice(record, &mut bytes).ok()?;
        Some(Self { record: bytes, n: n.parse().ok().filter(|n| (1..=Self::LAST).contains(n))? })
    }
}

/// What another record received, or this one before.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request, with the moment of its receipt.
    pub delivery: Delivery,
    /// What it says.
    pub callback: Callback,
    /// Where it goes.
    pub place: Place,
    /// How often it came again, where nothing else is known of these receipts.
    pub repeats: u64,
    /// Which receipt it is; `None` where that was never written down: then it becomes one of this record.
    pub origin: Option<Origin>,
}

/// What became of a recorded delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is new.
    New,
    /// The archive had it already; the repeat was counted.
    Repeat,
    /// It waits in quarantine.
    Quarantined,
}
