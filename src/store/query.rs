//! The questions: lists with their pages, totals, details, facets and searches, on connections that only read.

pub(crate) mod calls;
pub(crate) mod cases;
pub(crate) mod deliveries;
pub(crate) mod facets;
pub(crate) mod figures;
pub(crate) mod interrupt;
pub(crate) mod known_from;
pub(crate) mod list;
pub(crate) mod notes;
pub(crate) mod people;
pub(crate) mod reader;
pub(crate) mod rooms;
pub(crate) mod sender_clock;
pub(crate) mod who;
