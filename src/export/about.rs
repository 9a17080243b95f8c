//! What a file says of itself: what was asked for, which state of the record it shows, and what that can be relied upon for.

use serde_json::{Map, Value, json};

use super::{Around, Error, Format, Profile, Request, TimeFormat, times, words};
use crate::{
    completeness::{self, Asked, summary::Summary},
    store::{self, Reader, filter::Filter},
};

/// The version of the side-car's format.
const VERSION: u32 = 1;
/// Which Calltrail wrote a file.
pub(super) const WRITTEN_BY: &str = concat!("Calltrail ", env!("CARGO_PKG_VERSION"));

/// What a file says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Which state of the record it shows.
    pub(crate) revision: String,
    /// What the record of the filter's period can be relied upon for.
    pub(crate) completeness: Summary,
}

/// A file that is complete.
pub(super) struct Complete<'a> {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    /// SHA-256, in hexadecimal digits.
    pub(super) sha256: &'a str,
}

impl About {
    /// Of the snapshot that is under way.
    pub(super) fn of(
        reader: &Reader,
        revision: String,
        request: &Request,
        around: &Around,
    ) -> Result<Self, store::Error> {
        let Filter { from, to, app, .. } = &request.filter;
        let asked = Asked {
            from_ms: *from,
            to_ms: *to,
            zone: request.tz.clone(),
            app: app.clone().filter(|app| !app.is_empty()),
        };
        let statement = completeness::of(reader, around.ours.clone(), &asked, around.now_ms)?;
        Ok(Self { revision, completeness: Summary::of(&statement) })
    }

    /// The side-car of a file, as JSON with a line end.
    pub(super) fn side_car(&self, request: &Request, file: &Complete<'_>) -> Result<Vec<u8>, Error> {
        let language = request.headings.language();
        let Summary { calls, confirmed, only_callbacks, only_fetched, gaps, gaps_not_fetched, complete_to_ms } =
            self.completeness;
        let said = json!({
            "v": VERSION,
            "written_by": WRITTEN_BY,
            "list": request.kind.code(),
            "format": request.format.code(),
            "layout": layout(request),
            "time_zone": if matches!(request.format, Format::Jsonl | Format::Parquet) { "UTC" } else { request.tz.name() },
            "columns": request.column_names(),
            "filter": {
                "words": words::restrictions(&request.filter, &request.tz, language),
                "parameters": parameters(&request.filter),
                "query": query(&request.filter),
            },
            "rows": file.rows,
            "revision": self.revision,
            "completeness": {
                "words": words::reliance(&self.completeness, &request.tz, language),
                "calls": calls,
                "confirmed": confirmed,
                "only_callbacks": only_callbacks,
                "only_fetched": only_fetched,
                "gaps": gaps,
                "gaps_not_fetched": gaps_not_fetched,
                "complete_to": complete_to_ms.map(times::utc),
            },
            "bytes": file.bytes,
            "sha256": file.sha256,
        });
        let mut text = serde_json::to_vec_pretty(&said).map_err(|error| Error::Write(error.into()))?;
        text.push(b'\n');
        Ok(text)
    }
}

/// How the file is written, as far as its format leaves a choice.
fn layout(request: &Request) -> Value {
    match request.format {
        Format::Csv => json!({
            "profile": if request.profile == Profile::Spreadsheet { "spreadsheet" } else { "programs" },
            "separator": request.separator.code(),
            "headings": request.headings.code(),
            "time_format": if request.time_format == TimeFormat::Iso { "iso" } else { "local" },
        }),
        Format::Xlsx => json!({ "headings": request.headings.code() }),
        Format::Jsonl if request.kind.has_own_lines() => json!({ "origins": request.origins }),
        Format::Jsonl | Format::Parquet => json!({}),
    }
}

/// The filter as the API takes it: what restricts, by name.
pub(super) fn parameters(filter: &Filter) -> Map<String, Value> {
    let all = match serde_json::to_value(filter) {
        Ok(Value::Object(all)) => all,
        // A filter is an object of texts and numbers.
        _ => Map::new(),
    };
    all.into_iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some("")).collect()
}

/// The same as texts, in the order of the filter's fields.
pub(crate) fn asked(filter: &Filter) -> impl Iterator<Item = (String, String)> {
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    parameters(filter).into_iter().map(move |(name, value)| (name, text(value)))
}

/// The same as the query of an address.
pub(super) fn query(filter: &Filter) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(asked(filter)).finish()
}
