//! A listener in this process, with any sink behind it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use calltrail::{
    callback::{Callback, delivery::Delivery},
    clock::Clock,
    config::{App, Apps, Keys},
    listener::{
        Listener, Sink,
        sink::{Done, Full},
    },
    store::delivery::{Place, Recorded},
    traffic,
};
use tokio::runtime::Runtime;

use crate::Outcome;

/// The secret part of the address that callbacks are sent to.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Takes every delivery and answers at once, as if it were safe: what the real store is compared with.
pub(crate) struct Immediate;

impl Sink for Immediate {
    fn record(&self, _: Delivery, _: Callback, _: Place, done: Done) -> Result<(), Full> {
        done(Ok(Recorded::New));
        Ok(())
    }
}

/// A listener on a free port.
pub(crate) struct Server {
    runtime: Runtime,
    listener: Listener,
    address: SocketAddr,
}

impl Server {
    pub(crate) fn start(sink: Arc<impl Sink>) -> Outcome<Self> {
        let runtime = Runtime::new()?;
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let apps = Apps::new(vec![App::new(traffic::APP, "the benchmark")]);
        let keys = Keys::default();
        let start = Listener::start(anywhere, TOKEN.to_owned(), apps, keys, sink, Clock::system());
        let listener = runtime.block_on(start);
        let address = listener.handle().address().ok_or("no port is free")?;
        Ok(Self { runtime, listener, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn stop(self) {
        self.runtime.block_on(self.listener.stop());
        self.runtime.shutdown_timeout(Duration::from_secs(1));
    }
}
