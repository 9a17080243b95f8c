//! A report's own words in English: those of the window.

use super::{About, Columns, Labels, Sheets};
use crate::{completeness::statement::Why, zone::period::Named};

pub(super) const LABELS: Labels = Labels {
    title: "Call report",
    sheets: Sheets {
        summary: "Summary",
        by_day: "By day",
        by_hour: "By hour",
        by_person: "By person",
        follow_up: "Follow-up",
        calls: "Calls",
        rooms: "Rooms",
        stays: "Stays",
        about: "About this report",
    },
    named,
    span: |from, to, zone| format!("{from} to {to} ({zone})"),
    until: |to, zone| format!("Until {to} ({zone})"),
    figures: [
        "Calls",
        "Answered",
        "Unanswered",
        "Answer rate",
        "Still open",
        "End not known",
        "Median ring time",
        "90 % rang at most",
        "Median wait in vain",
        "90 % waited at most",
        "Talk time",
        "Median talk",
        "Longest talk",
        "Most at once",
    ],
    compared: ["Figure", "This period", "Before", "Change"],
    compared_with: |from, to| format!("Before: {from} to {to}"),
    by_result: ["Result", "Calls", "Share"],
    most: ["Answered most", "Called most", "Missed most"],
    nobody: "Nobody in this period.",
    per_day: "Calls per day, by result",
    per_month: "Calls per month, by result",
    per_hour: "Calls by hour of the day",
    week: "Calls by weekday and hour",
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    columns: Columns {
        day: "Day",
        month: "Month",
        weekday: "Weekday",
        hour: "Hour",
        calls: "Calls",
        answered: "Answered",
        unanswered: "Unanswered",
        rate: "Answer rate",
    },
    person: [
        "Name",
        "User",
        "Called",
        "Of these answered",
        "Was called",
        "Answered",
        "Missed",
        "Declined",
        "Talk time",
        "Median ring time",
        "Busiest hour",
        "First to join",
    ],
    no_calls: "No calls in this period.",
    none: "Nothing in this period.",
    newest_of: |shown, all| format!("The newest {shown} of {all}; the workbook has all of them."),
    first_of: |shown, all| format!("The first {shown} of {all}; the workbook has all of them."),
    part: |name, n| format!("{name} {n}"),
    listed: ", ",
    about: ABOUT,
    filters: &[
        ("result", "Result"),
        ("user", "User"),
        ("media", "Media"),
        ("type", "Type"),
        ("room", "Room"),
        ("room_id_type", "Room ID type"),
        ("app", "App"),
        ("product", "Product"),
        ("person", "Person"),
        ("team", "Team"),
        ("tag", "Tag"),
        ("note", "With a note"),
        ("answered", "Answered"),
        ("part", "Part in the call"),
        ("hour", "Hour of the week"),
        ("state", "State of the case"),
        ("assignee", "Assigned to"),
        ("q", "Search"),
    ],
    colon: ": ",
};

const ABOUT: About = About {
    item: "About",
    value: "What",
    demo: "Sample data: nothing in this report has happened.",
    period: "Period",
    from: "From",
    to: "Until (not included)",
    zone: "Time zone",
    filter: "Filter",
    all: "No filter: everything in the period",
    parameters: "Filter as parameters",
    rows: |sheet| format!("Rows of “{sheet}”"),
    left_out: "Left out",
    left_out_why: |sheet| format!("“{sheet}” cannot be filtered like this, so it would show more than was asked for."),
    completeness: "Completeness",
    known_from: "Calls are known from",
    counts: |[all, confirmed, callbacks, fetched]| {
        format!(
            "All calls of the period: {all}. Confirmed by Tencent's records: {confirmed}. Known only from callbacks: \
             {callbacks}. Only fetched: {fetched}."
        )
    },
    no_app: "There is no app, so nothing could arrive.",
    checked: |to| format!("Tencent's records were read until {to}, and every call in them is here."),
    checked_with_gaps: |to, gaps| {
        format!(
            "Tencent's records were read until {to}, and every call in them is here. Who came and went in rooms is not known for {}.",
            gaps_of(gaps)
        )
    },
    not_fetched: |gaps| {
        format!("Calls may be missing in {}: Tencent's records of that time were not read.", gaps_of(gaps))
    },
    unchecked: "Nobody has compared this with Tencent's records.",
    gap: "No callback could arrive",
    gap_of: |from, to, why| format!("{from} to {to}: {why}"),
    gap_why: |why| match why {
        Why::BeforeFirst => "Calltrail did not note such times yet",
        Why::Stopped => "Calltrail was closed",
        Why::Killed => "Calltrail ended unexpectedly, or the power went",
        Why::Slept => "the computer was asleep",
        Why::ClockSet => "the computer's clock was set",
        Why::PortClosed => "the port was closed: paused, or taken by another program",
        Why::NotStored => "nothing could be stored",
        Why::NotReached => "the public address did not lead here",
    },
    more_gaps: |n| format!("and {n} more"),
    revision: "Revision of the record",
    newest: "Newest callback received",
    program: "Made by",
    times: "Times and figures",
    times_are: "All times are of this time zone. A call belongs to the day and the hour in which it started. Calls that are still open, or whose \
                end is not known, are in no rate.",
};

fn gaps_of(n: usize) -> String {
    if n == 1 { "1 gap".to_owned() } else { format!("{n} gaps") }
}

const fn named(named: Named) -> &'static str {
    match named {
        Named::Today => "Today",
        Named::Yesterday => "Yesterday",
        Named::ThisWeek => "This week",
        Named::LastWeek => "Last week",
        Named::ThisMonth => "This month",
        Named::LastMonth => "Last month",
        Named::ThisQuarter => "This quarter",
        Named::LastQuarter => "Last quarter",
        Named::ThisYear => "This year",
        Named::LastYear => "Last year",
        Named::Last7Days => "Last 7 days",
        Named::Last30Days => "Last 30 days",
        Named::Last90Days => "Last 90 days",
    }
}
