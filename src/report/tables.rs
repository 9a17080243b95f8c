//! The tables of a report that are small enough to be kept: by day, by hour, by person.

use chrono::Datelike as _;

use super::{
    days::Bar,
    labels::Labels,
    summary::{results, text_of},
    table::{Column, Table},
    value::{Value, float},
    words::Codes,
};
use crate::{
    language::Language,
    store::rows::{Figures, PersonFigures},
};

/// The columns of [`days`] and [`months`] that stand before those of the results.
pub(super) const BEFORE_RESULTS: u8 = 6;

/// Calls of each day.
pub(super) fn days(bars: &[Bar], figures: &Figures, labels: &'static Labels, language: Language) -> Table {
    by_bar(bars, figures, labels, language, [labels.columns.day, labels.columns.weekday])
}

/// Calls of each month: without weekdays.
pub(super) fn months(bars: &[Bar], figures: &Figures, labels: &'static Labels, language: Language) -> Table {
    let mut table = by_bar(bars, figures, labels, language, [labels.columns.month, labels.columns.weekday]);
    table.columns.remove(1);
    for row in &mut table.rows {
        row.remove(1);
    }
    table
}

fn by_bar(
    bars: &[Bar],
    figures: &Figures,
    labels: &'static Labels,
    language: Language,
    first: [&'static str; 2],
) -> Table {
    let results = results(figures);
    let [day, weekday] = first;
    let columns = &labels.columns;
    let mut headings = vec![Column::new(day, 12), Column::new(weekday, 10)];
    let counts = [columns.calls, columns.answered, columns.unanswered, columns.rate];
    headings.extend(counts.map(|name| Column::new(name, 12)));
    let of_result = |code: &&'static str| {
        // Beside all that were answered are those that ended as answered ones do.
        let called = Codes::Result.say(code, language);
        Column::new(format!("{}{}{called}", labels.by_result[0], labels.colon), 12)
    };
    headings.extend(results.iter().map(of_result));
    let row = |bar: &Bar| {
        let weekday = usize::try_from(bar.day.weekday().num_days_from_monday()).unwrap_or(0);
        let weekday = labels.weekdays.get(weekday).map_or(Value::Empty, |name| Value::of(name));
        let ended = i64::try_from(bar.answered + bar.unanswered).unwrap_or(i64::MAX);
        let answered = i64::try_from(bar.answered).unwrap_or(i64::MAX);
        let rate = if ended > 0 { Value::Part(float(answered) / float(ended)) } else { Value::Empty };
        let counts = [bar.calls, bar.answered, bar.unanswered].map(Value::count);
        let by_result = results.iter().map(|code| Value::count(bar.by_result.get(*code).copied().unwrap_or(0)));
        [Value::Day(bar.day), weekday].into_iter().chain(counts).chain([rate]).chain(by_result).collect()
    };
    Table { title: labels.sheets.by_day, columns: headings, rows: bars.iter().map(row).collect() }
}

/// Calls of each hour of the day, and of each day of the week in it.
pub(super) fn hours(figures: &Figures, labels: &'static Labels) -> Table {
    let mut columns = vec![Column::new(labels.columns.hour, 10), Column::new(labels.columns.calls, 10)];
    columns.extend(labels.weekdays.map(|name| Column::new(name, 8)));
    let row = |(hour, calls): (u8, &u64)| {
        let of_day = |day: &Vec<u64>| Value::count(day.get(usize::from(hour)).copied().unwrap_or(0));
        [Value::Hour(hour), Value::count(*calls)]
            .into_iter()
            .chain(figures.by_weekday_hour.iter().map(of_day))
            .collect()
    };
    Table { title: labels.sheets.by_hour, columns, rows: (0_u8..).zip(&figures.by_hour).map(row).collect() }
}

/// Who was in the calls.
pub(super) fn people(figures: &Figures, labels: &'static Labels) -> Table {
    let widths = [24, 20, 10, 16, 12, 10, 10, 10, 12, 18, 14, 14];
    let row = |person: &PersonFigures| {
        let PersonFigures { user, name, made, made_answered, received, answered, missed, declined, .. } = person;
        let counts = [*made, *made_answered, *received, *answered, *missed, *declined].map(Value::count);
        let times = [Value::Seconds(person.talk), Value::seconds(person.ring)];
        let last = [person.busiest.map_or(Value::Empty, Value::Hour), Value::count(person.first)];
        [text_of(name), text_of(user)].into_iter().chain(counts).chain(times).chain(last).collect()
    };
    Table {
        title: labels.sheets.by_person,
        columns: labels.person.into_iter().zip(widths).map(|(name, width)| Column::new(name, width)).collect(),
        rows: figures.people.iter().map(row).collect(),
    }
}
