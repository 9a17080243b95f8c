//! The dictionaries: each text once, and the number that stands for it everywhere else. Numbers are given in the order of
//! arrival, and never leave the projection.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use crate::callback::facts::RoomAction;
use crate::store::error::Error;

/// The number of the empty text, and of nobody.
pub(crate) const NONE: i64 = 0;

/// The highest number of a call or a room. A delivery may name one that has no row: other rules make no call of it any more.
const HIGHEST_CALL: &str = "select max(coalesce((select max(call_no) from call), 0),
    coalesce((select max(call_no) from outcome where call_no is not null), 0))";
const HIGHEST_ROOM: &str = "select max(coalesce((select max(room_no) from room), 0),
    coalesce((select max(room_no) from outcome where room_no is not null), 0))";

/// What tells the rows of a list apart, as texts: see the table `kind`. Empty where a list has fewer.
pub(crate) type Kind = [String; 4];

/// A list whose rows have kinds, and are counted by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Result (empty while open), media, type, application.
    Call,
    /// What deliveries say: verdict, family, application.
    Outcome,
    /// Product, type of id, application.
    Room,
    /// The same as of a room.
    Stay,
    /// Team, and `yes` for one of us.
    Person,
    /// State, the id of whoever it is assigned to, application.
    Case,
}

impl Listed {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Outcome => "outcome",
            Self::Room => "room",
            Self::Stay => "stay",
            Self::Person => "person",
            Self::Case => "case",
        }
    }

    /// Which part of a kind is the application.
    fn app_column(self) -> usize {
        if self == Self::Call { 3 } else { 2 }
    }
}

/// The number of an action in `word`, as projection.sql gives it.
pub(crate) fn action_no(action: RoomAction) -> i64 {
    match action {
        RoomAction::Created => 1,
        RoomAction::Closed => 2,
        RoomAction::Changed => 3,
        RoomAction::Enter => 4,
        RoomAction::Leave => 5,
        RoomAction::Interrupt => 6,
        RoomAction::Recover => 7,
        RoomAction::Activity => 8,
    }
}

/// A dictionary: how it finds the number of a text, and how it gives one to a new text.
struct Dictionary {
    find: &'static str,
    insert: &'static str,
}

const WORDS: Dictionary =
    Dictionary { find: "select word_no from word where word = ?1", insert: "insert into word (word) values (?1)" };
const COMMANDS: Dictionary = Dictionary {
    find: "select command_no from command where command = ?1",
    insert: "insert into command (command) values (?1)",
};
const USERS: Dictionary =
    Dictionary { find: "select user_no from user where user = ?1", insert: "insert into user (user) values (?1)" };

/// Gives numbers to texts, and remembers those that a batch has asked for. It must not outlive the transaction that it wrote in.
#[derive(Default)]
pub(crate) struct Numbers {
    words: HashMap<String, i64>,
    commands: HashMap<String, i64>,
    users: HashMap<String, i64>,
    /// By their applications. Those of one are few, so looking through them costs less than making a key.
    kinds: HashMap<String, Vec<(Listed, Kind, i64)>>,
    /// By the numbers of their applications.
    calls: HashMap<i64, HashMap<String, i64>>,
    /// By the numbers of their kinds.
    rooms: HashMap<i64, HashMap<String, i64>>,
    new_calls: Option<Given>,
    new_rooms: Option<Given>,
    /// Users who were never named before.
    pub(crate) new_users: Vec<i64>,
}

/// Numbers that were given to rows that come later.
#[derive(Clone, Copy)]
struct Given {
    /// The highest one before.
    before: i64,
    last: i64,
}

impl Numbers {
    /// The number of a text of which there are few.
    pub(crate) fn word(&mut self, connection: &Connection, word: &str) -> Result<i64, Error> {
        number(connection, &WORDS, &mut self.words, word).map(|(number, _)| number)
    }

    /// The number of a command.
    pub(crate) fn command(&mut self, connection: &Connection, command: &str) -> Result<i64, Error> {
        number(connection, &COMMANDS, &mut self.commands, command).map(|(number, _)| number)
    }

    /// The number of a user.
    pub(crate) fn user(&mut self, connection: &Connection, user: &str) -> Result<i64, Error> {
        let (number, is_new) = number(connection, &USERS, &mut self.users, user)?;
        self.new_users.extend(is_new.then_some(number));
        Ok(number)
    }

    /// The number of a kind of rows.
    pub(crate) fn kind(&mut self, connection: &Connection, list: Listed, kind: [&str; 4]) -> Result<i64, Error> {
        let app = kind[list.app_column()];
        let of_app = self.kinds.get(app).map(Vec::as_slice).unwrap_or_default();
        if let Some((.., known)) = of_app.iter().find(|(of, known, _)| *of == list && *known == kind) {
            return Ok(*known);
        }
        let places = (list.code(), kind[0], kind[1], kind[2], kind[3]);
        let find_kind =
            "select kind_no from kind where list = ?1 and kind_0 = ?2 and kind_1 = ?3 and kind_2 = ?4 and kind_3 = ?5";
        let number = match find(connection, find_kind, places)? {
            Some(known) => known,
            None => insert(
                connection,
                "insert into kind (list, kind_0, kind_1, kind_2, kind_3) values (?1, ?2, ?3, ?4, ?5)",
                places,
            )?,
        };
        self.kinds.entry(app.to_owned()).or_default().push((list, kind.map(str::to_owned), number));
        Ok(number)
    }

    /// The number of a call; that of a new one has no row until the call is folded.
    pub(crate) fn call(&mut self, connection: &Connection, app: &str, call_id: &str) -> Result<i64, Error> {
        let app_no = self.word(connection, app)?;
        if let Some(known) = self.calls.get(&app_no).and_then(|calls| calls.get(call_id)) {
            return Ok(*known);
        }
        let known = find(connection, "select call_no from call where call_id = ?1 and app_no = ?2", (call_id, app_no))?;
        let number = known.map_or_else(|| next(connection, &mut self.new_calls, HIGHEST_CALL), Ok)?;
        self.calls.entry(app_no).or_default().insert(call_id.to_owned(), number);
        Ok(number)
    }

    /// True for a call that no earlier transaction knew.
    pub(crate) fn is_new_call(&self, call_no: i64) -> bool {
        self.new_calls.is_some_and(|given| call_no > given.before)
    }

    /// The number of a room of a kind; that of a new one has no row until the room is folded.
    pub(crate) fn room(&mut self, connection: &Connection, kind_no: i64, room_id: &str) -> Result<i64, Error> {
        if let Some(known) = self.rooms.get(&kind_no).and_then(|rooms| rooms.get(room_id)) {
            return Ok(*known);
        }
        let known =
            find(connection, "select room_no from room where room_id = ?1 and kind_no = ?2", (room_id, kind_no))?;
        let number = known.map_or_else(|| next(connection, &mut self.new_rooms, HIGHEST_ROOM), Ok)?;
        self.rooms.entry(kind_no).or_default().insert(room_id.to_owned(), number);
        Ok(number)
    }
}

/// The number of a word that was told before.
pub(crate) fn word_no(connection: &Connection, word: &str) -> Result<Option<i64>, Error> {
    find(connection, WORDS.find, [word])
}

/// The number of a user who was named before.
pub(crate) fn user_no(connection: &Connection, user: &str) -> Result<Option<i64>, Error> {
    find(connection, USERS.find, [user])
}

/// The number of a call that was told of before.
pub(crate) fn call_no(connection: &Connection, app: &str, call_id: &str) -> Result<Option<i64>, Error> {
    let one = "select call_no from call join word on word_no = app_no where call_id = ?1 and word = ?2";
    find(connection, one, (call_id, app))
}

/// The kinds of a list that are wanted, each with its number.
pub(crate) fn kinds(
    connection: &Connection,
    list: Listed,
    wanted: impl Fn([&str; 4]) -> bool,
) -> Result<Vec<(i64, Kind)>, Error> {
    let mut statement = connection
        .prepare_cached("select kind_0, kind_1, kind_2, kind_3, kind_no from kind where list = ?1 order by kind_no")?;
    let mut rows = statement.query([list.code()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = kind_of(row, 0)?;
        if wanted(kind) {
            found.push((row.get(4)?, kind.map(str::to_owned)));
        }
    }
    Ok(found)
}

/// The four columns of a row, from one on, that tell kinds apart.
pub(crate) fn kind_of<'a>(row: &'a Row<'_>, first: usize) -> Result<[&'a str; 4], Error> {
    let mut kind = [""; 4];
    for (n, part) in kind.iter_mut().enumerate() {
        *part = row.get_ref(first + n)?.as_str().map_err(rusqlite::Error::from)?;
    }
    Ok(kind)
}

/// The number of a text, and whether it is given just now.
fn number(
    connection: &Connection,
    dictionary: &Dictionary,
    remembered: &mut HashMap<String, i64>,
    text: &str,
) -> Result<(i64, bool), Error> {
    if text.is_empty() {
        return Ok((NONE, false));
    }
    if let Some(known) = remembered.get(text) {
        return Ok((*known, false));
    }
    let known = find(connection, dictionary.find, [text])?;
    let number = known.map_or_else(|| insert(connection, dictionary.insert, [text]), Ok)?;
    remembered.insert(text.to_owned(), number);
    Ok((number, known.is_none()))
}

fn find(connection: &Connection, statement: &str, places: impl Params) -> Result<Option<i64>, Error> {
    Ok(connection.prepare_cached(statement)?.query_row(places, |row| row.get(0)).optional()?)
}

fn insert(connection: &Connection, statement: &str, places: impl Params) -> Result<i64, Error> {
    connection.prepare_cached(statement)?.execute(places)?;
    Ok(connection.last_insert_rowid())
}

/// The next number of a table whose rows come later.
fn next(connection: &Connection, given: &mut Option<Given>, highest: &str) -> Result<i64, Error> {
    let known = match *given {
        Some(known) => known,
        None => {
            let before = connection.prepare_cached(highest)?.query_row([], |row| row.get(0))?;
            Given { before, last: before }
        }
    };
    let last = known.last + 1;
    *given = Some(Given { last, ..known });
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::files::projection_file;

    #[test]
    fn actions_have_the_numbers_that_the_tables_give_them() {
        let connection = projection_file::scratch().unwrap();
        for action in [
            RoomAction::Created,
            RoomAction::Closed,
            RoomAction::Changed,
            RoomAction::Enter,
            RoomAction::Leave,
            RoomAction::Interrupt,
            RoomAction::Recover,
            RoomAction::Activity,
        ] {
            let known = find(&connection, WORDS.find, [action.code()]).unwrap();
            assert_eq!(known, Some(action_no(action)), "{action:?}");
        }
    }
}
