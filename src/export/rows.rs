//! From the record to a sink: each list's rows, from one read snapshot. They are read here and written on a thread beside it, so that
//! a large export takes as long as the slower of the two.

use std::{
    io::Write,
    mem,
    ops::ControlFlow,
    panic,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use super::{
    Around, Error, Format, Kind, Progress, Request,
    about::About,
    check,
    columns::{Each, Exported},
    csv, jsonl, objects, parquet,
    xlsx::{self, Limits},
};
use crate::store::{
    self, Reader,
    rows::{CallRow, CaseRow, DeliveryRow, MemberRow, PersonRow, RoomRow, StayRow},
};

/// Writes what `request` asks for, newest first, from one read snapshot, and says how many rows it were.
pub fn write(
    reader: &Reader,
    request: &Request,
    around: &Around,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let sink = match request.format {
        Format::Xlsx => return write_explained(reader, request, around, out, progress).map(|(rows, _)| rows),
        Format::Csv => Sink::Csv,
        Format::Jsonl => Sink::Objects,
        Format::Parquet => Sink::Parquet,
    };
    check(request)?;
    // Before the first byte: whoever reads the output learns of it instead of a file with nothing but a head.
    reader.require_complete()?;
    into(&Source::whole(reader, request, around), &sink, out, progress)
}

/// [`write()`], and what the file says of itself, of the same snapshot.
pub(super) fn write_explained(
    reader: &Reader,
    request: &Request,
    around: &Around,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<(u64, About), Error> {
    check(request)?;
    let write = |reader: &Reader, revision| {
        let about = About::of(reader, revision, request, around)?;
        let sink = Sink::of(request.format, &about);
        let rows = into(&Source::whole(reader, request, around), &sink, out, progress);
        Ok(rows.map(|rows| (rows, about)))
    };
    match request.kind {
        Kind::Cases => reader.at_one_settled_revision(write)?,
        _ => reader.at_one_revision(write)?,
    }
}

/// How many rows `request` will write, for a progress bar.
pub fn count(reader: &Reader, request: &Request, now_ms: i64) -> Result<u64, Error> {
    let filter = &request.filter;
    Ok(match request.kind {
        Kind::Calls => reader.count_calls(filter, now_ms)?,
        Kind::Members => reader.count_members(filter, now_ms)?,
        Kind::Rooms => reader.count_rooms(filter, now_ms)?,
        Kind::Stays => reader.count_stays(filter)?,
        Kind::Deliveries => reader.count_deliveries(filter)?,
        Kind::People => reader.count_people(filter)?,
        Kind::Cases => reader.count_cases(filter, now_ms)?,
        Kind::Entries => jsonl::count_entries(reader, filter)?,
    })
}

/// Writes no more than so many rows, as they would be written among all of them.
pub(super) fn write_some(
    reader: &Reader,
    request: &Request,
    around: &Around,
    most: u64,
    out: &mut (dyn Write + Send),
) -> Result<u64, Error> {
    check(request)?;
    let about = About::default();
    let source = Source { reader, request, around, most };
    into(&source, &Sink::of(request.format, &about), out, &|_| ControlFlow::Continue(()))
}

/// Where rows go.
enum Sink<'a> {
    Csv,
    Objects,
    Parquet,
    Workbook(&'a About),
}

impl<'a> Sink<'a> {
    const fn of(format: Format, about: &'a About) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Jsonl => Self::Objects,
            Format::Parquet => Self::Parquet,
            Format::Xlsx => Self::Workbook(about),
        }
    }
}

/// Where rows come from.
struct Source<'a> {
    reader: &'a Reader,
    request: &'a Request,
    around: &'a Around,
    /// No more rows than these.
    most: u64,
}

impl<'a> Source<'a> {
    const fn whole(reader: &'a Reader, request: &'a Request, around: &'a Around) -> Self {
        Self { reader, request, around, most: u64::MAX }
    }

    /// Reads all rows and hands them on, then what kept it from their end.
    fn read<R: Exported>(&self, to: &SyncSender<Batch<R>>) {
        let (mut left, mut batch) = (self.most, Vec::with_capacity(ROWS_TOGETHER));
        let read = R::each(self.reader, &self.request.filter, self.around.now_ms, &mut |row| {
            if left == 0 {
                return Ok(ControlFlow::Break(()));
            }
            left -= 1;
            batch.push(row);
            if batch.len() < ROWS_TOGETHER {
                return Ok(ControlFlow::Continue(()));
            }
            let full = mem::replace(&mut batch, Vec::with_capacity(ROWS_TOGETHER));
            // Nobody takes them where the file cannot be written, or is not wanted any more.
            Ok(if to.send(Ok(full)).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        let _ = to.send(Ok(batch));
        if let Err(error) = read {
            let _ = to.send(Err(error));
        }
    }
}

/// Rows that are handed on together, or what kept the record from being read.
type Batch<R> = Result<Vec<R>, store::Error>;

/// Rows that are handed on together.
const ROWS_TOGETHER: usize = 256;
/// Batches that may wait to be written.
const BATCHES_WAITING: usize = 4;

/// Tells each row that comes.
fn each_of<R>(batches: &Receiver<Batch<R>>, row: Each<'_, R>) -> Result<(), store::Error> {
    for batch in batches {
        for one in batch? {
            if row(one)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn into(
    source: &Source<'_>,
    sink: &Sink<'_>,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    match (source.request.kind, sink) {
        (Kind::Entries, _) => jsonl::write_entries(source.reader, &source.request.filter, source.most, out, progress),
        (Kind::Deliveries, Sink::Objects) => {
            let now_ms = source.around.now_ms;
            jsonl::write(source.reader, source.request, (now_ms, source.most), out, progress)
        }
        (Kind::Deliveries, _) => rows_into::<DeliveryRow>(source, sink, out, progress),
        (Kind::Calls, _) => rows_into::<CallRow>(source, sink, out, progress),
        (Kind::Members, _) => rows_into::<MemberRow>(source, sink, out, progress),
        (Kind::Rooms, _) => rows_into::<RoomRow>(source, sink, out, progress),
        (Kind::Stays, _) => rows_into::<StayRow>(source, sink, out, progress),
        (Kind::People, _) => rows_into::<PersonRow>(source, sink, out, progress),
        (Kind::Cases, _) => rows_into::<CaseRow>(source, sink, out, progress),
    }
}

fn rows_into<R: Exported>(
    source: &Source<'_>,
    sink: &Sink<'_>,
    out: &mut (dyn Write + Send),
    progress: Progress<'_>,
) -> Result<u64, Error> {
    let (request, around) = (source.request, source.around);
    let (to, batches) = sync_channel(BATCHES_WAITING);
    thread::scope(|scope| {
        let writing = scope.spawn(move || {
            let rows = move |row: Each<'_, R>| each_of(&batches, row);
            match sink {
                Sink::Csv => csv::write_rows(request, rows, out, progress),
                Sink::Objects => objects::write_rows(request, rows, out, progress),
                Sink::Parquet => parquet::write_rows(request, rows, out, progress),
                Sink::Workbook(about) => {
                    xlsx::write_rows(request, about, &Limits::of(&around.folder), rows, out, progress)
                }
            }
        });
        source.read(&to);
        drop(to);
        writing.join().unwrap_or_else(|fault| panic::resume_unwind(fault))
    })
}
