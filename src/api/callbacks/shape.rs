//! The shapes in which configurations, plans and changes are asked for and shown. Addresses are shown without secrets.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

use super::{
    catalogue::Brought,
    old_address::{KeepOffer, KeepSending},
};
use crate::{
    api::{
        self,
        object::{self, Object},
    },
    callback::codes::Family,
    config::{KeyState, Kind},
    listener::Arrived,
    store::filter::whole,
    subscription::{self, Does, Level, Notice, Origin, Ours, State, address},
    tencent::{self, Configuration, Product},
};

/// What is known of every application.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Subscriptions {
    /// By application, in the order in which they were added.
    pub(super) apps: Vec<Subscribed>,
}

/// What is known of one application.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Subscribed {
    /// Its SDKAppID.
    pub(super) app: String,
    /// What people call it; may be empty.
    pub(super) label: String,
    /// Each product.
    pub(super) products: Vec<ProductState>,
    /// RTC Engine, whose callbacks are set in Tencent's console alone.
    pub(super) rtc: RtcState,
}

/// How a product's callbacks stand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductState {
    /// Which product.
    product: Product,
    /// In one word.
    state: State,
    /// When Tencent was last asked with success, Unix milliseconds.
    read_ms: Option<i64>,
    /// Where Tencent sends; null where nothing is configured, or nobody has asked.
    url: Option<ShownUrl>,
    /// What Tencent sends.
    actions: Vec<String>,
    /// Why the last attempt to ask failed.
    error: Option<tencent::Error>,
    /// What was set here, when somebody else changed it.
    drift: Option<Drift>,
    /// The newest change in the history.
    last_change: Option<Change>,
}

/// An address without what would let somebody in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShownUrl {
    /// The address; our token and the values of a query are dots.
    shown: String,
    /// Whether it ends in our token, under whatever host.
    ours: bool,
}

/// A configuration that somebody else changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Drift {
    /// When it was set here, Unix milliseconds.
    set_ms: i64,
    /// What was set here; null when the sending was stopped here.
    was: Option<Snapshot>,
}

/// A configuration at some time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Snapshot {
    /// Where it sends.
    url: ShownUrl,
    /// What it sends.
    actions: Vec<String>,
}

/// RTC Engine: what arrives since the start of Calltrail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RtcState {
    /// Whether the key is known here, so that signatures are checked.
    pub(super) has_key: bool,
    /// When the last event arrived and was accepted, Unix milliseconds.
    pub(super) last_ms: Option<i64>,
    /// How many were refused for their signature.
    pub(super) refused: u64,
}

/// What is wanted of a product's callbacks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case")]
pub(super) enum Wanted {
    /// These commands, sent to our address.
    Actions {
        /// Tencent's words.
        actions: Vec<String>,
    },
    /// Nothing is to be sent any more.
    Nothing,
    /// What was there before a change of the history.
    Restore {
        /// The change's number.
        #[serde(deserialize_with = "number")]
        change: u64,
    },
    /// What Tencent has now is right, whoever made it.
    AsIs,
}

/// A number of the history.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    // A tagged enum hands its numbers on as what they are spelt like; a JSON value reads each as what it is.
    let value = serde_json::Value::deserialize(deserializer)?;
    let number = whole(value).map_err(D::Error::custom)?.and_then(|number| u64::try_from(number).ok());
    number.ok_or_else(|| D::Error::custom("a change has a number"))
}

impl Wanted {
    /// With what the history says.
    pub(super) async fn resolve(
        self,
        subscriptions: &subscription::Subscriptions,
        app: &str,
        product: Product,
    ) -> Result<subscription::Wanted, subscription::Error> {
        Ok(match self {
            Self::Actions { actions } => subscription::Wanted::Actions(actions),
            Self::Nothing => subscription::Wanted::Nothing,
            Self::Restore { change } => subscriptions.before(app, product, change).await?,
            Self::AsIs => subscription::Wanted::AsIs,
        })
    }
}

/// A change that was planned and is to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Apply {
    /// As in the plan.
    #[serde(deserialize_with = "object::read")]
    pub(super) wanted: Wanted,
    /// The plan's `seen`.
    pub(super) seen: String,
    /// The codes of the notices of level `ask` that a person agreed to.
    #[serde(default)]
    pub(super) agreed: Vec<String>,
    /// Set: the callbacks are passed on to the address that they are taken away from, from the moment of the change on.
    #[schema(value_type = Option<KeepSending>)]
    pub(super) keep_sending: Option<Object<KeepSending>>,
}

/// What a change would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Plan {
    /// The request that it takes.
    does: Does,
    /// Where Tencent sends now.
    url_before: Option<ShownUrl>,
    /// Where it would send.
    url_after: Option<ShownUrl>,
    /// Commands that would be switched on.
    added: Vec<String>,
    /// Commands that would be switched off.
    removed: Vec<String>,
    /// Commands that stay.
    kept: Vec<String>,
    /// Commands among those that nobody chose, and why they are switched on.
    also: Vec<Brought>,
    /// What to know before.
    notices: Vec<PlanNotice>,
    /// Whether the callbacks can be passed on to the address that they are taken away from; null where none is.
    keep: Option<KeepOffer>,
    /// Names what Tencent has now; to be given back when the plan is applied.
    seen: String,
}

/// Something to know before a change, and how much it weighs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlanNotice {
    /// How much it weighs.
    level: Level,
    /// What; its code is also what is agreed to.
    notice: Notice,
}

/// What became of a change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Applied {
    /// How the product stands now.
    pub(super) state: ProductState,
    /// What the history says of it; null when there was nothing to do.
    pub(super) change: Option<Change>,
    /// Whether Tencent was read afterwards and has what was wanted.
    pub(super) confirmed: bool,
    /// Why Tencent did not take it; null where it did. Without either it took it, and still shows something else.
    pub(super) error: Option<tencent::Error>,
}

/// One change in the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Change {
    /// Its number, to restore what was there before it.
    change: u64,
    /// When, Unix milliseconds.
    at_ms: i64,
    /// Who.
    by: Origin,
    /// What was done.
    does: Does,
    /// What Tencent had before; null for nothing.
    before: Option<Snapshot>,
    /// What Tencent was to have afterwards; null for nothing.
    after: Option<Snapshot>,
    /// What Tencent answered.
    answer: TencentAnswer,
    /// Whether it was read back and found so.
    confirmed: bool,
}

/// What Tencent answered to a change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TencentAnswer {
    /// 0 for success; null when no answer came.
    code: Option<i64>,
    /// Why Tencent did not take it; null where it did, and in what an earlier Calltrail wrote.
    error: Option<tencent::Error>,
    /// What an earlier Calltrail wrote down for people, in English; empty otherwise.
    message: String,
}

fn url(url: &str, ours: &Ours) -> ShownUrl {
    let address::Shown { text, ours } = address::shown(url, ours);
    ShownUrl { shown: text, ours }
}

fn snapshot(configuration: &Configuration, ours: &Ours) -> Snapshot {
    Snapshot { url: url(&configuration.url, ours), actions: configuration.actions.clone() }
}

impl ProductState {
    /// A reading without its secrets.
    pub(super) fn of(product: Product, reading: &subscription::Reading, ours: &Ours) -> Self {
        let found = reading.found.as_ref();
        Self {
            product,
            state: reading.state,
            read_ms: reading.read_ms,
            url: found.map(|found| url(&found.url, ours)),
            actions: found.map(|found| found.actions.clone()).unwrap_or_default(),
            error: reading.error.clone(),
            drift: reading
                .drift
                .as_ref()
                .map(|drift| Drift { set_ms: drift.set_ms, was: drift.was.as_ref().map(|was| snapshot(was, ours)) }),
            last_change: reading.last_change.as_ref().map(|change| Change::of(change, ours)),
        }
    }
}

impl RtcState {
    /// What is known of an application's RTC Engine events.
    pub(super) fn of(state: &api::State, app: &str) -> Self {
        let Arrived { last_ms, refused } = state.listener.arrived(app, Family::Rtc);
        Self { has_key: state.keys.state(app, Kind::RtcKey) != KeyState::None, last_ms, refused }
    }
}

impl Plan {
    /// A plan without its secrets.
    pub(super) fn of(plan: &subscription::Plan, ours: &Ours, keep: Option<KeepOffer>) -> Self {
        let texts = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
        let place = |of: &Option<Configuration>| of.as_ref().map(|found| url(&found.url, ours));
        Self {
            does: plan.does,
            url_before: place(&plan.before),
            url_after: place(&plan.after),
            added: texts(plan.added()),
            removed: texts(plan.removed()),
            kept: texts(plan.kept()),
            also: plan
                .also
                .iter()
                .map(|(command, because)| Brought { command: command.clone(), because: *because })
                .collect(),
            notices: plan.notices.iter().map(PlanNotice::of).collect(),
            keep,
            seen: plan.seen.clone(),
        }
    }
}

impl PlanNotice {
    fn of(notice: &Notice) -> Self {
        Self { level: notice.level(), notice: notice.clone() }
    }
}

impl Change {
    /// A change without its secrets.
    pub(super) fn of(change: &subscription::Change, ours: &Ours) -> Self {
        Self {
            change: change.number,
            at_ms: change.at_ms,
            by: change.by,
            does: change.does,
            before: change.before.as_ref().map(|before| snapshot(before, ours)),
            after: change.after.as_ref().map(|after| snapshot(after, ours)),
            answer: TencentAnswer {
                code: change.answer.code,
                error: change.answer.error.clone(),
                message: change.answer.message.clone(),
            },
            confirmed: change.confirmed,
        }
    }
}
