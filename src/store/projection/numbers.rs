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
}

impl Listed {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Outcome => "outcome",
            Self::Room => "room",
            Self::Stay => "stay",
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
    next_call: Option<i64>,
    first_new_call: Option<i64>,
    next_room: Option<i64>,
    /// Users who were never named before.
    pub(crate) new_users: Vec<i64>,
}

impl Numbers {
    /// The number of a text of which there are few.
    pub(crate) fn word(&mut self, connection: &Connection, word: &str) -> Result<i64, Error> {
        if word.is_empty() {
            return Ok(NONE);
        }
        remembered(&mut self.words, word, |word| {
            let known = find(connection, "select word_no from word where word = ?1", [word])?;
            known.map_or_else(|| insert(connection, "insert into word (word) values (?1)", [word]), Ok)
        })
    }

    /// The number of a command.
    pub(crate) fn command(&mut self, connection: &Connection, command: &str) -> Result<i64, Error> {
        if command.is_empty() {
            return Ok(NONE);
        }
        remembered(&mut self.commands, command, |command| {
            let known = find(connection, "select command_no from command where command = ?1", [command])?;
            known.map_or_else(|| insert(connection, "insert into command (command) values (?1)", [command]), Ok)
        })
    }

    /// The number of a user.
    pub(crate) fn user(&mut self, connection: &Connection, user: &str) -> Result<i64, Error> {
        if user.is_empty() {
            return Ok(NONE);
        }
        remembered(&mut self.users, user, |user| {
            if let Some(known) = user_no(connection, user)? {
                return Ok(known);
            }
            let new = insert(connection, "insert into user (user) values (?1)", [user])?;
            self.new_users.push(new);
            Ok(new)
        })
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
        let number = match known {
            Some(known) => known,
            None => {
                let new = next(connection, &mut self.next_call, HIGHEST_CALL)?;
                self.first_new_call.get_or_insert(new);
                new
            }
        };
        self.calls.entry(app_no).or_default().insert(call_id.to_owned(), number);
        Ok(number)
    }

    /// True for a call that no earlier transaction knew.
    pub(crate) fn is_new_call(&self, call_no: i64) -> bool {
        self.first_new_call.is_some_and(|first| call_no >= first)
    }

    /// The number of a room of a kind; that of a new one has no row until the room is folded.
    pub(crate) fn room(&mut self, connection: &Connection, kind_no: i64, room_id: &str) -> Result<i64, Error> {
        if let Some(known) = self.rooms.get(&kind_no).and_then(|rooms| rooms.get(room_id)) {
            return Ok(*known);
        }
        let known =
            find(connection, "select room_no from room where room_id = ?1 and kind_no = ?2", (room_id, kind_no))?;
        let number = match known {
            Some(known) => known,
            None => next(connection, &mut self.next_room, HIGHEST_ROOM)?,
        };
        self.rooms.entry(kind_no).or_default().insert(room_id.to_owned(), number);
        Ok(number)
    }
}

/// The number of a user who was named before.
pub(crate) fn user_no(connection: &Connection, user: &str) -> Result<Option<i64>, Error> {
    find(connection, "select user_no from user where user = ?1", [user])
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

fn remembered(
    known: &mut HashMap<String, i64>,
    text: &str,
    number: impl FnOnce(&str) -> Result<i64, Error>,
) -> Result<i64, Error> {
    if let Some(known) = known.get(text) {
        return Ok(*known);
    }
    let number = number(text)?;
    known.insert(text.to_owned(), number);
    Ok(number)
}

fn find(connection: &Connection, statement: &str, places: impl Params) -> Result<Option<i64>, Error> {
    Ok(connection.prepare_cached(statement)?.query_row(places, |row| row.get(0)).optional()?)
}

fn insert(connection: &Connection, statement: &str, places: impl Params) -> Result<i64, Error> {
    connection.prepare_cached(statement)?.execute(places)?;
    Ok(connection.last_insert_rowid())
}

/// The next number of a table whose rows come later.
fn next(connection: &Connection, last: &mut Option<i64>, highest: &str) -> Result<i64, Error> {
    let before = match *last {
        Some(before) => before,
        None => connection.prepare_cached(highest)?.query_row([], |row| row.get(0))?,
    };
    *last = Some(before + 1);
    Ok(before + 1)
}
