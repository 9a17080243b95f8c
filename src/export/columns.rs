//! The columns of each kind, exactly as rules.md section 8 lists them, and where their rows come from.

use std::{borrow::Cow, collections::BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::store::{
    self, Flow, Reader,
    entry::Person,
    filter::Filter,
    rows::{CallRow, CaseRow, DeliveryRow, MemberRow, PersonRow, RoomRow, StayRow},
};

/// One value of one row, not yet written in any format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Empty,
    /// Text that came from outside, or an id.
    Text(Cow<'a, str>),
    /// Several texts, which are written as one where a format has no lists ([`joined`]).
    List(&'a [String]),
    /// Yes or no, which is nothing where a format has no truth values.
    Flag(bool),
    /// A count.
    Number(i64),
    /// A length of time in whole seconds.
    Seconds(i64),
    /// A time in Unix milliseconds, written to the second.
    Second(i64),
    /// A time in Unix milliseconds, written to the millisecond.
    Millisecond(i64),
}

/// What the cells of a column are, where they are not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// [`Cell::Text`].
    Text,
    /// [`Cell::List`].
    List,
    /// [`Cell::Flag`].
    Flag,
    /// [`Cell::Number`].
    Number,
    /// [`Cell::Seconds`].
    Seconds,
    /// [`Cell::Second`].
    Second,
    /// [`Cell::Millisecond`].
    Millisecond,
}

/// What a column is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExportColumn)]
pub struct Heading {
    /// Its name, by which it is chosen and which never changes.
    pub name: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Chinese, with the words of docs/chinese-terms.md.
    pub zh: &'static str,
}

/// One column: what it is called and how a row fills it.
pub struct Column<R: 'static> {
    /// What it is called.
    pub heading: Heading,
    /// What its values are.
    pub sort: Sort,
    /// The value of a row.
    pub cell: fn(&R) -> Cell<'_>,
}

/// What is done with each row; `Break` ends the stream.
pub type Each<'a, R> = &'a mut dyn FnMut(R) -> Flow;

/// A kind of row that can be exported.
pub trait Exported: Sized + Send + 'static {
    /// Its columns, in order.
    const COLUMNS: &'static [Column<Self>];

    /// Every row that `filter` finds, newest first, from one read snapshot.
    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error>;
}

/// What a kind's columns are called.
pub fn headings<R: Exported>() -> Vec<&'static Heading> {
    R::COLUMNS.iter().map(|column| &column.heading).collect()
}

/// The chosen columns in the order in which they were named, all where none were; names that there are not are passed over.
pub fn chosen<R: Exported>(names: Option<&[String]>) -> Vec<&'static Column<R>> {
    match names {
        None => R::COLUMNS.iter().collect(),
        Some(names) => {
            let named = |name: &String| R::COLUMNS.iter().find(|column| column.heading.name == name);
            names.iter().filter_map(named).collect()
        }
    }
}

/// [`chosen`], each of them once: where a name says one thing, a column that was named twice is there at its first place.
pub fn named_once<R: Exported>(names: Option<&[String]>) -> Vec<&'static Column<R>> {
    let mut named = BTreeSet::new();
    let mut columns = chosen::<R>(names);
    columns.retain(|column| named.insert(column.heading.name));
    columns
}

const fn column<R>(
    name: &'static str,
    en: &'static str,
    zh: &'static str,
    sort: Sort,
    cell: fn(&R) -> Cell<'_>,
) -> Column<R> {
    Column { heading: Heading { name, en, zh }, sort, cell }
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

fn seconds(value: Option<i64>) -> Cell<'static> {
    value.map_or(Cell::Empty, Cell::Seconds)
}

fn count(value: u64) -> Cell<'static> {
    Cell::Number(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Several texts as one (rules.md section 8); nothing where all of them are empty.
pub fn joined(values: &[String]) -> Option<String> {
    (!values.iter().all(String::is_empty)).then(|| values.join("; "))
}

impl Exported for CallRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("call_id", "Call ID", "通话 ID", Sort::Text, |call| text(&call.call_id)),
        column("app", "App", "应用", Sort::Text, |call| text(&call.app)),
        column("started", "Started", "开始时间", Sort::Second, |call| second(Some(call.started_ms))),
        column("answered", "Answered", "接听时间", Sort::Second, |call| second(call.answered_ms)),
        column("ended", "Ended", "结束时间", Sort::Second, |call| second(call.ended_ms)),
        column("result", "Result", "结果", Sort::Text, |call| text(&call.result)),
        column("media", "Media", "媒体", Sort::Text, |call| text(&call.media)),
        column("type", "Type", "类型", Sort::Text, |call| text(&call.call_type)),
        column("caller", "Caller", "主叫", Sort::Text, |call| text(&call.caller)),
        column("caller_name", "Caller name", "主叫姓名", Sort::Text, |call| text(&call.caller_name)),
        column("callees", "Callees", "被叫", Sort::List, |call| Cell::List(&call.callees)),
        column("callee_names", "Callee names", "被叫姓名", Sort::List, |call| Cell::List(&call.callee_names)),
        column("members", "Members", "成员数", Sort::Number, |call| Cell::Number(i64::from(call.members))),
        column("ring_seconds", "Ring time (seconds)", "振铃时长（秒）", Sort::Seconds, |call| {
            seconds(call.ring_seconds)
        }),
        column("talk_seconds", "Talk time (seconds)", "通话时长（秒）", Sort::Seconds, |call| {
            seconds(call.talk_seconds)
        }),
        column("room_id", "Room ID", "房间 ID", Sort::Text, |call| text(&call.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", Sort::Text, |call| text(&call.room_id_type)),
        column("source", "Source", "数据来源", Sort::Text, |call| text(&call.source)),
        column("note", "Note", "备注", Sort::Text, |call| text(&call.note)),
        column("tags", "Tags", "标签", Sort::List, |call| Cell::List(&call.tags)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_call(filter, now_ms, row)
    }
}

impl Exported for MemberRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("call_id", "Call ID", "通话 ID", Sort::Text, |member| text(&member.call_id)),
        column("app", "App", "应用", Sort::Text, |member| text(&member.app)),
        column("user", "User", "用户", Sort::Text, |member| text(&member.user)),
        column("user_name", "User name", "用户姓名", Sort::Text, |member| text(&member.user_name)),
        column("role", "Role", "角色", Sort::Text, |member| text(&member.role)),
        column("invited", "Invited", "邀请时间", Sort::Second, |member| second(member.invited_ms)),
        column("joined", "Joined", "加入时间", Sort::Second, |member| second(member.joined_ms)),
        column("left", "Left", "离开时间", Sort::Second, |member| second(member.left_ms)),
        column("outcome", "Outcome", "结果", Sort::Text, |member| text(&member.outcome)),
        column("ring_seconds", "Ring time (seconds)", "振铃时长（秒）", Sort::Seconds, |member| {
            seconds(member.ring_seconds)
        }),
        column("talk_seconds", "Talk time (seconds)", "通话时长（秒）", Sort::Seconds, |member| {
            seconds(member.talk_seconds)
        }),
        column("platform", "Platform", "平台", Sort::Text, |member| text(&member.platform)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_member(filter, now_ms, row)
    }
}

impl Exported for StayRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("room_id", "Room ID", "房间 ID", Sort::Text, |stay| text(&stay.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", Sort::Text, |stay| text(&stay.room_id_type)),
        column("app", "App", "应用", Sort::Text, |stay| text(&stay.app)),
        column("product", "Product", "产品", Sort::Text, |stay| text(&stay.product)),
        column("user", "User", "用户", Sort::Text, |stay| text(&stay.user)),
        column("user_name", "User name", "用户姓名", Sort::Text, |stay| text(&stay.user_name)),
        column("entered", "Entered", "进房时间", Sort::Millisecond, |stay| millisecond(stay.entered_ms)),
        column("left", "Left", "退房时间", Sort::Millisecond, |stay| millisecond(stay.left_ms)),
        column("seconds", "Duration (seconds)", "时长（秒）", Sort::Seconds, |stay| seconds(stay.seconds)),
        column("away_seconds", "Away (seconds)", "断线时长（秒）", Sort::Seconds, |stay| {
            Cell::Seconds(stay.away_seconds)
        }),
        column("enter_cause", "How entered", "进房原因", Sort::Text, |stay| text(&stay.enter_cause)),
        column("leave_cause", "How left", "退房原因", Sort::Text, |stay| text(&stay.leave_cause)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_stay(filter, now_ms, row)
    }
}

impl Exported for RoomRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("room_id", "Room ID", "房间 ID", Sort::Text, |room| text(&room.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", Sort::Text, |room| text(&room.room_id_type)),
        column("app", "App", "应用", Sort::Text, |room| text(&room.app)),
        column("product", "Product", "产品", Sort::Text, |room| text(&room.product)),
        column("name", "Name", "名称", Sort::Text, |room| text(&room.name)),
        column("owner", "Owner", "房主", Sort::Text, |room| text(&room.owner)),
        column("created", "Created", "创建时间", Sort::Second, |room| second(room.created_ms)),
        column("ended", "Ended", "结束时间", Sort::Second, |room| second(room.ended_ms)),
        column("end_reason", "Why it ended", "结束原因", Sort::Text, |room| text(&room.end_reason)),
        column("users", "Users", "用户数", Sort::Number, |room| count(room.users)),
        column("stays", "Stays", "进房次数", Sort::Number, |room| count(room.stays)),
        column("peak", "Peak", "峰值人数", Sort::Number, |room| count(room.peak)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_room(filter, now_ms, row)
    }
}

impl Exported for PersonRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("user", "User", "用户", Sort::Text, |person| text(&person.user)),
        column("name", "Name", "姓名", Sort::Text, |person| text(&person.name)),
        column("team", "Team", "团队", Sort::Text, |person| text(&person.team)),
        column("ours", "One of us", "我方", Sort::Flag, |person| Cell::Flag(person.ours)),
        column("phone", "Phone", "电话", Sort::Text, |person| text(&person.phone)),
        column("email", "E-mail", "邮箱", Sort::Text, |person| text(&person.email)),
        column("comment", "Comment", "备注", Sort::Text, |person| text(&person.comment)),
        column("same_as", "Same as", "同一人", Sort::Text, |person| text(&person.same_as)),
        column("calls", "Calls", "通话数", Sort::Number, |person| count(person.calls)),
        column("first_seen", "First seen", "首次出现", Sort::Second, |person| second(person.first_ms)),
        column("last_seen", "Last seen", "最近出现", Sort::Second, |person| second(person.last_ms)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_user(filter, now_ms, row)
    }
}

impl Exported for CaseRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("app", "App", "应用", Sort::Text, |case| text(&case.app)),
        column("counterpart", "Caller", "来电人", Sort::Text, |case| text(&case.user)),
        column("counterpart_name", "Caller name", "来电人姓名", Sort::Text, |case| text(&case.name)),
        column("state", "State", "状态", Sort::Text, |case| text(&case.state)),
        column("misses", "Missed calls", "未接次数", Sort::Number, |case| count(case.misses)),
        column("first_missed", "First missed", "首次未接", Sort::Second, |case| second(Some(case.first_ms))),
        column("last_missed", "Last missed", "最近未接", Sort::Second, |case| second(Some(case.last_ms))),
        column("closed", "Closed", "结束时间", Sort::Second, |case| second(case.closed_ms)),
        column("how", "How it was closed", "结束方式", Sort::Text, |case| text(&case.how)),
        column("by", "Closed by", "处理人", Sort::Text, |case| text(called(case.by.as_ref()))),
        column("after_seconds", "Open for (seconds)", "处理用时（秒）", Sort::Seconds, |case| {
            seconds(case.after_ms.map(|after_ms| after_ms.div_euclid(1_000)))
        }),
        column("assignee", "Assigned to", "负责人", Sort::Text, |case| text(called(case.assignee.as_ref()))),
        column("until", "Put off until", "推迟到", Sort::Second, |case| second(case.until_ms)),
        column("reason", "Reason", "原因", Sort::Text, |case| text(&case.reason)),
        column("calls", "Call IDs", "通话 ID 列表", Sort::List, |case| Cell::List(&case.calls)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_whole_case(filter, now_ms, row)
    }
}

/// What somebody is called: by name, where there is one.
fn called(person: Option<&Person>) -> &str {
    person.map_or("", |person| if person.name.is_empty() { &person.id } else { &person.name })
}

impl Exported for DeliveryRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("received", "Received", "接收时间", Sort::Millisecond, |delivery| {
            millisecond(Some(delivery.received_ms))
        }),
        column("app", "App", "应用", Sort::Text, |delivery| text(&delivery.app)),
        column("family", "Family", "来源产品", Sort::Text, |delivery| text(&delivery.family)),
        column("command", "Command", "回调命令", Sort::Text, |delivery| text(&delivery.command)),
        column("verdict", "Verdict", "处理结果", Sort::Text, |delivery| text(&delivery.verdict)),
        column("reason", "Reason", "原因", Sort::Text, |delivery| Cell::Text(Cow::Owned(delivery.why()))),
        column("repeats", "Repeats", "重复次数", Sort::Number, |delivery| count(delivery.repeats)),
        column("call_id", "Call ID", "通话 ID", Sort::Text, |delivery| text(&delivery.call_id)),
        column("room_id", "Room ID", "房间 ID", Sort::Text, |delivery| text(&delivery.room_id)),
        column("bytes", "Size (bytes)", "大小（字节）", Sort::Number, |delivery| count(delivery.bytes)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_delivery(filter, now_ms, row)
    }
}
