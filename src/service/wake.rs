//! Notices that this computer slept or this process was stopped, that the clock was set, and that the network is another one.
//! Whatever asks Tencent every so often is told, and asks at once instead of when its time comes; and the listener is tried.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use tokio::{net::TcpStream, sync::watch, time::timeout};

use crate::{
    clock::{Break, Clock, Reading},
    listener::{ListenerHandle, reachable},
};

/// How often is looked. A look costs some system calls.
const LOOK: Duration = Duration::from_secs(5);
/// Looks that are so much further apart than [`LOOK`] tell of a time in which nothing ran: more than what a busy computer is late.
const LATE: Duration = Duration::from_secs(25);
/// How long the listener has to take a connection of our own.
const TRY: Duration = Duration::from_secs(2);

/// What is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Nothing ran for about so long.
    Slept(Duration),
    /// The wall clock was set: back, or ahead of the time that passed.
    ClockSet,
    /// This computer has other addresses.
    Network,
}

/// What a look finds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    clocks: Reading,
    network: BTreeSet<IpAddr>,
}

impl Look {
    fn now() -> Self {
        Self { clocks: Reading::now(&Clock::system()), network: addresses() }
    }

    /// What changed from an earlier look to this one.
    fn since(&self, earlier: &Self) -> Option<Change> {
        match self.clocks.since(&earlier.clocks, LOOK + LATE) {
            Some(Break::Slept(took)) => Some(Change::Slept(took.saturating_sub(LOOK))),
            Some(Break::ClockSet) => Some(Change::ClockSet),
            None => (self.network != earlier.network).then_some(Change::Network),
        }
    }
}

/// The addresses that lead out of this computer. Those of one link alone come and go with every container.
fn addresses() -> BTreeSet<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::debug!(%error, "the network interfaces cannot be read");
        Vec::new()
    });
    let leads_out = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => !ip.is_link_local(),
        IpAddr::V6(ip) => !ip.is_unicast_link_local(),
    };
    interfaces.into_iter().map(|interface| interface.ip()).filter(|ip| !ip.is_loopback() && leads_out(ip)).collect()
}

/// Looks again and again until the service closes; `sooner` is told of each change.
pub(super) async fn watch(listener: ListenerHandle, sooner: watch::Sender<()>, mut closing: watch::Receiver<bool>) {
    let mut last = Look::now();
    while timeout(LOOK, closing.wait_for(|closing| *closing)).await.is_err() {
        let now = Look::now();
        if let Some(change) = now.since(&last) {
            tracing::info!(?change, "something happened to this computer; Tencent is asked what was missed");
            try_listener(&listener).await;
            sooner.send_replace(());
        }
        last = now;
    }
}

/// Opens the port anew where it takes no connection.
async fn try_listener(listener: &ListenerHandle) {
    let Some(address) = listener.address() else { return };
    match timeout(TRY, TcpStream::connect(reachable(address))).await {
        Ok(Ok(_)) => {}
        failed => {
            tracing::warn!(%address, ?failed, "the listener takes no connection; its port is opened anew");
            listener.reopen();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write as _, time::Instant};

    use super::*;

    #[test]
    fn what_happened_is_told_from_two_clocks_and_the_network() {
        let home = [IpAddr::from([192, 0, 2, 7])];
        let before =
            Look { clocks: Reading { monotonic: Instant::now(), wall_ms: 1_760_000_000_000 }, network: home.into() };
        let elsewhere = [IpAddr::from([198, 51, 100, 7])];
        let mut told = String::new();
        for (what, ran_s, passed_s, network) in [
            ("a look like any other", 5, 5, &home[..]),
            ("a busy computer is late", 29, 29, &home),
            ("asleep for an hour", 5, 3605, &home),
            ("asleep, and awake in another network", 5, 3605, &elsewhere),
            ("stopped for an hour", 3605, 3605, &home),
            ("a time server sets the clock", 5, 6, &home),
            ("somebody sets the clock ahead", 5, 15, &home),
            ("somebody sets the clock back a little", 5, 1, &home),
            ("somebody sets the clock back", 5, -3600, &home),
            ("another network", 5, 5, &elsewhere),
            ("no network", 5, 5, &[]),
        ] {
            let clocks = Reading {
                monotonic: before.clocks.monotonic + Duration::from_secs(ran_s),
                wall_ms: before.clocks.wall_ms + passed_s * 1_000,
            };
            let now = Look { clocks, network: network.iter().copied().collect() };
            writeln!(told, "{what}: {:?}", now.since(&before)).unwrap();
        }
        expect_test::expect![[r#"
            a look like any other: None
            a busy computer is late: None
            asleep for an hour: Some(Slept(3600s))
            asleep, and awake in another network: Some(Slept(3600s))
            stopped for an hour: Some(Slept(3600s))
            a time server sets the clock: None
            somebody sets the clock ahead: Some(ClockSet)
            somebody sets the clock back a little: Some(ClockSet)
            somebody sets the clock back: Some(ClockSet)
            another network: Some(Network)
            no network: Some(Network)
        "#]]
        .assert_eq(&told);
    }
}
