//! `GET /api/export/calls.csv`: lists as downloads, in a browser. Nothing is gathered in memory: rows go out as they are read.

use std::{
    io::{self, BufWriter, Write as _},
    ops::ControlFlow,
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::State as In,
    http::{HeaderName, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};
use utoipa::IntoParams;

use super::{
    Api, completeness,
    error::{self, Error, Params},
    exports, list, me,
    problem::Problem,
    zone::{self, TimeZone},
};
use crate::{
    completeness::summary,
    export::{self, Format, Headings, Kind, Profile, Progress, Separator, TimeFormat},
    language::Language,
    store::{Reader, filter::Filter},
    zone::Zone,
};

/// Downloads that may run at once: each holds a read snapshot, which keeps SQLite's log from being reset.
pub(super) const AT_ONCE: usize = 4;
/// Bytes that go out in one piece.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for a slow reader.
const PIECES_AHEAD: usize = 4;
/// How long whoever follows a link waits for those that were first.
const LONGEST_QUEUE: Duration = Duration::from_secs(30);
/// A reader who takes nothing for so long has gone away.
const LONGEST_STALL: Duration = Duration::from_secs(60);

/// How the file is written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Layout {
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on; UTC when not said.
    #[param(value_type = Option<TimeZone>)]
    tz: Option<String>,
    /// How times are written; `local` when not said, which in a workbook is a date.
    #[param(inline)]
    time_format: Option<TimeFormat>,
    /// For whom a CSV file is made; `programs` when not said.
    #[param(inline)]
    profile: Option<Profile>,
    /// What stands between the values of a CSV file; `comma` when not said.
    #[param(inline)]
    separator: Option<Separator>,
    /// What the columns of a CSV file or workbook are called in its first line; `names` when not said, and `en` of a workbook.
    #[param(inline)]
    headings: Option<Headings>,
    /// Names of columns, comma-separated; all when not said.
    columns: Option<String>,
}

/// What the list shows, as a file: `calls.csv`, `calls.jsonl`, `calls.xlsx`, and the same of the other lists.
#[utoipa::path(get, path = "/api/export/{file}", operation_id = "download",
    params(("file" = String, Path, description = "The list and the format, such as `calls.csv`"), Filter, Layout),
    responses(
        (status = 200, body = String, content_type = "text/csv", description = "The file"),
        (status = 404, body = Error, description = "There is no such export"),
    ),
)]
pub(super) async fn download(
    In(api): In<Api>,
    error::Place(file): error::Place<String>,
    Params(filter): Params<Filter>,
    Params(layout): Params<Layout>,
) -> Result<Response, Error> {
    let request = request(&file, filter, layout)?;
    send_list(&api, request, Place::now(&api)?).await
}

/// Sends a list.
pub(super) async fn send_list(api: &Api, request: export::Request, place: Place) -> Result<Response, Error> {
    let filter = me::of_whoever_asks(api, request.filter).await?;
    let request = export::Request { filter, ..request };
    let around = exports::around(api);
    let file = File {
        name: exports::file_name(api, &request),
        content_type: request.content_type(),
        filter: request.filter.clone(),
        zone: request.tz.clone(),
    };
    let write = move |reader: &Reader, out: &mut (dyn io::Write + Send), progress: Progress<'_>| {
        export::write(reader, &request, &around, out, progress)
    };
    send(api, file, place, write).await
}

/// A place among the downloads that may run at once, until it is dropped.
pub(super) struct Place {
    _until_dropped: OwnedSemaphorePermit,
}

impl Place {
    /// One that is free now.
    pub(super) fn now(api: &Api) -> Result<Self, Error> {
        api.downloads.clone().try_acquire_owned().map(Self::of).map_err(|_| busy())
    }

    /// One for whoever follows a link, as soon as there is one: a workbook loads all its links at once. They take none from others.
    pub(super) async fn of_links(api: &Api) -> Result<Self, Error> {
        let free = timeout(LONGEST_QUEUE, api.followed.clone().acquire_owned()).await;
        free.ok().and_then(Result::ok).map(Self::of).ok_or_else(busy)
    }

    const fn of(permit: OwnedSemaphorePermit) -> Self {
        Self { _until_dropped: permit }
    }
}

fn busy() -> Error {
    Problem::DownloadsBusy { most: super::count(AT_ONCE) }.into()
}

/// What is said of a file before its first byte.
pub(super) struct File {
    /// How it is called.
    pub(super) name: String,
    /// Its media type.
    pub(super) content_type: &'static str,
    /// Of which period and application its completeness is told.
    pub(super) filter: Filter,
    /// Whose days that are.
    pub(super) zone: Zone,
}

/// Sends what `write` writes, while it is written.
pub(super) async fn send(
    api: &Api,
    file: File,
    place: Place,
    write: impl FnOnce(&Reader, &mut (dyn io::Write + Send), Progress<'_>) -> Result<u64, export::Error> + Send + 'static,
) -> Result<Response, Error> {
    // A burst that was answered a moment ago is in the file.
    api.write(|store| store.require_complete()).await?;
    let complete = completeness::of_file(api, &file.filter, file.zone).await?;

    let (sender, mut pieces) = mpsc::channel(PIECES_AHEAD);
    let folder = api.state.data_dir.clone();
    tokio::task::spawn_blocking(move || {
        let _until_done = place;
        let sent = Sink { sender: sender.clone(), runtime: Handle::current() };
        if let Err(error) = written(&folder, sent, write) {
            // Where nobody listens any more, nobody needs to hear why.
            let _ = sender.blocking_send(Err(error));
        }
    });

    // What goes wrong before the first piece is still an answer; afterwards all that can be done is to break off.
    let first = pieces.recv().await.transpose()?;
    let rest = stream::unfold(pieces, |mut pieces| async { pieces.recv().await.map(|piece| (piece, pieces)) });
    let all = stream::iter(first.map(Ok)).chain(rest);
    let headers = [
        (header::CONTENT_TYPE, file.content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
    ];
    let mut answer = (headers, Body::from_stream(all)).into_response();
    answer.headers_mut().insert(HeaderName::from_static(summary::HEADER), complete);
    Ok(answer)
}

fn request(file: &str, filter: Filter, layout: Layout) -> Result<export::Request, Error> {
    let (kind, format) = file
        .split_once('.')
        .and_then(|(kind, format)| Some((Kind::read(kind)?, Format::read(format)?)))
        .ok_or(Problem::NoSuchDownload)?;
    layout.request(kind, format, filter)
}

impl Layout {
    /// A list in this layout, or what is wrong with that.
    pub(super) fn request(self, kind: Kind, format: Format, filter: Filter) -> Result<export::Request, Error> {
        let columns = self.columns.filter(|names| !names.is_empty());
        let request = export::Request {
            kind,
            format,
            filter,
            columns: columns.map(|names| names.split(',').map(str::to_owned).collect()),
            tz: self.tz.map_or_else(|| Ok(Zone::utc()), |name| zone::read("tz", &name))?,
            time_format: self.time_format.unwrap_or_default(),
            profile: self.profile.unwrap_or_default(),
            separator: self.separator.unwrap_or_default(),
            headings: self.headings.unwrap_or_else(|| Headings::usual(format, Language::En)),
            origins: false,
            // What is downloaded is one file.
            meta: false,
        };
        list::check(&request.filter)?;
        export::check(&request)?;
        Ok(request)
    }
}

/// Writes the file through a connection of its own, so that no list waits for it.
fn written(
    folder: &std::path::Path,
    sink: Sink,
    write: impl FnOnce(&Reader, &mut (dyn io::Write + Send), Progress<'_>) -> Result<u64, export::Error>,
) -> Result<(), export::Error> {
    let reader = Reader::open(folder)?;
    // A workbook is sent when it is put together; whoever does not wait for it is noticed before.
    let listener = sink.sender.clone();
    let is_wanted = |_| if listener.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let mut out = BufWriter::with_capacity(PIECE, sink);
    write(&reader, &mut out, &is_wanted)?;
    out.flush()?;
    Ok(())
}

/// Hands what is written to the response.
struct Sink {
    sender: mpsc::Sender<Result<Bytes, export::Error>>,
    runtime: Handle,
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        // Rows are written on a thread that knows of no runtime, so the time limit begins within this one.
        match self.runtime.block_on(async { timeout(LONGEST_STALL, self.sender.send(piece)).await }) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) | Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
