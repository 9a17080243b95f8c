//! Time zones as the API takes them: by the names that the document lists.

use std::borrow::Cow;

use chrono_tz::{TZ_VARIANTS, Tz};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::error::Error;
use crate::export::times;

/// Not an IANA name: the zone of the machine, and the usual spelling of UTC.
const MORE: [&str; 2] = ["local", "utc"];

/// The name of a time zone.
#[derive(Debug)]
pub(super) enum TimeZone {}

impl TimeZone {
    /// Every name.
    fn all() -> impl Iterator<Item = &'static str> {
        MORE.into_iter().chain(TZ_VARIANTS.iter().map(|zone| zone.name()))
    }
}

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        // A pattern and no list of words: what tries each word of a list would ask for hundreds of them everywhere.
        let names: Vec<String> = Self::all().map(|name| name.replace('+', r"\+")).collect();
        let names = ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("^(?:{})$", names.join("|"))));
        let about = "A time zone by its IANA name, `utc`, or `local` for the zone of the machine with the record.";
        RefOr::T(Schema::Object(names.description(Some(about)).build()))
    }
}

impl ToSchema for TimeZone {
    fn name() -> Cow<'static, str> {
        "TimeZone".into()
    }
}

/// The zone that a parameter names.
pub(super) fn read(name: &str, text: &str) -> Result<Tz, Error> {
    if !TimeZone::all().any(|known| known == text) {
        return Err(Error::bad(format!(
            "The time zone `{name}` has an IANA name, such as Asia/Shanghai or UTC; or it is `local` or `utc`."
        )));
    }
    times::read_zone(text).map_err(|error| Error::bad(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_zone_is_read_and_no_other() {
        let schema = serde_json::to_value(TimeZone::schema()).expect("JSON");
        let pattern = regex::Regex::new(schema["pattern"].as_str().expect("a pattern")).expect("a usable one");
        let others = ["", "Utc", "Mars/Olympus", "asia/shanghai", " UTC", "UTC ", "Etc/GMT8", "Etc/GMT+8"];
        for name in TimeZone::all().filter(|name| *name != "local").chain(others) {
            assert_eq!(read("zone", name).is_ok(), pattern.is_match(name), "{name:?}");
        }
    }
}
