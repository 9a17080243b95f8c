//! Links that refresh: lists that a spreadsheet on this computer loads again whenever somebody wants it to, from a port that is
//! closed until a person opens it.
//!
//! Each link has a key of its own, which opens this one list and nothing else, and which a person can replace or take back. What is
//! behind the port is decided elsewhere (`api/links.rs`, `service/links.rs`); here is what was wanted, and what became of it.

mod key;
mod list;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tokio::sync::watch;

use self::list::List;
pub use self::{
    key::Key,
    list::{DEFAULT_PORT, Link, Plan, Unfit},
};
use crate::{clock::Clock, lock::lock};

/// Why something about links could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No spreadsheet could load it.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such link.
    #[error("There is no such link any more.")]
    NoSuchLink,
    /// The list of links could not be written.
    #[error("The links could not be saved: {0}. Nothing was changed.")]
    NotSaved(#[from] io::Error),
}

/// Whether the links can be followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// Nobody wants them to be.
    #[default]
    Closed,
    /// The port is about to be opened.
    Opening,
    /// They lead here.
    Open {
        /// At this port.
        port: u16,
    },
    /// The port could not be opened; it is tried again.
    Failed {
        /// Which port.
        port: u16,
        /// What kind of failure it was.
        kind: io::ErrorKind,
        /// The system's words.
        why: String,
    },
}

impl Door {
    /// Whether it is what is wanted, or as near to it as can be.
    pub fn is_settled(&self, wanted: Option<u16>) -> bool {
        match self {
            Self::Closed => wanted.is_none(),
            Self::Opening => false,
            Self::Open { port } | Self::Failed { port, .. } => wanted == Some(*port),
        }
    }
}

/// The links of a data folder: a cheap handle that can be shared.
#[derive(Clone, Debug)]
pub struct Links(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    clock: Clock,
    taken: Vec<u16>,
    list: Mutex<List>,
    /// When each was followed last since Calltrail was started, Unix milliseconds.
    used: Mutex<BTreeMap<u64, i64>>,
    /// The port that is to be open; none while they are switched off.
    wanted: watch::Sender<Option<u16>>,
    door: watch::Sender<Door>,
}

impl Links {
    /// Those of a data folder; `taken` are the ports that Calltrail needs for other things, and never opens for links. Blocks.
    pub fn open(folder: &Path, clock: Clock, taken: Vec<u16>) -> io::Result<Self> {
        let list = List::read(folder)?;
        let wanted = watch::channel(list.wanted(&taken)).0;
        let (list, folder) = (Mutex::new(list), folder.to_owned());
        let (used, door) = (Mutex::default(), watch::channel(Door::default()).0);
        Ok(Self(Arc::new(Shared { folder, clock, taken, list, used, wanted, door })))
    }

    /// All of them, in the order in which they were added.
    pub fn list(&self) -> Vec<Link> {
        lock(&self.0.list).links.clone()
    }

    /// The port that they are at, whether it is open or not.
    pub fn port(&self) -> u16 {
        lock(&self.0.list).port
    }

    /// When a link was followed last since Calltrail was started, Unix milliseconds.
    pub fn used_ms(&self, id: u64) -> Option<i64> {
        lock(&self.0.used).get(&id).copied()
    }

    /// Adds one. Blocks.
    pub fn add(&self, plan: Plan) -> Result<(), Refusal> {
        plan.check()?;
        let now_ms = self.0.clock.now_ms();
        self.change(|list| {
            list.add(plan, now_ms);
            Ok(())
        })
    }

    /// Gives the link of a number another plan; its key stays. Blocks.
    pub fn replace(&self, id: u64, plan: Plan) -> Result<(), Refusal> {
        plan.check()?;
        self.change(|list| {
            list.get(id).ok_or(Refusal::NoSuchLink)?.plan = plan;
            Ok(())
        })
    }

    /// Gives the link of a number another key: whoever has the old one is answered no more. Blocks.
    pub fn renew(&self, id: u64) -> Result<(), Refusal> {
        self.change(|list| {
            list.get(id).ok_or(Refusal::NoSuchLink)?.key = Key::random();
            Ok(())
        })
    }

    /// Takes a link back. Blocks.
    pub fn remove(&self, id: u64) -> Result<(), Refusal> {
        self.change(|list| {
            list.get(id).ok_or(Refusal::NoSuchLink)?;
            list.links.retain(|link| link.id != id);
            Ok(())
        })?;
        lock(&self.0.used).remove(&id);
        Ok(())
    }

    /// Opens or closes the port; another one where one is named. Blocks.
    pub fn switch(&self, on: bool, port: Option<u16>) -> Result<(), Refusal> {
        let named = port;
        let port = named.unwrap_or_else(|| self.port());
        // Whatever stands in the file, it can be switched off.
        let is_heeded = on || named.is_some();
        if is_heeded && port < list::LOWEST_PORT {
            return Err(Unfit::Port.into());
        }
        if is_heeded && self.0.taken.contains(&port) {
            return Err(Unfit::OwnPort { port }.into());
        }
        self.change(|list| {
            (list.on, list.port) = (on, port);
            Ok(())
        })?;
        let wanted = lock(&self.0.list).wanted(&self.0.taken);
        self.0.wanted.send_if_modified(|before| std::mem::replace(before, wanted) != wanted);
        Ok(())
    }

    /// The link with this key, which is followed now.
    pub fn follow(&self, key: &str) -> Option<Link> {
        let link = self.list().into_iter().find(|link| link.key.is(key))?;
        lock(&self.0.used).insert(link.id, self.0.clock.now_ms());
        Some(link)
    }

    /// The port that is to be open, and each time it becomes another one.
    pub fn wanted(&self) -> watch::Receiver<Option<u16>> {
        self.0.wanted.subscribe()
    }

    /// Whether they can be followed, and each time that changes.
    pub fn door(&self) -> watch::Receiver<Door> {
        self.0.door.subscribe()
    }

    /// Says what became of the port.
    pub fn tell(&self, door: Door) {
        self.0.door.send_replace(door);
    }

    /// Changes the list; what cannot be saved is not changed.
    fn change(&self, change: impl FnOnce(&mut List) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let mut list = lock(&self.0.list);
        let mut changed = list.clone();
        change(&mut changed)?;
        changed.write(&self.0.folder)?;
        *list = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
