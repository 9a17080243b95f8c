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
    let mut readings = Vec::new();
    for app in api.state.apps.list() {
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
    Ok(Json(Connection {
        links: vec![listener(&api), address(&readings), commands(&readings), callback(proof_ms, last_ms, now_ms)],
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
