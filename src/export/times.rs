//! Times in a zone: how exports write them, and how `--from` and `--to` are read.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat};

use super::TimeFormat;
use crate::zone::Zone;

/// How exactly a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the millisecond.
    Millisecond,
}

/// Why a time cannot be read, in words for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a time.
    #[error("\"{0}\" is not a time. Write 2025-03-06, \"2025-03-06 11:19\" or 2025-03-06T11:19:06+08:00.")]
    Time(String),
}

/// Writes a time (Unix milliseconds) in a zone; empty where the calendar ends.
pub fn format(ms: i64, zone: &Zone, format: TimeFormat, precision: Precision) -> String {
    let Some(time) = zone.at(ms) else {
        return String::new();
    };
    let seconds = match precision {
        Precision::Second => SecondsFormat::Secs,
        Precision::Millisecond => SecondsFormat::Millis,
    };
    match format {
        TimeFormat::Iso => time.to_rfc3339_opts(seconds, zone.is_utc()),
        TimeFormat::Local => {
            let pattern = match precision {
                Precision::Second => "%Y-%m-%d %H:%M:%S",
                Precision::Millisecond => "%Y-%m-%d %H:%M:%S%.3f",
            };
            time.format(pattern).to_string()
        }
    }
}

/// Writes a time (Unix milliseconds) as ISO 8601 in UTC with milliseconds.
pub fn utc(ms: i64) -> String {
    format(ms, &Zone::utc(), TimeFormat::Iso, Precision::Millisecond)
}

/// Reads the beginning of a window, in Unix milliseconds: a date means its first moment.
pub fn read_from(text: &str, zone: &Zone) -> Result<i64, Error> {
    match read_date(text) {
        Some(date) => Ok(zone.first_moment(date.and_time(NaiveTime::MIN))),
        None => read_moment(text, zone),
    }
}

/// Reads the end of a window, in Unix milliseconds, which the window does not include: a date means the first moment of
/// the next day, so that the whole day is in it.
pub fn read_to(text: &str, zone: &Zone) -> Result<i64, Error> {
    match read_date(text) {
        Some(date) => {
            let next = date.checked_add_days(Days::new(1)).ok_or_else(|| Error::Time(text.to_owned()))?;
            Ok(zone.first_moment(next.and_time(NaiveTime::MIN)))
        }
        None => read_moment(text, zone),
    }
}

/// Reads an RFC 3339 time, to Unix milliseconds.
pub fn read_instant(text: &str) -> Option<i64> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis())
}

fn read_date(text: &str) -> Option<NaiveDate> {
    // chrono also reads years of five digits and a sign, which are a slip of the finger here.
    if text.len() > "2025-03-06".len() {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn read_moment(text: &str, zone: &Zone) -> Result<i64, Error> {
    if let Some(ms) = read_instant(text) {
        return Ok(ms);
    }
    ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|pattern| NaiveDateTime::parse_from_str(text, pattern).ok())
        .map(|local| zone.first_moment(local))
        .ok_or_else(|| Error::Time(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_zone(name: &str) -> Result<Zone, crate::zone::Error> {
        Zone::read(name)
    }

    fn written(ms: i64, tz: &str, time_format: TimeFormat, precision: Precision) -> String {
        format(ms, &read_zone(tz).expect("a zone"), time_format, precision)
    }

    #[test]
    fn times_are_written_as_the_rules_say() {
        let ms = 1_741_231_146_007;
        for (tz, time_format, precision, want) in [
            ("Asia/Shanghai", TimeFormat::Local, Precision::Second, "2025-03-06 11:19:06"),
            ("Asia/Shanghai", TimeFormat::Local, Precision::Millisecond, "2025-03-06 11:19:06.007"),
            ("utc", TimeFormat::Local, Precision::Second, "2025-03-06 03:19:06"),
            ("UTC", TimeFormat::Iso, Precision::Second, "2025-03-06T03:19:06Z"),
            ("Asia/Shanghai", TimeFormat::Iso, Precision::Second, "2025-03-06T11:19:06+08:00"),
            ("America/St_Johns", TimeFormat::Iso, Precision::Millisecond, "2025-03-05T23:49:06.007-03:30"),
            ("Europe/London", TimeFormat::Iso, Precision::Second, "2025-03-06T03:19:06+00:00"),
            ("+08:00", TimeFormat::Iso, Precision::Second, "2025-03-06T11:19:06+08:00"),
            ("UTC-3:30", TimeFormat::Iso, Precision::Millisecond, "2025-03-05T23:49:06.007-03:30"),
            ("Z", TimeFormat::Iso, Precision::Second, "2025-03-06T03:19:06Z"),
            ("+8", TimeFormat::Local, Precision::Second, "2025-03-06 11:19:06"),
        ] {
            assert_eq!(written(ms, tz, time_format, precision), want, "{tz} is written like this");
        }
        assert_eq!(
            written(i64::MAX, "utc", TimeFormat::Iso, Precision::Second),
            "",
            "a time beyond the calendar has no text"
        );
        assert_eq!(utc(ms), "2025-03-06T03:19:06.007Z", "JSON Lines is in UTC");
        assert_eq!(read_instant(&utc(ms)), Some(ms), "and is read back to the millisecond");
    }

    #[test]
    fn a_window_has_whole_days_of_its_zone() {
        let shanghai = read_zone("Asia/Shanghai").expect("a zone");
        let midnight = 1_741_190_400_000; // 2025-03-06 00:00 +08:00
        let minute = 60_000;
        for (text, want) in [
            ("2025-03-06", midnight),
            ("2025-03-06 00:01", midnight + minute),
            ("2025-03-06T00:01", midnight + minute),
            ("2025-03-06 00:01:01", midnight + minute + 1000),
            ("2025-03-06 00:01:01.5", midnight + minute + 1500),
            ("2025-03-05T16:01:00Z", midnight + minute),
            ("2025-03-05T17:01:00+01:00", midnight + minute),
        ] {
            assert_eq!(read_from(text, &shanghai), Ok(want), "{text} begins a window there");
        }
        assert_eq!(
            read_to("2025-03-06", &shanghai),
            Ok(midnight + 24 * 60 * minute),
            "a date as the end includes that day"
        );
        assert_eq!(read_to("2025-03-06 00:01", &shanghai), Ok(midnight + minute), "a time as the end is the end");
        for text in ["", "yesterday", "2025-02-30", "2025-03-06 25:00", "12025-03-06", "1741190400"] {
            assert_eq!(read_from(text, &shanghai), Err(Error::Time(text.to_owned())), "{text:?} is no time");
        }
    }

    #[test]
    fn days_border_on_each_other_where_clocks_change() {
        for (zone, day, next, hours) in [
            ("Europe/Berlin", "2025-03-30", "2025-03-31", 23),
            ("Europe/Berlin", "2025-10-26", "2025-10-27", 25),
            ("America/Havana", "2025-11-02", "2025-11-03", 25), // midnight comes twice
            ("America/Sao_Paulo", "2018-11-04", "2018-11-05", 23), // midnight does not come at all
            ("Pacific/Apia", "2011-12-30", "2011-12-31", 0),    // the day does not come at all
        ] {
            let tz = read_zone(zone).expect("a zone");
            let (from, to) = (read_from(day, &tz).expect("a date"), read_to(day, &tz).expect("a date"));
            assert_eq!(Ok(to), read_from(next, &tz), "{zone}: {day} ends where {next} begins");
            assert_eq!(to - from, hours * 3_600_000, "{zone}: {day} is {hours} hours long");
        }
    }
}
