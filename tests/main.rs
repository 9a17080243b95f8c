//! The integration tests, one binary: the library and the command from outside.
// `cfg(test)` always holds here; it tells clippy that the helper functions are tests too.

#[cfg(test)]
mod kill;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod process;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod service;
