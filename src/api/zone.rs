//! Time zones as the API takes them, and as the document says them.

use std::borrow::Cow;

use chrono_tz::{TZ_VARIANTS, Tz};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::error::Error;
use crate::export::times;

/// The name of a time zone.
#[derive(Debug)]
pub(super) enum TimeZone {}

impl TimeZone {
    /// Every IANA name.
    fn names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }
}

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        // A pattern and no list of words: what tries each word of a list would ask for hundreds of them everywhere.
        let names: Vec<String> = Self::names().map(|name| name.replace('+', r"\+")).collect();
        let pattern = format!("^(?:local|[Uu][Tt][Cc]|{})$", names.join("|"));
        let about = "A time zone by its IANA name, `utc`, or `local` for the zone of the machine with the record.";
        let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).description(Some(about));
        RefOr::T(Schema::Object(name.build()))
    }
}

impl ToSchema for TimeZone {
    fn name() -> Cow<'static, str> {
        "TimeZone".into()
    }
}

/// The zone that a parameter names.
pub(super) fn read(name: &str, text: &str) -> Result<Tz, Error> {
    times::read_zone(text).map_err(|error| Error::bad(format!("The parameter `{name}` names no zone: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_zone_is_read_and_no_other() {
        let schema = serde_json::to_value(TimeZone::schema()).expect("JSON");
        let pattern = regex::Regex::new(schema["pattern"].as_str().expect("a pattern")).expect("a usable one");
        let others = ["", "Utc", "utc", "Mars/Olympus", "asia/shanghai", " UTC", "UTC ", "Etc/GMT8", "Etc/GMT+8"];
        for name in TimeZone::names().chain(others) {
            assert_eq!(read("zone", name).is_ok(), pattern.is_match(name), "{name:?}");
        }
    }
}
