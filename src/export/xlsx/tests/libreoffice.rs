//! A workbook as LibreOffice reads it: every cell is what the record says, and of its sort.

use std::{env, fs, io::Write as _, path::Path, process::Command};

use crate::{
    export::{Format, Headings, Kind, Request, xlsx::workbook},
    store::rows::StayRow,
    zone::Zone,
};

/// Texts that spreadsheets like to make something else of.
const TEXTS: &[&str] = &[
    "a \"quoted\" name, with a comma; and more",
    "two\nlines",
    "=cmd|' /C calc'!A0",
    "+1",
    "-5",
    "@x",
    "\ttab\tinside",
    "  blanks  ",
    "😀",
    "张三",
    "שלום مرحبا",
    "1234567890123456789",
    "007",
    "219E01",
    "10-12",
    "1970-01-01",
    "TRUE",
    "https://example.com/",
    "'apostrophe",
    "<b>&amp;</b>",
    "_x000D_",
    "_x0041_x0042_",
    "",
];

/// Moments, and how clocks in Berlin show them.
const MOMENTS: &[(i64, &str)] = &[
    (0, "1970-01-01 01:00:00.000"),
    (1_741_231_146_007, "2025-03-06 04:19:06.007"),
    (1_743_296_399_999, "2025-03-30 01:59:59.999"),
    (1_743_296_400_000, "2025-03-30 03:00:00.000"),
    (1_761_436_800_000, "2025-10-26 02:00:00.000"),
    (1_761_440_400_000, "2025-10-26 02:00:00.000"),
    (4_102_444_800_000, "2100-01-01 01:00:00.000"),
    (253_402_297_199_000, "9999-12-31 23:59:59.000"),
];
/// Moments that are no dates there.
const UNDATED: &[(i64, &str)] =
    &[(-2_208_988_800_001, "1900-01-01T00:59:59.999+01:00"), (253_402_300_800_000, "+10000-01-01T01:00:00.000+01:00")];

/// Rows of a sheet, so that there are three of them.
const MOST_ROWS: u32 = 12;

#[test]
fn libreoffice_reads_every_cell_as_what_it_is() {
    if Command::new("soffice").arg("--version").output().is_err() {
        assert!(
            env::var_os("CI").is_none_or(|ci| ci.is_empty()),
            "LibreOffice is missing: install libreoffice-calc-nogui"
        );
        let _ = writeln!(
            std::io::stderr().lock(),
            "NOT TESTED: how LibreOffice (libreoffice-calc-nogui) reads a workbook."
        );
        return;
    }
    let rows = rows();
    let columns = ["room_id", "user_name", "entered", "seconds", "away_seconds"].map(str::to_owned).to_vec();
    let request = Request {
        columns: Some(columns),
        tz: Zone::read("Europe/Berlin").expect("a zone"),
        headings: Headings::En,
        ..Request::of(Kind::Stays, Format::Xlsx)
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        folder.path().join("stays.xlsx"),
        workbook(&request, MOST_ROWS, &rows.iter().map(|(row, _)| row.clone()).collect::<Vec<_>>()),
    )
    .expect("the file");
    let sheets = read_by_libreoffice(folder.path());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["About this file", "Stays", "Stays 2", "Stays 3"], "every sheet");
    let said: Vec<&str> = sheets[0].1.iter().flatten().map(|cell| cell.shown.as_str()).collect();
    for want in [
        "Stays",
        "33",
        "Everything in the list",
        "Europe/Berlin",
        "0-0",
        "room_id, user_name, entered, seconds, away_seconds",
    ] {
        assert!(said.contains(&want), "the file says {want:?} of itself: {said:?}");
    }
    let mut read = Vec::new();
    for (name, cells) in &sheets[1..] {
        let headings: Vec<&str> = cells[0].iter().map(|cell| cell.shown.as_str()).collect();
        assert_eq!(headings, ["Room ID", "User name", "Entered", "Duration", "Away"], "{name} has headings");
        read.extend(&cells[1..]);
    }
    assert_eq!(read.len(), rows.len(), "no row is lost");
    for (cells, (row, entered)) in read.iter().zip(&rows) {
        let told: Vec<(bool, &str)> = cells.iter().map(|cell| (cell.is_text, cell.shown.as_str())).collect();
        let is_text = |text: &str| !text.is_empty();
        let is_dated = !entered.contains('T');
        assert_eq!(told[0], (is_text(&row.room_id), row.room_id.as_str()), "an id");
        assert_eq!(told[1], (is_text(&row.user_name), row.user_name.as_str()), "a name");
        assert_eq!(told[2], (!is_dated, entered.as_str()), "a moment");
        assert_eq!(told[3], (false, "27:46:40"), "a length of time");
        assert_eq!(told[4], (true, "-3 s"), "one that cannot be");
    }
}

/// Every text with every moment in turn, and how the latter is shown.
fn rows() -> Vec<(StayRow, String)> {
    let moments: Vec<&(i64, &str)> = MOMENTS.iter().chain(UNDATED).collect();
    let texts = TEXTS.iter().chain(&TEXTS[..moments.len()]);
    let moments = moments.iter().cycle();
    let row = |(text, (ms, shown)): (&&str, &&(i64, &str))| {
        let row = StayRow {
            app: "1400000000".to_owned(),
            product: "live".to_owned(),
            room_id_type: "text".to_owned(),
            room_id: (*text).to_owned(),
            user: "bob".to_owned(),
            user_name: text.chars().rev().collect(),
            n: 1,
            entered_ms: Some(*ms),
            left_ms: None,
            seconds: Some(100_000),
            away_seconds: -3,
            enter_cause: "enter".to_owned(),
            leave_cause: String::new(),
        };
        (row, (*shown).to_owned())
    };
    texts.zip(moments).map(row).collect()
}

/// A cell of LibreOffice.
struct Read {
    /// Whether it holds text; else a number, a date or another value.
    is_text: bool,
    /// What it shows.
    shown: String,
}

/// Opens the workbook in LibreOffice and has each sheet written, texts in quotes and nothing else; by name, in their order.
fn read_by_libreoffice(folder: &Path) -> Vec<(String, Vec<Vec<Read>>)> {
    // Tokens of its CSV filter: separator, quote, UTF-8, first line, columns, English, texts are quoted, as shown, no formulas, white
    // space stays, all sheets.
    let writing = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true,false,false,false,-1";
    let done = folder.join("read");
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", "--convert-to", writing, "--outdir"])
        .arg(&done)
        .arg(folder.join("stays.xlsx"))
        .output()
        .expect("soffice starts");
    let files = fs::read_dir(&done).unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&run.stderr)));
    let mut sheets: Vec<(String, Vec<Vec<Read>>)> = files
        .flatten()
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            let name = name.trim_start_matches("stays-").trim_end_matches(".csv").to_owned();
            let text = fs::read_to_string(file.path()).expect("a sheet is text");
            (name, cells(text.trim_start_matches('\u{feff}')))
        })
        .collect();
    sheets.sort_by(|(one, _), (other, _)| one.cmp(other));
    sheets
}

/// The cells of CSV, of which it matters whether they were in quotes.
fn cells(text: &str) -> Vec<Vec<Read>> {
    let mut rows = vec![Vec::new()];
    let (mut shown, mut is_text, mut within) = (String::new(), false, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if within && signs.next_if_eq(&'"').is_some() => shown.push('"'),
            '"' => (within, is_text) = (!within, true),
            ',' | '\n' if !within => {
                let cell = Read { is_text, shown: std::mem::take(&mut shown) };
                rows.last_mut().expect("a row").push(cell);
                is_text = false;
                if sign == '\n' {
                    rows.push(Vec::new());
                }
            }
            sign => shown.push(sign),
        }
    }
    rows.retain(|row| !row.is_empty());
    rows
}
