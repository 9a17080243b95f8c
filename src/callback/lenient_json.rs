//! JSON as it really arrives: what is not valid is repaired where nothing has to be guessed, but only after a strict reading
//! failed, so that a valid document is never touched (protocol.md section 9.4). A text that is broken says nothing about the
//! facts beside it.

mod decode;
mod mend;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::json::{Beyond, Json};
use super::reason::Reason;
pub(crate) use decode::without_bom;

/// What was wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// Comments, commas too many or too few: what Tencent's pages print.
    Punctuation,
    /// UTF-16.
    Utf16,
    /// Bytes that are no UTF-8.
    Bytes,
    /// Half of a character that is written as two escapes.
    Surrogate,
    /// Control characters inside a text that are not escaped.
    Control,
    /// A backslash that begins no escape.
    Escape,
    /// Bytes between the values, or behind them, that are not text.
    Padding,
    /// Valid, and inside more other values than anybody needs.
    Depth,
    /// Valid, and larger than any float.
    Number,
}

impl Defect {
    /// As a part of a sentence for a person.
    const fn words(self) -> &'static str {
        match self {
            Self::Punctuation => "comments or commas had to be repaired",
            Self::Utf16 => "it was sent as UTF-16 and not as UTF-8",
            Self::Bytes => "bytes that are no UTF-8 text were replaced with \u{fffd}",
            Self::Surrogate => "half a character (a lone surrogate) was replaced with \u{fffd}",
            Self::Control => {
                "line ends or other control characters inside a text were not escaped and are taken as they are"
            }
            Self::Escape => "a backslash that begins no escape is taken as it is",
            Self::Padding => "bytes that are no text, between the values or behind them, were left out",
            Self::Depth => "values that are more than 64 deep inside others were left out",
            Self::Number => "numbers too large for any computer were taken as they are written",
        }
    }

    /// True for what JSON allows.
    const fn is_valid(self) -> bool {
        matches!(self, Self::Depth | Self::Number)
    }

    /// What of a document could not be read although it is valid.
    fn of(beyond: Beyond) -> impl Iterator<Item = Self> {
        [(beyond.depth, Self::Depth), (beyond.number, Self::Number)]
            .into_iter()
            .filter(|(is_so, _)| *is_so)
            .map(|(_, it)| it)
    }
}

/// Everything that was wrong with a body.
pub(super) type Defects = BTreeSet<Defect>;

/// A body that could be read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) json: Json,
    /// Empty for a valid document.
    pub(super) defects: Defects,
}

/// What was repaired, as a sentence for a person.
pub(super) fn told(defects: &[Defect]) -> String {
    let words = defects.iter().map(|defect| defect.words()).collect::<Vec<_>>().join("; ");
    if defects.iter().all(|defect| defect.is_valid()) {
        return format!("The body is valid JSON, but {words}.");
    }
    format!("The body was not valid JSON: {words}.")
}

/// Reads a body; the error says what is wrong with it.
pub(super) fn document(body: &[u8]) -> Result<Document, Reason> {
    let strict = std::str::from_utf8(without_bom(body));
    if let Ok((json, beyond)) = strict.map_or(Err(()), |text| Json::read_all(text, false).map_err(|_| ())) {
        return Ok(Document { json, defects: Defect::of(beyond).collect() });
    }
    let mut why = None;
    let readings = decode::readings(body);
    for ends in [mend::Ends::Unescaped, mend::Ends::Anyhow] {
        for (text, found) in &readings {
            let (mended, mut defects) = mend::mend(text, ends);
            match Json::read_all(&mended, true) {
                Ok((json, beyond)) => {
                    defects.extend(found);
                    defects.extend(Defect::of(beyond));
                    return Ok(Document { json, defects });
                }
                Err(error) => why = why.or(Some(error)),
            }
        }
    }
    Err(match strict {
        Err(error) => Reason::NotText { byte: error.valid_up_to() },
        Ok(_) => {
            Reason::NotJson { why: why.map_or_else(|| "nothing of it can be read".to_owned(), |why| why.to_string()) }
        }
    })
}

/// Reads a body; the flag says that it had to be repaired, the error says what is wrong with it.
pub fn read(body: &[u8]) -> Result<(Value, bool), Reason> {
    document(body).map(|Document { json, defects }| (json.value(), !defects.is_empty()))
}

/// A body indented for people, its numbers as they were sent. `None` when it cannot be read as a whole.
pub(crate) fn indented(body: &[u8]) -> Option<String> {
    let document = document(body).ok().filter(|document| !document.defects.contains(&Defect::Depth))?;
    serde_json::to_string_pretty(&document.json).ok()
}

/// A body as people see it: its text as far as it is text.
pub(crate) fn shown(body: &[u8]) -> Cow<'_, str> {
    decode::utf16(body).map_or_else(|| String::from_utf8_lossy(body), |(text, _)| Cow::Owned(text))
}
