//! Where a page begins: the keys of a row, as text for whoever asks for the next page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Row;
use rusqlite::types::Value;

use crate::store::error::Error;
use crate::store::query::list::List;

/// Whether a page begins with the row that is named or after it.
#[derive(Clone, Copy)]
pub(super) enum From {
    Here,
    After,
}

impl List {
    /// The time of a row and what decides between rows of one time.
    pub(super) fn keys(&self, row: &Row<'_>) -> Result<Vec<Value>, Error> {
        (0..=self.ties()).map(|n| Ok(row.get(format!("key_{n}").as_str())?)).collect()
    }

    /// Names a row.
    pub(super) fn cursor(&self, row: &Row<'_>) -> Result<String, Error> {
        written(self.keys(row)?)
    }

    /// Continues after the row that a cursor names.
    pub(super) fn after(&mut self, cursor: &str) -> Result<(), Error> {
        let keys = read(cursor)?;
        if !self.parts.is_empty() && keys.len() != self.ties() + 1 {
            return Err(Error::BadCursor);
        }
        self.go_on(keys, From::After)
    }

    /// Restricts every part to what comes from the row of these keys on. The window ends with its time: SQLite seeks by one
    /// upper bound only, so a second one beside the window's would have it read all rows before.
    pub(super) fn go_on(&mut self, keys: Vec<Value>, from: From) -> Result<(), Error> {
        let mut keys = keys.into_iter();
        let Some(Value::Integer(newest)) = keys.next() else { return Err(Error::BadCursor) };
        self.window.end = self.window.end.min(newest.saturating_add(1));
        let time = self.bind(newest);
        let ties: Vec<String> = keys.map(|key| self.bind(key)).collect();
        let compared = match from {
            From::Here => ">=",
            From::After => ">",
        };
        for part in &mut self.parts {
            part.conditions.push(format!(
                "({column} < {time} or ({}) {compared} ({}))",
                part.shape.ties.join(", "),
                ties.join(", "),
                column = part.shape.time
            ));
        }
        Ok(())
    }
}

/// The time of the row that a cursor names.
pub(crate) fn time_of(cursor: &str) -> Result<i64, Error> {
    match read(cursor)?.into_iter().next() {
        Some(Value::Integer(at_ms)) => Ok(at_ms),
        _ => Err(Error::BadCursor),
    }
}

fn written(keys: Vec<Value>) -> Result<String, Error> {
    let keys = keys.into_iter().map(|key| match key {
        Value::Integer(number) => Ok(serde_json::json!(number)),
        Value::Text(text) => Ok(serde_json::json!(text)),
        Value::Blob(bytes) => Ok(serde_json::json!({ "x": hex::encode(bytes) })),
        Value::Null | Value::Real(_) => Err(Error::Content("a list key without a value".to_owned())),
    });
    let keys: serde_json::Value = keys.collect::<Result<Vec<_>, _>>()?.into();
    Ok(URL_SAFE_NO_PAD.encode(keys.to_string()))
}

fn read(cursor: &str) -> Result<Vec<Value>, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
    let keys: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)?;
    let keys = keys.into_iter().map(|key| {
        Ok(match (key.as_i64(), key.as_str(), key.get("x").and_then(|hex| hex.as_str())) {
            (Some(number), _, _) => Value::Integer(number),
            (_, Some(text), _) => Value::Text(text.to_owned()),
            (_, _, Some(bytes)) => Value::Blob(hex::decode(bytes).map_err(|_| Error::BadCursor)?),
            _ => return Err(Error::BadCursor),
        })
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::filter::Cursor;

    #[test]
    fn every_cursor_is_of_the_form_that_is_taken() {
        for first in [0, 7, 1_741_231_146_000, i64::MAX, -1, i64::MIN] {
            let keys = || vec![Value::Integer(first), Value::Text("Zoë \"7\"".to_owned()), Value::Blob(vec![0, 255])];
            let cursor = written(keys()).expect("keys");
            assert!(Cursor::fits(&cursor), "{cursor}");
            assert_eq!(read(&cursor).expect("what was written"), keys(), "{cursor} is read again");
        }
    }
}
