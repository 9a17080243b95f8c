//! The rules that turn events into calls and stays (rules.md sections 3 to 6). Pure: a set of events in, rows out.

pub(crate) mod call;
pub(crate) mod cases;
pub(crate) mod folded;
pub(crate) mod heads;
pub(crate) mod member;
mod moments;
pub(crate) mod plausible;
pub(crate) mod seconds;
pub(crate) mod stay;
pub(crate) mod step;
pub(crate) mod v1;
