//! Every question that the window can ask, each with parameters that change from one time to the next.

use crate::samples::Samples;

/// What a question is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rows of a list that an index leads to.
    Page,
    /// One call, room or delivery.
    Detail,
    /// Totals, days and facets.
    Total,
    /// Rows that hold a text.
    Search,
    /// Figures of a period, everybody in it among them.
    Figures,
}

impl Kind {
    /// The 99th percentile in milliseconds that it has to stay under.
    pub(crate) fn limit_ms(self) -> f64 {
        match self {
            Self::Page | Self::Detail => 16.0,
            Self::Search => 50.0,
            Self::Total => 100.0,
            Self::Figures => 150.0,
        }
    }

    /// In words, for the table of aims.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Page => "pages of lists",
            Self::Detail => "details",
            Self::Search => "searches",
            Self::Figures => "figures",
            Self::Total => "totals, days and facets",
        }
    }
}

/// One question.
pub(crate) struct Question {
    pub(crate) list: &'static str,
    pub(crate) what: &'static str,
    pub(crate) kind: Kind,
    /// The address that asks it.
    pub(crate) address: fn(&mut Samples) -> String,
}

pub(crate) const fn ask(
    list: &'static str,
    what: &'static str,
    kind: Kind,
    address: fn(&mut Samples) -> String,
) -> Question {
    Question { list, what, kind, address }
}

use Kind::{Detail, Figures, Page, Search, Total};

const RESULTS: &[&str] = &["not_answer", "reject", "cancel", "call_busy", "interrupt", "offline", "failed"];
pub(crate) const COLLEAGUES: &[&str] = &["alice", "bob", "support-1", "dr_chen"];

pub(crate) static QUESTIONS: &[Question] = &[
    ask("calls", "first page", Page, |_| "/api/calls".to_owned()),
    ask("calls", "deep page, by cursor", Page, |of| format!("/api/calls?cursor={}", of.call_cursor())),
    ask("calls", "deep page, by position", Page, |of| format!("/api/calls?at={}", of.deep(of.calls))),
    ask("calls", "one result", Page, |of| format!("/api/calls?result={}", of.one_of(RESULTS))),
    ask("calls", "one result, deep page", Page, |of| {
        format!("/api/calls?result=normal_end&at={}", of.deep(of.calls) / 2)
    }),
    ask("calls", "two results", Page, |of| format!("/api/calls?result=normal_end,{}", of.one_of(RESULTS))),
    ask("calls", "open results", Page, |_| "/api/calls?result=ringing,in_progress".to_owned()),
    ask("calls", "unknown result", Page, |_| "/api/calls?result=unknown".to_owned()),
    ask("calls", "media", Page, |of| format!("/api/calls?media={}", of.one_of(&["audio", "video"]))),
    ask("calls", "type", Page, |of| format!("/api/calls?type={}", of.one_of(&["single", "group"]))),
    ask("calls", "user with many calls", Page, |of| format!("/api/calls?user={}", of.one_of(COLLEAGUES))),
    ask("calls", "user with many calls, deep page", Page, |of| {
        format!("/api/calls?user={}&at={}", of.one_of(COLLEAGUES), of.deep(of.calls) / 10)
    }),
    ask("calls", "user with few calls", Page, |of| format!("/api/calls?user={}", of.customer())),
    ask("calls", "room", Page, |of| format!("/api/calls?room={}", of.of_call("room_id"))),
    ask("calls", "app", Page, |of| format!("/api/calls?app={}", of.of_call("app"))),
    ask("calls", "one day", Page, |of| format!("/api/calls?{}", of.window(1))),
    ask("calls", "one day, user and result", Page, |of| {
        format!("/api/calls?{}&user={}&result={}", of.window(1), of.one_of(COLLEAGUES), of.one_of(RESULTS))
    }),
    ask("calls", "user and result", Page, |of| {
        format!("/api/calls?user={}&result={}", of.one_of(COLLEAGUES), of.one_of(RESULTS))
    }),
    ask("calls", "search: a colleague", Search, |of| format!("/api/calls?q={}", of.one_of(COLLEAGUES))),
    ask("calls", "search: two Chinese characters", Search, |_| "/api/calls?q=%E5%BC%A0%E4%BC%9F".to_owned()),
    ask("calls", "search: a customer", Search, |of| format!("/api/calls?q={}", of.customer())),
    ask("calls", "search: part of a call id", Search, |of| format!("/api/calls?q={}", of.fragment())),
    ask("calls", "search: one letter", Search, |of| format!("/api/calls?q={}", of.one_of(&["a", "e", "z"]))),
    ask("calls", "search: nothing found", Search, |of| format!("/api/calls?q=no-{}-such", of.fragment())),
    ask("calls", "days", Total, |_| "/api/calls/days?zone=Asia/Shanghai".to_owned()),
    ask("calls", "days of one result", Total, |of| {
        format!("/api/calls/days?zone=Asia/Kolkata&result={}", of.one_of(RESULTS))
    }),
    ask("calls", "days of a user with many calls", Total, |of| {
        format!("/api/calls/days?zone=Europe/Berlin&user={}", of.one_of(COLLEAGUES))
    }),
    ask("calls", "days of a search: a colleague", Total, |of| {
        format!("/api/calls/days?zone=Europe/Berlin&q={}", of.one_of(COLLEAGUES))
    }),
    ask("calls", "days of a search: part of a call id", Total, |of| {
        format!("/api/calls/days?zone=Europe/Berlin&q={}", of.fragment())
    }),
    ask("calls", "facets", Total, |_| "/api/calls/facets".to_owned()),
    ask("calls", "facets of one day", Total, |of| format!("/api/calls/facets?{}", of.window(1))),
    ask("calls", "facets of two choices", Total, |of| {
        format!("/api/calls/facets?media=video&result={}", of.one_of(RESULTS))
    }),
    ask("calls", "facets of a user with many calls", Total, |of| {
        format!("/api/calls/facets?user={}", of.one_of(COLLEAGUES))
    }),
    ask("calls", "facets of a search: a colleague", Total, |of| {
        format!("/api/calls/facets?q={}", of.one_of(COLLEAGUES))
    }),
    ask("calls", "one call", Detail, |of| {
        format!("/api/call?{}", of.of_one_call(&[("app", "app"), ("call_id", "call_id")]))
    }),
    ask("figures", "a week beside the one before", Figures, |of| {
        format!("/api/figures?zone=Asia/Shanghai&compare=before&{}", of.window(7))
    }),
    ask("figures", "90 days", Figures, |of| format!("/api/figures?zone=Asia/Kathmandu&{}", of.window(90))),
    ask("figures", "90 days of one result", Figures, |of| {
        format!("/api/figures?zone=Europe/Berlin&{}&result={}", of.window(90), of.one_of(RESULTS))
    }),
    ask("figures", "all calls", Figures, |_| "/api/figures?zone=Asia/Shanghai".to_owned()),
    ask("figures", "a person with many calls, 90 days", Figures, |of| {
        format!("/api/people/{}/figures?zone=Asia/Shanghai&{}", of.one_of(COLLEAGUES), of.window(90))
    }),
    ask("rooms", "first page", Page, |_| "/api/rooms".to_owned()),
    ask("rooms", "deep page, by position", Page, |of| format!("/api/rooms?at={}", of.deep(of.rooms))),
    ask("rooms", "product", Page, |of| format!("/api/rooms?product={}", of.one_of(&["live", "conference", "rtc"]))),
    ask("rooms", "user", Page, |of| format!("/api/rooms?user={}", of.one_of(COLLEAGUES))),
    ask("rooms", "search", Search, |of| format!("/api/rooms?q={}", of.one_of(&["conf", "show", "alice", "12"]))),
    ask("rooms", "days", Total, |_| "/api/rooms/days?zone=Asia/Shanghai".to_owned()),
    ask("rooms", "one room", Detail, |of| {
        let key = [("app", "app"), ("product", "product"), ("room_id_type", "room_id_type"), ("room_id", "room_id")];
        format!("/api/room?{}", of.of_room(&key))
    }),
    ask("stays", "first page", Page, |_| "/api/stays".to_owned()),
    ask("stays", "deep page, by position", Page, |of| format!("/api/stays?at={}", of.deep(of.stays))),
    ask("stays", "of one room", Page, |of| {
        let key = [("app", "app"), ("product", "product"), ("room_id_type", "room_id_type"), ("room", "room_id")];
        format!("/api/stays?{}", of.of_room(&key))
    }),
    ask("stays", "days", Total, |_| "/api/stays/days?zone=Asia/Shanghai".to_owned()),
    ask("deliveries", "first page", Page, |_| "/api/deliveries".to_owned()),
    ask("deliveries", "deep page, by cursor", Page, |of| format!("/api/deliveries?cursor={}", of.delivery_cursor())),
    ask("deliveries", "deep page, by position", Page, |of| format!("/api/deliveries?at={}", of.deep(of.deliveries))),
    ask("deliveries", "one verdict", Page, |of| {
        format!("/api/deliveries?verdict={}", of.one_of(&["applied", "fault", "unparsable"]))
    }),
    ask("deliveries", "family", Page, |of| {
        format!("/api/deliveries?family={}", of.one_of(&["call", "call-v1", "live", "room", "rtc"]))
    }),
    ask("deliveries", "search: part of a call id", Search, |of| format!("/api/deliveries?q={}", of.fragment())),
    ask("deliveries", "search: three letters of a call id", Search, |of| {
        format!("/api/deliveries?q={}", of.fragment().chars().take(3).collect::<String>())
    }),
    ask("deliveries", "search: in every command", Search, |_| "/api/deliveries?q=callback".to_owned()),
    ask("deliveries", "search: nothing found", Search, |of| format!("/api/deliveries?q=no-{}-such", of.fragment())),
    ask("deliveries", "days of a search: part of a call id", Total, |of| {
        format!("/api/deliveries/days?zone=Asia/Shanghai&q={}", of.fragment())
    }),
    ask("deliveries", "days", Total, |_| "/api/deliveries/days?zone=Asia/Shanghai".to_owned()),
    ask("deliveries", "one delivery", Detail, |of| format!("/api/delivery?digest={}", of.digest())),
    ask("overview", "status", Total, |_| "/api/status".to_owned()),
    ask("overview", "condition", Total, |_| "/api/condition".to_owned()),
    ask("overview", "connection", Total, |_| "/api/connection".to_owned()),
];
