//! The integration tests of the library and the command, in one program so that they link once.

mod api;
