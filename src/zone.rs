//! Time zones: by their IANA name, by their distance from UTC, and this computer's own, whatever it is called.
//!
//! Names are looked up in the table that comes with the program, so that the same file is written everywhere; this computer's
//! own zone follows the rules that its `date` follows (`zone/computer.rs`). Nothing becomes UTC because it could not be found.

mod computer;
pub mod period;

use std::{fmt, sync::LazyLock};

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};

/// The farthest from UTC that an offset may be, in minutes: no clock on earth is farther than 14 hours, and none ever was
/// farther than 16.
const FARTHEST_MINUTES: i32 = 18 * 60;
/// Every clock differs from UTC by whole quarters of an hour, and the counts of a day are sums of those.
const QUARTER: i32 = 15;

/// Where and when clocks show what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    rules: TimeZone,
    name: String,
}

/// Why there is no zone, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Neither a name nor an offset.
    #[error(
        "\"{0}\" is not a time zone. Name one such as Asia/Shanghai, write its distance from UTC such as +08:00, or say local or utc."
    )]
    Unknown(String),
    /// `TZ` says something that cannot be followed.
    #[error(
        "The time zone of this machine (TZ={0}) is neither a name, nor a file of rules, nor a rule such as CST-8. Name the zone, for example Asia/Shanghai, +08:00 or utc."
    )]
    Variable(String),
    /// Nothing says which zone this computer is in.
    #[error("This computer does not say which time zone it is in ({0})")]
    Nowhere(String),
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self { rules: TimeZone::UTC, name: "UTC".to_owned() }
    }

    /// Reads a zone: an IANA name in any case, `utc` or `Z`, an offset such as `+08:00`, `+0800`, `+8` or `UTC+8` (east of
    /// Greenwich is plus), or `local` for this computer's own.
    pub fn read(text: &str) -> Result<Self, Error> {
        match text {
            "local" => computer::zone(),
            _ if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") => Ok(Self::utc()),
            _ => Self::at_offset(text).or_else(|| Self::named(text)).ok_or_else(|| Error::Unknown(text.to_owned())),
        }
    }

    /// Every IANA name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        static NAMES: LazyLock<Vec<String>> =
            LazyLock::new(|| TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect());
        NAMES.iter().map(String::as_str)
    }

    /// The zone with this IANA name.
    fn named(name: &str) -> Option<Self> {
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Some(Self { rules, name })
    }

    /// The zone that is always so far from UTC.
    fn at_offset(text: &str) -> Option<Self> {
        let minutes = read_offset(text)?;
        if minutes == 0 {
            return Some(Self::utc());
        }
        let rules = TimeZone::fixed(Offset::from_seconds(minutes * 60).ok()?);
        let sign = if minutes < 0 { '-' } else { '+' };
        let name = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        Some(Self { rules, name })
    }

    /// How it is called: an IANA name, an offset, or what this computer says of its own zone.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True for UTC itself, not for a place whose clocks happen to show the same.
    pub fn is_utc(&self) -> bool {
        self.rules == TimeZone::UTC
    }

    /// What its clocks show at a moment (Unix milliseconds); nothing where the calendar ends.
    pub fn at(&self, ms: i64) -> Option<DateTime<FixedOffset>> {
        let end = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let offset = self.rules.to_offset(Timestamp::from_millisecond(ms).unwrap_or(end));
        let offset = FixedOffset::east_opt(offset.seconds())?;
        // A moment at the very end of the calendar has no time of day beyond it.
        let time = DateTime::from_timestamp_millis(ms)?;
        time.naive_utc().checked_add_offset(offset)?;
        Some(time.with_timezone(&offset))
    }

    /// The first moment (Unix milliseconds) at which its clocks show `local` or something later. A time that comes twice
    /// when the clocks go back is its first occurrence, so that windows which share a border neither overlap nor leave a gap.
    pub fn first_moment(&self, local: NaiveDateTime) -> i64 {
        let in_utc = local.and_utc().timestamp_millis();
        self.moment_of(local).unwrap_or(in_utc)
    }

    fn moment_of(&self, local: NaiveDateTime) -> Option<i64> {
        let offset = match self.rules.to_ambiguous_timestamp(civil(local)?).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { after, .. } => {
                // By the clocks of after the jump it was not yet there, so the jump is what comes next.
                let earlier = moment(local, after)?;
                let jump = self.rules.following(Timestamp::from_millisecond(earlier).ok()?).next()?;
                return Some(jump.timestamp().as_millisecond());
            }
        };
        moment(local, offset)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn moment(local: NaiveDateTime, offset: Offset) -> Option<i64> {
    local.and_utc().timestamp_millis().checked_sub(i64::from(offset.seconds()).checked_mul(1000)?)
}

fn civil(local: NaiveDateTime) -> Option<civil::DateTime> {
    let wall: DateTime<Utc> = local.and_utc();
    let wall = Timestamp::from_nanosecond(
        i128::from(wall.timestamp()) * 1_000_000_000 + i128::from(wall.timestamp_subsec_nanos()),
    );
    Some(TimeZone::UTC.to_datetime(wall.ok()?))
}

/// Minutes east of Greenwich: `+08:00`, `+0800`, `+8`, `-3:30`, each also after `UTC` or `GMT`. A blank stands for the plus
/// that a query string turns into one.
fn read_offset(text: &str) -> Option<i32> {
    let after_name = text.get(..3).filter(|name| name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("gmt"));
    let offset = after_name.map_or(text, |_| text.get(3..).unwrap_or_default());
    let mut rest = offset.chars();
    let sign = match rest.next()? {
        '+' | ' ' | '\u{ff0b}' => 1,
        '-' | '\u{2212}' | '\u{ff0d}' => -1,
        _ => return None,
    };
    let digits = rest.as_str();
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i32>().ok()).flatten();
    let (hours, minutes) = (
        number(hours).filter(|_| hours.len() <= 2)?,
        number(minutes).filter(|minutes| *minutes < 60 && minutes % QUARTER == 0)?,
    );
    let total = hours * 60 + minutes;
    (total <= FARTHEST_MINUTES).then_some(sign * total)
}

#[cfg(test)]
mod tests;
