//! Calltrail keeps a team's Tencent RTC call history on its own desk.
//!
//! The modules in reading order: [`callback`] turns a request into facts, [`store`] keeps it and folds the record,
//! [`traffic`] makes believable deliveries from a seed.

pub mod callback;
pub mod store;
pub mod traffic;
