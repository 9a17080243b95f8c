//! `GET /api/connection`: each link of the chain from Tencent to the record, with its last proof.

use axum::{Json, extract::State as In};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Api,
    clock::{self, ClockWarning},
    error::Error,
    settings,
};
use crate::{
    clock::SLACK_MS,
    listener::{ListenerState, PortClosed},
    outbound::NoAnswer,
    reach::Outcome,
    store::Reader,
    subscription::{Reading, State},
    tencent::{
        self, Product,
        catalogue::{self, Preset},
    },
};

/// Callbacks older than this prove little about today, in milliseconds: a week without any call is worth a look.
const STALE_MS: i64 = 7 * 24 * 3_600_000;

/// The chain from Tencent to the record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Connection {
    /// Its links, from here to the last callback.
    links: Vec<Link>,
    /// Set when this computer's clock seems to be wrong.
    clock: Option<ClockWarning>,
    /// The address and port at which the listener is bound, or tries to be; for the commands of tunnels and proxies.
    hook_address: String,
    /// What Tencent has to call, with the token.
    callback_url: String,
}

/// One link of the chain.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    /// Which one.
    link: LinkName,
    /// How it is.
    state: LinkState,
    /// When that was last seen, Unix milliseconds; null when it never was.
    proof_ms: Option<i64>,
    /// What is known of it.
    says: LinkSays,
}

/// What is known of a link, for a sentence in every language.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
enum LinkSays {
    /// Callbacks are taken on this computer.
    Listening,
    /// The port is open, and nothing has come in since the start.
    NothingCameIn,
    /// The port is not open.
    PortClosed {
        /// Why not.
        problem: PortClosed,
    },
    /// Nobody has said yet under which address Tencent reaches this computer.
    PublicNone,
    /// It has not been tried yet whether the public address leads here.
    PublicNotTried,
    /// What was sent to the public address came in here.
    PublicWorks,
    /// It could not be tried from here, and callbacks come in.
    PublicCallbacks,
    /// Something else answers at the public address.
    PublicElsewhere {
        /// With this HTTP status.
        status: u16,
    },
    /// The public address does not answer, and did before.
    PublicSilent {
        /// Why not.
        why: NoAnswer,
    },
    /// The public address does not answer this computer. Whether it answers Tencent is not known.
    PublicUnknown {
        /// Why not.
        why: NoAnswer,
    },
    /// Somebody else changed what Tencent sends.
    Drift {
        /// The application's label, or its SDKAppID.
        app: String,
        /// Of which product.
        product: Product,
    },
    /// Tencent could not be asked.
    NotRead {
        /// The application's label, or its SDKAppID.
        app: String,
        /// Of which product.
        product: Product,
        /// Why not.
        why: tencent::Error,
    },
    /// The address that Tencent has stored is this one.
    AddressOurs,
    /// Tencent has another address.
    AddressOther {
        /// The application's label, or its SDKAppID.
        app: String,
        /// Of which product.
        product: Product,
    },
    /// Tencent has no address.
    AddressNone,
    /// Tencent cannot be asked without the SDKSecretKey.
    NoKey,
    /// There is no application yet.
    NoApp,
    /// Tencent has not been asked yet.
    NotAsked,
    /// What is switched on is known once the address is.
    AfterAddress,
    /// A callback is off without which the history is not whole.
    CommandOff {
        /// The application's label, or its SDKAppID.
        app: String,
        /// Of which product.
        product: Product,
        /// Tencent's word for it; the catalogue explains it.
        command: String,
    },
    /// Callbacks are switched on.
    Commands {
        /// How many kinds.
        kinds: u64,
    },
    /// None has arrived.
    NoCallback,
    /// All are dated in the future: this computer's clock was ahead when they came, or is behind now.
    CallbacksInFuture,
    /// The last one is more than a week old.
    CallbackOld,
    /// They arrive.
    Callbacks,
}

/// A link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LinkName {
    /// The listener on this computer.
    Listener,
    /// The public address, from outside to here.
    Public,
    /// The address that Tencent has stored.
    Address,
    /// The callbacks that are switched on.
    Commands,
    /// The last callback that arrived.
    Callback,
}

/// How a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LinkState {
    /// There is proof that it holds.
    Ok,
    /// Something is wrong with it.
    Attention,
    /// Nothing is set up there yet.
    Off,
    /// Nothing is known of it.
    Unknown,
}

/// Each link of the chain from Tencent to the record, with its last proof.
#[utoipa::path(get, path = "/api/connection", operation_id = "connection", responses(
    (status = 200, body = Connection, description = "The links"),
))]
pub(super) async fn connection(In(api): In<Api>) -> Result<Json<Connection>, Error> {
    let (mut readings, mut is_played_here) = (Vec::new(), false);
    for app in api.state.apps.list() {
        is_played_here |= api.state.subscriptions.ours_of(&app.id).await?.url.is_some();
        let name = if app.label.is_empty() { app.id.clone() } else { app.label };
        for product in Product::ALL {
            readings.push((name.clone(), product, api.state.subscriptions.reading(&app.id, product).await?));
        }
    }
    let now_ms = api.now_ms();
    let received = move |reader: &Reader| {
        Ok((reader.last_received_until(now_ms.saturating_add(SLACK_MS))?, reader.last_received_ms()?))
    };
    let (proof_ms, last_ms) = api.read(received).await?;
    let settings = settings::current(&api).await?;
    let is_named = settings.public_url.is_some();
    // Where Tencent is played on this computer, no public address is needed.
    let public = (is_named || !is_played_here).then(|| public(&api, is_named));
    let rest = [address(&readings), commands(&readings), callback(proof_ms, last_ms, now_ms)];
    Ok(Json(Connection {
        links: [listener(&api)].into_iter().chain(public).chain(rest).collect(),
        clock: clock::warning(&api),
        hook_address: settings.hook_address,
        callback_url: settings.callback_url,
    }))
}

fn listener(api: &Api) -> Link {
    let proof_ms = api.state.listener.last_kept_ms();
    let (state, says) = match (api.state.listener.state(), proof_ms) {
        (ListenerState::Retrying { why: problem, .. }, _) => (LinkState::Attention, LinkSays::PortClosed { problem }),
        (ListenerState::Listening { .. }, Some(_)) => (LinkState::Ok, LinkSays::Listening),
        (ListenerState::Listening { .. }, None) => (LinkState::Unknown, LinkSays::NothingCameIn),
    };
    Link { link: LinkName::Listener, state, proof_ms, says }
}

fn public(api: &Api, is_named: bool) -> Link {
    let link = |state, proof_ms, says| Link { link: LinkName::Public, state, proof_ms, says };
    if !is_named {
        return link(LinkState::Off, None, LinkSays::PublicNone);
    }
    let reach = &api.state.reach;
    let judgement = reach.judgement().unwrap_or_default();
    let (proof_ms, called_ms) = (judgement.proof_ms, reach.called_ms());
    let is_lost = judgement.lost_since_ms(called_ms).is_some();
    let state = if is_lost { LinkState::Attention } else { LinkState::Unknown };
    match judgement.last.clone() {
        None => link(LinkState::Unknown, proof_ms, LinkSays::PublicNotTried),
        Some(Outcome::Arrived) => link(LinkState::Ok, proof_ms, LinkSays::PublicWorks),
        Some(_) if judgement.is_refuted(called_ms) => link(LinkState::Ok, called_ms, LinkSays::PublicCallbacks),
        Some(Outcome::Elsewhere { status }) => link(state, proof_ms, LinkSays::PublicElsewhere { status }),
        Some(Outcome::Silent { why }) if proof_ms.is_some() => link(state, proof_ms, LinkSays::PublicSilent { why }),
        Some(Outcome::Silent { why }) => link(state, proof_ms, LinkSays::PublicUnknown { why }),
    }
}

type Readings = [(String, Product, Reading)];

fn address(readings: &Readings) -> Link {
    let first = |wanted: State| readings.iter().find(|(_, _, reading)| reading.state == wanted);
    let proof_ms = readings.iter().filter_map(|(_, _, reading)| reading.read_ms).max();
    let (state, says) = if let Some((app, product, _)) = first(State::Drift) {
        (LinkState::Attention, LinkSays::Drift { app: app.clone(), product: *product })
    } else if let Some((app, product, reading)) = first(State::Error)
        && let Some(why) = reading.error.clone()
    {
        (LinkState::Attention, LinkSays::NotRead { app: app.clone(), product: *product, why })
    } else if first(State::Ours).is_some() {
        (LinkState::Ok, LinkSays::AddressOurs)
    } else if let Some((app, product, _)) = first(State::Other) {
        (LinkState::Attention, LinkSays::AddressOther { app: app.clone(), product: *product })
    } else if first(State::Nothing).is_some() {
        (LinkState::Off, LinkSays::AddressNone)
    } else if first(State::NoKey).is_some() {
        (LinkState::Unknown, LinkSays::NoKey)
    } else if readings.is_empty() {
        (LinkState::Off, LinkSays::NoApp)
    } else {
        (LinkState::Unknown, LinkSays::NotAsked)
    };
    Link { link: LinkName::Address, state, proof_ms, says }
}

fn commands(readings: &Readings) -> Link {
    let ours: Vec<_> = readings.iter().filter(|(_, _, reading)| reading.state == State::Ours).collect();
    let proof_ms = ours.iter().filter_map(|(_, _, reading)| reading.read_ms).max();
    let on = |reading: &Reading| reading.found.as_ref().map(|found| found.actions.clone()).unwrap_or_default();
    let missing = ours.iter().find_map(|(app, product, reading)| {
        let on = on(reading);
        let missing = Preset::History.words(*product).into_iter().find(|word| !on.iter().any(|on| on == word))?;
        Some((app, product, catalogue::command(*product, missing)?))
    });
    let (state, says) = match (missing, ours.len()) {
        (_, 0) => (LinkState::Unknown, LinkSays::AfterAddress),
        (Some((app, product, command)), _) => {
            let says = LinkSays::CommandOff { app: app.clone(), product: *product, command: command.word.to_owned() };
            (LinkState::Attention, says)
        }
        (None, _) => {
            let kinds = ours.iter().map(|(_, _, reading)| on(reading).len()).sum();
            (LinkState::Ok, LinkSays::Commands { kinds: super::count(kinds) })
        }
    };
    Link { link: LinkName::Commands, state, proof_ms, says }
}

/// `proof_ms`: the last one that was not received in the future. `last_ms`: the last one by whatever clock.
fn callback(proof_ms: Option<i64>, last_ms: Option<i64>, now_ms: i64) -> Link {
    let (state, says) = match (proof_ms, last_ms) {
        (None, None) => (LinkState::Unknown, LinkSays::NoCallback),
        (None, Some(_)) => (LinkState::Attention, LinkSays::CallbacksInFuture),
        (Some(at_ms), _) if now_ms.saturating_sub(at_ms) > STALE_MS => (LinkState::Attention, LinkSays::CallbackOld),
        (Some(_), _) => (LinkState::Ok, LinkSays::Callbacks),
    };
    Link { link: LinkName::Callback, state, proof_ms: proof_ms.or(last_ms), says }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_from_the_future_proves_nothing() {
        for (proof_ms, last_ms, want) in [
            (None, None, LinkState::Unknown),
            (Some(0), Some(0), LinkState::Ok),
            (Some(-STALE_MS - 1), Some(-STALE_MS - 1), LinkState::Attention),
            (None, Some(2 * STALE_MS), LinkState::Attention),
            (Some(-STALE_MS - 1), Some(2 * STALE_MS), LinkState::Attention),
            (Some(0), Some(2 * STALE_MS), LinkState::Ok),
        ] {
            let link = callback(proof_ms, last_ms, 0);
            assert_eq!(link.state, want, "{proof_ms:?}, {last_ms:?}");
            assert_eq!(link.proof_ms, proof_ms.or(last_ms), "what the message speaks of");
        }
    }
}
