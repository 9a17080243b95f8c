//! Deliveries of the archive, read again by the rules of this program.

use rusqlite::{Connection, OptionalExtension as _};

use crate::callback::{self, Callback, Query};
use crate::store::archive::{self, Entry, SPOKEN_FOR};
use crate::store::delivery::{Delivery, Source};
use crate::store::error::Error;

/// Parses a stored delivery again.
pub(crate) fn parse(delivery: &Delivery) -> Callback {
    let query = Query::parse(&delivery.query);
    match delivery.source {
        Source::Callback => callback::parse_or_keep(&query, &delivery.headers, &delivery.body),
        Source::Backfill => callback::parse_fetched(&delivery.body),
    }
}

/// A delivery of the archive, read again as its earliest receipt has it.
pub(crate) fn read(connection: &Connection, delivery_id: i64) -> Result<Option<(Entry, Delivery, Callback)>, Error> {
    let found = connection
        .prepare_cached(&format!("select {SPOKEN_FOR} from delivery where delivery_id = ?1"))?
        .query_row([delivery_id], |row| Ok(archive::spoken_for(connection, row)))
        .optional()?
        .transpose()?;
    Ok(found.map(|(entry, delivery)| {
        let callback = parse(&delivery);
        (entry, delivery, callback)
    }))
}
