//! The integration tests of the library and the command, in one program so that they link once.

mod api;
mod architecture;
mod listener;
mod pages;
mod samples;
mod support;
