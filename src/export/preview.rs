//! What an export will be, before it is made: its first rows, how many there are, and about how many bytes.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Around, Error, Format, Headings, Kind, Profile, Request, Separator, TimeFormat, columns::Heading, rows};
use crate::{store::Reader, zone::Zone};

/// Rows that are shown.
const SHOWN: u64 = 5;
/// Rows by which the size is judged.
const SAMPLE: u64 = 200;

/// What an export will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExportPreview)]
pub struct Preview {
    /// Rows in all.
    pub rows: u64,
    /// About how many bytes the file will have.
    pub bytes: u64,
    /// The columns that can be chosen, in their usual order; none where lines are always whole.
    pub columns: Vec<Heading>,
    /// What its columns are called; none where lines have names of their own.
    pub headings: Vec<String>,
    /// The first rows, as they are written in columns.
    pub first: Vec<Vec<String>>,
}

/// Looks at what `request` asks for. What comes meanwhile may be in one part of the answer and not in another.
pub fn preview(reader: &Reader, request: &Request, around: &Around) -> Result<Preview, Error> {
    super::check(request)?;
    let rows = rows::count(reader, request, around.now_ms)?;
    let (headings, first) = match request.kind {
        Kind::Entries => (Vec::new(), Vec::new()),
        _ => first(reader, request, around)?,
    };
    let is_whole = request.format == Format::Jsonl && request.kind.has_own_lines();
    let columns = request.kind.headings().filter(|_| !is_whole).copied().collect();
    Ok(Preview { rows, columns, bytes: size(reader, request, around, rows)?, headings, first })
}

/// The size of a sample, and of the rest as if it were like that.
fn size(reader: &Reader, request: &Request, around: &Around, rows: u64) -> Result<u64, Error> {
    let of = |most| -> Result<(u64, u64), Error> {
        let mut file = Vec::new();
        let written = rows::write_some(reader, request, around, most, &mut file)?;
        Ok((written, u64::try_from(file.len()).unwrap_or(u64::MAX)))
    };
    let (_, empty) = of(0)?;
    let (written, bytes) = of(SAMPLE)?;
    let each = bytes.saturating_sub(empty).checked_div(written).unwrap_or_default();
    Ok(bytes.saturating_add(each.saturating_mul(rows.saturating_sub(written))))
}

/// The headings and the first rows, as CSV has them: what differs in another format is said beside it.
fn first(reader: &Reader, request: &Request, around: &Around) -> Result<(Vec<String>, Vec<Vec<String>>), Error> {
    let columns = request.columns.clone();
    let as_csv = Request { format: Format::Csv, columns, separator: Separator::Comma, ..request.clone() };
    let as_csv = match request.format {
        Format::Csv => as_csv,
        Format::Xlsx => Request { profile: Profile::Programs, ..as_csv },
        Format::Jsonl | Format::Parquet => Request {
            profile: Profile::Programs,
            tz: Zone::utc(),
            time_format: TimeFormat::Iso,
            headings: Headings::Names,
            ..as_csv
        },
    };
    let mut file = Vec::new();
    rows::write_some(reader, &as_csv, around, SHOWN, &mut file)?;
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file);
    let mut records = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text).into_records();
    let row = |record: ::csv::StringRecord| record.iter().map(str::to_owned).collect();
    let headings = records.next().and_then(Result::ok).map(row).unwrap_or_default();
    Ok((headings, records.filter_map(Result::ok).map(row).collect()))
}
