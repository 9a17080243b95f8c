//! What is said on the desktop of missed calls, and when nothing is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// What is said on the desktop of missed calls, and when nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notify {
    /// Whether a new missed call is said while the window is not in front.
    #[serde(default = "yes")]
    #[schema(required = true)]
    pub missed_calls: bool,
    /// Whether nothing is said in the quiet hours.
    #[serde(default)]
    #[schema(required = true)]
    pub quiet: bool,
    /// When they begin, by the clock on the wall, such as `22:00`.
    #[serde(default = "evening")]
    #[schema(required = true)]
    pub from: TimeOfDay,
    /// When they end; the next day where that is not later. The whole day is quiet where they end when they begin.
    #[serde(default = "morning")]
    #[schema(required = true)]
    pub to: TimeOfDay,
}

/// A minute of a day, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    minute: u16,
}

/// A text that is no time of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written as 22:00")]
pub struct NoTimeOfDay;

const fn yes() -> bool {
    true
}

const fn evening() -> TimeOfDay {
    TimeOfDay { minute: 22 * 60 }
}

const fn morning() -> TimeOfDay {
    TimeOfDay { minute: 7 * 60 }
}

impl Default for Notify {
    fn default() -> Self {
        Self { missed_calls: yes(), quiet: false, from: evening(), to: morning() }
    }
}

impl Notify {
    /// Whether a missed call may be said at this time of the day.
    pub fn speaks_at(&self, now: TimeOfDay) -> bool {
        let Self { from, to, .. } = *self;
        let is_quiet = if from < to { (from..to).contains(&now) } else { now >= from || now < to };
        self.missed_calls && !(self.quiet && is_quiet)
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl TimeOfDay {
    /// From the clock; `None` where there is no such time.
    pub fn new(hour: u32, minute: u32) -> Option<Self> {
        let minute = (hour < 24 && minute < 60).then_some(hour * 60 + minute)?;
        Some(Self { minute: u16::try_from(minute).ok()? })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    fn from_str(text: &str) -> Result<Self, NoTimeOfDay> {
        let number = |text: &str| {
            let is_one = text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit());
            is_one.then(|| text.parse().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':').ok_or(NoTimeOfDay)?;
        let time = number(hour).zip(number(minute)).and_then(|(hour, minute)| Self::new(hour, minute));
        time.ok_or(NoTimeOfDay)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl ToSchema for TimeOfDay {}

impl PartialSchema for TimeOfDay {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A time of day, such as `22:00`."))
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_in_the_quiet_hours() {
        let at = |text: &str| text.parse::<TimeOfDay>().expect("a time of day");
        let hours = |from: &str, to: &str| Notify { quiet: true, from: at(from), to: at(to), ..Notify::default() };
        for (notify, now, want) in [
            (Notify::default(), "23:00", true),
            (Notify { missed_calls: false, ..Notify::default() }, "12:00", false),
            (hours("22:00", "07:00"), "21:59", true),
            (hours("22:00", "07:00"), "22:00", false),
            (hours("22:00", "07:00"), "00:00", false),
            (hours("22:00", "07:00"), "06:59", false),
            (hours("22:00", "07:00"), "07:00", true),
            (hours("12:00", "13:30"), "13:29", false),
            (hours("12:00", "13:30"), "13:30", true),
            (hours("08:00", "08:00"), "08:00", false),
            (hours("08:00", "08:00"), "07:59", false),
        ] {
            assert_eq!(notify.speaks_at(at(now)), want, "{notify:?} at {now}");
        }
    }

    #[test]
    fn a_time_of_day_is_written_in_one_way() {
        for good in ["00:00", "07:05", "23:59"] {
            assert_eq!(good.parse::<TimeOfDay>().map(|time| time.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "24:00", "12:60", "7:00", "07:5", "+7:00", "07:00:00", "07-00", "０７:00", " 07:00"] {
            assert_eq!(bad.parse::<TimeOfDay>(), Err(NoTimeOfDay), "{bad:?}");
        }
    }
}
