//! The least that keeping a delivery can cost: the archive's own table, rows that are already understood, and one commit for as
//! many of them as are sent at once. No HTTP, no projection.

use std::{path::Path, time::Instant};

use calltrail::{
    callback::delivery::{Delivery, Digest},
    traffic,
};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Outcome,
    figures::{Times, count, number},
};

/// The tables of the archive, the same as in the product.
const TABLES: &str = include_str!("../../migrations/0001_archive.sql");
/// Rows of one commit at most, as the store's writer has it.
const BATCH: usize = 256;
const INSERT: &str =
    "insert or ignore into delivery (digest, received_ms, source, app, remote, method, query, headers, body)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// A delivery as the archive's table has it.
pub(crate) struct Row {
    delivery: Delivery,
    digest: Digest,
    headers: String,
}

impl Row {
    pub(crate) fn of(delivery: &Delivery) -> Outcome<Self> {
        let callback = traffic::read(delivery);
        let digest = Digest::of(&delivery.app, &callback, &delivery.body);
        Ok(Self { headers: serde_json::to_string(&delivery.headers)?, delivery: delivery.clone(), digest })
    }

    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }
}

/// What committing them found: rows per second, and how long each waited for its commit.
pub(crate) struct Committed {
    pub(crate) per_second: f64,
    pub(crate) times: Times,
}

/// Commits the rows, as many together as there would be senders that wait for an answer.
pub(crate) fn commit(folder: &Path, rows: &[Row], senders: usize) -> Outcome<Committed> {
    let mut connection = Connection::open(folder.join("bare.db"))?;
    connection.query_row("pragma journal_mode = wal", [], |_| Ok(()))?;
    connection.execute_batch("pragma synchronous = full; pragma wal_autocheckpoint = 8192")?;
    connection.execute_batch(TABLES)?;
    let begin = Instant::now();
    let mut times = Vec::with_capacity(rows.len());
    for batch in rows.chunks(senders.min(BATCH)) {
        let begin = Instant::now();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut insert = transaction.prepare_cached(INSERT)?;
        for Row { delivery, digest, headers } in batch {
            insert.execute((
                digest.0.as_slice(),
                delivery.received_ms,
                delivery.source.code(),
                &delivery.app,
                &delivery.remote,
                &delivery.method,
                &delivery.query,
                headers,
                &delivery.body,
            ))?;
        }
        drop(insert);
        transaction.commit()?;
        times.extend(batch.iter().map(|_| begin.elapsed()));
    }
    let took = begin.elapsed().as_secs_f64();
    Ok(Committed { per_second: number(count(rows.len())) / took, times: Times::new(times) })
}
