//! Senders that never rest, what they were answered, and whether the record holds all of it.

use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    ops::ControlFlow,
    path::Path,
    thread::{self, JoinHandle},
};

use calltrail::{
    callback::{self, Query},
    store::{Error, delivery::Digest, filter::Filter, open_complete, rows::DeliveryRow},
};

use crate::process::{APP, Sender, Serve, end_call};

/// What was sent, and what of it was answered how.
#[derive(Default)]
pub(super) struct Answers {
    sent: BTreeSet<String>,
    pub(super) ok: BTreeSet<String>,
    pub(super) refused: usize,
}

impl Answers {
    /// Posts one callback and notes its answer: 200, or 503 for "try again". An error: the connection broke.
    fn post(&mut self, wire: &mut Sender, body: &str) -> io::Result<u16> {
        let digest = digest(body.as_bytes());
        self.sent.insert(digest.clone());
        let status = wire.post(body)?;
        match status {
            200 => {
                self.ok.insert(digest);
            }
            503 => self.refused += 1,
            other => panic!("{other} is neither kept nor \"try again\": {body}"),
        }
        Ok(status)
    }

    /// Posts the end of a call on a connection of its own.
    pub(super) fn post_to(&mut self, serve: &Serve, id: &str) -> u16 {
        self.post_body_to(serve, &end_call(id))
    }

    /// Posts a callback on a connection of its own.
    pub(super) fn post_body_to(&mut self, serve: &Serve, body: &str) -> u16 {
        let mut wire = Sender::connect(serve.address, &serve.path).expect("it listens");
        self.post(&mut wire, body).unwrap_or_else(|error| panic!("no answer ({error}): {body}"))
    }

    /// Everything that was sent is in the record, also what its sender was told to send again, and each of it once.
    pub(super) fn assert_all_kept_once(&self, data_dir: &Path, when: &str) {
        self.assert_kept(data_dir, when);
        let missing = self.sent.difference(&kept(data_dir)).count();
        assert_eq!(missing, 0, "{when}: of {} that were sent, {missing} are missing", self.sent.len());
        assert_eq!(repeats(data_dir), 0, "{when}: what was kept for later is no repeat");
    }

    /// True when everything that was sent is in the record.
    pub(super) fn are_all_kept(&self, data_dir: &Path) -> bool {
        walk(data_dir).is_ok_and(|kept| self.sent.is_subset(&kept))
    }

    /// Takes over what others sent.
    pub(super) fn extend(&mut self, more: Self) {
        self.sent.extend(more.sent);
        self.ok.extend(more.ok);
        self.refused += more.refused;
    }

    /// Everything that was answered with success is in the record, and nothing is there that nobody sent.
    pub(super) fn assert_kept(&self, data_dir: &Path, when: &str) {
        let kept = kept(data_dir);
        let lost = self.ok.difference(&kept).count();
        assert_eq!(lost, 0, "{when}: of {} answered deliveries, {lost} are lost", self.ok.len());
        let invented = kept.difference(&self.sent).count();
        assert_eq!(invented, 0, "{when}: {invented} deliveries were never sent like that");
    }
}

/// Several senders at work, each on a connection that it keeps.
pub(super) struct Load {
    senders: Vec<JoinHandle<Answers>>,
}

impl Load {
    /// Starts so many senders; what they send is told apart by `name`.
    pub(super) fn start(serve: &Serve, senders: usize, name: &str) -> Self {
        let senders = (0..senders).map(|sender| {
            let (address, path) = (serve.address, serve.path.clone());
            let name = format!("{name}-s{sender}");
            thread::spawn(move || send(address, &path, &name))
        });
        Self { senders: senders.collect() }
    }

    /// What they were answered until their connections broke.
    pub(super) fn until_broken(self) -> Answers {
        let mut all = Answers::default();
        self.senders.into_iter().for_each(|sender| all.extend(sender.join().expect("a sender")));
        all
    }
}

fn send(address: SocketAddr, path: &str, name: &str) -> Answers {
    let mut answers = Answers::default();
    let Ok(mut wire) = Sender::connect(address, path) else { return answers };
    for call in 0.. {
        if answers.post(&mut wire, &end_call(&format!("{name}-{call}"))).is_err() {
            break;
        }
    }
    answers
}

/// A delivery's identity, which its whole body goes into.
pub(crate) fn digest(body: &[u8]) -> String {
    let understood = callback::parse(&Query::parse(""), &[], body);
    Digest::of(APP, &understood, body).hex()
}

/// What the archive holds, read as another process reads it. What asks for permission is kept as best effort and left out.
pub(crate) fn kept(data_dir: &Path) -> BTreeSet<String> {
    walk(data_dir).unwrap_or_else(|error| panic!("the record cannot be read: {error}"))
}

/// How often deliveries came again. What asks for permission is left out here too.
pub(crate) fn repeats(data_dir: &Path) -> u64 {
    sum(data_dir, |row| if row.command.contains("Before") { 0 } else { row.repeats })
}

/// How many deliveries asked for permission.
pub(crate) fn asked(data_dir: &Path) -> u64 {
    sum(data_dir, |row| u64::from(row.command.contains("Before")))
}

fn sum(data_dir: &Path, of: impl Fn(&DeliveryRow) -> u64) -> u64 {
    let reader = open_complete(data_dir, "a test").expect("the record can be read");
    let mut sum = 0;
    let add = |row: DeliveryRow| {
        sum += of(&row);
        Ok(ControlFlow::Continue(()))
    };
    reader.each_delivery(&Filter::default(), 0, add).expect("to its end");
    sum
}

/// The same of a record that may be damaged.
pub(super) fn walk(data_dir: &Path) -> Result<BTreeSet<String>, Error> {
    let reader = open_complete(data_dir, "a test")?;
    let mut kept = BTreeSet::new();
    reader.each_delivery(&Filter::default(), 0, |row| {
        assert!(!row.quarantined, "{}: all of them are ours", row.digest);
        if !row.command.contains("Before") {
            kept.insert(row.digest);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(kept)
}
