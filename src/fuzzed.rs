//! What must hold for any bytes at all: one check per border, shared by the fuzz targets (`fuzz/`) and by ordinary tests.
//!
//! A check panics where something does not hold. The same bytes give the same answer, so that an input that was found once is
//! kept as a file (`tests/fixtures/fuzz/`) and tried in every run of the tests. It is compiled for those two alone.

mod answer;
mod callback;
mod export;
mod fold;
mod handler;
mod lenient_json;
mod query;
mod request;
mod seeds;
#[cfg(test)]
mod tests;

pub use seeds::sow;

/// A border: its name, which is also the fuzz target's, and what must hold for any bytes that come to it.
pub type Target = (&'static str, fn(&[u8]));

/// Every border.
pub const TARGETS: [Target; 7] = [
    ("callback", callback::check),
    ("query", query::check),
    ("lenient_json", lenient_json::check),
    ("handler", handler::check),
    ("fold", fold::check),
    ("export", export::check),
    ("answer", answer::check),
];

/// Tries bytes at the border of this name.
pub fn check(target: &str, bytes: &[u8]) {
    let check = TARGETS.iter().find(|(name, _)| *name == target).map(|(_, check)| check);
    assert!(check.is_some(), "there is no border `{target}`");
    check.into_iter().for_each(|check| check(bytes));
}
