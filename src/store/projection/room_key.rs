//! What a room is known by.

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
}
