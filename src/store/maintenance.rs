//! What is done beside the writer to keep the record well: rebuilds and their review, backups, checks, and what a corrupt archive
//! still holds.

pub(crate) mod background;
pub(crate) mod backup;
pub(crate) mod call_hours;
pub(crate) mod merge;
pub(crate) mod projector;
pub(crate) mod rebuild;
pub(crate) mod review;
pub(crate) mod room_counts;
pub(crate) mod salvage;
pub(crate) mod verify;
pub(crate) mod worker;
