//! The names of the files that are open: looked after, and given back where they were taken away.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::store::error::Error;
use crate::store::files::copy;
use crate::store::files::identity::Identity;
use crate::store::files::projection_file;
use crate::store::files::{archive_file, paths, rescue, wal};
use crate::store::loss::Loss;
use crate::store::writer::databases::Databases;

/// Called when the archive was written again, before anything is answered: puts back what must lie beside it.
pub(crate) type PutBack = Box<dyn Fn() -> Result<(), Error> + Send + Sync>;

impl Databases {
    /// Fails where what was committed may be in a file that no name leads to, or where another process may take itself for the
    /// one that writes. Nobody may be told before that something is kept.
    pub(crate) fn vouch(&mut self) -> Result<(), Error> {
        let vouched = self.files.held().check(&self.files.archive()).and_then(|()| self.keep_lock());
        self.poisoned |= vouched.is_err();
        vouched
    }

    pub(crate) fn keep_lock(&mut self) -> Result<(), Error> {
        self.lock.as_mut().map_or(Ok(()), |lock| lock.keep(self.files.folder(), &self.options.holder))
    }

    /// Fails as damage does where somebody cut the archive's log.
    pub(crate) fn log_is_whole(&self) -> Result<(), Error> {
        wal::is_whole(&self.connection, &self.files.archive())
    }

    /// What became of the archive that is open; `None` while its name leads to it. Then nothing needs to take its place.
    pub(crate) fn loss(&mut self) -> Option<Loss> {
        let loss = self.files.held().loss(&self.files.archive());
        if loss.is_none() && self.again.take().is_some() {
            rescue::call_off(&self.files);
        }
        loss
    }

    /// Writes the archive again from the connection that still has it open, and opens it under its name. As long as that cannot
    /// be done the connection is kept: it has what no name leads to.
    pub(crate) fn write_again(&mut self, loss: Loss) -> Result<(), Error> {
        tracing::error!("{loss}. What was stored is written again from what is still open");
        match self.give_name_back(&loss) {
            // There is nothing in it that SQLite could copy.
            Err(error) if error.is_damage() => return self.set_aside_in_any_case(&error.to_string()),
            Err(why) => return Err(Error::NotWrittenAgain { loss, why: Box::new(why) }),
            Ok(()) => self.is_another = true,
        }
        if let Loss::WrittenOver(_) = loss
            && let Err(error) = copy::check(&self.files.archive())
        {
            // What SQLite did not have in memory was read from what somebody else wrote.
            return self.set_aside_in_any_case(&error.to_string());
        }
        self.log.begin();
        self.connection = archive_file::open_writer(&self.files, &self.options)?;
        self.choose()?;
        self.poisoned = false;
        self.readers_must_open_anew();
        Ok(())
    }

    fn give_name_back(&mut self, loss: &Loss) -> Result<(), Error> {
        self.checkpointer = None;
        paths::make_folder_again(self.files.folder())?;
        // First of all: it is safe as soon as it is written, whatever else is in the way.
        if !self.is_written_again() {
            self.again = rescue::write(&self.connection, &self.files)?;
        }
        self.keep_lock()?;
        if let Some(put_back) = self.put_back.get() {
            put_back()?;
        }
        let used = projection_file::in_use(&self.connection).ok().flatten();
        let keeps_projection =
            used.is_some_and(|number| self.files.held().loss(&self.files.projection(number)).is_none());
        rescue::take_place(&self.files, Some(loss), &loss.to_string())?;
        self.again = None;
        self.let_go()?;
        if !keeps_projection {
            // They may follow from another archive that says it is this one.
            self.remove_others(&[]);
        }
        Ok(())
    }

    fn is_written_again(&self) -> bool {
        self.again.is_some() && Identity::of(&self.files.written_again()).is_ok_and(|found| found == self.again)
    }

    /// Closes an archive whose name is another one's by now. SQLite must not checkpoint a log or delete one by its name.
    fn let_go(&mut self) -> Result<(), Error> {
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        self.connection = Connection::open_in_memory()?;
        self.files.held().forget_all();
        Ok(())
    }
}
