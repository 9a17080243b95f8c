//! Which calls are misses: rules.md section 12.1.

use crate::store::projection::fold::cases::talks::Party;
use crate::store::projection::fold::cases::{Call, Role, Rules, Unanswered};

/// A call that was missed.
pub(super) struct Miss<'a> {
    pub(super) call: &'a Call,
    pub(super) ended_ms: i64,
    /// With whom the counterpart has to talk so that this miss is made good.
    pub(super) awaits: Vec<Party>,
}

/// The misses of a counterpart, oldest first, each once.
pub(super) fn of<'a>(counterpart: i64, calls: &'a [Call], rules: &Rules) -> Vec<Miss<'a>> {
    let mut misses: Vec<Miss> = calls.iter().filter_map(|call| miss(counterpart, call, rules)).collect();
    misses.sort_by_key(|miss| (miss.call.started_ms, miss.ended_ms, &miss.call.id));
    misses.dedup_by_key(|miss| &miss.call.id);
    misses
}

fn miss<'a>(counterpart: i64, call: &'a Call, rules: &Rules) -> Option<Miss<'a>> {
    let ended_ms = call.ended_ms.filter(|_| call.answered_ms.is_none())?;
    let caller = call.members.iter().find(|member| member.role == Role::Caller)?;
    if caller.person != counterpart || !counts(call, ended_ms, rules) {
        return None;
    }
    let callees = || call.members.iter().filter(|member| member.role == Role::Callee);
    let awaits = if !rules.anybody_ours {
        callees().map(|callee| Party::Person(callee.person)).collect()
    } else if !caller.ours && callees().any(|callee| callee.ours) {
        vec![Party::Ours]
    } else {
        return None;
    };
    Some(Miss { call, ended_ms, awaits })
}

fn counts(call: &Call, ended_ms: i64, rules: &Rules) -> bool {
    let Some(result) = call.result else { return false };
    let rang_enough = result != Unanswered::Cancel || ended_ms.saturating_sub(call.started_ms) >= rules.ring_ms;
    rang_enough && rules.counted.contains(&result)
}
