//! Time zones as the API takes them, and as the document says them.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::error::Error;
use super::problem::Problem;
use crate::store::filter::WeekHour;
use crate::zone::Zone;

/// The distance from UTC, up to 18 hours, in quarters of an hour. A blank stands for the plus that a query string turns into one.
const OFFSET: &str = "(?:[Uu][Tt][Cc]|[Gg][Mm][Tt])?[-+ ](?:(?:0?[0-9]|1[0-7])(?::?(?:00|15|30|45))?|18(?::?00)?)";

/// The name of a time zone.
#[derive(Debug)]
pub(super) enum TimeZone {}

impl TimeZone {
    fn pattern() -> &'static Regex {
        static PATTERN: LazyLock<Regex> = LazyLock::new(whole);
        &PATTERN
    }
}

/// A pattern and no list of words: what tries each word of a list would ask for hundreds of them everywhere.
fn whole() -> Regex {
    pattern(&format!("^{}$", any_zone()))
}

fn any_zone() -> String {
    let names: Vec<String> = Zone::names().map(|name| name.replace('+', r"\+")).collect();
    format!("(?:local|[Uu][Tt][Cc]|[Zz]|{OFFSET}|{})", names.join("|"))
}

#[expect(clippy::expect_used, reason = "the pattern is part of the program, and a test makes it")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// An hour of the week, as a filter has it: [`WeekHour`] with the zones that are known.
#[derive(Debug)]
pub(super) enum HourOfWeek {}

impl HourOfWeek {
    fn pattern() -> &'static Regex {
        static PATTERN: LazyLock<Regex> =
            LazyLock::new(|| pattern(&format!("^(?:|[0-6]-(?:[0-9]|1[0-9]|2[0-3]) {})$", any_zone())));
        &PATTERN
    }

    /// True where the text is one, or empty.
    pub(super) fn fits(text: &str) -> bool {
        Self::pattern().is_match(text)
    }

    /// What stands in the document for [`WeekHour`].
    pub(super) fn schema() -> (String, RefOr<Schema>) {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::pattern().as_str()));
        let about = "An hour of the week: the day from Monday, 0, the hour, and the time zone whose clocks show it.";
        (WeekHour::name().into_owned(), RefOr::T(Schema::Object(text.description(Some(about)).build())))
    }
}

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        let about = "A time zone by its IANA name, its distance from UTC such as `+08:00`, `utc`, or `local` for the zone of the \
                     computer that Calltrail runs on.";
        let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::pattern().as_str()));
        RefOr::T(Schema::Object(name.description(Some(about)).build()))
    }
}

impl ToSchema for TimeZone {
    fn name() -> Cow<'static, str> {
        "TimeZone".into()
    }
}

/// The zone that a parameter names.
pub(super) fn read(name: &str, text: &str) -> Result<Zone, Error> {
    let unusable = |why: String| Error::from(Problem::ZoneUnusable { name: name.to_owned(), why });
    if !TimeZone::pattern().is_match(text) {
        return Err(unusable(crate::zone::Error::Unknown(text.chars().take(60).collect()).to_string()));
    }
    Zone::read(text).map_err(|why| unusable(why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_zone_is_read() {
        let offsets =
            ["+08:00", "+8", " 0800", "UTC+8", "gmt-3:30", "-18:00", "+00:00", "+1745", "Z", "utc", "Utc", "Etc/GMT+8"];
        for name in Zone::names().map(str::to_owned).chain(offsets.map(str::to_owned)) {
            assert!(read("zone", &name).is_ok(), "{name:?}");
        }
        for name in [
            "",
            "Mars/Olympus",
            "asia/shanghai",
            " UTC",
            "UTC ",
            "Etc/GMT8",
            "+18:15",
            "+19",
            "+08:10",
            "08:00",
            "+008",
        ] {
            assert!(read("zone", name).is_err(), "{name:?}");
        }
    }
}
