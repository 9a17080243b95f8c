//! `/api/forward`: other addresses to which what Tencent sends is passed on.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, blocking,
    deliveries::Which,
    error::{Error, Params, Sent},
    list, object,
    problem::Problem,
};
use crate::{
    forward::{Answer, Forwarding, Outcome, Refusal, Standing, Target, Unfit},
    store::filter::Filter,
    subscription::{Ours, address},
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(remove))
        .routes(routes!(pause))
        .routes(routes!(answers))
        .routes(routes!(retry))
        .routes(routes!(replay))
        .routes(routes!(outcomes))
}

/// An address to which an application's callbacks are passed on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForwardTarget {
    /// Its number, by which it is named here.
    id: i64,
    /// The application (SDKAppID) whose callbacks go there.
    app: String,
    /// The address without what may be secret in it: the values of its query, and a password.
    url: String,
    /// Whether it may be on this computer or in a private network.
    private: bool,
    /// Whether what it answers to a command that asks for permission is what Tencent is answered.
    answers_before: bool,
    /// When it was added, Unix milliseconds. What came before goes there only by a replay.
    added_ms: i64,
    /// Why nothing is sent: `by_person`, or `leads_back` where what was sent there came back here. Empty while something is.
    paused: String,
    /// Whether it does not answer at all, so that only one callback is tried now and then.
    down: bool,
    /// How many callbacks it has not got yet.
    waiting: u64,
    /// How many were tried for a day in vain.
    given_up: u64,
    /// When it last took one, Unix milliseconds.
    taken_ms: Option<i64>,
    /// When it last did not take one, Unix milliseconds.
    missed_ms: Option<i64>,
    /// What it answered then.
    missed: Option<Answer>,
    /// The same as an English sentence; empty where there is none.
    message: String,
}

impl ForwardTarget {
    fn of(standing: Standing, ours: &Ours) -> Self {
        let Standing { target, waiting, given_up, down } = standing;
        let (missed_ms, missed) = target.missed.unzip();
        Self {
            id: target.no,
            app: target.app,
            url: address::shown(&target.url, ours).text,
            private: target.private,
            answers_before: target.answers_before,
            added_ms: target.added_ms,
            paused: target.paused.map_or("", |paused| paused.code()).to_owned(),
            down,
            waiting,
            given_up,
            taken_ms: target.taken_ms,
            missed_ms,
            message: missed.as_ref().map(ToString::to_string).unwrap_or_default(),
            missed,
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForwardTargets {
    /// In the order in which they were added.
    targets: Vec<ForwardTarget>,
}

/// Which application's callbacks are to go where.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AddForward {
    /// The application (SDKAppID).
    app: String,
    /// The address, beginning with https:// or http://.
    url: String,
    /// True: it may be on this computer or in a private network. False when not said.
    #[serde(default)]
    private: bool,
    /// True: what it answers to a command that asks for permission, within 1.2 seconds, is what Tencent is answered; else each is
    /// allowed. Then no other address of the application decides. False when not said.
    #[serde(default)]
    answers_before: bool,
}

/// Which target.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct OfForward {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: i64,
}

/// Whether something is to be sent to a target.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PauseForward {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: i64,
    /// True: nothing until somebody says so. Nothing is lost meanwhile.
    paused: bool,
}

/// Whether an address decides.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ForwardAnswers {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: i64,
    /// True: what it answers to a command that asks for permission is what Tencent is answered, and no other address of the
    /// application decides.
    answers_before: bool,
}

/// What is to be sent again.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ReplayForward {
    /// The target's number.
    #[serde(deserialize_with = "object::number")]
    id: i64,
    /// What was received at this moment or later, Unix milliseconds.
    #[serde(deserialize_with = "object::number")]
    from_ms: i64,
    /// And before this one, Unix milliseconds.
    #[serde(deserialize_with = "object::number")]
    to_ms: i64,
    /// Only what this filter of deliveries finds. Its period and its application are those above; everything when not said.
    #[serde(default)]
    filter: Filter,
}

/// How much is sent again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Requeued {
    /// Callbacks that wait now.
    callbacks: u64,
}

/// What became of a delivery at an address.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForwardOutcome {
    /// The target's number.
    id: i64,
    /// Its address, without what may be secret in it.
    url: String,
    /// `waiting`, `taken` or `given_up`.
    fate: String,
    /// How often it was tried.
    attempts: u32,
    /// When last, Unix milliseconds; null where it was taken at the first attempt, or was not tried yet.
    last_ms: Option<i64>,
    /// When it is tried again, Unix milliseconds, where that is settled.
    next_ms: Option<i64>,
    /// Whether the signature of Tencent's had run out at the last attempt, so that it was made anew with the same token.
    signed_anew: bool,
    /// What the target answered last, where it did not take it.
    answer: Option<Answer>,
    /// The same as an English sentence; empty where there is none.
    message: String,
}

impl ForwardOutcome {
    fn of((target, outcome): (Target, Outcome), ours: &Ours) -> Self {
        Self {
            id: target.no,
            url: address::shown(&target.url, ours).text,
            fate: outcome.fate.code().to_owned(),
            attempts: outcome.attempts,
            last_ms: outcome.last_ms,
            next_ms: outcome.next_ms,
            signed_anew: outcome.signed_anew,
            message: outcome.answer.as_ref().map(ToString::to_string).unwrap_or_default(),
            answer: outcome.answer,
        }
    }
}

/// What became of a delivery at every address that it goes to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForwardOutcomes {
    /// None where it goes nowhere.
    outcomes: Vec<ForwardOutcome>,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unfit(Unfit::NotWeb) => Problem::ForwardNotWeb.into(),
            Refusal::Unfit(Unfit::LeadsBack) => Problem::ForwardLeadsBack.into(),
            Refusal::Unfit(Unfit::Private) => Problem::ForwardPrivate.into(),
            Refusal::NoSuchTarget => Problem::NoSuchForward.into(),
            Refusal::Queue(error) => Self::internal(error),
        }
    }
}

impl Api {
    /// Does something with the targets, on a thread that may block.
    pub(super) async fn forwarding<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Forwarding) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Error> {
        let forwarding = self.state.forwarding.clone().ok_or(Problem::ForwardUnavailable)?;
        Ok(blocking(move || work(&forwarding)).await??)
    }

    async fn targets(&self) -> Result<Json<ForwardTargets>, Error> {
        let read = |forwarding: &Forwarding| {
            let standings = forwarding.list()?.into_iter();
            Ok(standings.map(|standing| ForwardTarget::of(standing, forwarding.ours())).collect())
        };
        Ok(Json(ForwardTargets { targets: self.forwarding(read).await? }))
    }
}

/// The addresses to which callbacks are passed on, and how each is doing.
#[utoipa::path(get, path = "/api/forward", operation_id = "forward", responses(
    (status = 200, body = ForwardTargets, description = "The addresses"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn list(In(api): In<Api>) -> Result<Json<ForwardTargets>, Error> {
    api.targets().await
}

/// Passes an application's callbacks on to an address from now on: the same bytes, query, method and headers. Nothing of it
/// delays the answer that Tencent gets.
#[utoipa::path(post, path = "/api/forward", operation_id = "add_forward", request_body = AddForward, responses(
    (status = 200, body = ForwardTargets, description = "The addresses, with this one"),
    (status = 400, body = Error, description = "It is no address of the web, or no SDKAppID"),
    (status = 404, body = Error, description = "There is no such application"),
    (status = 409, body = Error, description = "It leads back here, or into a private network, which was not agreed to"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn add(
    In(api): In<Api>,
    Sent(AddForward { app, url, private, answers_before }): Sent<AddForward>,
) -> Result<Json<ForwardTargets>, Error> {
    // Says so where it is none of ours.
    api.state.subscriptions.ours_of(&app).await?;
    api.forwarding(move |forwarding| forwarding.add(&app, &url, private, answers_before)).await?;
    api.targets().await
}

/// Sends nothing to an address any more, and forgets what waited for it. The record keeps everything.
#[utoipa::path(post, path = "/api/forward/remove", operation_id = "remove_forward", request_body = OfForward, responses(
    (status = 200, body = ForwardTargets, description = "Those that are left"),
    (status = 404, body = Error, description = "There is no such address"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn remove(In(api): In<Api>, Sent(OfForward { id }): Sent<OfForward>) -> Result<Json<ForwardTargets>, Error> {
    api.forwarding(move |forwarding| forwarding.remove(id)).await?;
    api.targets().await
}

/// Stops and goes on with sending to an address.
#[utoipa::path(post, path = "/api/forward/pause", operation_id = "pause_forward", request_body = PauseForward, responses(
    (status = 200, body = ForwardTargets, description = "The addresses"),
    (status = 404, body = Error, description = "There is no such address"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn pause(
    In(api): In<Api>,
    Sent(PauseForward { id, paused }): Sent<PauseForward>,
) -> Result<Json<ForwardTargets>, Error> {
    api.forwarding(move |forwarding| forwarding.pause(id, paused)).await?;
    api.targets().await
}

/// Lets an address decide about what asks for permission, or no longer.
#[utoipa::path(post, path = "/api/forward/answers", operation_id = "forward_answers", request_body = ForwardAnswers, responses(
    (status = 200, body = ForwardTargets, description = "The addresses"),
    (status = 404, body = Error, description = "There is no such address"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn answers(
    In(api): In<Api>,
    Sent(ForwardAnswers { id, answers_before }): Sent<ForwardAnswers>,
) -> Result<Json<ForwardTargets>, Error> {
    api.forwarding(move |forwarding| forwarding.answers_before(id, answers_before)).await?;
    api.targets().await
}

/// Tries again what an address did not take for a day.
#[utoipa::path(post, path = "/api/forward/retry", operation_id = "retry_forward", request_body = OfForward, responses(
    (status = 200, body = Requeued, description = "How much waits again"),
    (status = 404, body = Error, description = "There is no such address"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn retry(In(api): In<Api>, Sent(OfForward { id }): Sent<OfForward>) -> Result<Json<Requeued>, Error> {
    let callbacks = api.forwarding(move |forwarding| forwarding.retry(id)).await?;
    Ok(Json(Requeued { callbacks }))
}

/// Sends again what was received in a period, in the order in which it came. The address gets it a second time.
#[utoipa::path(post, path = "/api/forward/replay", operation_id = "replay_forward", request_body = ReplayForward, responses(
    (status = 200, body = Requeued, description = "How much waits"),
    (status = 404, body = Error, description = "There is no such address"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn replay(
    In(api): In<Api>,
    Sent(ReplayForward { id, from_ms, to_ms, filter }): Sent<ReplayForward>,
) -> Result<Json<Requeued>, Error> {
    list::check(&filter)?;
    let filter = Filter { from: Some(from_ms), to: Some(to_ms), ..filter };
    let callbacks = api.forwarding(move |forwarding| forwarding.replay(id, &filter)).await?;
    Ok(Json(Requeued { callbacks }))
}

/// What became of a delivery at every address to which it is passed on.
#[utoipa::path(get, path = "/api/forward/outcomes", operation_id = "forward_outcomes", params(Which), responses(
    (status = 200, body = ForwardOutcomes, description = "One for each address that it goes to"),
    (status = 400, body = Error, description = "It is no digest"),
    (status = 503, body = Error, description = "The queue cannot be used"),
))]
async fn outcomes(In(api): In<Api>, Params(which): Params<Which>) -> Result<Json<ForwardOutcomes>, Error> {
    let digest = which.digest()?;
    let read = move |forwarding: &Forwarding| {
        let found = forwarding.outcomes(&digest)?.into_iter();
        Ok(found.map(|outcome| ForwardOutcome::of(outcome, forwarding.ours())).collect())
    };
    Ok(Json(ForwardOutcomes { outcomes: api.forwarding(read).await? }))
}
