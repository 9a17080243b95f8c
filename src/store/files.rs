//! The files of a record: their names, what SQLite keeps beside them, who may write them, and what is done when one of them is
//! corrupt, locked, exchanged or gone.

pub(crate) mod archive_file;
pub(crate) mod copy;
pub(crate) mod corrupt;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod immutable;
pub(crate) mod lock;
pub(crate) mod lock_holder;
pub(crate) mod paths;
pub(crate) mod projection_file;
pub(crate) mod projection_schema;
pub(crate) mod rescue;
pub(crate) mod sidecars;
pub(crate) mod wal;
