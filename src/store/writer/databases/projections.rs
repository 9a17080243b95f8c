//! Which projection is in use, which one may take its place, and which are deleted.

use crate::store::error::Error;
use crate::store::files::paths;
use crate::store::files::projection_file::{self, Compatibility, Position};
use crate::store::files::projection_schema;
use crate::store::loss::Loss;
use crate::store::writer::databases::Databases;

/// The most that a filled projection may miss when it is put into use: what was answered is waited for by whoever asks next.
const PROMOTION_LAG_MAX: i64 = 1_000;

/// The projection in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InUse {
    /// Its number.
    pub(crate) number: u64,
    /// It misses much: lists show what is in it so far, and exports wait.
    pub(crate) partial: bool,
    /// It was made just now, because the one before was of no use.
    pub(crate) is_new: bool,
}

/// A projection that is filled while another is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// It takes the place of the one in use as soon as it is whole.
    Replacement(u64),
    /// It is compared with the one in use and shown to a person first.
    Review(u64),
}

impl Candidate {
    /// The projection's number.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Replacement(number) | Self::Review(number) => number,
        }
    }
}

/// Which projections are to be kept up with the archive after it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) in_use: InUse,
    pub(crate) candidate: Option<Candidate>,
}

impl Databases {
    /// Puts a filled projection into use. `false`: too much has arrived meanwhile. The file of the one before goes when nobody
    /// writes to it any more.
    pub(crate) fn promote(&mut self, number: u64) -> Result<bool, Error> {
        if projection_file::compatibility(&self.files, number, &self.connection) != Compatibility::Current {
            // It went away, or was exchanged, while it was filled.
            let name = self.files.projection(number).file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(Error::Exchanged(Loss::Exchanged(name)));
        }
        let missing = self.missing(number)?;
        if missing > PROMOTION_LAG_MAX {
            return Ok(false);
        }
        let promoted = projection_file::use_from_now_on(&self.connection, number);
        self.poisoned |= promoted.is_err();
        promoted?;
        self.lag.begin(number, u64::try_from(missing).ok());
        self.plan = Some(Plan { in_use: InUse { number, partial: false, is_new: false }, candidate: None });
        self.readers_must_open_anew();
        Ok(true)
    }

    /// How many deliveries and repeats a projection misses.
    fn missing(&self, number: u64) -> Result<i64, Error> {
        projection_file::position(&self.files, number)?.missing(&self.connection)
    }

    /// Makes an empty projection that may take the place of the one in use. Any other that was being filled goes.
    pub(crate) fn create_candidate(&mut self) -> Result<u64, Error> {
        let used = projection_file::in_use(&self.connection)?;
        self.remove_others(used.as_slice());
        let number = projection_file::next_number(&self.files, &self.connection)?;
        projection_file::create(&self.files, number, &self.connection, Position::before_all(&self.connection)?)?;
        Ok(number)
    }

    /// Makes an empty candidate in the place of one that turned out to be of no use.
    pub(crate) fn recreate(&mut self, candidate: Candidate, is_damaged: bool) -> Result<Candidate, Error> {
        if !self.is_useless(candidate.number(), is_damaged) {
            return Ok(candidate);
        }
        let number = self.create_candidate()?;
        Ok(match candidate {
            Candidate::Review(_) => Candidate::Review(number),
            Candidate::Replacement(_) => Candidate::Replacement(number),
        })
    }

    /// Replaces the projection in use by an empty one where it is of no use; answers whether it was.
    pub(crate) fn replace(&mut self, number: u64, is_damaged: bool) -> Result<bool, Error> {
        let replaces =
            projection_file::in_use(&self.connection)? == Some(number) && self.is_useless(number, is_damaged);
        if replaces {
            self.drop_projection()?;
        }
        Ok(replaces)
    }

    /// [`Databases::replace`] for whichever is in use, where it was lost.
    pub(crate) fn replace_lost(&mut self) -> Result<(), Error> {
        if let Some(number) = projection_file::in_use(&self.connection)? {
            self.replace(number, false)?;
        }
        Ok(())
    }

    /// True for a projection that is damaged, gone, exchanged or another archive's.
    fn is_useless(&self, number: u64, is_damaged: bool) -> bool {
        is_damaged
            || self.files.held().loss(&self.files.projection(number)).is_some()
            || projection_file::compatibility(&self.files, number, &self.connection) == Compatibility::Unusable
    }

    /// Gives the projection in use up and uses a new one from now on, which is empty; archiving goes on meanwhile.
    pub(crate) fn drop_projection(&mut self) -> Result<(), Error> {
        // What has the names now may be another record's.
        self.vouch()?;
        tracing::error!("the projection is damaged, or went away; it is made anew from the archive");
        let number = projection_file::next_number(&self.files, &self.connection)?;
        self.use_new(number)?;
        self.lag.begin(number, None);
        self.plan = Some(Plan { in_use: InUse { number, partial: true, is_new: true }, candidate: None });
        self.readers_must_open_anew();
        Ok(())
    }

    fn use_new(&mut self, number: u64) -> Result<(), Error> {
        // Lists show the newest weeks first while it is filled.
        projection_file::create(&self.files, number, &self.connection, Position::nothing_of(&self.connection)?)?;
        // The name of the file must be as durable as what the archive says of it.
        paths::sync_folder(self.files.folder())?;
        projection_file::use_from_now_on(&self.connection, number)?;
        self.remove_others(&[number]);
        Ok(())
    }

    /// Deletes a projection that is not wanted any more.
    pub(crate) fn discard(&mut self, number: u64) {
        if !matches!(projection_file::in_use(&self.connection), Ok(Some(used)) if used == number) {
            self.files.remove_projection(number);
        }
    }

    /// Finds the projection to use: the one that is in use, one that was being filled when the process ended, or a new one.
    pub(super) fn choose(&mut self) -> Result<(), Error> {
        let used = projection_file::in_use(&self.connection)?;
        let found = |number| projection_file::compatibility(&self.files, number, &self.connection);
        let compatibility = used.map_or(Compatibility::Unusable, found);
        // One before the one in use is not a candidate: a power cut has undone its removal. Were it used, the next number would be one
        // whose files somebody is about to remove.
        let begun = self
            .files
            .projections()
            .into_iter()
            .rev()
            .find(|number| Some(*number) > used && found(*number) == Compatibility::Current);
        let is_indexed = |number: &u64| projection_schema::has_late_indexes(&self.files, *number);
        let plan = match (used, compatibility) {
            (Some(number), Compatibility::Current) => {
                let in_use = self.begin_with(number)?;
                let begun = begun.filter(|_| !in_use.partial);
                self.remove_others(&[Some(number), begun].into_iter().flatten().collect::<Vec<_>>());
                Plan { in_use, candidate: begun.map(Candidate::Replacement) }
            }
            (Some(number), Compatibility::OtherRules) => {
                let in_use = InUse { partial: false, ..self.begin_with(number)? };
                let begun = match begun {
                    Some(begun) => begun,
                    None => self.create_candidate()?,
                };
                Plan { in_use, candidate: Some(Candidate::Review(begun)) }
            }
            _ => {
                // Lists read by all indexes from now on; one that lacks some is not worth having everybody wait for them.
                let number = match begun.filter(is_indexed) {
                    Some(begun) => {
                        projection_file::use_from_now_on(&self.connection, begun)?;
                        self.remove_others(&[begun]);
                        begun
                    }
                    None => {
                        let number = projection_file::next_number(&self.files, &self.connection)?;
                        self.use_new(number)?;
                        number
                    }
                };
                Plan { in_use: self.begin_with(number)?, candidate: None }
            }
        };
        self.plan = Some(plan);
        Ok(())
    }

    /// Begins to count with a projection what it misses.
    fn begin_with(&self, number: u64) -> Result<InUse, Error> {
        let missing = self.missing(number)?;
        let partial = missing > self.options.at_once();
        self.lag.begin(number, u64::try_from(missing).ok().filter(|_| !partial));
        Ok(InUse { number, partial, is_new: false })
    }

    pub(super) fn remove_others(&self, kept: &[u64]) {
        self.files
            .projections()
            .into_iter()
            .filter(|number| !kept.contains(number))
            .for_each(|number| self.files.remove_projection(number));
    }
}
