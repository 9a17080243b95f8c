//! What questions ask for: ids, people and places of one record, picked with a seed through the API itself.

use form_urlencoded::byte_serialize;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::{Outcome, crowd, dataset::END_MS};

/// So many of each kind.
const SAMPLES: usize = 40;
const DAY_MS: i64 = 86_400_000;

/// Where a record can be asked, and what is there.
pub(crate) struct Samples {
    dice: ChaCha8Rng,
    /// How many rows each list has.
    pub(crate) calls: u64,
    pub(crate) rooms: u64,
    pub(crate) stays: u64,
    pub(crate) deliveries: u64,
    /// Rows from all over the lists.
    call_rows: Vec<Value>,
    room_rows: Vec<Value>,
    delivery_rows: Vec<Value>,
    /// Where pages begin that are deep in a list.
    call_cursors: Vec<String>,
    delivery_cursors: Vec<String>,
    /// People with few calls.
    customers: Vec<String>,
}

/// Answers an address of the API.
pub(crate) type Ask<'a> = &'a mut dyn FnMut(&str) -> Outcome<Value>;

impl Samples {
    /// Looks around in a record.
    pub(crate) fn gather(ask: Ask<'_>) -> Outcome<Self> {
        let mut dice = ChaCha8Rng::seed_from_u64(7);
        let (calls, call_rows, call_cursors) = list(ask, &mut dice, "calls")?;
        let (rooms, room_rows, _) = list(ask, &mut dice, "rooms")?;
        let (stays, ..) = list(ask, &mut dice, "stays")?;
        let (deliveries, delivery_rows, delivery_cursors) = list(ask, &mut dice, "deliveries")?;
        let customers = crowd::customers(calls);
        let customers = (0..SAMPLES).map(|_| crowd::account(dice.random_range(customers / 2..customers))).collect();
        Ok(Self {
            dice,
            calls,
            rooms,
            stays,
            deliveries,
            call_rows,
            room_rows,
            delivery_rows,
            call_cursors,
            delivery_cursors,
            customers,
        })
    }

    /// Somewhere in the older half of a list of so many rows.
    pub(crate) fn deep(&mut self, rows: u64) -> u64 {
        self.dice.random_range(rows / 2..rows.max(1))
    }

    pub(crate) fn call_cursor(&mut self) -> String {
        pick(&mut self.dice, &self.call_cursors)
    }

    pub(crate) fn delivery_cursor(&mut self) -> String {
        pick(&mut self.dice, &self.delivery_cursors)
    }

    /// A value of some call's row, ready for an address.
    pub(crate) fn of_call(&mut self, field: &str) -> String {
        encoded(&pick(&mut self.dice, &self.call_rows)[field])
    }

    /// Some values of one room's row, as the parameters of an address.
    pub(crate) fn of_room(&mut self, fields: &[(&str, &str)]) -> String {
        parameters(&pick(&mut self.dice, &self.room_rows), fields)
    }

    /// Some values of one call's row, as the parameters of an address.
    pub(crate) fn of_one_call(&mut self, fields: &[(&str, &str)]) -> String {
        parameters(&pick(&mut self.dice, &self.call_rows), fields)
    }

    pub(crate) fn digest(&mut self) -> String {
        encoded(&pick(&mut self.dice, &self.delivery_rows)["digest"])
    }

    /// Eight characters from the middle of some call's id.
    pub(crate) fn fragment(&mut self) -> String {
        self.of_call("call_id").chars().skip(9).take(8).collect()
    }

    /// Somebody with few calls.
    pub(crate) fn customer(&mut self) -> String {
        pick(&mut self.dice, &self.customers)
    }

    /// One of a few words.
    pub(crate) fn one_of(&mut self, words: &[&str]) -> String {
        words.get(self.dice.random_range(0..words.len().max(1))).copied().unwrap_or_default().to_owned()
    }

    /// Parameters for so many days, somewhere in the last ten that every record has.
    pub(crate) fn window(&mut self, days: i64) -> String {
        let to = END_MS - self.dice.random_range(0..10) * DAY_MS;
        format!("from={}&to={to}", to - days * DAY_MS)
    }
}

/// How long a list is, rows from all over it, and cursors deep in it.
fn list(ask: Ask<'_>, dice: &mut ChaCha8Rng, name: &str) -> Outcome<(u64, Vec<Value>, Vec<String>)> {
    let total = ask(&format!("/api/{name}?limit=1&total=true"))?["total"].as_u64().unwrap_or_default();
    let (mut rows, mut cursors) = (Vec::new(), Vec::new());
    for n in 0..SAMPLES {
        let at = dice.random_range(0..total.max(1));
        let deep = if n % 2 == 0 { at / 2 + total / 2 } else { at };
        let mut page = ask(&format!("/api/{name}?limit=1&at={deep}"))?;
        if let (true, Some(cursor)) = (n % 2 == 0, page["next"].as_str()) {
            cursors.push(cursor.to_owned());
        }
        rows.push(page["rows"][0].take());
    }
    if total == 0 {
        return Err(format!(
            "the list of {name} is empty; a record of at least 1,000 calls has something in each list"
        )
        .into());
    }
    Ok((total, rows, cursors))
}

fn pick<T: Clone + Default>(dice: &mut ChaCha8Rng, from: &[T]) -> T {
    from.get(dice.random_range(0..from.len().max(1))).cloned().unwrap_or_default()
}

/// `(parameter, field)`: what a row has in the field, under the parameter's name.
fn parameters(row: &Value, fields: &[(&str, &str)]) -> String {
    let each = fields.iter().map(|(parameter, field)| format!("{parameter}={}", encoded(&row[field])));
    each.collect::<Vec<_>>().join("&")
}

fn encoded(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    byte_serialize(text.as_bytes()).collect()
}
