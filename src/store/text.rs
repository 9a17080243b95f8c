//! Text functions that SQLite lacks: case-insensitive search beyond ASCII.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// Adds `contains_folded(text, folded_needle)` to a connection: true when the lower-cased text holds the needle.
pub(super) fn register(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("contains_folded", 2, flags, |context| {
        let text = context.get_raw(0).as_str().unwrap_or_default();
        let needle = context.get_raw(1).as_str().unwrap_or_default();
        Ok(fold(text).contains(needle))
    })
}

/// Lower-cases for comparison.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Nearly all ids are, and a search folds a great many.
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).collect()
}
