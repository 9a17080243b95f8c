//! The questions: lists with their pages, totals, details, facets and searches, on connections that only read.

pub(crate) mod calls;
pub(crate) mod deliveries;
pub(crate) mod facets;
pub(crate) mod interrupt;
pub(crate) mod list;
pub(crate) mod reader;
pub(crate) mod rooms;
pub(crate) mod sender_clock;
