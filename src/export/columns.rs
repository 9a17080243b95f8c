//! The columns of each kind, exactly as rules.md section 8 lists them, and where their rows come from.

use std::borrow::Cow;

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
    /// A count, or seconds.
    Number(i64),
    /// A time in Unix milliseconds, written to the second.
    Second(i64),
    /// A time in Unix milliseconds, written to the millisecond.
    Millisecond(i64),
}

/// What a column is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What a kind's columns are called.
pub fn headings<R: Exported>() -> Vec<&'static Heading> {
    R::COLUMNS.iter().map(|column| &column.heading).collect()
}

const fn column<R>(name: &'static str, en: &'static str, zh: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
    Column { heading: Heading { name, en, zh }, cell }
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

/// Several texts in one cell (rules.md section 8); nothing where all of them are empty.
fn joined(values: &[String]) -> Cell<'_> {
    if values.iter().all(String::is_empty) { Cell::Empty } else { Cell::Text(Cow::Owned(values.join("; "))) }
}

impl Exported for CallRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("call_id", "Call ID", "通话 ID", |call| text(&call.call_id)),
        column("app", "App", "应用", |call| text(&call.app)),
        column("started", "Started", "开始时间", |call| second(Some(call.started_ms))),
        column("answered", "Answered", "接听时间", |call| second(call.answered_ms)),
        column("ended", "Ended", "结束时间", |call| second(call.ended_ms)),
        column("result", "Result", "结果", |call| text(&call.result)),
        column("media", "Media", "媒体", |call| text(&call.media)),
        column("type", "Type", "类型", |call| text(&call.call_type)),
        column("caller", "Caller", "主叫", |call| text(&call.caller)),
        column("caller_name", "Caller name", "主叫姓名", |call| text(&call.caller_name)),
        column("callees", "Callees", "被叫", |call| joined(&call.callees)),
        column("callee_names", "Callee names", "被叫姓名", |call| joined(&call.callee_names)),
        column("members", "Members", "成员数", |call| Cell::Number(i64::from(call.members))),
        column("ring_seconds", "Ring time (seconds)", "振铃时长（秒）", |call| number(call.ring_seconds)),
        column("talk_seconds", "Talk time (seconds)", "通话时长（秒）", |call| number(call.talk_seconds)),
        column("room_id", "Room ID", "房间 ID", |call| text(&call.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", |call| text(&call.room_id_type)),
        column("source", "Source", "数据来源", |call| text(&call.source)),
        column("note", "Note", "备注", |call| text(&call.note)),
        column("tags", "Tags", "标签", |call| joined(&call.tags)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_call(filter, now_ms, row)
    }
}

impl Exported for MemberRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("call_id", "Call ID", "通话 ID", |member| text(&member.call_id)),
        column("app", "App", "应用", |member| text(&member.app)),
        column("user", "User", "用户", |member| text(&member.user)),
        column("user_name", "User name", "用户姓名", |member| text(&member.user_name)),
        column("role", "Role", "角色", |member| text(&member.role)),
        column("invited", "Invited", "邀请时间", |member| second(member.invited_ms)),
        column("joined", "Joined", "加入时间", |member| second(member.joined_ms)),
        column("left", "Left", "离开时间", |member| second(member.left_ms)),
        column("outcome", "Outcome", "结果", |member| text(&member.outcome)),
        column("ring_seconds", "Ring time (seconds)", "振铃时长（秒）", |member| number(member.ring_seconds)),
        column("talk_seconds", "Talk time (seconds)", "通话时长（秒）", |member| number(member.talk_seconds)),
        column("platform", "Platform", "平台", |member| text(&member.platform)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_member(filter, now_ms, row)
    }
}

impl Exported for StayRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("room_id", "Room ID", "房间 ID", |stay| text(&stay.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", |stay| text(&stay.room_id_type)),
        column("app", "App", "应用", |stay| text(&stay.app)),
        column("product", "Product", "产品", |stay| text(&stay.product)),
        column("user", "User", "用户", |stay| text(&stay.user)),
        column("user_name", "User name", "用户姓名", |stay| text(&stay.user_name)),
        column("entered", "Entered", "进房时间", |stay| millisecond(stay.entered_ms)),
        column("left", "Left", "退房时间", |stay| millisecond(stay.left_ms)),
        column("seconds", "Duration (seconds)", "时长（秒）", |stay| number(stay.seconds)),
        column("away_seconds", "Away (seconds)", "断线时长（秒）", |stay| Cell::Number(stay.away_seconds)),
        column("enter_cause", "How entered", "进房原因", |stay| text(&stay.enter_cause)),
        column("leave_cause", "How left", "退房原因", |stay| text(&stay.leave_cause)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_stay(filter, now_ms, row)
    }
}

impl Exported for RoomRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("room_id", "Room ID", "房间 ID", |room| text(&room.room_id)),
        column("room_id_type", "Room ID type", "房间 ID 类型", |room| text(&room.room_id_type)),
        column("app", "App", "应用", |room| text(&room.app)),
        column("product", "Product", "产品", |room| text(&room.product)),
        column("name", "Name", "名称", |room| text(&room.name)),
        column("owner", "Owner", "房主", |room| text(&room.owner)),
        column("created", "Created", "创建时间", |room| second(room.created_ms)),
        column("ended", "Ended", "结束时间", |room| second(room.ended_ms)),
        column("end_reason", "Why it ended", "结束原因", |room| text(&room.end_reason)),
        column("users", "Users", "用户数", |room| count(room.users)),
        column("stays", "Stays", "进房次数", |room| count(room.stays)),
        column("peak", "Peak", "峰值人数", |room| count(room.peak)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_room(filter, now_ms, row)
    }
}

impl Exported for PersonRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("user", "User", "用户", |person| text(&person.user)),
        column("name", "Name", "姓名", |person| text(&person.name)),
        column("team", "Team", "团队", |person| text(&person.team)),
        column("ours", "One of us", "我方", |person| text(if person.ours { "yes" } else { "" })),
        column("phone", "Phone", "电话", |person| text(&person.phone)),
        column("email", "E-mail", "邮箱", |person| text(&person.email)),
        column("comment", "Comment", "备注", |person| text(&person.comment)),
        column("same_as", "Same as", "同一人", |person| text(&person.same_as)),
        column("calls", "Calls", "通话数", |person| count(person.calls)),
        column("first_seen", "First seen", "首次出现", |person| second(person.first_ms)),
        column("last_seen", "Last seen", "最近出现", |person| second(person.last_ms)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_user(filter, now_ms, row)
    }
}

impl Exported for CaseRow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("app", "App", "应用", |case| text(&case.app)),
        column("counterpart", "Caller", "来电人", |case| text(&case.user)),
        column("counterpart_name", "Caller name", "来电人姓名", |case| text(&case.name)),
        column("state", "State", "状态", |case| text(&case.state)),
        column("misses", "Missed calls", "未接次数", |case| count(case.misses)),
        column("first_missed", "First missed", "首次未接", |case| second(Some(case.first_ms))),
        column("last_missed", "Last missed", "最近未接", |case| second(Some(case.last_ms))),
        column("closed", "Closed", "结束时间", |case| second(case.closed_ms)),
        column("how", "How it was closed", "结束方式", |case| text(&case.how)),
        column("by", "Closed by", "处理人", |case| text(called(case.by.as_ref()))),
        column("after_seconds", "Open for (seconds)", "处理用时（秒）", |case| {
            number(case.after_ms.map(|after_ms| after_ms.div_euclid(1_000)))
        }),
        column("assignee", "Assigned to", "负责人", |case| text(called(case.assignee.as_ref()))),
        column("until", "Put off until", "推迟到", |case| second(case.until_ms)),
        column("reason", "Reason", "原因", |case| text(&case.reason)),
        column("calls", "Call IDs", "通话 ID 列表", |case| joined(&case.calls)),
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
        column("received", "Received", "接收时间", |delivery| millisecond(Some(delivery.received_ms))),
        column("app", "App", "应用", |delivery| text(&delivery.app)),
        column("family", "Family", "来源产品", |delivery| text(&delivery.family)),
        column("command", "Command", "回调命令", |delivery| text(&delivery.command)),
        column("verdict", "Verdict", "处理结果", |delivery| text(&delivery.verdict)),
        column("reason", "Reason", "原因", |delivery| Cell::Text(Cow::Owned(delivery.why()))),
        column("repeats", "Repeats", "重复次数", |delivery| count(delivery.repeats)),
        column("call_id", "Call ID", "通话 ID", |delivery| text(&delivery.call_id)),
        column("room_id", "Room ID", "房间 ID", |delivery| text(&delivery.room_id)),
        column("bytes", "Size (bytes)", "大小（字节）", |delivery| count(delivery.bytes)),
    ];

    fn each(reader: &Reader, filter: &Filter, now_ms: i64, row: Each<'_, Self>) -> Result<(), store::Error> {
        reader.each_delivery(filter, now_ms, row)
    }
}
