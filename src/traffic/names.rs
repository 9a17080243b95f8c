//! What people and rooms are called. Nobody in particular is meant.

/// Account ids as real teams choose them; the awkward ones are the reason why spreadsheets are tested.
pub(super) const AWKWARD: [&str; 14] = [
    "alice",
    "bob",
    "carol",
    "dave",
    "support-1",
    "support-2",
    "dr_chen",
    "张伟",
    "用户1",
    "o'brien",
    "007",
    "+8613800138000",
    "144115212830834855",
    "tutor=7",
];

/// A small clinic and those who call it, for people who look at Calltrail for the first time.
pub(super) const CLINIC: [&str; 14] = [
    "reception",
    "dr_weber",
    "dr_chen",
    "nurse_okafor",
    "anna_schmidt",
    "james_miller",
    "li_na",
    "maria_garcia",
    "tom_baker",
    "wang_fang",
    "sophie_martin",
    "omar_haddad",
    "yuki_tanaka",
    "priya_sharma",
];

/// The same clinic, for people who read Chinese: also as long a list, so that the same seed is the same story.
pub(super) const CLINIC_IN_CHINESE: [&str; 14] = [
    "前台",
    "陈医生",
    "周医生",
    "护士_吴敏",
    "张伟",
    "李娜",
    "王芳",
    "刘洋",
    "赵静",
    "孙磊",
    "徐婷",
    "马超群",
    "何雨桐",
    "林晓东",
];

/// The names of rooms, and what is said in them.
pub(super) struct Rooms {
    /// A live room in the order of its names.
    pub(super) morning: &'static str,
    pub(super) evening: &'static str,
    pub(super) second: &'static str,
    pub(super) late: &'static str,
    /// What the live room is about.
    pub(super) topic: &'static str,
    /// A conference, and what it is renamed to.
    pub(super) meeting: &'static str,
    pub(super) meeting_renamed: &'static str,
}

pub(super) const ROOMS: Rooms = Rooms {
    morning: "Morning show",
    evening: "Evening show",
    second: "Second show",
    late: "Late show",
    topic: "tea",
    meeting: "Standup",
    meeting_renamed: "Standup 2",
};

pub(super) const ROOMS_IN_CHINESE: Rooms = Rooms {
    morning: "早间健康直播",
    evening: "晚间健康直播",
    second: "第二场直播",
    late: "深夜答疑",
    topic: "养生茶",
    meeting: "晨会",
    meeting_renamed: "晨会（第二组）",
};
