//! What a newer reading of the archive would change: the projection that was filled beside, compared with the one in use.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::callback::reason::Reason;
use crate::store::condition::{ReadAs, Rereading, Review};
use crate::store::delivery::Digest;
use crate::store::error::Error;
use crate::store::files::paths::Files;
use crate::store::files::projection_file;
use crate::store::projection::catch_up::{self, CatchUp};

/// Deliveries that are shown one by one.
const EXAMPLES: i64 = 200;

/// What a person sees of what a delivery says; `reason` says more than the verdict where there is one. Its sentence is compared, because
/// versions that knew no codes have kept that.
const REREAD: &str = "from main.outcome_natural as new join used.outcome_natural as old using (delivery_id)
    where (new.family, new.command, new.verdict, sentence(new.reason), new.event_ms, new.call_id, new.product, new.room_id_type, new.room_id)
       is not (old.family, old.command, old.verdict, sentence(old.reason), old.event_ms, old.call_id, old.product, old.room_id_type, old.room_id)";

/// Compares the projection that `connection` fills with the one in use; `None` when nothing would change.
pub(crate) fn to_the_one_in_use(connection: &mut Connection, files: &Files) -> Result<Option<Review>, Error> {
    let Some(used) = projection_file::in_use(connection)? else { return Ok(None) };
    files.attach(connection, &files.projection(used), "used")?;
    let found = know_sentences(connection).and_then(|()| compare(connection));
    connection.flush_prepared_statement_cache();
    connection.execute_batch("detach used")?;
    found
}

fn compare(connection: &mut Connection) -> Result<Option<Review>, Error> {
    let mut catch_up = CatchUp::default();
    while catch_up.step(connection, catch_up::LARGE_SLICE)? > 0 {}
    let transaction = catch_up::begin(connection)?;
    // Looked at first: whatever it holds is in the archive too, as the archive is seen from here on.
    transaction.query_row("select high from used.applied", [], |_| Ok(()))?;
    catch_up::finish(&transaction)?;
    let count = |statement: &str| -> Result<u64, Error> {
        let count: i64 = transaction.query_row(statement, [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    };
    let changed = |view: &str, key: &str| {
        count(&format!(
            "select count(*) from (
                 select {key} from (select * from main.{view} except select * from used.{view})
                 union
                 select {key} from (select * from used.{view} except select * from main.{view}))"
        ))
    };
    let review = Review {
        deliveries: count(&format!("select count(*) {REREAD}"))?,
        calls: changed("call_natural", "app, call_id")?,
        rooms: changed("room_natural", "app, product, room_id_type, room_id")?,
        stays: changed("stay_natural", "app, product, room_id_type, room_id, user, n")?,
        examples: examples(&transaction)?,
    };
    transaction.commit()?;
    let nothing = review.deliveries + review.calls + review.rooms + review.stays == 0;
    Ok(Some(review).filter(|_| !nothing))
}

/// `sentence(reason)` in SQL: what a kept reason says in English.
fn know_sentences(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("sentence", 1, flags, |context| {
        Ok(Reason::sentence(Reason::read(&context.get::<String>(0)?).as_ref()))
    })?;
    Ok(())
}

fn examples(connection: &Connection) -> Result<Vec<Rereading>, Error> {
    let rows = connection
        .prepare(&format!(
            "select (select digest from delivery where delivery.delivery_id = new.delivery_id), new.received_ms, new.command,
                 old.verdict, old.reason, new.verdict, new.reason {REREAD}
             order by new.received_ms desc limit ?1"
        ))?
        .query_map([EXAMPLES], |row| {
            let read_as = |verdict, reason: String| ReadAs { verdict, reason: Reason::read(&reason) };
            let (mut before, after) = (read_as(row.get(3)?, row.get(4)?), read_as(row.get(5)?, row.get(6)?));
            if Reason::sentence(before.reason.as_ref()) == Reason::sentence(after.reason.as_ref()) {
                before.reason.clone_from(&after.reason);
            }
            Ok(Rereading { digest: Digest(row.get(0)?).hex(), received_ms: row.get(1)?, command: row.get(2)?, before, after })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(rows)
}
