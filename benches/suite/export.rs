//! CSV of all calls: Calltrail's command against the `sqlite3` command; and workbooks.

mod workbook;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    Bench, Outcome, Part,
    figures::{bytes, count, grouped, median, ms, number, rounded, times_as},
    report::{Findings, Table},
    serve::{calltrail, memory},
};

pub(crate) const PART: Part = Part {
    name: "export",
    title: "Export",
    about: "
`calltrail export calls` writes all calls with its usual columns (UTC) into a file. The `sqlite3` command writes the same columns of
the same projection with `-csv`, in the same order; the SELECT is in `benches/suite/export/calls.sql`. Both files are synced to the
disk before the clock stops. In turns, three times. Afterwards both files are read and compared value by value.

`calltrail export calls --format xlsx` writes twelve columns of all calls as a workbook; the library that it does that with writes the
same rows from memory, with the same formats. Calltrail reads them, and tells their sorts and limits, and what is in the file.
",
    measure,
};

const ROUNDS: usize = 3;
/// The statement, for the command's standard input.
const SELECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/suite/export/calls.sql");
/// How often is looked whether a command has ended, and how much memory it has.
const LOOK: Duration = Duration::from_millis(2);

/// One command's run: milliseconds, and bytes of memory at most.
struct Ran {
    took: f64,
    peak: u64,
}

fn measure(bench: &Bench) -> Outcome<Findings> {
    let calls = bench.large()?;
    let folder = bench.data_sets.folder(calls)?;
    let projection = projection(&folder)?;
    let files = bench.data_sets.temporary()?;
    let [ours, theirs] = ["calltrail.csv", "sqlite3.csv"].map(|name| files.path().join(name));
    let (mut by_us, mut by_them) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        by_us.push(run(&mut by_calltrail(&folder, &ours), &ours)?);
        by_them.push(run(&mut by_sqlite3(&projection, &theirs)?, &theirs)?);
    }
    let mut findings = Findings::default();
    let mut table = Table::new(&["", "median", "best", "calls/s", "memory at most", "file"]);
    for (name, runs, file) in [("calltrail export", &by_us, &ours), ("sqlite3 -csv", &by_them, &theirs)] {
        let (middle, best) = (middle(runs), best(runs));
        let rate = rounded(number(calls) / middle * 1_000.0);
        let peak = runs.iter().map(|run| run.peak).max().unwrap_or_default();
        let file = bytes(file.metadata()?.len());
        table.row(vec![name.to_owned(), ms(middle), ms(best), rate, bytes(peak), file]);
    }
    let ratio = times_as(middle(&by_us), middle(&by_them));
    let what = format!("CSV of {} calls, time of that of sqlite3", grouped(calls));
    findings.aim(what, "at most 1.0", format!("{ratio:.2}"), ratio <= 1.0);
    findings.tables.push(table);
    findings.note(compared(&ours, &theirs, calls)?);
    workbook::measure(&folder, files.path(), calls, &mut findings)?;
    Ok(findings)
}

fn middle(runs: &[Ran]) -> f64 {
    median(&runs.iter().map(|run| run.took).collect::<Vec<_>>())
}

fn best(runs: &[Ran]) -> f64 {
    runs.iter().map(|run| run.took).fold(f64::INFINITY, f64::min)
}

fn by_calltrail(folder: &Path, file: &Path) -> Command {
    let mut command = calltrail(folder, &["export", "calls", "--tz", "utc", "--output"]);
    command.arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn by_sqlite3(projection: &Path, file: &Path) -> Outcome<Command> {
    let mut command = Command::new("sqlite3");
    command.args(["-readonly", "-csv", "-header"]).arg(projection);
    command.stdin(File::open(SELECT)?).stdout(File::create(file)?);
    Ok(command)
}

/// Runs a command until its file is complete and on the disk.
fn run(command: &mut Command, file: &Path) -> Outcome<Ran> {
    let program = command.get_program().to_string_lossy().into_owned();
    let begin = Instant::now();
    let mut child = command.spawn().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => format!("there is no command `{program}`; install it (Debian: the package sqlite3)"),
        _ => format!("`{program}` could not be started: {why}"),
    })?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = memory(child.id()).map_or(peak, |memory| memory.peak);
        sleep(LOOK);
    };
    File::open(file)?.sync_all()?;
    let took = crate::figures::milliseconds(begin.elapsed());
    if !status.success() {
        return Err(format!("`{program}` failed ({status})").into());
    }
    Ok(Ran { took, peak })
}

/// The projection of a closed record: the one file of that name.
fn projection(folder: &Path) -> Outcome<PathBuf> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let is_projection = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("projection-") && name.ends_with(".db")
    };
    let mut found: Vec<PathBuf> = files.filter(is_projection).collect();
    match (found.pop(), found.len()) {
        (Some(projection), 0) => Ok(projection),
        _ => Err(format!("{} does not hold exactly one projection", folder.display()).into()),
    }
}

/// Says how many rows and values of the two files are the same.
fn compared(ours: &Path, theirs: &Path, calls: u64) -> Outcome<String> {
    let read = |file: &Path| csv::ReaderBuilder::new().has_headers(false).from_path(file);
    let (mut ours, mut theirs) = (read(ours)?.into_byte_records(), read(theirs)?.into_byte_records());
    let (mut rows, mut different) = (0_u64, 0_u64);
    let mut first = String::new();
    loop {
        match (ours.next().transpose()?, theirs.next().transpose()?) {
            (None, None) => break,
            (Some(ours), Some(theirs)) => {
                rows += 1;
                if ours != theirs {
                    different += 1;
                    if first.is_empty() {
                        first = format!("; the first: {ours:?} and {theirs:?}");
                    }
                }
            }
            _ => return Err(format!("one of the two files ends after {rows} rows").into()),
        }
    }
    if rows != calls + 1 {
        return Err(format!("the files have {rows} rows instead of a head and {calls} calls").into());
    }
    let values = count(20) * rows;
    Ok(match different {
        0 => format!("Both files hold the same {} values; they differ in quotes only.", grouped(values)),
        _ => format!("{} of {} rows differ{first}.", grouped(different), grouped(rows)),
    })
}
