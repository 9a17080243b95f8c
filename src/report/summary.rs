//! What is at the head of a report: the figures beside those of the period before, the results, and who is on top.

use super::{
    labels::Labels,
    table::{Column, Table},
    value::{Value, float},
    words::{self, Codes},
};
use crate::{
    language::Language,
    store::rows::{Figures, PersonFigures},
};

/// So many people are on top of a list.
const ON_TOP: usize = 5;

macro_rules! measured {
    ($of:expr) => {{
        let of = $of;
        [
            Value::count(of.calls),
            Value::count(of.answered),
            Value::count(of.unanswered),
            Value::part(of.answer_rate),
            Value::count(of.open),
            Value::count(of.unknown),
            Value::seconds(of.ring.median),
            Value::seconds(of.ring.p90),
            Value::seconds(of.waited.median),
            Value::seconds(of.waited.p90),
            Value::Seconds(of.talk.sum),
            Value::seconds(of.talk.median),
            Value::seconds(of.talk.longest),
            Value::count(of.at_once.most),
        ]
    }};
}

/// The figures, each with what it was before and how far it has changed.
pub(super) fn figures(figures: &Figures, labels: &'static Labels) -> Table {
    let [name, now, before, change] = labels.compared;
    let mut columns = vec![Column::new(name, 30), Column::new(now, 14)];
    let values: [Value<'static>; 14] = measured!(figures);
    let named = labels.figures.iter().map(|name| Value::of(name));
    let mut rows: Vec<Vec<Value<'static>>> = named.zip(values).map(|(name, now)| vec![name, now]).collect();
    if let Some(compared) = &figures.compared {
        columns.extend([Column::new(before, 14), Column::new(change, 14)]);
        let earlier: [Value<'static>; 14] = measured!(compared);
        for (row, before) in rows.iter_mut().zip(earlier) {
            let change = row.last().map_or(Value::Empty, |now| changed(now, &before));
            row.extend([before, change]);
        }
    }
    Table { title: labels.sheets.summary, columns, rows }
}

/// How far a figure has changed; nothing where it cannot be said.
fn changed(now: &Value<'_>, before: &Value<'_>) -> Value<'static> {
    match (now, before) {
        (Value::Part(now), Value::Part(before)) => Value::Points((now - before) * 100.0),
        (Value::Count(now), Value::Count(before)) | (Value::Seconds(now), Value::Seconds(before)) if *before > 0 => {
            Value::Change(float(now - before) / float(*before))
        }
        _ => Value::Empty,
    }
}

/// The results that there are, in the order in which they are told.
pub(super) fn results(figures: &Figures) -> Vec<&'static str> {
    words::results().filter(|code| figures.by_result.get(*code).is_some_and(|calls| *calls > 0)).collect()
}

/// How many calls have each result.
pub(super) fn by_result(figures: &Figures, labels: &'static Labels, language: Language) -> Table {
    let row = |code: &'static str| {
        let calls = figures.by_result.get(code).copied().unwrap_or(0);
        let (part, whole) = (Value::count(calls), Value::count(figures.calls));
        let share = match (&part, whole) {
            (Value::Count(part), Value::Count(whole)) if whole > 0 => Value::Part(float(*part) / float(whole)),
            _ => Value::Empty,
        };
        vec![Value::Text(Codes::Result.say(code, language)), part, share]
    };
    Table {
        title: labels.by_result[0],
        columns: labels.by_result.into_iter().zip([30, 14, 14]).map(|(name, width)| Column::new(name, width)).collect(),
        rows: results(figures).into_iter().map(row).collect(),
    }
}

/// Who answered, made and missed most.
pub(super) fn most(figures: &Figures, labels: &'static Labels) -> [Table; 3] {
    let parts: [fn(&PersonFigures) -> u64; 3] =
        [|person| person.answered, |person| person.made, |person| person.missed];
    let of = |(title, part): (&'static str, fn(&PersonFigures) -> u64)| {
        let mut people: Vec<&PersonFigures> = figures.people.iter().filter(|person| part(person) > 0).collect();
        people.sort_by(|one, other| part(other).cmp(&part(one)).then_with(|| one.user.cmp(&other.user)));
        // Somebody without a name is called by the id, which need not stand there twice.
        let row = |person: &&PersonFigures| {
            let [called, id] =
                if person.name.is_empty() { [&person.user, &person.name] } else { [&person.name, &person.user] };
            vec![text_of(called), text_of(id), Value::count(part(person))]
        };
        Table {
            title,
            columns: vec![
                Column::new(title, 30),
                Column::new(labels.person[1], 14),
                Column::new(labels.columns.calls, 14),
            ],
            rows: people.iter().take(ON_TOP).map(row).collect(),
        }
    };
    let [answered, made, missed] = labels.most;
    let [of_answered, of_made, of_missed] = parts;
    [of((answered, of_answered)), of((made, of_made)), of((missed, of_missed))]
}

/// A text of the record; nothing where it is empty.
pub(super) fn text_of(text: &str) -> Value<'static> {
    if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned().into()) }
}
