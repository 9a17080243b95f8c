//! Deliveries of the archive, read again by the rules of this program.

use rusqlite::{Connection, OptionalExtension as _};

use crate::callback::facts::Facts;
use crate::callback::{self, Callback, Query};
use crate::store::archive::{self, Archived, SPOKEN_FOR};
use crate::store::delivery::{Delivery, Source};
use crate::store::error::Error;
use crate::store::projection::fold::step::Event;

/// Parses a stored delivery again.
pub(crate) fn parse(delivery: &Delivery) -> Callback {
    parse_with(delivery, &Query::parse(&delivery.query))
}

fn parse_with(delivery: &Delivery, query: &Query) -> Callback {
    match delivery.source {
        Source::Callback => callback::parse_or_keep(query, &delivery.headers, &delivery.body),
        Source::Backfill => callback::parse_fetched(&delivery.body),
    }
}

/// A delivery of the archive, read again as its earliest receipt has it.
pub(crate) struct Stored {
    pub(crate) archived: Archived,
    pub(crate) delivery: Delivery,
    pub(crate) callback: Callback,
    /// What it tells of a call; when it happened is decided when it is applied.
    pub(crate) event: Option<Event>,
}

impl Stored {
    pub(crate) fn of(archived: Archived, delivery: Delivery) -> Self {
        let query = Query::parse(&delivery.query);
        let callback = parse_with(&delivery, &query);
        let event = event_of(&archived, &delivery, &query, &callback);
        Self { archived, delivery, callback, event }
    }
}

fn event_of(archived: &Archived, delivery: &Delivery, query: &Query, callback: &Callback) -> Option<Event> {
    let Some(Facts::Call(event)) = &callback.facts else { return None };
    Some(Event {
        at_ms: 0,
        flagged: false,
        digest: archived.digest,
        family: callback.family.code(),
        command: callback.command.as_str().into(),
        client_ip: callback::client_ip(query).into(),
        platform: callback::platform(query).into(),
        body_bytes: delivery.body.len(),
        detail: event.detail.clone().into(),
    })
}

/// Reads one delivery.
pub(crate) fn read(connection: &Connection, delivery_id: i64) -> Result<Option<Stored>, Error> {
    let found = connection
        .prepare_cached(&format!("select {SPOKEN_FOR} from delivery where delivery_id = ?1"))?
        .query_row([delivery_id], |row| Ok(archive::spoken_for(connection, row)))
        .optional()?
        .transpose()?;
    Ok(found.map(|(archived, delivery)| Stored::of(archived, delivery)))
}
