//! The columns of each kind, exactly as rules.md section 8 lists them, and where their rows come from.

use std::borrow::Cow;

use crate::store::{
    self, Flow, Reader,
    filter::Filter,
    rows::{CallRow, DeliveryRow, MemberRow, RoomRow, StayRow},
};

/// One value of one row, not yet written in any format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Empty,
    /// Text that came from outside, or an id.
    Text(Cow<'a, str>),
    /// A count, or seconds.
    Number(i64),
    /// A time in Unix milliseconds, written to the second.
    Second(i64),
    /// A time in Unix milliseconds, written to the millisecond.
    Millisecond(i64),
}

/// One column: its name and how a row fills it.
pub struct Column<R: 'static> {
    /// The name in the header.
    pub name: &'static str,
    /// The value of a row.
    pub cell: fn(&R) -> Cell<'_>,
}

/// What is done with each row; `Break` ends the stream.
pub type Each<'a, R> = &'a mut dyn FnMut(R) -> Flow;

/// A kind of row that can be exported.
pub trait Exported: Sized + 'static {
    /// Its columns, in order.
    const COLUMNS: &'static [Column<Self>];

    /// Every row that `filter` finds, newest first, from one read snapshot.
    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error>;
}

/// The names of a kind's columns.
pub fn names<R: Exported>() -> Vec<&'static str> {
    R::COLUMNS.iter().map(|column| column.name).collect()
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(value))
}

fn second(value: Option<i64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Second)
}

fn millisecond(value: Option<i64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Millisecond)
}

fn number(value: Option<i64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Number)
}

fn count(value: u64) -> Cell<'static> {
    Cell::Number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A column whose content people write or that follows from contacts: it keeps its place and is empty until then.
const fn awaited<R>(name: &'static str) -> Column<R> {
    Column { name, cell: |_| Cell::Empty }
}

impl Exported for CallRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column { name: "call_id", cell: |call| text(&call.call_id) },
        Column { name: "app", cell: |call| text(&call.app) },
        Column { name: "started", cell: |call| second(Some(call.started_ms)) },
        Column { name: "answered", cell: |call| second(call.answered_ms) },
        Column { name: "ended", cell: |call| second(call.ended_ms) },
        Column { name: "result", cell: |call| text(&call.result) },
        Column { name: "media", cell: |call| text(&call.media) },
        Column { name: "type", cell: |call| text(&call.call_type) },
        Column { name: "caller", cell: |call| text(&call.caller) },
        awaited("caller_name"),
        Column { name: "callees", cell: |call| Cell::Text(Cow::Owned(call.callees.join("; "))) },
        awaited("callee_names"),
        Column { name: "members", cell: |call| Cell::Number(i64::from(call.members)) },
        Column { name: "ring_seconds", cell: |call| number(call.ring_seconds) },
        Column { name: "talk_seconds", cell: |call| number(call.talk_seconds) },
        Column { name: "room_id", cell: |call| text(&call.room_id) },
        Column { name: "room_id_type", cell: |call| text(&call.room_id_type) },
        Column { name: "source", cell: |call| text(&call.source) },
        awaited("note"),
        awaited("tags"),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_call(filter, now_ms, row)
    }
}

impl Exported for MemberRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column { name: "call_id", cell: |member| text(&member.call_id) },
        Column { name: "app", cell: |member| text(&member.app) },
        Column { name: "user", cell: |member| text(&member.user) },
        awaited("user_name"),
        Column { name: "role", cell: |member| text(&member.role) },
        Column { name: "invited", cell: |member| second(member.invited_ms) },
        Column { name: "joined", cell: |member| second(member.joined_ms) },
        Column { name: "left", cell: |member| second(member.left_ms) },
        Column { name: "outcome", cell: |member| text(&member.outcome) },
        Column { name: "ring_seconds", cell: |member| number(member.ring_seconds) },
        Column { name: "talk_seconds", cell: |member| number(member.talk_seconds) },
        Column { name: "platform", cell: |member| text(&member.platform) },
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_member(filter, now_ms, row)
    }
}

impl Exported for StayRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column { name: "room_id", cell: |stay| text(&stay.room_id) },
        Column { name: "room_id_type", cell: |stay| text(&stay.room_id_type) },
        Column { name: "app", cell: |stay| text(&stay.app) },
        Column { name: "product", cell: |stay| text(&stay.product) },
        Column { name: "user", cell: |stay| text(&stay.user) },
        awaited("user_name"),
        Column { name: "entered", cell: |stay| millisecond(stay.entered_ms) },
        Column { name: "left", cell: |stay| millisecond(stay.left_ms) },
        Column { name: "seconds", cell: |stay| number(stay.seconds) },
        Column { name: "away_seconds", cell: |stay| Cell::Number(stay.away_seconds) },
        Column { name: "enter_cause", cell: |stay| text(&stay.enter_cause) },
        Column { name: "leave_cause", cell: |stay| text(&stay.leave_cause) },
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_stay(filter, now_ms, row)
    }
}

impl Exported for RoomRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column { name: "room_id", cell: |room| text(&room.room_id) },
        Column { name: "room_id_type", cell: |room| text(&room.room_id_type) },
        Column { name: "app", cell: |room| text(&room.app) },
        Column { name: "product", cell: |room| text(&room.product) },
        Column { name: "name", cell: |room| text(&room.name) },
        Column { name: "owner", cell: |room| text(&room.owner) },
        Column { name: "created", cell: |room| second(room.created_ms) },
        Column { name: "ended", cell: |room| second(room.ended_ms) },
        Column { name: "end_reason", cell: |room| text(&room.end_reason) },
        Column { name: "users", cell: |room| count(room.users) },
        Column { name: "stays", cell: |room| count(room.stays) },
        Column { name: "peak", cell: |room| count(room.peak) },
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_room(filter, now_ms, row)
    }
}

impl Exported for DeliveryRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column { name: "received", cell: |delivery| millisecond(Some(delivery.received_ms)) },
        Column { name: "app", cell: |delivery| text(&delivery.app) },
        Column { name: "family", cell: |delivery| text(&delivery.family) },
        Column { name: "command", cell: |delivery| text(&delivery.command) },
        Column { name: "verdict", cell: |delivery| text(&delivery.verdict) },
        Column { name: "reason", cell: |delivery| text(&delivery.reason) },
        Column { name: "repeats", cell: |delivery| count(delivery.repeats) },
        Column { name: "call_id", cell: |delivery| text(&delivery.call_id) },
        Column { name: "room_id", cell: |delivery| text(&delivery.room_id) },
        Column { name: "bytes", cell: |delivery| count(delivery.bytes) },
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_delivery(filter, now_ms, row)
    }
}
