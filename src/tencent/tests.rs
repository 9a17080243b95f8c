//! The client against answers that are written by hand.
