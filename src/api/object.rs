//! JSON objects, and nothing in their place: serde also reads a list of values as the fields of a struct, in their order, which
//! nobody was told of and which another field would shift.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::store::filter::whole;

/// What is read from a JSON object alone.
#[derive(Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer).map(Self)
    }
}

/// The same for a field: `#[serde(deserialize_with = "object::read")]`.
pub(super) fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Fields(PhantomData))
}

/// A field that was named, be it null: `#[serde(default, deserialize_with = "object::some")]` tells null from nothing.
pub(super) fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A whole number of a field, also where it is written as `1.0`, because JSON does not tell the two apart:
/// `#[serde(deserialize_with = "object::number")]`.
pub(super) fn number<'de, T: TryFrom<i64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let number = whole(deserializer)?.and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| D::Error::custom("a whole number is wanted"))
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Pair {
        one: u8,
        #[serde(default)]
        other: u8,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |json: &str| serde_json::from_str::<Object<Pair>>(json).map(|Object(pair)| (pair.one, pair.other));
        assert_eq!(read(r#"{"other":2,"one":1}"#).expect("an object"), (1, 2), "by name, in any order");
        for other in ["[1,2]", "[1]", "[]", "null", "1", "\"one\"", "{}"] {
            assert!(read(other).is_err(), "{other} has no field `one`");
        }
    }
}
