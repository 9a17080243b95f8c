//! A JSON document whose numbers are kept as they were written: serde_json's own values hold them in 64 bits or a float.

mod limits;

use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Value, value::RawValue};

use super::number::Number;
pub(super) use limits::Beyond;

/// The fields of an object in the order of the document; of two with one name the last one counts, unless it is broken.
pub type Object = IndexMap<String, Json>;

/// A value of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Object(Object),
}

impl Json {
    /// Reads a document, as strictly as serde_json does.
    #[cfg(test)]
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        Self::read_as(text, text, false).map(|(json, _)| json)
    }

    /// Reads a document, and says what of it could not be read although it is valid. `is_repaired` tells that characters of a text
    /// may have been replaced.
    pub(super) fn read_all(text: &str, is_repaired: bool) -> Result<(Self, Beyond), serde_json::Error> {
        let strict = Self::read_as(text, text, is_repaired);
        let fits = strict.as_ref().is_ok_and(|(_, depth)| *depth <= limits::MOST_DEEP);
        match (!fits).then(|| limits::fitted(text)).flatten() {
            Some((fitted, beyond)) => Self::read_as(&fitted, text, is_repaired).map(|(json, _)| (json, beyond)),
            None => strict.map(|(json, _)| (json, Beyond::default())),
        }
    }

    /// Reads a text whose numbers are looked up in another one, byte by byte at the same place; and how deep it goes.
    fn read_as(text: &str, written: &str, is_repaired: bool) -> Result<(Self, usize), serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let mut state = Written { text, written, at: 0, is_repaired, depth: 0, deepest: 0 };
        let value = (&mut state).deserialize(&mut reader)?;
        reader.end()?;
        Ok((value, state.deepest))
    }

    /// The same as serde_json has it.
    pub(super) fn value(&self) -> Value {
        self.each_number(&Number::value)
    }

    /// The same as it is kept beside the typed fields.
    pub(super) fn kept(&self) -> Value {
        self.each_number(&Number::kept)
    }

    fn each_number(&self, number_of: &impl Fn(&Number) -> Value) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Number(number) => number_of(number),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(list) => list.iter().map(|value| value.each_number(number_of)).collect(),
            Self::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), value.each_number(number_of)));
                Value::Object(fields.collect())
            }
        }
    }

    /// True when every number in it is written as digits alone.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Number(number) => number.is_plain(),
            Self::List(list) => list.iter().all(Self::is_plain),
            Self::Object(fields) => fields.values().all(Self::is_plain),
            Self::Null | Self::Bool(_) | Self::Text(_) => true,
        }
    }
}

/// The fields of an object with each number as text, spelled as a float is where 64 bits do not hold it.
pub(super) fn numbers_as_floats(object: &Object) -> Object {
    let spelled = |value: &Json| Json::from(&value.each_number(&|number| Value::String(number.value().to_string())));
    object.iter().map(|(key, value)| (key.clone(), spelled(value))).collect()
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(Number::new(&number.to_string())),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(list) => Self::List(list.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl Serialize for Json {
    /// Numbers are written as they were.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => {
                let raw = RawValue::from_string(number.written().to_owned()).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => list.serialize(serializer),
            Self::Object(fields) => serializer.collect_map(fields),
        }
    }
}

/// The text of a document while it is read: a number is handed over as a float, and looked up here.
struct Written<'t> {
    /// What serde_json reads.
    text: &'t str,
    /// The same as it was sent: numbers and lists stand there for which the other has zeros.
    written: &'t str,
    /// How far both have been looked at.
    at: usize,
    /// Characters of a text may have been replaced, because they were broken.
    is_repaired: bool,
    /// In how many lists and objects the next value is.
    depth: usize,
    deepest: usize,
}

impl Written<'_> {
    /// The next number of the document. Values come in the order in which they are written.
    fn number<E: Error>(&mut self) -> Result<Json, E> {
        let mut bytes = self.text.bytes().enumerate().skip(self.at);
        let begin = loop {
            match bytes.next() {
                Some((_, b'"')) => skip_string(&mut bytes),
                Some((at, b'-' | b'0'..=b'9')) => break at,
                Some(_) => {}
                None => return Err(E::custom("a number that is nowhere in the text")),
            }
        };
        let [read, written] =
            [self.text, self.written].map(|text| limits::number_at(text.get(begin..).unwrap_or_default()));
        self.at = begin + read.len();
        // A list or an object that is inside too many others.
        Ok(if written.is_empty() { Json::Null } else { Json::Number(Number::new(written)) })
    }

    fn goes_in(&mut self) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    /// Half of what a text said is not what it said, and a number that no computer holds says nothing to most fields.
    fn is_broken(&self, value: &Json) -> bool {
        match value {
            Json::Text(text) => self.is_repaired && text.contains(char::REPLACEMENT_CHARACTER),
            Json::Number(number) => number.is_vast(),
            _ => false,
        }
    }

    /// Whether a value takes the place of one of the same name.
    fn overrules(&self, value: &Json, known: &Json) -> bool {
        !self.is_broken(value) || self.is_broken(known) || *known == Json::Null
    }
}

/// Goes behind the string literal whose first quotation mark was the last byte.
fn skip_string(bytes: &mut impl Iterator<Item = (usize, u8)>) {
    while let Some((_, byte)) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Written<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Written<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Bool(truth))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Json, E> {
        self.number()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Json, E> {
        self.number()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        self.number()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        self.goes_in();
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(&mut *self)? {
            list.push(value);
        }
        self.depth -= 1;
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Json, A::Error> {
        self.goes_in();
        let mut fields = Object::new();
        while let Some(key) = pairs.next_key()? {
            let value = pairs.next_value_seed(&mut *self)?;
            if fields.get(&key).is_none_or(|known| self.overrules(&value, known)) {
                fields.insert(key, value);
            }
        }
        self.depth -= 1;
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_kept_as_they_were_written() {
        let text = r#"{"1":[-0,1.50,{"a\"2\\":"3\"4","b":1E+2}],"c":123456789012345678901234567890,"d":true,"e":null,"f":9e-3}"#;
        let read = Json::read(text).expect("a document");
        assert_eq!(serde_json::to_string(&read).expect("written"), text, "every number has its own text");
        assert!(!read.is_plain(), "some are not digits alone");
        assert_eq!(Some(read.value()), serde_json::from_str(text).ok(), "and serde_json's floats can be had");
    }

    #[test]
    fn the_last_of_two_fields_counts_in_the_place_of_the_first() {
        let read = Json::read(r#"{"a":1,"b":2.0,"a":3.0}"#).expect("a document");
        assert_eq!(serde_json::to_string(&read).expect("written"), r#"{"a":3.0,"b":2.0}"#, "as serde_json reads it");
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_reads(text in r#"[\[\]{}:,"\\u0-9eE.+\-tf nul]{0,24}"#) {
            let strict: Result<Value, _> = serde_json::from_str(&text);
            let read = Json::read(&text);
            prop_assert_eq!(read.as_ref().ok().map(Json::value), strict.as_ref().ok().cloned(), "{}", &text);
            prop_assert_eq!(read.err().map(|why| why.to_string()), strict.err().map(|why| why.to_string()));
        }
    }
}
