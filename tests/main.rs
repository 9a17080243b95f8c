//! The integration tests, one binary: the library and the command from outside.

mod api;
mod listener;
