//! What a fuzzer begins with: Tencent's samples and pages, believable stories, and the words in them.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{fold, handler, request::Request};
use crate::{
    callback::{codes::Family, delivery::Delivery, lenient_json},
    traffic,
};

/// So many deliveries of a story go into one seed.
const CHAPTER: usize = 6;

/// Writes a target's seeds and `words.dict` into the folder that `CALLTRAIL_FUZZ_SEEDS` names; does nothing without it.
pub fn sow(target: &str) {
    let Some(folder) = std::env::var_os("CALLTRAIL_FUZZ_SEEDS").map(PathBuf::from) else { return };
    let sown = fs::create_dir_all(&folder).and_then(|()| write(target, &folder));
    assert!(sown.is_ok(), "the seeds could not be written into {}: {sown:?}", folder.display());
}

fn write(target: &str, folder: &Path) -> io::Result<()> {
    for (n, seed) in of(target).iter().enumerate() {
        fs::write(folder.join(format!("seed-{n:04}")), seed)?;
    }
    // Beside the folder, for the folder holds inputs alone.
    fs::write(folder.with_extension("dict"), dictionary())
}

/// The words as a dictionary for libFuzzer.
pub(super) fn dictionary() -> String {
    words().iter().map(|word| format!("\"{}\"\n", word.bytes().map(in_dictionary).collect::<String>())).collect()
}

/// A byte as libFuzzer's dictionaries have it.
fn in_dictionary(byte: u8) -> String {
    match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        _ if byte.is_ascii_graphic() => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
}

/// The seeds of one target.
pub(super) fn of(target: &str) -> Vec<Vec<u8>> {
    let requests = requests();
    match target {
        "query" => requests.into_iter().map(|request| request.query).filter(|query| !query.is_empty()).collect(),
        "lenient_json" => requests.into_iter().map(|request| request.body).collect(),
        "fold" => stories(&requests),
        "answer" => files("json").into_iter().map(|(_, bytes)| bytes).collect(),
        "handler" => requests.iter().chain(&signed(&requests)).map(Request::bytes).collect(),
        "export" => requests.iter().map(Request::bytes).chain(lines()).collect(),
        _ => requests.iter().map(Request::bytes).collect(),
    }
}

/// Names of fields, commands and other words of the samples, and what JSON, queries and spreadsheets give a meaning to.
pub(super) fn words() -> BTreeSet<String> {
    let marks = [
        "//",
        "/*",
        "*/",
        "#",
        ",}",
        "\\u0000",
        "\\ud83d",
        "\\x",
        "\t",
        "\u{0}",
        "1.434e3",
        "null",
        "true",
        "-1",
        "9223372036854775807",
        "1e400",
        "%00",
        "'=",
        "\u{1e}",
    ];
    let mut words: BTreeSet<String> = BTreeSet::new();
    for request in requests() {
        if let Ok((value, _)) = lenient_json::read(&request.body) {
            collect(&value, &mut words);
        }
        let pairs = form_urlencoded::parse(&request.query).into_owned();
        words.extend(pairs.flat_map(|(key, value)| [format!("{key}="), value]));
    }
    words.retain(|word| (2..40).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic()));
    words.extend(marks.map(str::to_owned));
    words
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            words.insert(format!("\"{key}\":"));
            collect(value, words);
        }),
        Value::Array(list) => list.iter().for_each(|value| collect(value, words)),
        Value::String(text) => {
            words.insert(text.clone());
        }
        Value::Number(number) => {
            words.insert(number.to_string());
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Every request of the index, the malformed ones too.
fn requests() -> Vec<Request> {
    let index: Value = fs::read(samples().join("INDEX.json"))
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let entries = index.as_array().into_iter().flatten();
    let requests: Vec<Request> = entries
        .filter(|entry| entry["kind"] == "callback-request" || entry["kind"] == "tolerant-input")
        .filter_map(|entry| {
            let headers = entry["headers"].as_object().into_iter().flatten();
            Some(Request {
                query: entry["query"].as_str().unwrap_or_default().as_bytes().to_vec(),
                head: headers
                    .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default()).into())
                    .collect(),
                body: fs::read(samples().join(entry["file"].as_str()?)).ok()?,
            })
        })
        .collect();
    assert!(requests.len() > 50, "the samples are in {}", samples().display());
    requests
}

/// The signed requests again, of the application whose signatures are checked.
fn signed(requests: &[Request]) -> Vec<Request> {
    let of_it = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("1400123456", handler::SIGNED_APP).into_bytes();
    requests
        .iter()
        .filter(|request| request.bytes().windows(4).any(|four| four == b"Sign"))
        .map(|request| Request {
            query: of_it(&request.query),
            head: request.head.iter().map(|line| of_it(line)).collect(),
            body: request.body.clone(),
        })
        .collect()
}

/// Deliveries that belong together, a few in each: of one family, and the chapters of invented stories.
fn stories(requests: &[Request]) -> Vec<Vec<u8>> {
    let of_family = |family: &Family| {
        let chapter: Vec<Vec<u8>> =
            requests.iter().filter(|request| request.parse().family == *family).map(Request::bytes).collect();
        chapter.chunks(CHAPTER).map(|chunk| chunk.join(&fold::BETWEEN)).collect::<Vec<_>>()
    };
    let mut stories: Vec<Vec<u8>> = Family::ALL.iter().flat_map(of_family).collect();
    for seed in 0..4 {
        let story: Vec<Vec<u8>> = traffic::story(seed).iter().map(|delivery| told(delivery).bytes()).collect();
        stories.extend(story.chunks(CHAPTER).map(|chunk| chunk.join(&fold::BETWEEN)));
    }
    for (name, record) in files("response.json") {
        let records = serde_json::from_slice::<Value>(&record).ok().filter(|_| name.contains("get_record_by"));
        stories.extend(records.map(|body| {
            let fetched =
                Request { query: fold::FETCHED.to_vec(), body: body.to_string().into(), ..Request::default() };
            fetched.bytes()
        }));
    }
    stories
}

fn told(delivery: &Delivery) -> Request {
    Request {
        query: delivery.query.clone().into(),
        head: delivery.headers.iter().map(|(name, value)| format!("{name}: {value}").into()).collect(),
        body: delivery.body.clone(),
    }
}

/// A few lines of an export.
fn lines() -> Vec<Vec<u8>> {
    let line = |body: &str| {
        format!(
            r#"{{"v":1,"received":"2025-10-09T08:53:20.000Z","app":"1400123456","query":"a=b","headers":[["sign","x"]],{body}}}"#
        )
    };
    [line(r#""body":"{\"CallId\":\"c\"}""#), line(r#""body_base64":"/w==","source":"backfill","repeats":3"#)]
        .map(Into::into)
        .into()
}

/// The files of the samples whose names end so.
fn files(end: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(samples()).into_iter().flatten().flatten();
    let mut files: Vec<(String, Vec<u8>)> = entries
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, fs::read(entry.path()).ok()?)))
        .filter(|(name, _)| name.ends_with(end))
        .collect();
    files.sort();
    files
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples")
}
