//! The members of a call: everybody who was ever named in it, and what became of each.

use crate::store::projection::fold::folded::Member;
use std::collections::HashMap;

use crate::callback::codes::{Action, CallResult, CallType, Role};
use crate::callback::facts::CallDetail;

use crate::store::projection::fold::folded::Call;
use crate::store::projection::fold::moments::named;
use crate::store::projection::fold::seconds;
use crate::store::projection::fold::step::Event;
use crate::store::projection::fold::v1;

/// What happened to one user so far.
#[derive(Default)]
struct Story {
    /// The end of the call, where it is known: nobody is in the call after it.
    until_ms: Option<i64>,
    invited_ms: Option<i64>,
    joined_ms: Option<i64>,
    /// Since when the user is in the call without a break.
    inside_since_ms: Option<i64>,
    /// Time in the call before the present stay in it.
    talked_ms: i64,
    left_ms: Option<i64>,
    /// From leaving to coming back, each time.
    absences: Vec<(i64, i64)>,
    outcome: Option<CallResult>,
    platform: String,
}

impl Story {
    fn happens(&mut self, at_ms: i64, action: Action) {
        match action {
            // A call that is over is not opened again.
            Action::Start | Action::Receive | Action::Invite | Action::Accept | Action::Join if self.is_over(at_ms) => {
            }
            Action::Start | Action::Receive | Action::Invite => self.is_invited(at_ms),
            Action::Accept | Action::Join => self.comes(at_ms),
            Action::HangUp | Action::End => self.goes(at_ms, CallResult::NormalEnd),
            Action::Offline => self.goes(at_ms, CallResult::Offline),
            Action::Interrupt => self.goes(at_ms, CallResult::Interrupt),
            Action::Reject => self.goes(at_ms, CallResult::Reject),
            Action::NotAnswer => self.goes(at_ms, CallResult::NotAnswer),
            Action::Busy => self.goes(at_ms, CallResult::CallBusy),
            Action::CancelInvite => self.goes(at_ms, CallResult::Cancel),
            Action::Fail => self.goes(at_ms, CallResult::Failed),
        }
    }

    /// The end is told in whole seconds, so what happened within its second was not too late.
    fn is_over(&self, at_ms: i64) -> bool {
        self.until_ms.is_some_and(|until| at_ms / 1_000 > until / 1_000)
    }

    fn comes(&mut self, at_ms: i64) {
        self.joined_ms.get_or_insert(at_ms);
        self.inside_since_ms.get_or_insert(at_ms);
        self.absences.extend(self.left_ms.map(|left| (left, at_ms)));
        (self.left_ms, self.outcome) = (None, None);
    }

    fn is_invited(&mut self, at_ms: i64) {
        self.rings(at_ms);
        if self.inside_since_ms.is_none() {
            // Invited again after an earlier outcome: open once more.
            (self.left_ms, self.outcome) = (None, None);
        }
    }

    /// Who is in the call already, or was, is not invited to it by what comes later.
    fn rings(&mut self, at_ms: i64) {
        if self.joined_ms.is_none() {
            self.invited_ms.get_or_insert(at_ms);
        }
    }

    /// Not after the end of the call, and not before coming, or before being invited.
    fn goes(&mut self, at_ms: i64, outcome: CallResult) {
        let at_ms = self.until_ms.map_or(at_ms, |until| at_ms.min(until));
        let at_ms = self.inside_since_ms.or(self.invited_ms).map_or(at_ms, |since| at_ms.max(since));
        if let Some(since) = self.inside_since_ms.take() {
            self.talked_ms += (at_ms - since).max(0);
        }
        self.left_ms = Some(at_ms);
        self.outcome = Some(outcome);
    }
}

/// Folds the members of a call: the caller, the callees in their order, then the others as they were first named.
pub(super) fn fold(events: &[Event], call: &Call) -> Vec<Member> {
    let mut names = Names::default();
    names.add(&call.caller);
    call.callees.iter().for_each(|user| names.add(user));
    for event in events {
        names_in(event).into_iter().for_each(|user| names.add(user));
    }
    let new_story = || Story { until_ms: call.ended_ms, ..Story::default() };
    let mut stories: HashMap<&str, Story> = names.ordered.iter().map(|user| (user.as_str(), new_story())).collect();
    for event in events {
        tell(event, &call.caller, &mut stories);
    }
    names
        .ordered
        .iter()
        .map(|user| {
            let story = stories.remove(user.as_str()).unwrap_or_default();
            if *user == call.caller { caller(story, call) } else { other(user, story, call) }
        })
        .collect()
}

/// Distinct users in the order in which they were first named.
#[derive(Default)]
struct Names {
    ordered: Vec<String>,
    seen: std::collections::HashSet<String>,
}

impl Names {
    fn add(&mut self, user: &str) {
        if !user.is_empty() && self.seen.insert(user.to_owned()) {
            self.ordered.push(user.to_owned());
        }
    }
}

fn names_in(event: &Event) -> Vec<&str> {
    match &*event.detail {
        CallDetail::V1(v1) => vec![&v1.user],
        CallDetail::Started(started) => started.users.iter().map(|user| user.user.as_str()).collect(),
        CallDetail::Members(change) => {
            let changed = change.changed.iter().map(|user| user.user.as_str());
            changed.chain(change.users.iter().map(|user| user.user.as_str())).collect()
        }
        CallDetail::Ended(record) => {
            let listed = record.listed.iter().flatten().map(String::as_str);
            record.caller.iter().map(String::as_str).chain(listed).collect()
        }
    }
}

/// Adds what one event says to the stories of the users whom it concerns.
fn tell<'a>(event: &'a Event, caller: &'a str, stories: &mut HashMap<&'a str, Story>) {
    match &*event.detail {
        CallDetail::V1(v1) => {
            let story = stories.entry(&v1.user).or_default();
            uses(story, &event.platform);
            match v1::action(v1) {
                // The operating user invites somebody else; who, Tencent does not say.
                Some(Action::Invite) | None => {}
                // `call_accepted` and the like tell the caller what the other side did.
                Some(_) if Role::read(&v1.role) == Some(Role::Caller) && v1.user == caller && !ends(v1::action(v1)) => {
                }
                Some(action) => {
                    let told = v1::carries_times(v1) && v1::result(v1).is_some_and(was_connected);
                    if let Some(accepted) = named(v1.accepted_ms).filter(|_| told && story.joined_ms.is_none()) {
                        story.comes(accepted);
                    }
                    story.happens(named(v1.ended_ms).filter(|_| told).unwrap_or(event.at_ms), action);
                }
            }
        }
        CallDetail::Started(started) => {
            uses(stories.entry(caller).or_default(), &event.platform);
            for user in started.users.iter().filter(|user| user.user != caller) {
                let is_in = user.status.eq_ignore_ascii_case("calling");
                let action = if is_in { Action::Join } else { Action::Invite };
                stories.entry(&user.user).or_default().happens(event.at_ms, action);
            }
        }
        CallDetail::Members(change) => {
            for user in &change.users {
                let story = stories.entry(&user.user).or_default();
                if user.status.eq_ignore_ascii_case("waiting") && !story.is_over(event.at_ms) {
                    story.rings(event.at_ms);
                }
            }
            for user in &change.changed {
                let story = stories.entry(&user.user).or_default();
                let action = Action::read(&user.action);
                // Who is invited, or not any more, did nothing: the platform is that of whoever invites.
                if !matches!(action, Some(Action::Invite | Action::CancelInvite)) {
                    uses(story, &event.platform);
                }
                if let Some(action) = action {
                    story.happens(event.at_ms, action);
                }
            }
        }
        CallDetail::Ended(_) => {}
    }
}

/// True for results that only a connected call can have.
fn was_connected(result: CallResult) -> bool {
    matches!(result, CallResult::NormalEnd | CallResult::Interrupt | CallResult::Offline)
}

fn ends(action: Option<Action>) -> bool {
    matches!(action, Some(Action::End | Action::HangUp | Action::Interrupt | Action::Offline))
}

/// The first platform that was named with a user is shown.
fn uses(story: &mut Story, platform: &str) {
    if story.platform.is_empty() {
        platform.clone_into(&mut story.platform);
    }
}

/// The caller is in from the start; the call's result is its outcome.
fn caller(story: Story, call: &Call) -> Member {
    let closed = !call.result.is_empty() || call.ended_ms.is_some();
    let left_ms = story.left_ms.or(call.ended_ms);
    let away_ms = |answered: i64| -> i64 {
        story.absences.iter().map(|(left, back)| (back - (*left).max(answered)).max(0)).sum()
    };
    let talk_seconds = match (call.answered_ms, left_ms) {
        (Some(answered), Some(left)) => Some(seconds::between(answered + away_ms(answered), left)),
        (None, _) if closed => Some(0),
        _ => None,
    };
    let outcome = CallResult::read(&call.result).or(story.outcome);
    Member {
        user: call.caller.clone(),
        role: Role::Caller.code(),
        invited_ms: None,
        joined_ms: Some(left_ms.map_or(call.started_ms, |left| call.started_ms.min(left))),
        left_ms,
        outcome: outcome.map_or("", CallResult::code),
        ring_seconds: call.answered_ms.or(left_ms).map(|until| seconds::between(call.started_ms, until)),
        talk_seconds,
        platform: story.platform,
    }
}

/// Anybody else. What the member's own events leave open is taken from the call, where the call leaves no doubt.
fn other(user: &str, mut story: Story, call: &Call) -> Member {
    let is_callee = call.callees.iter().any(|callee| callee == user);
    let single = call.call_type == CallType::Single.code();
    let result = CallResult::read(&call.result);
    if single && is_callee {
        story.invited_ms.get_or_insert(call.started_ms);
        if let (Some(answered), None) = (call.answered_ms, story.joined_ms)
            && story.outcome.is_none_or(was_connected)
        {
            // The only callee of a call that was answered is who answered it: between being invited and leaving.
            let gone = story.left_ms.zip(story.outcome);
            let invited = story.invited_ms.map_or(answered, |invited| invited.max(answered));
            story.comes(gone.map_or(invited, |(left, _)| left.min(invited)));
            if let Some((left, outcome)) = gone {
                story.goes(left, outcome);
            }
        }
    }
    if let (Some(ended), None) = (call.ended_ms, story.outcome) {
        let cut = result.filter(|result| matches!(result, CallResult::Interrupt | CallResult::Offline));
        if story.inside_since_ms.is_some() {
            story.goes(ended, cut.unwrap_or(CallResult::NormalEnd));
        } else if let (None, Some(result)) = (call.answered_ms, result)
            && (is_callee || story.invited_ms.is_some())
        {
            // Nobody answered, so the call's result is what became of everybody who rang.
            story.goes(ended, result);
        }
    }
    let talk_seconds = match story.joined_ms {
        Some(_) if story.inside_since_ms.is_none() => Some(story.talked_ms / 1_000),
        None if story.outcome.is_some() => Some(0),
        _ => None,
    };
    let rang_until = story.joined_ms.or(story.left_ms);
    Member {
        user: user.to_owned(),
        role: if is_callee { Role::Callee.code() } else { "" },
        invited_ms: story.invited_ms,
        joined_ms: story.joined_ms,
        left_ms: story.left_ms,
        outcome: story.outcome.map_or("", CallResult::code),
        ring_seconds: story.invited_ms.zip(rang_until).map(|(from, until)| seconds::between(from, until)),
        talk_seconds,
        platform: story.platform,
    }
}
