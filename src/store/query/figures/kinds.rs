//! What figures need to know of the kinds of calls, by their numbers.

use rusqlite::Connection;

use crate::callback::words::{CallResult, Words as _};
use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::projection::numbers::{self, Listed};
use crate::store::query::calls::kinds::wanted;
use crate::store::query::calls::open::UNKNOWN;
use crate::store::query::list::given;

/// A kind of calls.
#[derive(Clone, Copy)]
pub(crate) struct CallKind {
    /// None for calls that are open: what those are depends on the clock.
    pub(super) result: Option<&'static str>,
    pub(super) is_group: bool,
    /// False where the filter lets none of this kind through.
    pub(super) is_wanted: bool,
}

/// All kinds of calls. Their numbers are small.
pub(crate) struct CallKinds(Vec<Option<CallKind>>);

impl CallKinds {
    /// Those that a projection knows, for calls of which `filter` asks nothing else than their kind; none where that depends on the
    /// clock, for what an open call is.
    pub(super) fn of_filter(connection: &Connection, filter: &Filter) -> Result<Option<Self>, Error> {
        let (ended, open) = wanted(connection, filter)?;
        if given(filter.result.as_deref()).is_some() && !open.is_empty() {
            return Ok(None);
        }
        let mut kinds = Self::read(connection)?;
        for (kind_no, kind) in (0_i64..).zip(&mut kinds.0) {
            kind.iter_mut().for_each(|kind| kind.is_wanted = ended.contains(&kind_no) || open.contains(&kind_no));
        }
        Ok(Some(kinds))
    }

    /// All that a projection knows.
    pub(crate) fn read(connection: &Connection) -> Result<Self, Error> {
        let mut kinds = Vec::new();
        for (kind_no, [result, _, call_type, _]) in numbers::kinds(connection, Listed::Call, |_| true)? {
            let place = usize::try_from(kind_no).map_err(|_| Error::Content(format!("a kind of number {kind_no}")))?;
            let known = || CallResult::all().find(|known| *known == result).unwrap_or(UNKNOWN);
            let result = (!result.is_empty()).then(known);
            let kind = CallKind { result, is_group: call_type == "group", is_wanted: true };
            kinds.resize(kinds.len().max(place + 1), None);
            kinds.get_mut(place).into_iter().for_each(|found| *found = Some(kind));
        }
        Ok(Self(kinds))
    }

    pub(super) fn of(&self, kind_no: i64) -> Result<CallKind, Error> {
        let kind = usize::try_from(kind_no).ok().and_then(|place| self.0.get(place).copied().flatten());
        kind.ok_or_else(|| Error::Content(format!("a call of the kind {kind_no}, which is none of calls")))
    }
}
