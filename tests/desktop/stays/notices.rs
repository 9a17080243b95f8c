//! A desktop's notifications, played: it takes them and clicks upon them, over the session's bus.

use crate::screen::PATIENCE;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedValue;

const SERVER: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Who shows notifications.
pub(crate) struct Notices {
    session: Connection,
    said: Arc<Mutex<Vec<Said>>>,
}

/// A notification. Its number is its place, from 1, or that of the one that it takes the place of.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) number: u32,
    pub(crate) headline: String,
    pub(crate) line: String,
    pub(crate) actions: Vec<String>,
    pub(crate) category: Option<String>,
}

struct Server(Arc<Mutex<Vec<Said>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification has them")]
    fn notify(
        &self,
        _program: String,
        replaced: u32,
        _icon: String,
        headline: String,
        line: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let mut said = self.0.lock().expect("nobody panics here");
        let next = u32::try_from(said.len()).expect("a few") + 1;
        let number = if replaced == 0 { next } else { replaced };
        let category = hints.get("category").and_then(|value| String::try_from(value.clone()).ok());
        said.push(Said { number, headline, line, actions, category });
        number
    }

    fn close_notification(&self, _number: u32) {}
}

impl Notices {
    /// Begins to show notifications in this session.
    pub(crate) fn new(bus: &str) -> Notices {
        let said = Arc::<Mutex<Vec<Said>>>::default();
        let session = connection::Builder::address(bus)
            .and_then(|builder| builder.serve_at(PATH, Server(Arc::clone(&said))))
            .and_then(|builder| builder.name(SERVER))
            .and_then(connection::Builder::build)
            .expect("the session has no notifications yet");
        Notices { session, said }
    }

    /// What was said, once it is so much.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Said> {
        let patience = Instant::now() + PATIENCE;
        loop {
            let said = self.said.lock().expect("nobody panics here").clone();
            if said.len() >= count {
                return said;
            }
            assert!(Instant::now() < patience, "{count} notifications should be there: {said:?}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Clicks upon a notification.
    pub(crate) fn click(&self, number: u32) {
        self.session
            .emit_signal(None::<&str>, PATH, SERVER, "ActionInvoked", &(number, "default"))
            .expect("the session takes signals");
    }
}
