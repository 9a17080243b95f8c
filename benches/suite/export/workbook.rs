//! A workbook of all calls: Calltrail's command against the library that it writes workbooks with, alone.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use calltrail::store::Store;
use rust_xlsxwriter::{Format, Workbook};

use super::{ROUNDS, Ran, best, middle, run};
use crate::{
    Outcome,
    figures::{bytes, grouped, milliseconds, ms, number, rounded, times_as},
    report::{Findings, Table},
    serve::calltrail,
};

/// Twelve columns, of every sort.
const COLUMNS: [&str; 12] = [
    "call_id",
    "app",
    "started",
    "answered",
    "ended",
    "result",
    "media",
    "type",
    "caller",
    "callees",
    "ring_seconds",
    "talk_seconds",
];
/// Those of them that are dates, and those that are lengths of time.
const DATES: [usize; 3] = [2, 3, 4];
const LENGTHS: [usize; 2] = [10, 11];
/// How much more memory a command may take than with a record of nothing.
const MOST_MEMORY: u64 = 64 << 20;

/// Measures both in turns, in a record's folder and with files in another.
pub(super) fn measure(folder: &Path, files: &Path, calls: u64, findings: &mut Findings) -> Outcome<()> {
    let rows = rows(folder, &files.join("columns.csv"))?;
    let [ours, theirs] = ["calltrail.xlsx", "bare.xlsx"].map(|name| files.join(name));
    let (mut by_us, mut by_them) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        by_us.push(run(&mut exporting(folder, "xlsx", &ours), &ours)?);
        let begin = Instant::now();
        bare(&rows, files, &theirs)?;
        File::open(&theirs)?.sync_all()?;
        by_them.push(Ran { took: milliseconds(begin.elapsed()), peak: 0 });
    }
    let mut table = Table::new(&["", "median", "best", "calls/s", "memory at most", "file"]);
    for (name, runs, file) in
        [("calltrail export --format xlsx", &by_us, &ours), ("rust_xlsxwriter", &by_them, &theirs)]
    {
        let rate = rounded(number(calls) / middle(runs) * 1_000.0);
        let peak = runs.iter().map(|run| run.peak).max().filter(|peak| *peak > 0).map(bytes);
        let file = bytes(file.metadata()?.len());
        table.row(vec![name.to_owned(), ms(middle(runs)), ms(best(runs)), rate, peak.unwrap_or_default(), file]);
    }
    findings.tables.push(table);
    let ratio = times_as(middle(&by_us), middle(&by_them));
    let what = format!("Workbook of {} calls by 12 columns, time of that of the library alone", grouped(calls));
    findings.aim(what, "at most 1.2", format!("{ratio:.2}"), ratio <= 1.2);
    let nothing = files.join("nothing");
    Store::open(&nothing, "the benchmark")?.close()?;
    let idle = run(&mut exporting(&nothing, "xlsx", &ours), &ours)?.peak;
    let more = by_us.iter().map(|run| run.peak).max().unwrap_or_default().saturating_sub(idle);
    let what = "Memory of the command meanwhile, over that with a record of nothing".to_owned();
    findings.aim(what, "at most 64 MiB", format!("{} over {}", bytes(more), bytes(idle)), more <= MOST_MEMORY);
    Ok(())
}

fn exporting(folder: &Path, format: &str, file: &Path) -> Command {
    let mut command =
        calltrail(folder, &["export", "calls", "--tz", "utc", "--format", format, "--headings", "en", "--columns"]);
    command.arg(COLUMNS.join(",")).arg("--output").arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The same rows, in memory.
fn rows(folder: &Path, file: &Path) -> Outcome<Vec<csv::StringRecord>> {
    run(&mut exporting(folder, "csv", file), file)?;
    Ok(csv::Reader::from_path(file)?.into_records().collect::<Result<_, _>>()?)
}

/// Nothing but the library, with cells of the same sorts. What a date's number is does not matter to it.
fn bare(rows: &[csv::StringRecord], folder: &Path, file: &Path) -> Outcome<()> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(folder)?;
    let [text, date, length] =
        ["@", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss"].map(|format| Format::new().set_num_format(format));
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (row, record) in (0..).zip(rows.iter().take(1_048_575)) {
        for (column, field) in (0_u16..).zip(record) {
            let place = usize::from(column);
            if field.is_empty() {
                continue;
            }
            if DATES.contains(&place) {
                sheet.write_number_with_format(row, column, 45_722.0 + f64::from(row % 86_400) / 86_400.0, &date)?;
            } else if LENGTHS.contains(&place) {
                sheet.write_number_with_format(row, column, field.parse::<f64>()? / 86_400.0, &length)?;
            } else {
                sheet.write_string_with_format(row, column, field, &text)?;
            }
        }
    }
    workbook.save_to_writer(std::io::BufWriter::with_capacity(256 * 1024, File::create(file)?))?;
    Ok(())
}
