//! Deliveries from JSON Lines back into the record: the way of `export deliveries --format jsonl`, backwards.
//!
//! Verdict and digest are computed anew, so that an older file profits from a newer program. The same file twice changes
//! nothing. What people have added comes back the same way (`export entries`). A line that is neither is told and left out; the others go on. The file may be in any of Unicode's encodings,
//! and packed by gzip.

mod bad;
mod lines;
mod looks;

use std::io::{self, BufRead, BufReader, Cursor, Read as _};

use flate2::bufread::MultiGzDecoder;

use self::lines::{Line, Lines};
pub use self::{
    bad::BadLines,
    looks::{LOOKED_AT, Looks},
};
use crate::{
    callback::{self, AppClaim, Query, codes::Verdict, reason},
    encoding::{Decoded, Encoding},
    export::{
        entry_line::EntryLine,
        line::{self, DeliveryLine},
    },
    store::{
        self, Store,
        delivery::{Place, Received, Recorded, Source},
        entry::Entry,
    },
};

/// What became of the lines of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Deliveries that are new in the archive.
    pub new: u64,
    /// Deliveries and entries that were known already.
    pub known: u64,
    /// Deliveries that wait in quarantine.
    pub quarantined: u64,
    /// What people have added, and the record did not have.
    pub entries: u64,
    /// Lines that are no delivery.
    pub bad: u64,
    /// What the file looks like.
    pub looks: Looks,
}

impl Tally {
    /// True when there was something in the file and none of it a delivery: it is another kind of file.
    pub const fn is_nothing(&self) -> bool {
        self.bad > 0 && self.new == 0 && self.known == 0 && self.quarantined == 0 && self.entries == 0
    }
}

/// What is wrong with a line, in words for people.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Reason {
    /// It would fill the memory.
    #[error("it is longer than 16 MiB")]
    TooLong,
    /// It is not written in Unicode.
    #[error("it is not UTF-8, so the file was saved in another encoding on its way; save or export it as UTF-8")]
    NotText,
    /// It is text, and no delivery.
    #[error(transparent)]
    Line(#[from] line::Error),
}

impl Reason {
    /// Reasons of one kind are told together.
    fn kind(&self) -> &'static str {
        match self {
            Self::TooLong => "long",
            Self::NotText => "text",
            Self::Line(line::Error::Shape(error)) if error.is_data() => "field",
            Self::Line(line::Error::Shape(_)) => "shape",
            Self::Line(line::Error::Version(_)) => "version",
            Self::Line(line::Error::Received(_)) => "received",
            Self::Line(line::Error::NoBody) => "no body",
            Self::Line(line::Error::TwoBodies) => "two bodies",
            Self::Line(line::Error::Base64(_)) => "base64",
            Self::Line(line::Error::Source(_)) => "source",
            Self::Line(line::Error::Origin(_)) => "origin",
        }
    }
}

/// Why an import stopped, in words for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is something else.
    #[error("It is not deliveries as JSON Lines. It looks like {}.", .0.words().unwrap_or("something else"))]
    Foreign(Looks),
    /// The file could not be read on.
    #[error(
        "Line {line} could not be read: {why}. The lines before it are in the record; import the file again to go on."
    )]
    Read {
        /// From 1.
        line: u64,
        /// What the system said.
        why: io::Error,
    },
    /// The record could not take a batch of lines.
    #[error(
        "The record could not take what follows from line {line} on: {why} The lines before it are in the record; import the file again to go on."
    )]
    Store {
        /// The first line that is not kept, from 1.
        line: u64,
        /// What the store said.
        why: store::Error,
    },
}

/// Imports every line of `input`. `is_ours` says which apps are configured; `bad` is told each line that is no delivery.
pub fn import(
    store: &Store,
    is_ours: impl Fn(&str) -> bool,
    input: impl BufRead,
    bad: &mut BadLines,
) -> Result<Tally, Error> {
    let (looks, input) = as_text(input)?;
    let mut tally = Tally { looks, ..Tally::default() };
    let mut lines = Lines::new(input);
    let mut batch = Batch::default();
    while let Some(Line { number, text }) = lines.next()? {
        match text.and_then(|text| read(text, &is_ours)) {
            Ok(read) => {
                batch.add(number, read);
                if batch.is_full() {
                    batch.store(store, &mut tally)?;
                }
            }
            Err(why) => {
                tally.bad += 1;
                bad.add(number, &why);
            }
        }
    }
    batch.store(store, &mut tally)?;
    Ok(tally)
}

/// What the input looks like, and its lines: unpacked, and as UTF-8.
fn as_text<'a>(input: impl BufRead + 'a) -> Result<(Looks, Box<dyn BufRead + 'a>), Error> {
    let (beginning, input) = begun(input)?;
    if Looks::of(&beginning) != Looks::Gzip {
        return decoded(&beginning, input);
    }
    let (beginning, input) = begun(BufReader::new(MultiGzDecoder::new(input)))?;
    decoded(&beginning, input)
}

fn decoded<'a>(beginning: &[u8], input: impl BufRead + 'a) -> Result<(Looks, Box<dyn BufRead + 'a>), Error> {
    match Looks::of(beginning) {
        looks @ (Looks::Database | Looks::Gzip | Looks::Packed) => Err(Error::Foreign(looks)),
        looks => Ok((looks, Box::new(Decoded::new(input, Encoding::of(beginning))))),
    }
}

/// How the input begins, and all of it.
fn begun(mut input: impl BufRead) -> Result<(Vec<u8>, impl BufRead), Error> {
    let mut beginning = Vec::new();
    let most = u64::try_from(LOOKED_AT).unwrap_or(u64::MAX);
    let read = input.by_ref().take(most).read_to_end(&mut beginning);
    read.map_err(|why| Error::Read { line: 1, why })?;
    Ok((beginning.clone(), Cursor::new(beginning).chain(input)))
}

/// Lines that share one commit: syncing the disk for each of them would take hours for a large archive.
#[derive(Default)]
struct Batch {
    first_line: u64,
    bytes: usize,
    deliveries: Vec<Received>,
    entries: Vec<Entry>,
}

/// What a line is.
enum Read {
    Delivery(Box<Received>),
    Entry(Box<Entry>),
}

impl Batch {
    const DELIVERIES: usize = 500;
    const BYTES: usize = 8 * 1024 * 1024;

    fn add(&mut self, line: u64, read: Read) {
        if self.deliveries.is_empty() && self.entries.is_empty() {
            self.first_line = line;
        }
        match read {
            Read::Delivery(received) => {
                self.bytes += received.delivery.body.len();
                self.deliveries.push(*received);
            }
            Read::Entry(entry) => self.entries.push(*entry),
        }
    }

    fn is_full(&self) -> bool {
        self.deliveries.len() + self.entries.len() >= Self::DELIVERIES || self.bytes >= Self::BYTES
    }

    /// Puts the lines into the record, all or none, and begins anew.
    fn store(&mut self, store: &Store, tally: &mut Tally) -> Result<(), Error> {
        let Self { first_line, deliveries, entries, .. } = std::mem::take(self);
        let failed = |why| Error::Store { line: first_line, why };
        if !entries.is_empty() {
            let all = u64::try_from(entries.len()).unwrap_or(u64::MAX);
            let new = store.absorb_entries(entries).map_err(failed)?;
            tally.entries += new;
            tally.known += all - new;
        }
        if deliveries.is_empty() {
            return Ok(());
        }
        for recorded in store.absorb(deliveries).map_err(failed)? {
            match recorded {
                Recorded::New => tally.new += 1,
                Recorded::Repeat => tally.known += 1,
                Recorded::Quarantined => tally.quarantined += 1,
            }
        }
        Ok(())
    }
}

/// Reads a line: a delivery, or what somebody has added.
fn read(text: &[u8], is_ours: &impl Fn(&str) -> bool) -> Result<Read, Reason> {
    if std::str::from_utf8(text).is_err() {
        return Err(Reason::NotText);
    }
    match DeliveryLine::read(text) {
        Ok(line) => Ok(Read::Delivery(Box::new(received(line, is_ours)?))),
        // Lines are mostly deliveries, and what is wrong with one is told in their words.
        Err(why) => EntryLine::read(text).map(|entry| Read::Entry(Box::new(entry))).map_err(|_| why.into()),
    }
}

/// What a delivery says, where it goes, and how often it came again.
fn received(line: DeliveryLine, is_ours: &impl Fn(&str) -> bool) -> Result<Received, Reason> {
    let (repeats, origin) = (line.repeats, line.origin()?);
    let reason = line.why.clone().or_else(|| reason::Reason::read(&line.reason));
    let (verdict, reason) =
        (line.verdict.clone(), reason.unwrap_or_else(|| reason::Reason::Sentence { text: String::new() }));
    let delivery = line.delivery(claimed_app)?;
    let callback = match delivery.source {
        Source::Callback => callback::parse(&Query::parse(&delivery.query), &delivery.headers, &delivery.body),
        Source::Backfill => callback::parse_fetched(&delivery.body),
    };
    let place = place(&verdict, reason, is_ours(&delivery.app));
    Ok(Received { delivery, callback, place, repeats, origin })
}

/// The app of a line that does not say it.
fn claimed_app(line: &DeliveryLine) -> String {
    match callback::claimed_app(&Query::parse(&line.query), &line.headers) {
        AppClaim::One(app) => app,
        AppClaim::Absent | AppClaim::Conflict(_) => String::new(),
    }
}

/// A quarantined delivery stays quarantined, unless what kept it there was an app that has become ours since. A bad
/// signature or two apps in one request are no better for having been exported.
fn place(verdict: &str, reason: reason::Reason, is_ours: bool) -> Place {
    match Verdict::read(verdict) {
        Some(Verdict::ForeignApp) if is_ours => Place::Archive,
        Some(verdict) if verdict.is_quarantine() => Place::Quarantine { verdict, reason },
        _ => Place::Archive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarantine_is_left_only_when_the_app_has_become_ours() {
        let why = || reason::Reason::Sentence { text: "why".to_owned() };
        let quarantine = |verdict| Place::Quarantine { verdict, reason: why() };
        for (verdict, is_ours, want) in [
            ("applied", true, Place::Archive),
            ("applied", false, Place::Archive),
            ("unparsable", false, Place::Archive),
            ("", false, Place::Archive),
            ("a verdict of tomorrow", false, Place::Archive),
            ("foreign_app", true, Place::Archive),
            ("foreign_app", false, quarantine(Verdict::ForeignApp)),
            ("app_conflict", true, quarantine(Verdict::AppConflict)),
            ("bad_signature", true, quarantine(Verdict::BadSignature)),
            ("stale_signature", false, quarantine(Verdict::StaleSignature)),
        ] {
            assert_eq!(place(verdict, why(), is_ours), want, "{verdict:?}, ours: {is_ours}");
        }
    }

    #[test]
    fn a_fetched_record_is_read_as_one_so_it_keeps_its_digest() {
        let text = br#"{"v":1,"received":"2025-03-06T03:19:06Z","app":"1400000000","source":"backfill","query":"","body":"{\"CallId\":\"c\"}"}"#;
        let Ok(Read::Delivery(received)) = read(text, &|_| true) else { panic!("the line is a delivery") };
        assert_eq!(received.callback, callback::parse_fetched(br#"{"CallId":"c"}"#));
    }

    #[test]
    fn a_line_without_app_is_given_the_one_that_its_query_names() {
        let text = br#"{"v":1,"received":"2025-03-06T03:19:06Z","query":"SdkAppId=1400000000","body":"{}"}"#;
        let Ok(Read::Delivery(received)) = read(text, &|_| true) else { panic!("the line is a delivery") };
        let Received { delivery, .. } = *received;
        assert_eq!(delivery.app, "1400000000", "the query names it, in any spelling");
        assert_eq!(delivery.method, "POST", "callbacks are posted");
    }
}
