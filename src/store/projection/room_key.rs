//! What a room is known by.

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::error::Error;

/// The natural key of a room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RoomKey {
    pub(crate) app: String,
    pub(crate) product: String,
    pub(crate) room_id_type: String,
    pub(crate) room_id: String,
}

impl RoomKey {
    /// What rooms and stays are counted by.
    pub(crate) fn kind(&self) -> [&str; 4] {
        [&self.product, &self.room_id_type, &self.app, ""]
    }

    /// The key of the room that has this number, if it has a row.
    pub(crate) fn read(connection: &Connection, room_no: i64) -> Result<Option<Self>, Error> {
        Ok(connection
            .prepare_cached("select app, product, room_id_type, room_id from room_name where room_no = ?1")?
            .query_row([room_no], |row| {
                Ok(Self { app: row.get(0)?, product: row.get(1)?, room_id_type: row.get(2)?, room_id: row.get(3)? })
            })
            .optional()?)
    }

    /// The number of the room, if it has a row.
    pub(crate) fn number(&self, connection: &Connection) -> Result<Option<i64>, Error> {
        Ok(connection
            .prepare_cached(
                "select room_no from room_name where room_id = ?1 and product = ?2 and room_id_type = ?3 and app = ?4",
            )?
            .query_row((&self.room_id, &self.product, &self.room_id_type, &self.app), |row| row.get(0))
            .optional()?)
    }
}
