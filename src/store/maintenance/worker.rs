//! What is done for the record in the background while it is in use: checking it after an unclean stop, saving the deliveries
//! of archives that were put aside, and rolling backups.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use rusqlite::InterruptHandle;

use crate::lock::lock;
use crate::store::condition::Failure;
use crate::store::error::Error;
use crate::store::files::copy;
use crate::store::files::corrupt;
use crate::store::maintenance::background::Parts;
use crate::store::maintenance::{backup, merge};
use crate::store::query::reader::Reader;

/// How often is looked whether a backup is due.
const LOOK: Duration = Duration::from_secs(600);

/// What the work needs.
struct Work {
    parts: Parts,
    wake: Arc<Wake>,
}

/// Wakes the thread, or ends it.
#[derive(Default)]
pub(crate) struct Wake {
    signals: Mutex<Signals>,
    sound: Condvar,
}

#[derive(Default)]
struct Signals {
    stop: bool,
    again: bool,
    /// Somebody met damage: the files are to be checked.
    suspect: bool,
    /// Breaks off the check that runs.
    check: Option<InterruptHandle>,
}

impl Wake {
    /// Something was put aside: its deliveries are to be saved.
    pub(crate) fn notify(&self) {
        self.signals().again = true;
        self.sound.notify_all();
    }

    /// Somebody who reads met damage: the files are to be checked.
    pub(crate) fn suspect(&self) {
        let mut signals = self.signals();
        (signals.again, signals.suspect) = (true, true);
        drop(signals);
        self.sound.notify_all();
    }

    fn is_suspect(&self) -> bool {
        std::mem::take(&mut self.signals().suspect)
    }

    /// Ends the thread, and whatever asks [`Wake::is_stopped`].
    pub(crate) fn stop(&self) {
        let mut signals = self.signals();
        signals.stop = true;
        if let Some(check) = signals.check.take() {
            check.interrupt();
        }
        self.sound.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.signals().stop
    }

    /// Waits until there may be something to do; `false` at the end.
    fn wait(&self) -> bool {
        let (mut signals, _) = self
            .sound
            .wait_timeout_while(self.signals(), LOOK, |signals| !signals.stop && !signals.again)
            .unwrap_or_else(PoisonError::into_inner);
        signals.again = false;
        !signals.stop
    }

    fn signals(&self) -> MutexGuard<'_, Signals> {
        lock(&self.signals)
    }
}

/// The thread.
pub(crate) struct Maintenance {
    wake: Arc<Wake>,
    thread: JoinHandle<()>,
}

impl Maintenance {
    /// Starts it. `unclean`: the last process that wrote the record did not close it.
    pub(crate) fn start(parts: Parts, wake: Arc<Wake>, unclean: bool) -> Result<Self, Error> {
        if unclean {
            wake.suspect();
        }
        let work = Work { parts, wake: Arc::clone(&wake) };
        let thread = thread::Builder::new()
            .name("calltrail-maintenance".to_owned())
            .spawn(move || work.run())
            .map_err(Error::io("calltrail-maintenance"))?;
        Ok(Self { wake, thread })
    }

    /// Ends it; what it is at is given up.
    pub(crate) fn stop(self) {
        self.wake.stop();
        if self.thread.join().is_err() {
            tracing::error!("the maintenance of the record ended by a fault");
        }
    }
}

impl Work {
    fn run(&self) {
        loop {
            if self.wake.is_suspect()
                && let Err(error) = check(&self.parts, &self.wake)
            {
                tracing::warn!(%error, "the record could not be checked");
            }
            self.save();
            self.back_up();
            if !self.wake.wait() {
                return;
            }
        }
    }

    /// Brings over what can be read of archives that were put aside.
    fn save(&self) {
        let folder = self.parts.files.folder();
        for note in corrupt::list(folder).into_iter().filter(|note| note.saved.is_none()) {
            let saved = match merge::with(&corrupt::file(folder, &note), &self.parts.queue, &|| self.wake.is_stopped())
            {
                Err(Error::Interrupted) => return,
                Ok(saved) => saved,
                // Nothing of it looks like an archive, or it is another program's.
                Err(error) if error.is_damage() || matches!(error, Error::Foreign(_)) => {
                    corrupt::Saved { unreadable: 1, ..corrupt::Saved::default() }
                }
                Err(error) => {
                    tracing::warn!(%error, "a damaged record could not be read; it is tried again at the next start");
                    continue;
                }
            };
            if let Err(error) = corrupt::change(folder, &note.name, |note| note.saved = Some(saved)) {
                tracing::warn!(%error, "it could not be noted what was saved");
            }
            self.parts.changes.begin_epoch();
        }
    }

    fn back_up(&self) {
        let now: DateTime<Utc> = SystemTime::now().into();
        let is_empty = || Reader::of(&self.parts.files).and_then(|reader| reader.holds_nothing()).unwrap_or(true);
        if !backup::is_due(&backup::list(self.parts.files.folder()), now.timestamp_millis()) || is_empty() {
            return;
        }
        let made = backup::roll(&self.parts.files, &|| self.wake.is_stopped());
        let failed = made.as_ref().err().map(Failure::of);
        if let Some(Failure { why, .. }) = &failed {
            tracing::warn!(why, "the daily backup could not be made");
        }
        self.parts.tell(|state| state.backup_failed = failed);
        // A copy that is not sound comes from an archive that may not be.
        if let Err(Error::BackupFailed(_)) = made
            && let Err(error) = check(&self.parts, &self.wake)
        {
            tracing::warn!(%error, "the record could not be checked");
        }
    }
}

/// SQLite's check of both files. What fails it is put aside or made anew.
pub(crate) fn check(parts: &Parts, wake: &Wake) -> Result<(), Error> {
    parts.tell(|state| state.checking = true);
    // Whatever is found is true of the files as they were opened now; the writer may meet the damage first.
    let opened = parts.queue.run(|databases| Ok(databases.times_opened()))?;
    let found = look(parts, wake);
    parts.tell(|state| state.checking = false);
    if wake.is_stopped() {
        return Ok(());
    }
    let (archive, projection) = found?;
    if let Some(why) = archive {
        parts.queue.run(move |databases| match databases.times_opened() == opened {
            true => databases.set_aside(&why),
            false => Ok(()),
        })?;
    } else if let Some(why) = projection {
        tracing::error!(why, "the projection is damaged");
        parts.queue.run(move |databases| match databases.times_opened() == opened {
            true => databases.drop_projection(),
            false => Ok(()),
        })?;
    }
    Ok(())
}

/// What is wrong with the archive, and what with the projection.
fn look(parts: &Parts, wake: &Wake) -> Result<(Option<String>, Option<String>), Error> {
    match Reader::of(&parts.files) {
        Ok(reader) => {
            wake.signals().check = Some(reader.interrupt_handle());
            let found = damage_of(reader.check("main"))
                .and_then(|archive| Ok((archive, damage_of(reader.check("projection"))?)));
            wake.signals().check = None;
            found
        }
        // The two are opened together, and the one that can be made anew may be at fault.
        Err(error) if error.is_damage() => {
            let archive = match copy::check(&parts.files.archive()) {
                Err(Error::BackupFailed(why)) => Some(why),
                checked => damage_of(checked.map(|()| None))?,
            };
            let projection = archive.is_none().then(|| error.to_string());
            Ok((archive, projection))
        }
        Err(error) => Err(error),
    }
}

/// So damaged that the check itself cannot be carried out: what SQLite says then is what it found.
fn damage_of(checked: Result<Option<String>, Error>) -> Result<Option<String>, Error> {
    match checked {
        Err(error) if error.is_damage() => Ok(Some(error.to_string())),
        checked => checked,
    }
}
