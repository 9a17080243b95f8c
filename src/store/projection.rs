//! What follows from the archive: one delivery applied, and the small unit that it concerns folded again.

pub(crate) mod apply;
pub(crate) mod batch;
pub(crate) mod bulk;
pub(crate) mod calls;
pub(crate) mod cases;
pub(crate) mod catch_up;
pub(crate) mod contacts;
pub(crate) mod counters;
pub(crate) mod doubt;
pub(crate) mod dump;
pub(crate) mod entries;
pub(crate) mod fold;
pub(crate) mod hours;
#[cfg(any(test, fuzzing))]
pub(crate) mod in_memory;
pub(crate) mod notes;
pub(crate) mod numbers;
pub(crate) mod people;
pub(crate) mod recent;
pub(crate) mod room_key;
pub(crate) mod rooms;
pub(crate) mod segments;
pub(crate) mod stale;
pub(crate) mod stored;
pub(crate) mod subjects;
pub(crate) mod team;
