//! A call as figures have it: as its row is, and what that is at a moment.

use rusqlite::Row;

use crate::store::error::Error;
use crate::store::query::calls::open::{UNKNOWN, is_open_as};
use crate::store::query::figures::kinds::{CallKind, CallKinds};

/// A call as its row has it.
#[derive(Clone, Copy)]
pub(super) struct RawCall {
    pub(super) kind_no: i64,
    pub(super) started_ms: i64,
    pub(super) answered_ms: Option<i64>,
    pub(super) ended_ms: Option<i64>,
    pub(super) last_ms: i64,
}

impl RawCall {
    /// What is read of a row, in the order of [`RawCall::of_row`].
    pub(super) const COLUMNS: &str =
        "call.call_no, call.kind_no, call.started_ms, call.answered_ms, call.ended_ms, call.last_ms";

    /// The number of a call, and what else was read of it.
    pub(super) fn of_row(row: &Row<'_>) -> Result<(i64, Self), Error> {
        let call = Self {
            kind_no: row.get(1)?,
            started_ms: row.get(2)?,
            answered_ms: row.get(3)?,
            ended_ms: row.get(4)?,
            last_ms: row.get(5)?,
        };
        Ok((row.get(0)?, call))
    }

    /// What it is at a moment.
    pub(super) fn read(&self, kinds: &CallKinds, now_ms: i64) -> Result<Call, Error> {
        Ok(Call::of(self, kinds.of(self.kind_no)?, now_ms))
    }
}

/// How a call stands, as far as rates go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Answered,
    Unanswered,
    Open,
    Unknown,
}

/// A call at a moment.
pub(super) struct Call {
    pub(super) started_ms: i64,
    pub(super) answered_ms: Option<i64>,
    pub(super) ended_ms: Option<i64>,
    pub(super) result: &'static str,
    pub(super) is_group: bool,
}

impl Call {
    pub(super) fn of(raw: &RawCall, kind: CallKind, now_ms: i64) -> Self {
        let RawCall { started_ms, answered_ms, ended_ms, last_ms, .. } = *raw;
        let result = kind.result.unwrap_or_else(|| is_open_as(answered_ms, ended_ms, last_ms, now_ms));
        Self { started_ms, answered_ms, ended_ms, result, is_group: kind.is_group }
    }

    pub(super) fn standing(&self) -> Standing {
        match self.result {
            UNKNOWN => Standing::Unknown,
            "ringing" | "in_progress" => Standing::Open,
            "normal_end" => Standing::Answered,
            _ if self.answered_ms.is_some() => Standing::Answered,
            _ => Standing::Unanswered,
        }
    }
}
