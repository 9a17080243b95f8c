//! The lists of a report, which may have any number of rows: their columns are those of exports, in the order in which people
//! look for them, with words instead of codes and lengths instead of seconds.

use std::{borrow::Cow, ops::ControlFlow};

use super::{filter, labels::Labels, table::Column, value::Value, words::Codes};
use crate::{
    export::columns::{self, Cell, Exported, Heading, Sort},
    language::Language,
    store::{
        self, Reader,
        filter::Filter,
        rows::{CallRow, CaseRow, RoomRow, StayRow},
    },
};

/// One of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    FollowUp,
    Calls,
    Rooms,
    Stays,
}

/// How much of a row is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Everything.
    All,
    /// What fits on paper.
    Short,
}

/// Is told each row; `Break` ends the list.
pub(super) type EachRow<'a> = &'a mut dyn FnMut(Vec<Value<'_>>) -> ControlFlow<()>;

impl List {
    /// Every list, in the order in which a report has them.
    pub(super) const ALL: [Self; 4] = [Self::FollowUp, Self::Calls, Self::Rooms, Self::Stays];

    pub(super) const fn title(self, labels: &Labels) -> &'static str {
        match self {
            Self::FollowUp => labels.sheets.follow_up,
            Self::Calls => labels.sheets.calls,
            Self::Rooms => labels.sheets.rooms,
            Self::Stays => labels.sheets.stays,
        }
    }

    /// Whether everything that the filter asks for restricts this list too: a list that passes something over has more rows than
    /// were asked for.
    pub(super) fn heeds(self, filter: &Filter) -> bool {
        match self {
            Self::Calls => true,
            Self::Rooms | Self::Stays => !filter::is_about_calls(filter),
            Self::FollowUp => !filter::is_about_calls(filter) && !filter::is_about_places(filter),
        }
    }

    pub(super) fn count(self, reader: &Reader, filter: &Filter, now_ms: i64) -> Result<u64, store::Error> {
        match self {
            Self::FollowUp => reader.count_cases(filter, now_ms),
            Self::Calls => reader.count_calls(filter, now_ms),
            Self::Rooms => reader.count_rooms(filter, now_ms),
            Self::Stays => reader.count_stays(filter),
        }
    }

    /// Its columns.
    pub(super) fn columns(self, detail: Detail, language: Language) -> Vec<Column> {
        match self {
            Self::FollowUp => headings::<CaseRow>(detail, language),
            Self::Calls => headings::<CallRow>(detail, language),
            Self::Rooms => headings::<RoomRow>(detail, language),
            Self::Stays => headings::<StayRow>(detail, language),
        }
    }

    /// Its rows, newest first.
    pub(super) fn each(
        self,
        reader: &Reader,
        filter: &Filter,
        now_ms: i64,
        (detail, language): (Detail, Language),
        row: EachRow<'_>,
    ) -> Result<(), store::Error> {
        match self {
            Self::FollowUp => rows::<CaseRow>(reader, filter, now_ms, (detail, language), row),
            Self::Calls => rows::<CallRow>(reader, filter, now_ms, (detail, language), row),
            Self::Rooms => rows::<RoomRow>(reader, filter, now_ms, (detail, language), row),
            Self::Stays => rows::<StayRow>(reader, filter, now_ms, (detail, language), row),
        }
    }
}

/// A kind of row as a report has it.
trait Told: Exported {
    /// Names of columns, in order.
    const ALL: &'static [&'static str];
    /// The same of those that fit on paper.
    const SHORT: &'static [&'static str];
    /// Columns that no export has.
    const MORE: &'static [columns::Column<Self>] = &[];

    fn chosen(detail: Detail) -> Vec<&'static columns::Column<Self>> {
        let names = match detail {
            Detail::All => Self::ALL,
            Detail::Short => Self::SHORT,
        };
        let named = |name: &&str| Self::COLUMNS.iter().chain(Self::MORE).find(|column| column.heading.name == *name);
        names.iter().filter_map(named).collect()
    }
}

impl Told for CallRow {
    const ALL: &'static [&'static str] = &[
        "started",
        "result",
        "caller_name",
        "caller",
        "callee_names",
        "callees",
        "answered",
        "ended",
        "ring_seconds",
        "talk_seconds",
        "media",
        "type",
        "members",
        "room_id",
        "note",
        "tags",
        "source",
        "app",
        "call_id",
    ];
    const SHORT: &'static [&'static str] =
        &["started", "result", "caller_name", "caller", "callee_names", "callees", "ring_seconds", "talk_seconds"];
}

impl Told for CaseRow {
    const ALL: &'static [&'static str] = &[
        "counterpart_name",
        "counterpart",
        "state",
        "misses",
        "first_missed",
        "last_missed",
        "closed",
        "how",
        "by",
        "after_seconds",
        "assignee",
        "until",
        "reason",
        "app",
        "calls",
    ];
    const SHORT: &'static [&'static str] =
        &["counterpart_name", "counterpart", "state", "misses", "last_missed", "how", "by", "after_seconds"];
}

impl Told for RoomRow {
    const ALL: &'static [&'static str] = &[
        "room_id",
        "product",
        "name",
        "owner_name",
        "owner",
        "created",
        "ended",
        "end_reason",
        "users",
        "stays",
        "peak",
        "room_id_type",
        "app",
    ];
    const SHORT: &'static [&'static str] =
        &["room_id", "product", "name", "created", "ended", "users", "stays", "peak"];
    const MORE: &'static [columns::Column<Self>] = &[columns::Column {
        heading: Heading { name: "owner_name", en: "Owner name", zh: "房主姓名" },
        sort: Sort::Text,
        cell: |room| Cell::Text(Cow::Borrowed(&room.owner_name)),
    }];
}

impl Told for StayRow {
    const ALL: &'static [&'static str] = &[
        "entered",
        "left",
        "seconds",
        "away_seconds",
        "user_name",
        "user",
        "room_id",
        "product",
        "enter_cause",
        "leave_cause",
        "room_id_type",
        "app",
    ];
    const SHORT: &'static [&'static str] =
        &["entered", "left", "seconds", "user_name", "user", "room_id", "leave_cause"];
}

fn headings<R: Told>(detail: Detail, language: Language) -> Vec<Column> {
    R::chosen(detail)
        .into_iter()
        .map(|column| Column::new(called(&column.heading, language), width(column.heading.name)))
        .collect()
}

fn rows<R: Told>(
    reader: &Reader,
    filter: &Filter,
    now_ms: i64,
    (detail, language): (Detail, Language),
    row: EachRow<'_>,
) -> Result<(), store::Error> {
    let chosen = R::chosen(detail);
    R::each(reader, filter, now_ms, &mut |found| {
        Ok(row(chosen.iter().map(|column| value(column.heading.name, (column.cell)(&found), language)).collect()))
    })
}

/// Whether a column of numbers holds lengths.
fn is_length(name: &str) -> bool {
    name == "seconds" || name.ends_with("_seconds")
}

/// What a column is called. A length says itself what its unit is.
fn called(heading: &Heading, language: Language) -> &'static str {
    let (said, unit) = match language {
        Language::En => (heading.en, " (seconds)"),
        Language::Zh => (heading.zh, "（秒）"),
    };
    if is_length(heading.name) { said.strip_suffix(unit).unwrap_or(said) } else { said }
}

fn value<'a>(name: &str, cell: Cell<'a>, language: Language) -> Value<'a> {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Seconds(seconds) => Value::Seconds(seconds),
        Cell::Number(count) => Value::Count(count),
        Cell::Flag(is_so) => {
            if is_so {
                Value::of("yes")
            } else {
                Value::Empty
            }
        }
        Cell::List(texts) => text_of(name, Cow::Owned(columns::joined(texts).unwrap_or_default()), language),
        Cell::Second(ms) | Cell::Millisecond(ms) => Value::Moment(ms),
        Cell::Text(text) => text_of(name, text, language),
    }
}

fn text_of<'a>(name: &str, text: Cow<'a, str>, language: Language) -> Value<'a> {
    if text.is_empty() {
        return Value::Empty;
    }
    // A note is its text here, where a filter only asks whether there is one.
    match Codes::of(name).filter(|_| name != "note") {
        Some(codes) => Value::Text(Cow::Owned(codes.say(&text, language).into_owned())),
        None => Value::Text(text),
    }
}

/// How wide a column is, in digits.
fn width(name: &str) -> u8 {
    match name {
        "started" | "answered" | "ended" | "created" | "entered" | "left" => 19,
        "first_missed" | "last_missed" | "closed" | "until" => 19,
        "caller_name" | "user_name" | "counterpart_name" | "owner_name" | "by" | "assignee" | "name" => 20,
        "caller" | "user" | "counterpart" | "owner" | "room_id" => 22,
        "callees" | "callee_names" | "note" | "reason" | "tags" | "enter_cause" | "leave_cause" => 28,
        "call_id" | "calls" => 38,
        _ => 14,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole<R: Told>() {
        for detail in [Detail::All, Detail::Short] {
            let names = if detail == Detail::All { R::ALL } else { R::SHORT };
            assert_eq!(R::chosen(detail).len(), names.len(), "each name is a column: {names:?}");
        }
        let exported = R::COLUMNS.iter().map(|column| column.heading.name);
        let left_out: Vec<_> = exported.filter(|name| !R::ALL.contains(name) && *name != "room_id_type").collect();
        assert!(left_out.is_empty(), "a report has what an export has, and no {left_out:?}");
        for language in Language::ALL {
            for column in headings::<R>(Detail::All, language) {
                assert!(!column.heading.contains("second") && !column.heading.contains('秒'), "{}", column.heading);
            }
        }
    }

    #[test]
    fn lists_have_every_column_of_their_exports_and_lengths_are_no_numbers_of_seconds() {
        whole::<CallRow>();
        whole::<CaseRow>();
        whole::<RoomRow>();
        whole::<StayRow>();
        assert_eq!(value("talk_seconds", Cell::Seconds(90), Language::En), Value::Seconds(90));
        assert_eq!(value("result", Cell::Text("not_answer".into()), Language::Zh), Value::of("未接"));
        assert_eq!(value("note", Cell::Text("yes".into()), Language::Zh), Value::of("yes"), "what somebody wrote");
    }
}
