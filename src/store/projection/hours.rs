//! Hours in which calls came, changed or went: what was packed of them for figures is right no more.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::store::error::Error;

/// An hour in milliseconds.
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// Hours since 1970 that a batch has touched, written at its end.
#[derive(Default)]
pub(crate) struct Hours(BTreeSet<i64>);

impl Hours {
    /// A call that was started then came, changed or went.
    pub(crate) fn call(&mut self, started_ms: i64) {
        self.0.insert(started_ms.div_euclid(HOUR_MS));
    }

    /// Empties what was packed of them; each has a row from now on.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Error> {
        let mut touch = connection.prepare_cached(
            "insert into call_hour (hour) values (?1)
             on conflict (hour) do update set calls = null, members = null where calls is not null",
        )?;
        for hour in self.0 {
            touch.execute([hour])?;
        }
        Ok(())
    }
}
