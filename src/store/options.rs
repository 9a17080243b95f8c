//! How a record is opened.

/// A log of so many pages is checkpointed beside the writer: 16 MiB.
const LONG: i64 = 4_096;
/// And so many are too many: 128 MiB.
const LONGEST: i64 = 32_768;

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    /// So many deliveries.
    pub(crate) deliveries: usize,
    /// And so many bytes of them.
    pub(crate) bytes: usize,
}

impl Default for Bound {
    fn default() -> Self {
        Self { deliveries: 20_000, bytes: 64 * 1024 * 1024 }
    }
}

/// What may be said when a record is opened for writing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Names this process to others that want to write the same record, such as `calltrail serve`.
    pub holder: String,
    /// SQLite's VFS through which every file is reached; nothing means the usual one. Tests put one here that records what
    /// reaches the disk, or that fails.
    pub vfs: Option<String>,
    /// A record that breaks its promise on purpose, to show that the tests notice.
    #[cfg(test)]
    pub(crate) mutant: Option<Mutant>,
    /// Pages of log after which the writer checkpoints it itself, so that a small test sees many checkpoints.
    #[cfg(test)]
    pub(crate) autocheckpoint: Option<u32>,
    /// Pages of log after which another thread checkpoints it, so that a small test sees that too.
    #[cfg(test)]
    pub(crate) long_log: Option<i64>,
    /// What a projection may miss and still be caught up at once, so that a small test sees one being filled beside the writer.
    #[cfg(test)]
    pub(crate) at_once: Option<i64>,
    /// How many deliveries may wait to be stored, so that a small test sees what happens to those beyond.
    #[cfg(test)]
    pub(crate) waiting: Option<Bound>,
}

/// A projection that misses no more than this is caught up at once; one that misses more is filled beside the writer.
const AT_ONCE: i64 = 4_000;

/// The ways to break the promise that what was answered is on disk.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// `synchronous=NORMAL`: a commit does not wait for the disk.
    Normal,
    /// `synchronous=OFF`: nothing does.
    Off,
    /// Senders are answered before the commit.
    AnswerEarly,
    /// A rollback journal whose deletion is not made durable (`synchronous=FULL` instead of `EXTRA`).
    DeleteJournal,
}

/// The settings of the archive's writing connection that durability rests on.
pub(crate) struct Durability {
    pub(crate) journal: &'static str,
    /// As it is set, and as it is read back.
    pub(crate) synchronous: (&'static str, &'static str),
}

impl Options {
    /// For a process that calls itself `holder`.
    pub fn held_by(holder: &str) -> Self {
        Self { holder: holder.to_owned(), ..Self::default() }
    }

    #[cfg(not(test))]
    pub(crate) fn durability(&self) -> Durability {
        Durability::default()
    }

    #[cfg(test)]
    pub(crate) fn durability(&self) -> Durability {
        let kept = Durability::default();
        let (journal, synchronous) = match self.mutant {
            Some(Mutant::Normal) => (kept.journal, ("NORMAL", "1")),
            Some(Mutant::Off) => (kept.journal, ("OFF", "0")),
            Some(Mutant::DeleteJournal) => ("delete", kept.synchronous),
            Some(Mutant::AnswerEarly) | None => (kept.journal, kept.synchronous),
        };
        Durability { journal, synchronous }
    }

    /// What a projection may miss and still be caught up at once.
    pub(crate) fn at_once(&self) -> i64 {
        #[cfg(test)]
        return self.at_once.unwrap_or(AT_ONCE);
        #[cfg(not(test))]
        AT_ONCE
    }

    /// A log of more pages is checkpointed beside the writer.
    pub(crate) fn long_log(&self) -> i64 {
        #[cfg(test)]
        return self.long_log.unwrap_or(LONG);
        #[cfg(not(test))]
        LONG
    }

    /// A log of so many pages is checkpointed by the writer itself: whoever does it beside could not keep up.
    pub(crate) fn longest_log(&self) -> i64 {
        #[cfg(test)]
        return self.autocheckpoint.map_or(LONGEST, i64::from);
        #[cfg(not(test))]
        LONGEST
    }

    /// How many deliveries may wait to be stored.
    pub(crate) fn waiting(&self) -> Bound {
        #[cfg(test)]
        return self.waiting.unwrap_or_default();
        #[cfg(not(test))]
        Bound::default()
    }

    /// True for the mutant that answers its senders before the commit.
    pub(crate) fn answers_early(&self) -> bool {
        #[cfg(test)]
        return self.mutant == Some(Mutant::AnswerEarly);
        #[cfg(not(test))]
        false
    }
}

impl Default for Durability {
    fn default() -> Self {
        Self { journal: "wal", synchronous: ("FULL", "2") }
    }
}
