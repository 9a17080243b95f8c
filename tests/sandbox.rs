//! The sandbox over real sockets: Tencent's envelopes and codes, what is sent and tried again, and what goes wrong on demand.

mod after_gap;
mod backfill;
mod caller;
pub(crate) mod command;
mod control;
pub(crate) mod receiver;
mod records;
mod rest;
mod side;
mod whole;
