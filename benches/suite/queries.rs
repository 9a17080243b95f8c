//! How long the window waits for an answer: every question it can ask, put to the API in process, on records of several sizes.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, http::Request};
use calltrail::{
    config::KeyStore,
    service::{Options, Service},
    traffic,
};
use http_body_util::BodyExt as _;
use rusqlite::Connection;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::{
    Bench, Fault, Outcome, Part,
    figures::{Times, grouped, median, ms, times_as},
    questions::{Kind, QUESTIONS, Question},
    report::{Findings, Table},
    samples::Samples,
};

pub(crate) const PART: Part = Part {
    name: "queries",
    title: "What the window asks",
    about: "
Every question that the window can ask is put to the API in process, as the window does it: from the request to the last byte of
the answer's JSON, 200 rows a page. Each is asked at least 100 times (less only where that takes longer than half a minute), with
parameters that change from one time to the next, after a few times that are not counted. The files are read once before, so they
are in the system's memory as far as that reaches. The records are asked in turns, so that
what else the machine does meets all of them. `times` is the largest record's median as a multiple of the smallest one's; with an
index it stays small, and pages of lists are to stay under 3.
",
    measure,
};

const WARM_UP: usize = 5;
/// Questions to one record before the next one has its turn.
const TURN: usize = 20;
const AT_LEAST: usize = 100;
const AT_MOST: usize = 400;
/// After this long 100 are enough.
const ENOUGH: Duration = Duration::from_secs(2);
/// After this long whatever was measured has to be enough.
const LONGEST: Duration = Duration::from_secs(30);
/// How long the projector may take to become idle.
const PATIENCE: Duration = Duration::from_secs(300);
/// Hours that may be left: calls that are under way when a record ends.
const LAST_HOURS: i64 = 3;
const LARGEST_RATIO: f64 = 3.0;

/// One record and the service that answers for it.
pub(crate) struct Record {
    pub(crate) calls: u64,
    service: Service,
    router: Router,
    samples: Samples,
}

/// What one question took in one record.
pub(crate) struct Asked {
    calls: u64,
    pub(crate) times: Times,
}

impl Record {
    /// The service over a folder.
    pub(crate) fn open(runtime: &Runtime, folder: PathBuf, calls: u64) -> Outcome<Self> {
        read_once(&folder)?;
        let options = Options {
            data_dir: folder,
            holder: "the benchmark".to_owned(),
            hook: Some("127.0.0.1:0".parse()?),
            apps: vec![(traffic::APP.to_owned(), String::new())],
            key_store: KeyStore::File,
            ..Options::default()
        };
        let data_dir = options.data_dir.clone();
        let service = runtime.block_on(Service::start(options))?;
        until_idle(&data_dir)?;
        let router = service.router();
        let samples = Samples::gather(&mut |address| Ok(get(runtime, &router, address)?.1));
        match samples {
            Ok(samples) => Ok(Self { calls, service, router, samples }),
            Err(why) => {
                runtime.block_on(service.stop());
                Err(why)
            }
        }
    }

    pub(crate) fn close(self, runtime: &Runtime) {
        runtime.block_on(self.service.stop());
    }
}

fn measure(bench: &Bench) -> Outcome<Findings> {
    let runtime = Runtime::new()?;
    let mut records = Vec::new();
    for &calls in bench.data_sets.sizes() {
        records.push(Record::open(&runtime, bench.data_sets.folder(calls)?, calls)?);
    }
    let found = ask_all(&runtime, &mut records);
    for record in records {
        record.close(&runtime);
    }
    found
}

/// Waits until the projector has packed the hours that are over: it does when nothing else is to be done. The record's last hour stays
/// as it is.
pub(crate) fn until_idle(folder: &Path) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let is_projection = entry.file_name().to_string_lossy().starts_with("projection-");
        if !is_projection || path.extension().is_none_or(|end| end != "db") {
            continue;
        }
        let projection = Connection::open(&path)?;
        let unpacked = "select count(*) from call_hour where calls is null";
        while projection.query_row(unpacked, [], |row| row.get::<_, i64>(0))? > LAST_HOURS && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(100));
        }
    }
    Ok(())
}

fn read_once(folder: &Path) -> Outcome<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_type()?.is_file() {
            io::copy(&mut File::open(entry.path())?, &mut io::sink())?;
        }
    }
    Ok(())
}

/// Asks once; answers how long that took, and what was answered.
fn get(runtime: &Runtime, router: &Router, address: &str) -> Outcome<(Duration, Value)> {
    let request = Request::get(address).body(Body::empty())?;
    let begin = Instant::now();
    let (status, body) = runtime.block_on(async {
        let answer = router.clone().oneshot(request).await?;
        let status = answer.status();
        Ok::<_, Fault>((status, answer.into_body().collect().await?.to_bytes()))
    })?;
    let took = begin.elapsed();
    let answer: Value = serde_json::from_slice(&body)?;
    if !status.is_success() {
        return Err(format!("{address} was answered {status}: {answer}").into());
    }
    Ok((took, answer))
}

fn ask_all(runtime: &Runtime, records: &mut [Record]) -> Outcome<Findings> {
    let mut findings = Findings::default();
    let sizes: Vec<String> = records.iter().map(|record| grouped(record.calls)).collect();
    let mut columns = vec!["list".to_owned(), "question".to_owned()];
    columns.extend(sizes.iter().flat_map(|size| [format!("{size}: median"), format!("{size}: p99")]));
    columns.extend(["times", "aim for p99", "met"].map(str::to_owned));
    let mut table = Table::new(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    let mut answered = Vec::new();
    for question in QUESTIONS {
        match ask(runtime, records, question) {
            Ok(asked) => {
                table.row(row(question, &asked));
                answered.push((question, asked));
            }
            // The others are measured all the same.
            Err(why) => {
                println!("  {} {}: {why}", question.list, question.what);
                findings.note(format!("{}, {}: could not be asked ({why}).", question.list, question.what));
            }
        }
    }
    findings.tables.push(table);
    for kind in [Kind::Page, Kind::Detail, Kind::Search, Kind::Total, Kind::Figures] {
        let of_kind: Vec<_> = answered.iter().filter(|(question, _)| question.kind == kind).collect();
        for (at, record) in records.iter().enumerate().skip(usize::from(records.len() > 1)) {
            worst(&mut findings, kind, &of_kind, at, record.calls);
        }
    }
    if records.len() > 1 {
        growth(&mut findings, &answered);
    }
    Ok(findings)
}

/// Asks the records in turns until there is enough to tell a 99th percentile.
pub(crate) fn ask(runtime: &Runtime, records: &mut [Record], question: &Question) -> Outcome<Vec<Asked>> {
    let mut times: Vec<Vec<Duration>> = records.iter().map(|_| Vec::new()).collect();
    let once = |record: &mut Record| {
        let address = (question.address)(&mut record.samples);
        Ok::<_, Fault>(get(runtime, &record.router, &address)?.0)
    };
    let mut took = vec![Duration::ZERO; records.len()];
    loop {
        let mut asked = false;
        for ((record, times), took) in records.iter_mut().zip(&mut times).zip(&mut took) {
            let enough = times.len() >= AT_LEAST && *took > ENOUGH;
            if enough || times.len() >= AT_MOST || *took > LONGEST {
                continue;
            }
            asked = true;
            for _ in 0..if times.is_empty() { WARM_UP } else { 0 } {
                *took += once(record)?;
            }
            for _ in 0..TURN {
                let time = once(record)?;
                *took += time;
                times.push(time);
                if *took > LONGEST {
                    break;
                }
            }
        }
        if !asked {
            let asked = records.iter().zip(times);
            return Ok(asked.map(|(record, times)| Asked { calls: record.calls, times: Times::new(times) }).collect());
        }
    }
}

fn row(question: &Question, asked: &[Asked]) -> Vec<String> {
    let mut cells = vec![question.list.to_owned(), question.what.to_owned()];
    for asked in asked {
        let few = if asked.times.len() < AT_LEAST { format!(" ({}×)", asked.times.len()) } else { String::new() };
        cells.push(format!("{}{few}", ms(asked.times.percentile(50))));
        cells.push(ms(asked.times.percentile(99)));
    }
    let limit = question.kind.limit_ms();
    let met = asked.iter().all(|asked| asked.times.percentile(99) < limit);
    cells.push(times(asked).map_or_else(String::new, |times| format!("{times:.1}")));
    cells.push(format!("under {limit} ms"));
    cells.push(if met { "yes".to_owned() } else { "**no**".to_owned() });
    cells
}

/// The largest record's median as a multiple of the smallest one's.
fn times(asked: &[Asked]) -> Option<f64> {
    let (first, last) = (asked.first()?, asked.last()?);
    (first.calls < last.calls).then(|| times_as(last.times.percentile(50), first.times.percentile(50)))
}

/// The slowest question of a kind, beside its aim.
fn worst(findings: &mut Findings, kind: Kind, asked: &[&(&Question, Vec<Asked>)], at: usize, calls: u64) {
    let p99 = |asked: &[Asked]| asked.get(at).map_or(0.0, |asked| asked.times.percentile(99));
    let Some((slowest, times)) = asked.iter().max_by(|a, b| p99(&a.1).total_cmp(&p99(&b.1))) else { return };
    let (limit, measured) = (kind.limit_ms(), p99(times));
    let what =
        format!("{} at {} calls, slowest p99 ({}: {})", kind.plural(), grouped(calls), slowest.list, slowest.what);
    findings.aim(what, &format!("under {limit} ms"), ms(measured), measured < limit);
}

/// How much slower pages are in the largest record than in the smallest.
fn growth(findings: &mut Findings, answered: &[(&Question, Vec<Asked>)]) {
    let pages = answered.iter().filter(|(question, _)| question.kind == Kind::Page);
    let ratios: Vec<(&Question, f64)> =
        pages.filter_map(|(question, asked)| Some((*question, times(asked)?))).collect();
    let Some((most, times)) = ratios.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
    let middle = median(&ratios.iter().map(|ratio| ratio.1).collect::<Vec<_>>());
    findings.aim(
        format!("pages of lists, largest record to smallest, most ({}: {})", most.list, most.what),
        &format!("at most {LARGEST_RATIO} times"),
        format!("{times:.1} times (the median page: {middle:.1})"),
        *times <= LARGEST_RATIO,
    );
}
