//! One delivery into the archive, inside the writer's transaction. What follows from it is the projector's to write.

use rusqlite::Connection;

use crate::callback::Callback;
use crate::store::archive::{self, content, quarantine};
use crate::store::delivery::{Delivery, Digest, Origin, Place, Received, Recorded};
use crate::store::error::Error;
use crate::store::projection::stored;

/// A delivery with what was understood of it, on its way into the record.
pub(crate) struct Arrival {
    /// Taken by whoever brings it: the writer's thread has enough to do.
    digests: Digests,
    delivery: Delivery,
    callback: Callback,
    place: Place,
    /// What the archive keeps of it; packed by whoever brings it too.
    content: Vec<u8>,
}

impl Arrival {
    pub(crate) fn new(delivery: Delivery, callback: Callback, place: Place) -> Self {
        let digests = Digests::of(&delivery, &callback);
        let content = if place == Place::Archive { content::pack(&delivery) } else { Vec::new() };
        Self { digests, delivery, callback, place, content }
    }

    #[cfg(test)]
    pub(crate) fn body(&self) -> &[u8] {
        &self.delivery.body
    }

    /// About how much memory it takes, in bytes: what came with it, and what was read out of that.
    pub(crate) fn bytes(&self) -> usize {
        const FIXED: usize = 1_024;
        let headers: usize = self.delivery.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        FIXED + self.content.len() + self.delivery.body.len() + self.delivery.query.len() + headers
    }
}

/// The digest of a delivery, and the one under which an earlier version would have archived it.
struct Digests {
    digest: Digest,
    before: Option<Digest>,
}

impl Digests {
    fn of(delivery: &Delivery, callback: &Callback) -> Self {
        Self {
            digest: Digest::of(&delivery.app, callback, &delivery.body),
            before: Digest::before(&delivery.app, callback, &delivery.body),
        }
    }

    /// The digest under which the record has the delivery, or will have it.
    fn known(&self, connection: &Connection) -> Result<Digest, Error> {
        match self.before {
            Some(before) if archive::has(connection, &before)? => Ok(before),
            _ => Ok(self.digest),
        }
    }
}

/// Records a delivery as it arrives.
pub(crate) fn record(connection: &Connection, arrival: &Arrival) -> Result<Recorded, Error> {
    let Arrival { digests, delivery, callback, place, content } = arrival;
    let digest = digests.known(connection)?;
    match place {
        Place::Archive => keep(connection, &digest, delivery, None, content),
        Place::Quarantine { verdict, reason } => {
            quarantine::insert(connection, &digest, delivery, callback, *verdict, reason)?;
            Ok(Recorded::Quarantined)
        }
    }
}

/// [`record`] for a delivery whose commit failed before: the archive may have it all the same, and then it is no repeat.
pub(crate) fn record_once(connection: &Connection, arrival: &Arrival) -> Result<Recorded, Error> {
    let Arrival { digests, delivery, place, .. } = arrival;
    let digest = digests.known(connection)?;
    let (is_stored, recorded) = match place {
        Place::Archive => (archive::has_receipt(connection, &digest, delivery)?, Recorded::New),
        Place::Quarantine { .. } => (quarantine::has_receipt(connection, &digest, delivery)?, Recorded::Quarantined),
    };
    if is_stored { Ok(recorded) } else { record(connection, arrival) }
}

/// Takes what another record received, with as many repeats. Doing it again changes nothing: a receipt is known by its digest,
/// moment and query.
pub(crate) fn absorb(connection: &Connection, received: &Received) -> Result<Recorded, Error> {
    let Received { delivery, callback, place, repeats, origin } = received;
    let digest = Digests::of(delivery, callback).known(connection)?;
    if let Place::Quarantine { verdict, reason } = place {
        return quarantine::insert_again(connection, &digest, delivery, callback, (*verdict, reason), *repeats);
    }
    let recorded = if archive::has_receipt(connection, &digest, delivery)? {
        Recorded::Repeat
    } else {
        keep(connection, &digest, delivery, *origin, &content::pack(delivery))?
    };
    let Some(archived) = archive::find(connection, &digest)? else { return Ok(recorded) };
    // The moments of the repeats are not in the file; that they came is.
    for _ in archive::repeats(connection, archived.id)?..*repeats {
        archive::insert_receipt(connection, archived.id, delivery, None)?;
    }
    Ok(recorded)
}

/// Takes a record that was fetched. One that the archive has says nothing new, however often it is asked for.
pub(crate) fn add_fetched(connection: &Connection, arrival: &Arrival) -> Result<Recorded, Error> {
    let Arrival { digests, delivery, content, .. } = arrival;
    let digest = digests.known(connection)?;
    if archive::has(connection, &digest)? {
        return Ok(Recorded::Repeat);
    }
    keep(connection, &digest, delivery, None, content)
}

fn keep(
    connection: &Connection,
    digest: &Digest,
    delivery: &Delivery,
    origin: Option<Origin>,
    content: &[u8],
) -> Result<Recorded, Error> {
    if let Some(archived) = archive::find(connection, digest)? {
        archive::insert_receipt(connection, archived.id, delivery, origin)?;
        return Ok(Recorded::Repeat);
    }
    archive::insert(connection, digest, delivery, origin, content)?;
    Ok(Recorded::New)
}

/// Moves deliveries out of quarantine into the record, with their time of receipt.
pub(crate) fn release(connection: &Connection, app: Option<&str>, digest: Option<&Digest>) -> Result<u64, Error> {
    let mut released = 0;
    for (delivery, repeats) in quarantine::take(connection, app, digest)? {
        let callback = stored::parse(&delivery);
        let received = Received { delivery, callback, place: Place::Archive, repeats, origin: None };
        absorb(connection, &received)?;
        released += 1;
    }
    Ok(released)
}
