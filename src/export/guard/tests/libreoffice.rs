//! The spreadsheet profile, read by LibreOffice in the languages that read it differently.

use std::{env, fs, io::Write as _, ops::ControlFlow, path::Path, process::Command, thread};

use super::{TEXTS, VALUES, unguard};
use crate::callback::reason::Reason;
use crate::{
    export::{Format, Headings, Kind, Profile, Request, Separator, TimeFormat, write_rows},
    store::{filter::Filter, rows::DeliveryRow},
    zone::Zone,
};

/// A language of LibreOffice, by its number there, and the separator of its files. In each the words after it become values,
/// so that a LibreOffice which looks at nothing would be noticed.
const LANGUAGES: [(&str, Separator, &[&str]); 3] = [
    (
        "1033",
        Separator::Comma,
        &["219E01", "8e12", "12345678e9012", "2024-01-05", "1/2", "1:30", "TRUE", "Mar 3", "12%", "$5"],
    ),
    ("1031", Separator::Semicolon, &["219E01", "1,5", "1.5.2024", "3. März", "WAHR", "(1,5)"]),
    (
        "2052",
        Separator::Tab,
        &["219E01", "10-12", "2024年1月5日", "二〇二四年一月五日", "１２３", "3:20 上午", "１／２"],
    ),
];

#[test]
fn libreoffice_reads_every_text_as_the_text_that_it_is() {
    if Command::new("soffice").arg("--version").output().is_err() {
        assert!(
            env::var_os("CI").is_none_or(|ci| ci.is_empty()),
            "LibreOffice is missing: install libreoffice-calc-nogui"
        );
        let _ = writeln!(
            std::io::stderr().lock(),
            "NOT TESTED: without LibreOffice (libreoffice-calc-nogui) nobody says how a spreadsheet reads an export."
        );
        return;
    }
    let languages = LANGUAGES
        .map(|(language, separator, values)| thread::spawn(move || reads_as_text(language, separator, values)));
    for language in languages {
        language.join().expect("each language reads texts as texts");
    }
}

fn reads_as_text(language: &str, separator: Separator, values: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cells: Vec<&str> = VALUES.iter().chain(TEXTS).copied().collect();
    let files = [(Profile::Spreadsheet, "guarded.csv"), (Profile::Programs, "bare.csv")];
    for (profile, name) in files {
        fs::write(folder.path().join(name), exported(&cells, profile, separator)).expect("the file");
    }
    let [guarded, bare] = read_by_libreoffice(folder.path(), language, separator, files.map(|(_, name)| name));
    assert_eq!((guarded.len(), bare.len()), (cells.len(), cells.len()), "{language}: every row is read");
    for (cell, read) in cells.iter().zip(&guarded) {
        // Short whole numbers are the only values; they are shown and kept as they are.
        let is_number = cell.bytes().all(|byte| byte.is_ascii_digit());
        assert!(read.is_text || is_number, "{language}: {cell:?} has become a value: {:?}", read.shown);
        assert_eq!(unguard(&read.shown), *cell, "{language}: the cell comes back as it was");
    }
    for value in values {
        let place = cells.iter().position(|cell| cell == value).expect("it is in the table");
        let read = &bare[place];
        assert!(!read.is_text || read.shown != *value, "{language}: without the guard {value:?} becomes a value");
    }
}

fn exported(cells: &[&str], profile: Profile, separator: Separator) -> Vec<u8> {
    let request = Request {
        kind: Kind::Deliveries,
        format: Format::Csv,
        filter: Filter::default(),
        columns: Some(vec!["reason".to_owned(), "bytes".to_owned()]),
        tz: Zone::utc(),
        time_format: TimeFormat::Local,
        profile,
        separator,
        headings: Headings::Names,
        origins: false,
        meta: false,
    };
    let mut file = Vec::new();
    let rows = |each: crate::export::columns::Each<'_, DeliveryRow>| {
        for cell in cells {
            if each(DeliveryRow { reason: Some(Reason::Sentence { text: (*cell).to_owned() }), ..row() })?.is_break() {
                break;
            }
        }
        Ok(())
    };
    write_rows(&request, rows, &mut file, &|_| ControlFlow::Continue(())).expect("memory can be written");
    file
}

fn row() -> DeliveryRow {
    DeliveryRow {
        digest: String::new(),
        received_ms: 0,
        app: String::new(),
        family: String::new(),
        command: String::new(),
        verdict: String::new(),
        reason: None,
        repeats: 0,
        call_id: String::new(),
        room_id: String::new(),
        bytes: 512,
        source: String::new(),
        event_ms: None,
        quarantined: false,
    }
}

/// A cell of LibreOffice.
struct Read {
    /// Whether it holds text; else a number, a date or another value.
    is_text: bool,
    /// What it shows.
    shown: String,
}

/// Opens the files in LibreOffice as a person of that language would, and has the first column written with its texts, and
/// nothing else, in quotes.
fn read_by_libreoffice<const N: usize>(
    folder: &Path,
    language: &str,
    separator: Separator,
    names: [&str; N],
) -> [Vec<Read>; N] {
    // Tokens of its CSV filter: separator, quote, UTF-8, first line, columns, language, quoted is text, special numbers.
    let reading = format!("--infilter=CSV:{},34,76,1,,{language},false,true", separator.byte());
    // The same for writing: English, texts are quoted, as shown.
    let writing = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true";
    let done = folder.join("read");
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", &reading, "--convert-to", writing, "--outdir"])
        .arg(&done)
        .args(names.map(|name| folder.join(name)))
        .output()
        .expect("soffice starts");
    names.map(|name| {
        let text = fs::read_to_string(done.join(name));
        let text =
            text.unwrap_or_else(|why| panic!("soffice reads {name}: {why}; {}", String::from_utf8_lossy(&run.stderr)));
        text.trim_start_matches('\u{feff}').lines().skip(1).map(first_cell).collect()
    })
}

fn first_cell(line: &str) -> Read {
    let (cell, number) = line.rsplit_once(',').expect("two columns");
    assert_eq!(number, "512", "a number stays a number: {line}");
    let text = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"'));
    Read { is_text: text.is_some(), shown: text.unwrap_or(cell).replace("\"\"", "\"") }
}
