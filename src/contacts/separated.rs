//! Text with separators: which separator it is, its rows, and the lines on which they begin.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{Cell, Charset, MOST_CELLS, Source, Table, Unreadable, headings, table::Builder};

/// What may stand between cells; the first where nothing speaks for another.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// As much of a text as tells its separator, and rows of it.
const SAMPLE: usize = 64 * 1024;
const SAMPLE_ROWS: usize = 100;
/// Put behind the text: it stands alone in the last row, unless a quotation mark was left open.
const END: &str = "\u{1}";

/// Reads a text.
pub(super) fn read(mut text: String, charset: Charset) -> Result<Table, Unreadable> {
    let separator = match declared(&text) {
        Some(separator) => separator,
        None => guessed(&text),
    };
    // One line of nothing but separators would take more memory than its rows are allowed.
    if text.matches([separator, '\n', '\r']).take(2 * MOST_CELLS + 1).count() > 2 * MOST_CELLS {
        return Err(Unreadable::TooManyCells);
    }
    text.push('\n');
    text.push_str(END);
    let mut builder = Builder::default();
    let mut records = Records::new(&text, separator);
    let mut last = None;
    while let Some((line, record)) = records.next() {
        // The last row is known only when there is no other.
        if let Some((line, cells)) = last.replace((line, cells(record))) {
            let is_declaration = line == 1 && declared(&text).is_some();
            if !is_declaration {
                builder.push(line, cells)?;
            }
        }
    }
    match last {
        Some((_, cells)) if matches!(cells.as_slice(), [cell] if cell.text == END) => {}
        Some((line, _)) => return Err(Unreadable::OpenQuote { line }),
        None => return Err(Unreadable::Empty),
    }
    builder.finish(Source::Text { charset, separator }).ok_or(Unreadable::Empty)
}

fn cells(record: &StringRecord) -> Vec<Cell> {
    record.iter().map(Cell::written).collect()
}

/// The separator that the first line says, as Excel reads it: `sep=;`.
fn declared(text: &str) -> Option<char> {
    let line = text.split(['\n', '\r']).next()?;
    let line = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    let mut said = line.get(4..)?.chars();
    let separator = said.next()?;
    let is_known = SEPARATORS.contains(&separator) || separator == '|';
    (line.get(..4)?.eq_ignore_ascii_case("sep=") && is_known && said.next().is_none()).then_some(separator)
}

/// The separator that makes most sense of the beginning: it yields headings that are known here, then several columns, then
/// rows as wide as the first one.
fn guessed(text: &str) -> char {
    let sample = sample(text);
    let mut best = (SEPARATORS[0], Sense::default());
    for separator in SEPARATORS {
        let sense = Sense::of(sample, separator);
        if sense > best.1 {
            best = (separator, sense);
        }
    }
    best.0
}

/// Whole lines of the beginning.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE {
        return text;
    }
    let cut = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or_default();
    cut.rfind(['\n', '\r']).and_then(|end| cut.get(..end)).unwrap_or(cut)
}

/// How much sense a separator makes, the weightiest first.
#[derive(Default, PartialEq, PartialOrd)]
struct Sense {
    known_headings: usize,
    has_columns: bool,
    /// Of a thousand rows, those that are as wide as the first.
    as_wide: usize,
    columns: usize,
}

impl Sense {
    fn of(sample: &str, separator: char) -> Self {
        let mut records = Records::new(sample, separator);
        let Some((_, header)) = records.next() else { return Self::default() };
        let columns = header.len();
        let known_headings = headings::named_by(header.iter());
        let (mut rows, mut as_wide) = (0, 0);
        while let Some((_, record)) = records.next().filter(|_| rows < SAMPLE_ROWS) {
            rows += 1;
            as_wide += usize::from(record.len() == columns);
        }
        let as_wide = (as_wide * 1000).checked_div(rows).unwrap_or(1000);
        Self { known_headings, has_columns: columns > 1, as_wide, columns }
    }
}

/// Rows one after the other, with the lines on which they begin.
struct Records<'a> {
    csv: Reader<&'a [u8]>,
    record: StringRecord,
    text: &'a [u8],
    /// Where lines have been counted to, and how many there are before.
    counted: usize,
    lines: u64,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        let delimiter = u8::try_from(separator).unwrap_or(b',');
        let text = text.as_bytes();
        let csv = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text);
        Self { csv, record: StringRecord::new(), text, counted: 0, lines: 0 }
    }

    /// The next row that has anything in it. Text that is UTF-8 and in memory has no errors.
    fn next(&mut self) -> Option<(u64, &StringRecord)> {
        if !self.csv.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let start = self.record.position().and_then(|position| usize::try_from(position.byte()).ok())?;
        // The reader counts neither the blank lines before a row nor lines that end in a mere `\r`.
        let blank = self.text.get(start..)?.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let line = self.line_at(start + blank);
        Some((line, &self.record))
    }

    fn line_at(&mut self, at: usize) -> u64 {
        while self.counted < at {
            let ends = match (self.text.get(self.counted), self.text.get(self.counted + 1)) {
                (Some(b'\r'), Some(b'\n')) => false,
                (Some(b'\r' | b'\n'), _) => true,
                _ => false,
            };
            self.lines += u64::from(ends);
            self.counted += 1;
        }
        self.lines + 1
    }
}
