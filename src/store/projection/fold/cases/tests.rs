//! The cases of a counterpart: examples, and a second opinion over random histories.

mod comparison;
mod examples;
mod histories;
mod mistake;
mod model;
