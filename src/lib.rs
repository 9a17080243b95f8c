//! Calltrail keeps a team's Tencent RTC call history on its own desk.
//!
//! The modules in reading order: [`callback`] turns a request into facts, [`store`] keeps it and folds the record,
//! [`traffic`] makes believable deliveries from a seed.

pub mod api;
pub mod callback;
pub mod clock;
pub mod config;
pub mod export;
pub mod import;
pub mod listener;
pub mod service;
pub mod store;
pub mod traffic;
