//! `export`: what a list shows, as a file or on standard output.

use std::{
    io::{self, BufWriter, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use calltrail::{
    callback::words::{CaseState, Words as _},
    clock::Clock,
    export::{self, Around, Format, Headings, Kind, Profile, Request, Separator, TimeFormat},
    language::Language,
    store::{self, Reader, filter::Filter},
};
use clap::Args;

use super::{
    Fault, apps,
    filters::{Filters, several},
    output, stop,
};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// calls, members, rooms, stays, deliveries, people, cases or entries
    #[arg(value_parser = kind)]
    kind: Kind,
    /// csv; jsonl: an object a row, of deliveries and entries the format that `import` reads; xlsx: a workbook for people;
    /// parquet: columns with types
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = format)]
    format: Format,
    #[command(flatten)]
    filters: Filters,
    /// Only those who are ours, or who are not (people)
    #[arg(long, value_name = "YES|NO", value_parser = ["yes", "no"], hide_possible_values = true)]
    ours: Option<String>,
    /// A state: open, put_off, done or closed_itself; may be repeated (cases)
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Vec<String>,
    /// The columns, in this order, separated by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// local: 2025-03-06 11:19:06, in xlsx a date; iso: 2025-03-06T03:19:06Z. In jsonl and parquet always UTC
    #[arg(long, default_value = "local", value_parser = ["local", "iso"], hide_possible_values = true)]
    time_format: String,
    /// Of csv. programs: values untouched; spreadsheet: marked as UTF-8, and texts that a spreadsheet would run, or take for numbers,
    /// dates or truth values, guarded by an apostrophe
    #[arg(long, default_value = "programs", value_parser = ["programs", "spreadsheet"], hide_possible_values = true)]
    profile: String,
    /// What stands between the values of csv: comma, semicolon or tab [default: comma; with --profile spreadsheet, semicolon
    /// where the language's decimal sign is a comma]
    #[arg(long, value_name = "SEPARATOR", value_parser = separator)]
    separator: Option<Separator>,
    /// What the first line of csv or xlsx calls the columns: names, such as call_id; en, such as "Call ID"; zh, such as "通话 ID"
    /// [default: names; of xlsx the language's]
    #[arg(long, value_name = "HEADINGS", value_parser = headings)]
    headings: Option<Headings>,
    /// In jsonl: each line says which receipt of which record it is, so that records can be joined later
    #[arg(long)]
    origins: bool,
    /// Leaves out FILE.meta.json, which says what is in FILE: the filter, the rows, how complete the record is, the SHA-256. (xlsx
    /// says it on its first sheet)
    #[arg(long)]
    no_meta: bool,
    /// The file; - or nothing is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn kind(text: &str) -> Result<Kind, String> {
    Kind::read(text)
        .ok_or_else(|| "choose one of calls, members, rooms, stays, deliveries, people, cases, entries".to_owned())
}

fn format(text: &str) -> Result<Format, String> {
    Format::read(text).ok_or_else(|| "choose one of csv, jsonl, xlsx, parquet".to_owned())
}

fn state(text: &str) -> Result<String, String> {
    if CaseState::has(text) {
        return Ok(text.to_owned());
    }
    Err(format!("choose among {}", CaseState::all().collect::<Vec<_>>().join(", ")))
}

fn separator(text: &str) -> Result<Separator, String> {
    Separator::read(text).ok_or_else(|| "choose one of comma, semicolon, tab".to_owned())
}

fn headings(text: &str) -> Result<Headings, String> {
    Headings::read(text).ok_or_else(|| "choose one of names, en, zh".to_owned())
}

/// The separator where none was named: programs read commas, a spreadsheet reads what its language has.
fn usual_separator(profile: Profile) -> Separator {
    match profile {
        Profile::Programs => Separator::Comma,
        Profile::Spreadsheet => language().map_or(Separator::Comma, |tag| Separator::of_language(&tag)),
    }
}

/// The language in which somebody reads here.
fn reading() -> Language {
    let of_variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let tag = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(of_variable).or_else(sys_locale::get_locale);
    tag.and_then(|tag| Language::of_tag(&tag)).unwrap_or_default()
}

/// The language of numbers, as POSIX looks for it; where no variable says it, the operating system's.
fn language() -> Option<String> {
    let of_variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_NUMERIC", "LANG"].into_iter().find_map(of_variable).or_else(sys_locale::get_locale)
}

pub(crate) fn run(folder: &Path, options: Options) -> Result<(), Fault> {
    let target = options.output.clone().filter(|path| path.as_os_str() != "-");
    let request = request(options)?;
    export::check(&request).map_err(fault)?;
    let reader = store::open_complete(folder, "calltrail export")?;
    let around = Around { folder: folder.to_owned(), ours: apps::ours(folder)?, now_ms: Clock::system().now_ms() };
    match target {
        Some(path) => to_file(&reader, &request, &around, &path),
        None => to_stdout(&reader, &request, &around),
    }
}

fn to_file(reader: &Reader, request: &Request, around: &Around, path: &Path) -> Result<(), Fault> {
    let stop = stop::flag()?;
    let progress = |_| if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let rows = export::to_file(reader, request, around, path, &progress).map_err(fault)?;
    // Standard output is for the export itself; this is said beside it.
    let _ = writeln!(
        io::stderr().lock(),
        "{} written to {}.",
        output::counted(rows, "row was", "rows were"),
        path.display()
    );
    Ok(())
}

fn to_stdout(reader: &Reader, request: &Request, around: &Around) -> Result<(), Fault> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout());
    let written = export::write(reader, request, around, &mut out, &|_| ControlFlow::Continue(()));
    let written = written.and_then(|_| Ok(out.flush()?));
    // What a reader that went away did not take must not be tried again when the buffer is dropped.
    let _ = out.into_parts();
    match written {
        Ok(()) | Err(export::Error::Closed) => Ok(()),
        Err(error) => Err(fault(error)),
    }
}

pub(super) fn fault(error: export::Error) -> Fault {
    if error.is_usage() { Fault::Usage(error.to_string()) } else { Fault::Failed(error.to_string()) }
}

/// Turns the options into a request, or says which of them cannot be.
fn request(options: Options) -> Result<Request, Fault> {
    refuse_foreign_filters(options.kind, &options.filters, !options.state.is_empty())?;
    let profile = if options.profile == "spreadsheet" { Profile::Spreadsheet } else { Profile::Programs };
    let (filter, tz) = options.filters.read()?;
    Ok(Request {
        kind: options.kind,
        format: options.format,
        filter: Filter { ours: options.ours, state: several(&options.state), ..filter },
        columns: options.columns,
        tz,
        time_format: if options.time_format == "iso" { TimeFormat::Iso } else { TimeFormat::Local },
        profile,
        separator: options.separator.unwrap_or_else(|| usual_separator(profile)),
        headings: options.headings.unwrap_or_else(|| Headings::usual(options.format, reading())),
        origins: options.origins,
        meta: !options.no_meta,
    })
}

/// A filter that a list does not have would be passed over, and the file would hold more than was asked for.
pub(super) fn refuse_foreign_filters(kind: Kind, filters: &Filters, has_state: bool) -> Result<(), Fault> {
    let about_calls = matches!(kind, Kind::Calls | Kind::Members);
    let given = [
        ("--result", !filters.result.is_empty()),
        ("--media", filters.media.is_some()),
        ("--type", filters.call_type.is_some()),
        ("--tag", filters.tag.is_some()),
        ("--note", filters.note),
    ];
    match given.iter().find(|(_, given)| *given && !about_calls) {
        Some((option, _)) => Err(Fault::Usage(format!(
            "{option} is about calls; it applies to calls and members, not to {}.",
            kind.code()
        ))),
        None if kind != Kind::Cases && has_state => {
            Err(Fault::Usage(format!("--state is about cases; it does not apply to {}.", kind.code())))
        }
        None if kind == Kind::Deliveries && filters.user.is_some() => Err(Fault::Usage(
            "--user does not apply to deliveries; --q finds text in their call and room ids.".to_owned(),
        )),
        None => Ok(()),
    }
}
