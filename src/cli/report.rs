//! `report`: the report of a period, as a workbook or as a page to print.

use std::{
    io::{self, BufWriter, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use calltrail::{
    clock::Clock,
    export,
    language::Language,
    report::{self, Format, Request},
    store::{self, Reader},
    zone::period::Named,
};
use clap::Args;

use super::{Fault, apps, export::fault, filters::Filters, stop};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The period: today, yesterday, this-week, last-week (from Monday), this-month, last-month, this-quarter, last-quarter,
    /// this-year, last-year, last-7-days, last-30-days or last-90-days; or else --from and --to
    #[arg(long, value_name = "PERIOD", value_parser = named, conflicts_with_all = ["from", "to"], required_unless_present_any = ["from", "to"])]
    period: Option<Named>,
    #[command(flatten)]
    filters: Filters,
    /// The language: en or zh [default: the system's]
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
    /// xlsx: a workbook with every row; html: a page to print [default: as the file's name ends]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<Format>,
    /// The file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

fn named(text: &str) -> Result<Named, String> {
    Named::read(text).ok_or_else(|| format!("choose one of {}", Named::ALL.map(Named::code).join(", ")))
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    let known = Language::ALL.into_iter().find(|language| language.code() == text);
    known.ok_or_else(|| format!("choose one of {}", Language::ALL.map(Language::code).join(", ")))
}

fn format(text: &str) -> Result<Format, String> {
    Format::read(text).ok_or_else(|| format!("choose one of {}", Format::ALL.map(Format::code).join(", ")))
}

pub(crate) fn run(folder: &Path, options: Options) -> Result<(), Fault> {
    let Options { period, filters, language, format, output } = options;
    let format = format.or_else(|| Format::of_path(&output)).ok_or_else(|| {
        Fault::Usage(
            "The file's name says no format: let it end in .xlsx or .html, or name one with --format.".to_owned(),
        )
    })?;
    let (filter, zone) = filters.read()?;
    let now_ms = Clock::system().now_ms();
    let request = Request {
        language: language.unwrap_or_else(Language::of_system),
        ours: apps::ours(folder)?,
        ..Request::new(format, filter, period, zone, now_ms)
    };
    if request.begins_later(now_ms) {
        return Err(Fault::Usage("--from is still to come, so there is nothing to report yet.".to_owned()));
    }
    let reader = store::open_complete(folder, "calltrail report")?;
    if output.as_os_str() == "-" {
        to_stdout(&reader, &request, now_ms, folder)
    } else {
        to_file(&reader, &request, now_ms, folder, &output)
    }
}

fn to_file(reader: &Reader, request: &Request, now_ms: i64, folder: &Path, path: &Path) -> Result<(), Fault> {
    let stop = stop::flag()?;
    let progress = |_| if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    report::to_file(reader, request, now_ms, folder, path, &progress).map_err(fault)?;
    // Where nobody listens, there is nobody to tell it to.
    let _ = writeln!(io::stderr().lock(), "The report was written to {}.", path.display());
    Ok(())
}

fn to_stdout(reader: &Reader, request: &Request, now_ms: i64, folder: &Path) -> Result<(), Fault> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout());
    let written = report::write(reader, request, now_ms, folder, &mut out, &|_| ControlFlow::Continue(()));
    let written = written.and_then(|_| Ok(out.flush()?));
    // What a reader that went away did not take must not be tried again when the buffer is dropped.
    let _ = out.into_parts();
    match written {
        Ok(()) | Err(export::Error::Closed) => Ok(()),
        Err(error) => Err(fault(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_its_format() {
        for (name, format) in [
            ("week.xlsx", Some(Format::Xlsx)),
            ("Week.HTML", Some(Format::Html)),
            ("a.htm", Some(Format::Html)),
            ("week.pdf", None),
            ("-", None),
        ] {
            assert_eq!(Format::of_path(Path::new(name)), format, "{name}");
        }
    }
}
