//! One batch of deliveries in one transaction of the archive.

use rusqlite::Connection;

use crate::store::delivery::Recorded;
use crate::store::error::Error;
use crate::store::projection::apply::catch_panic;
use crate::store::writer::databases::Databases;
use crate::store::writer::retry::Waiting;

/// What became of each delivery, or why nothing was committed.
pub(crate) type Committed = Result<Vec<Result<Recorded, Error>>, Error>;

/// How the attempt to record a batch as a whole ended.
pub(crate) enum Attempt {
    /// It was committed, or the disk failed.
    Over(Committed),
    /// One of the deliveries cannot be recorded as it should, or a table is missing; nothing was committed.
    Fault,
}

impl Attempt {
    fn failed(error: Error) -> Self {
        if error.is_of_disk() { Self::Over(Err(error)) } else { Self::Fault }
    }
}

/// Records a batch without savepoints, which would cost more than the deliveries. Hardly ever does one of them fail.
pub(crate) fn together(databases: &mut Databases, batch: &[Waiting]) -> Attempt {
    let transaction = match databases.begin() {
        Ok(transaction) => transaction,
        Err(error) => return Attempt::Over(Err(error.into())),
    };
    let mut outcomes = Vec::with_capacity(batch.len());
    for waiting in batch {
        match catch_panic(|| waiting.record(&transaction)) {
            Ok(recorded) => outcomes.push(Ok(recorded)),
            Err(error) => return Attempt::failed(error),
        }
    }
    match transaction.commit() {
        Ok(()) => Attempt::Over(Ok(outcomes)),
        Err(error) => Attempt::failed(error.into()),
    }
}

/// Records a batch with a savepoint for each delivery, so that the failure of one leaves its neighbours alone.
pub(crate) fn one_by_one(databases: &mut Databases, batch: &[Waiting]) -> Committed {
    let transaction = databases.begin()?;
    let outcomes = batch.iter().map(|waiting| alone(&transaction, waiting)).collect::<Result<_, _>>()?;
    transaction.commit()?;
    Ok(outcomes)
}

/// Records one delivery of a batch. The outer error is one of the disk, which is nobody's fault in particular.
fn alone(connection: &Connection, waiting: &Waiting) -> Result<Result<Recorded, Error>, Error> {
    connection.prepare_cached("savepoint delivery")?.execute([])?;
    let outcome = catch_panic(|| waiting.record(connection));
    if let Err(error) = &outcome {
        if error.is_of_disk() {
            return outcome.map(Ok);
        }
        connection.prepare_cached("rollback to delivery")?.execute([])?;
    }
    connection.prepare_cached("release delivery")?.execute([])?;
    Ok(outcome)
}
