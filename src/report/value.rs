//! One value of a report, not yet written in any format.

use std::borrow::Cow;

use chrono::NaiveDate;

/// One value of a report, not yet written in any format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Nothing is known, or there is nothing.
    Empty,
    /// Text that came from outside, or an id: never anything else than text.
    Text(Cow<'a, str>),
    /// How many.
    Count(i64),
    /// Which part of a whole, between 0 and 1.
    Part(f64),
    /// By which part of what it was something has changed: 0.5 for half as much again.
    Change(f64),
    /// How far two parts are from each other, in percentage points.
    Points(f64),
    /// How long, in seconds.
    Seconds(i64),
    /// When, in Unix milliseconds.
    Moment(i64),
    /// On which day.
    Day(NaiveDate),
    /// In which hour of the day.
    Hour(u8),
}

impl Value<'_> {
    /// Text of the program's own.
    pub(super) const fn of(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    /// How many of something.
    pub(super) fn count(count: u64) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Seconds, where they are known.
    pub(super) fn seconds(seconds: Option<i64>) -> Self {
        seconds.map_or(Self::Empty, Self::Seconds)
    }

    /// A part, where there is a whole.
    pub(super) fn part(part: Option<f64>) -> Self {
        part.map_or(Self::Empty, Self::Part)
    }

    /// The same without whatever it was read from.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Empty => Value::Empty,
            Value::Count(count) => Value::Count(count),
            Value::Part(part) => Value::Part(part),
            Value::Change(part) => Value::Change(part),
            Value::Points(points) => Value::Points(points),
            Value::Seconds(seconds) => Value::Seconds(seconds),
            Value::Moment(ms) => Value::Moment(ms),
            Value::Day(day) => Value::Day(day),
            Value::Hour(hour) => Value::Hour(hour),
        }
    }

    /// Whether it stands at the right of its column, as numbers do.
    pub(super) const fn is_number(&self) -> bool {
        !matches!(self, Self::Empty | Self::Text(_))
    }
}

/// A number as Excel and pictures have it. What a record holds is far below what this can say exactly.
#[expect(clippy::as_conversions, reason = "there is no other way from i64 to f64, and 2^53 is enough for milliseconds")]
pub(super) const fn float(number: i64) -> f64 {
    number as f64
}
