//! Tests of the callbacks as a whole: every sample, every command, every field, and any bytes at all.

mod broken;
mod every_command;
mod every_field;
mod limits;
mod properties;
mod samples;
mod spelling;
