//! The public listener over real sockets: what it takes, what it refuses, and what becomes of its connections.

mod answers;
mod connections;
mod gate;
mod port;
mod signature;
pub(crate) mod wire;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use calltrail::{
    callback::Callback,
    clock::Clock,
    config::{App, Apps, Keys},
    listener::{Limits, Listener, Sink, sink},
    store::{
        Store,
        delivery::{Delivery, Place, Recorded},
    },
};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const APP: &str = "1400000000";
/// When everything in these tests is received.
pub(crate) const NOW_MS: i64 = 1_741_231_146_000;

/// The address, as its senders write it.
pub(crate) fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().expect("an address")
}

/// A sink that behaves as it is told and remembers what it was given.
#[derive(Default)]
pub(crate) struct Shelf {
    behaviour: Behaviour,
    given: Mutex<Vec<(Delivery, Callback, Place)>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Behaviour {
    #[default]
    Keeps,
    Slow(Duration),
    Full,
    Broken,
    /// Takes the delivery and never says a word.
    Silent,
    Panics,
}

impl Shelf {
    pub(crate) fn new(behaviour: Behaviour) -> Arc<Self> {
        Arc::new(Self { behaviour, given: Mutex::default() })
    }

    pub(crate) fn given(&self) -> Vec<(Delivery, Callback, Place)> {
        self.given.lock().expect("not poisoned").clone()
    }
}

impl Sink for Shelf {
    fn record(&self, delivery: Delivery, callback: Callback, place: Place, done: sink::Done) -> Result<(), sink::Full> {
        if self.behaviour == Behaviour::Full {
            return Err(sink::Full);
        }
        self.given.lock().expect("not poisoned").push((delivery, callback, place));
        match self.behaviour {
            Behaviour::Keeps => done(Ok(Recorded::New)),
            Behaviour::Slow(wait) => {
                std::thread::spawn(move || {
                    std::thread::sleep(wait);
                    done(Ok(Recorded::New));
                });
            }
            Behaviour::Broken => done(Err("the disk is full: /secret/path".to_owned())),
            Behaviour::Silent => std::mem::forget(done),
            Behaviour::Panics => panic!("an injected fault"),
            Behaviour::Full => unreachable!("handled above"),
        }
        Ok(())
    }
}

/// A running listener with one application that is ours.
pub(crate) struct Running {
    pub(crate) listener: Listener,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) async fn with(limits: Limits, sink: Arc<dyn Sink>) -> Self {
        Self::checking(limits, sink, vec![App::new(APP, "Clinic")], Keys::default()).await
    }

    async fn checking(limits: Limits, sink: Arc<dyn Sink>, apps: Vec<App>, keys: Keys) -> Self {
        let (token, apps, clock) = (TOKEN.to_owned(), Apps::new(apps), Clock::from_fn(|| NOW_MS));
        let listener = Listener::start_within(limits, any_port(), token, apps, keys, sink, clock).await;
        let address = listener.handle().address().expect("port 0 is always free");
        Self { listener, address }
    }

    pub(crate) async fn over(sink: Arc<dyn Sink>) -> Self {
        Self::with(Limits::default(), sink).await
    }

    /// How often a reason was counted.
    pub(crate) fn refused(&self, reason: &str) -> u64 {
        self.listener.handle().refusals().counts.get(reason).copied().unwrap_or_default()
    }
}

/// A real record in a folder of its own.
pub(crate) fn store() -> (tempfile::TempDir, Arc<Store>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&folder.path().join("data"), "a test").expect("a new record");
    (folder, Arc::new(store))
}

/// The end of a call, unlike any other.
pub(crate) fn end_call(id: &str) -> String {
    format!(
        r#"{{"CallbackCommand":"Call.CallbackAfterEndCall","CallId":"{id}","EventTime":1741231146000,"CallRecord":{{"Caller_Account":"alice","MediaType":"video","CallType":"SingleCall","StartTime":1741231140,"EndTime":1741231146,"AcceptTime":1741231142,"CallResult":"NormalEnd","CalleeList_Account":["bob"],"RoomId":"7","RoomIdType":1}}}}"#
    )
}

/// The query that Tencent adds for our application.
pub(crate) fn call_query() -> String {
    format!(
        "SdkAppid={APP}&CallbackCommand=Call.CallbackAfterEndCall&contenttype=json&ClientIP=203.0.113.7&OptPlatform=RESTAPI"
    )
}
