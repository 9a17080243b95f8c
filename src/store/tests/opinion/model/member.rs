//! The members of one call: everybody who was ever named in it.

use crate::callback::codes::{Action, CallResult};
use crate::callback::facts::CallDetail;
use crate::store::rows::{CallRow, MemberRow};
use crate::store::tests::opinion::model::{NEWEST_MS, OLDEST_MS, Told, call, distinct, seconds};

/// One member while the events are gone through.
#[derive(Default)]
struct Member {
    invited: Option<i64>,
    joined: Option<i64>,
    /// When it came in and went, the last going perhaps not yet.
    visits: Vec<(i64, Option<i64>)>,
    left: Option<i64>,
    outcome: Option<CallResult>,
    platform: String,
    /// Between leaving and coming back.
    absences: Vec<(i64, i64)>,
    talked: Option<i64>,
    /// When the call ended.
    ended: Option<i64>,
}

impl Member {
    fn is_in(&self) -> bool {
        matches!(self.visits.last(), Some((_, None)))
    }

    /// Nobody comes in after the end, which is told in whole seconds.
    fn is_over(&self, at: i64) -> bool {
        self.ended.is_some_and(|ended| at / 1_000 > ended / 1_000)
    }

    fn happens(&mut self, at: i64, action: Action) {
        use Action::{Accept, Invite, Join, Receive, Start};
        match action {
            Start | Receive | Invite | Accept | Join if self.is_over(at) => {}
            Action::Start | Action::Receive | Action::Invite => {
                self.rings(at);
                if !self.is_in() {
                    (self.left, self.outcome) = (None, None);
                }
            }
            Action::Accept | Action::Join => self.comes(at),
            Action::HangUp | Action::End => self.goes(at, CallResult::NormalEnd),
            Action::Offline => self.goes(at, CallResult::Offline),
            Action::Interrupt => self.goes(at, CallResult::Interrupt),
            Action::Reject => self.goes(at, CallResult::Reject),
            Action::NotAnswer => self.goes(at, CallResult::NotAnswer),
            Action::Busy => self.goes(at, CallResult::CallBusy),
            Action::CancelInvite => self.goes(at, CallResult::Cancel),
            Action::Fail => self.goes(at, CallResult::Failed),
        }
    }

    fn comes(&mut self, at: i64) {
        self.joined = self.joined.or(Some(at));
        self.absences.extend(self.left.map(|left| (left, at)));
        if !self.is_in() {
            self.visits.push((at, None));
        }
        (self.left, self.outcome) = (None, None);
    }

    /// An invitation comes before joining.
    fn rings(&mut self, at: i64) {
        self.invited = self.invited.or(Some(at).filter(|_| self.joined.is_none()));
    }

    fn goes(&mut self, at: i64, outcome: CallResult) {
        // By the end of the call at the latest, and not before the last coming, or else the invitation.
        let since = if self.is_in() { self.visits.last().map(|(from, _)| *from) } else { self.invited };
        let at = at.min(self.ended.unwrap_or(at)).max(since.unwrap_or(i64::MIN));
        if let Some((_, left @ None)) = self.visits.last_mut() {
            *left = Some(at);
        }
        (self.left, self.outcome) = (Some(at), Some(outcome));
    }
}

/// The caller, the callees in their order, then the others as they were first named.
pub(super) fn fold(call: &CallRow, events: &[(Told<'_>, &CallDetail)]) -> Vec<MemberRow> {
    let named = events.iter().flat_map(|(_, detail)| -> Vec<&String> {
        match detail {
            CallDetail::V1(event) => vec![&event.user],
            CallDetail::Started(start) => start.users.iter().map(|user| &user.user).collect(),
            CallDetail::Members(change) => {
                change.changed.iter().map(|user| &user.user).chain(change.users.iter().map(|user| &user.user)).collect()
            }
            CallDetail::Ended(record) => record.caller.iter().chain(record.listed.iter().flatten()).collect(),
        }
    });
    let users = distinct(std::iter::once(&call.caller).chain(&call.callees).chain(named));
    users.iter().map(|user| row(call, user, story(call, user, events))).collect()
}

/// What one event says of one user.
struct Step {
    at: i64,
    action: Option<Action>,
    /// `AcceptTs` of a callback that tells the end of a connected call.
    accepted: Option<i64>,
    /// Named as `Waiting`.
    waits: bool,
    /// Whether the user's own client made the callback.
    own: bool,
}

fn steps(call: &CallRow, user: &String, at: i64, detail: &CallDetail) -> Vec<Step> {
    let step = |at, action, own| Step { at, action, accepted: None, waits: false, own };
    match detail {
        CallDetail::V1(e) if e.user == *user => {
            let ends = matches!(call::action(e), Some(Action::End | Action::Interrupt | Action::Offline));
            // What the caller hears of the other side is no step of the caller's own; whom somebody invites is not said.
            let heard = *user == call.caller && e.role.eq_ignore_ascii_case("caller") && !ends;
            let action = call::action(e).filter(|action| !heard && *action != Action::Invite);
            let connected = action.is_some() && call::is_end(e) && call::result(e).is_some_and(was_connected);
            let believed = |told: Option<i64>| told.filter(|told| connected && (OLDEST_MS..NEWEST_MS).contains(told));
            let at = believed(e.ended_ms).unwrap_or(at);
            vec![Step { accepted: believed(e.accepted_ms), ..step(at, action, true) }]
        }
        CallDetail::Started(_) if *user == call.caller => vec![step(at, None, true)],
        CallDetail::Started(start) => {
            let came =
                |status: &str| if status.eq_ignore_ascii_case("calling") { Action::Join } else { Action::Invite };
            let named = start.users.iter().filter(|named| named.user == *user);
            named.map(|named| step(at, Some(came(&named.status)), false)).collect()
        }
        CallDetail::Members(change) => {
            let is_waiting = |status: &str| status.eq_ignore_ascii_case("waiting");
            let waits = change.users.iter().any(|named| named.user == *user && is_waiting(&named.status));
            let changed = change.changed.iter().filter(|changed| changed.user == *user).map(|changed| {
                let action = Action::read(&changed.action);
                step(at, action, !matches!(action, Some(Action::Invite | Action::CancelInvite)))
            });
            std::iter::once(Step { waits, ..step(at, None, false) }).chain(changed).collect()
        }
        _ => Vec::new(),
    }
}

fn story(call: &CallRow, user: &String, events: &[(Told<'_>, &CallDetail)]) -> Member {
    let mut member = Member { ended: call.ended_ms, ..Member::default() };
    for (told, detail) in events {
        for step in steps(call, user, told.at_ms, detail) {
            if step.own && member.platform.is_empty() {
                member.platform.clone_from(&told.platform);
            }
            if step.waits && !member.is_over(step.at) {
                member.rings(step.at);
            }
            if let (Some(accepted), None) = (step.accepted, member.joined) {
                member.comes(accepted);
            }
            if let Some(action) = step.action {
                member.happens(step.at, action);
            }
        }
    }
    member
}

/// True for results that only a connected call can have.
fn was_connected(result: CallResult) -> bool {
    matches!(result, CallResult::NormalEnd | CallResult::Interrupt | CallResult::Offline)
}

fn row(call: &CallRow, user: &String, mut member: Member) -> MemberRow {
    let result = CallResult::read(&call.result);
    let is_callee = call.callees.contains(user);
    let is_caller = *user == call.caller;
    // The only callee of a call that was answered is who answered it.
    if is_callee && call.call_type == "single" {
        member.invited = member.invited.or(Some(call.started_ms));
        if let (Some(answered), None, true) =
            (call.answered_ms, member.joined, member.outcome.is_none_or(was_connected))
        {
            let gone = member.left.zip(member.outcome);
            // Between the invitation and leaving.
            let invited = answered.max(member.invited.unwrap_or(answered));
            member.comes(invited.min(member.left.unwrap_or(invited)));
            if let Some((left, outcome)) = gone {
                member.goes(left, outcome);
            }
        }
    }
    if let (Some(ended), None, false) = (call.ended_ms, member.outcome, is_caller) {
        let rang = is_callee || member.invited.is_some();
        match result {
            Some(cut @ (CallResult::Interrupt | CallResult::Offline)) if member.is_in() => member.goes(ended, cut),
            _ if member.is_in() => member.goes(ended, CallResult::NormalEnd),
            // Nobody answered, so the call's result is what became of everybody who rang.
            Some(result) if call.answered_ms.is_none() && rang => member.goes(ended, result),
            _ => {}
        }
    }
    // The caller is in from the start, talks from the answer on, and the call's result is its outcome.
    if is_caller {
        member.left = member.left.or(call.ended_ms);
        member.outcome = result.or(member.outcome);
        member.invited = None;
        member.joined = Some(call.started_ms.min(member.left.unwrap_or(call.started_ms)));
        let present =
            |(from, to): &(i64, i64)| call.answered_ms.map_or(0, |answered| (to - from.max(&answered)).max(0));
        let away: i64 = member.absences.iter().map(present).sum();
        let closed = !call.result.is_empty() || call.ended_ms.is_some();
        member.talked = match (call.answered_ms, member.left) {
            (Some(answered), Some(left)) => Some(left - answered - away),
            (None, _) if closed => Some(0),
            _ => None,
        };
    } else {
        let visits: Option<Vec<i64>> =
            member.visits.iter().map(|(from, to)| Some((to.as_ref()? - from).max(0))).collect();
        let known = member.joined.is_some() || member.outcome.is_some();
        member.talked = visits.filter(|_| known).map(|visits| visits.into_iter().sum());
    }
    let rang_from = if is_caller { Some(call.started_ms) } else { member.invited };
    let rang_until = if is_caller { call.answered_ms.or(member.left) } else { member.joined.or(member.left) };
    MemberRow {
        app: call.app.clone(),
        call_id: call.call_id.clone(),
        user: user.clone(),
        user_name: String::new(),
        role: if is_caller {
            "caller"
        } else if is_callee {
            "callee"
        } else {
            ""
        }
        .to_owned(),
        invited_ms: member.invited,
        joined_ms: member.joined,
        left_ms: member.left,
        outcome: member.outcome.map_or("", CallResult::code).to_owned(),
        ring_seconds: rang_from.zip(rang_until).map(|(from, until)| seconds(from, until)),
        talk_seconds: member.talked.map(|ms| seconds(0, ms)),
        platform: member.platform,
    }
}
