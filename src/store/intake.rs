//! One delivery into the record, inside the writer's transaction: archive first, then the projection.

use rusqlite::Connection;

use super::delivery::{Delivery, Digest, Place, Recorded};
use super::projection::{self, Care};
use super::{Error, archive};
use crate::callback::Callback;

/// A delivery with what was understood of it, on its way into the record.
pub(super) struct Arrival {
    /// Taken by whoever brings it: the writer's thread has enough to do.
    digest: Digest,
    delivery: Delivery,
    callback: Callback,
    place: Place,
}

impl Arrival {
    pub(super) fn new(delivery: Delivery, callback: Callback, place: Place) -> Self {
        Self { digest: Digest::of(&delivery.app, &callback, &delivery.body), delivery, callback, place }
    }
}

/// Records a delivery as it arrives.
pub(super) fn record(connection: &Connection, arrival: &Arrival, care: Care<'_>) -> Result<Recorded, Error> {
    let Arrival { digest, delivery, callback, place } = arrival;
    match place {
        Place::Archive => keep(connection, digest, delivery, callback, care),
        Place::Quarantine { verdict, reason } => {
            archive::quarantine(connection, digest, delivery, callback, *verdict, reason)?;
            Ok(Recorded::Quarantined)
        }
    }
}

/// Puts back a delivery that another archive held, with as many repeats. Doing it again changes nothing.
pub(super) fn import(
    connection: &Connection,
    delivery: &Delivery,
    callback: &Callback,
    place: &Place,
    repeats: u64,
    care: Care<'_>,
) -> Result<Recorded, Error> {
    let digest = Digest::of(&delivery.app, callback, &delivery.body);
    if let Place::Quarantine { verdict, reason } = place {
        return archive::quarantine_again(connection, &digest, delivery, callback, (*verdict, reason), repeats);
    }
    let recorded = if archive::has_receipt(connection, &digest, delivery)? {
        Recorded::Repeat
    } else {
        keep(connection, &digest, delivery, callback, care)?
    };
    // The moments of the repeats are not in the file; that they came is.
    for _ in archive::repeats(connection, &digest)?..repeats {
        archive::insert_receipt(connection, &digest, delivery)?;
    }
    Ok(recorded)
}

fn keep(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    callback: &Callback,
    care: Care<'_>,
) -> Result<Recorded, Error> {
    if let Some(entry) = archive::insert(connection, digest, delivery)? {
        projection::apply(connection, &entry, delivery, callback, care)?;
        return Ok(Recorded::New);
    }
    archive::insert_receipt(connection, digest, delivery)?;
    if matches!(care, Care::Later) {
        return Ok(Recorded::Repeat);
    }
    let known = projection::received_ms(connection, digest)?;
    if known.is_none_or(|known| delivery.received_ms <= known) {
        if let Care::Together(touched) = care {
            touched.let_go();
        }
        // An earlier copy came later (or one of the same moment): the earliest receipt speaks for the delivery.
        projection::apply_again(connection, digest)?;
    }
    Ok(Recorded::Repeat)
}

/// Moves deliveries out of quarantine into the record, with their time of receipt.
pub(super) fn release(
    connection: &Connection,
    app: Option<&str>,
    digest: Option<&Digest>,
    live: bool,
) -> Result<u64, Error> {
    let mut released = 0;
    for (delivery, repeats) in archive::take_from_quarantine(connection, app, digest)? {
        let callback = projection::parse(&delivery);
        import(connection, &delivery, &callback, &Place::Archive, repeats, Care::alone(live))?;
        released += 1;
    }
    Ok(released)
}
