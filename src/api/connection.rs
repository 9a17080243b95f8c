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
    listener::ListenerState,
    store::Reader,
    subscription::{Reading, State},
    tencent::{
        Product,
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
    /// For people.
    message: String,
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
    let (state, message) = match (api.state.listener.state(), proof_ms) {
        (ListenerState::Retrying { why, .. }, _) => (LinkState::Attention, why),
        (ListenerState::Listening { .. }, Some(_)) => {
            (LinkState::Ok, "Calltrail takes callbacks on this computer.".to_owned())
        }
        (ListenerState::Listening { .. }, None) => {
            (LinkState::Unknown, "The port is open; nothing has come in since the start. Send a test.".to_owned())
        }
    };
    Link { link: LinkName::Listener, state, proof_ms, message }
}

type Readings = [(String, Product, Reading)];

fn address(readings: &Readings) -> Link {
    let first = |wanted: State| readings.iter().find(|(_, _, reading)| reading.state == wanted);
    let proof_ms = readings.iter().filter_map(|(_, _, reading)| reading.read_ms).max();
    let (state, message) = if let Some((app, product, _)) = first(State::Drift) {
        let message = format!("{} of {app}: somebody else changed what Tencent sends.", product.name());
        (LinkState::Attention, message)
    } else if let Some((app, product, reading)) = first(State::Error) {
        let why = reading.error.as_ref().map(ToString::to_string).unwrap_or_default();
        (LinkState::Attention, format!("{} of {app}: {why}", product.name()))
    } else if first(State::Ours).is_some() {
        (LinkState::Ok, "The address that Tencent has stored is this one.".to_owned())
    } else if let Some((app, product, _)) = first(State::Other) {
        let message = format!("Tencent has another address for {} of {app}.", product.name().to_lowercase());
        (LinkState::Attention, message)
    } else if first(State::Nothing).is_some() {
        (LinkState::Off, "Tencent has no address yet. Choose callbacks and apply them.".to_owned())
    } else if first(State::NoKey).is_some() {
        let message =
            "Tencent cannot be asked, because the SDKSecretKey is not known here. Callbacks arrive without it.";
        (LinkState::Unknown, message.to_owned())
    } else if readings.is_empty() {
        (LinkState::Off, "There is no app yet. Add one first.".to_owned())
    } else {
        (LinkState::Unknown, "Tencent has not been asked yet.".to_owned())
    };
    Link { link: LinkName::Address, state, proof_ms, message }
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
    let (state, message) = match (missing, ours.len()) {
        (_, 0) => (LinkState::Unknown, "Known once the address is.".to_owned()),
        (Some((app, product, command)), _) => {
            let message =
                format!("{} of {app}: {} is switched off. It tells: {}", product.name(), command.word, command.tells);
            (LinkState::Attention, message)
        }
        (None, _) => {
            let kinds: usize = ours.iter().map(|(_, _, reading)| on(reading).len()).sum();
            (LinkState::Ok, format!("Tencent sends {kinds} kinds of callbacks here."))
        }
    };
    Link { link: LinkName::Commands, state, proof_ms, message }
}

/// `proof_ms`: the last one that was not received in the future. `last_ms`: the last one by whatever clock.
fn callback(proof_ms: Option<i64>, last_ms: Option<i64>, now_ms: i64) -> Link {
    let (state, message) = match (proof_ms, last_ms) {
        (None, None) => {
            (LinkState::Unknown, "No callback has arrived yet. Make a short call with your app to see one.")
        }
        (None, Some(_)) => (
            LinkState::Attention,
            "All callbacks are dated in the future: this computer's clock was ahead when they came, or is behind now.",
        ),
        (Some(at_ms), _) if now_ms.saturating_sub(at_ms) > STALE_MS => (
            LinkState::Attention,
            "The last callback is more than a week old. Make a short call with your app to see one.",
        ),
        (Some(_), _) => (LinkState::Ok, "Callbacks arrive."),
    };
    Link { link: LinkName::Callback, state, proof_ms: proof_ms.or(last_ms), message: message.to_owned() }
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
