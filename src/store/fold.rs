//! The rules that turn events into calls and stays (rules.md sections 3 to 6). Pure: a set of events in, rows out.

pub(super) mod call;
pub(super) mod member;
mod moments;
pub(super) mod plausible;
pub(super) mod seconds;
pub(super) mod stay;
pub(super) mod step;
pub(super) mod v1;
