//! What is exported can be read back: lines of JSON by an import, cells by a spreadsheet.

use std::ops::ControlFlow;

use super::request::Request;
use crate::{
    callback::{Callback, delivery::Delivery},
    export::{self, Format, Kind, Profile, TimeFormat, guard, line::DeliveryLine},
    store::{filter::Filter, rows::DeliveryRow},
    zone::Zone,
};

/// Takes any bytes for a line, for a cell, and for a callback that is exported.
pub(super) fn check(bytes: &[u8]) {
    if let Ok(delivery) = DeliveryLine::read(bytes).and_then(|line| line.delivery(|_| "named".to_owned())) {
        comes_back(&delivery);
    }
    let text = String::from_utf8_lossy(bytes);
    text.split('\n').chain([&*text]).for_each(|cell| {
        let guarded = guard::guard(cell);
        assert_eq!(guard::unguard(&guarded), cell, "the guard loses nothing");
        assert_eq!(
            guarded != cell,
            guarded.starts_with('\''),
            "a guarded cell begins with an apostrophe and no other does"
        );
    });
    let request = Request::of(bytes);
    let callback = request.parse();
    let delivery = Delivery {
        received_ms: 1_760_000_000_000,
        source: crate::callback::delivery::Source::Callback,
        remote: "203.0.113.9".to_owned(),
        method: "POST".to_owned(),
        app: request.app(),
        query: request.query(),
        headers: request.headers(),
        body: request.body,
    };
    comes_back(&delivery);
    can_be_read_as_cells(&row(&delivery, &callback));
}

/// A delivery as it is written and read: nothing of it is lost.
fn comes_back(delivery: &Delivery) {
    let blank = Callback {
        family: crate::callback::codes::Family::Unknown,
        command: String::new(),
        verdict: crate::callback::codes::Verdict::Unparsable,
        reason: None,
        event_ms: None,
        facts: None,
        former: None,
    };
    let line = DeliveryLine::new(row(delivery, &blank), delivery.clone());
    let written = serde_json::to_string(&line).unwrap_or_default();
    assert!(!written.contains('\n'), "a line has no line end in it: {written}");
    let read = DeliveryLine::read(written.as_bytes()).and_then(|line| line.delivery(|_| "named".to_owned()));
    assert_eq!(read.ok().as_ref(), Some(delivery), "what was exported comes back: {written}");
}

fn row(delivery: &Delivery, callback: &Callback) -> DeliveryRow {
    DeliveryRow {
        digest: String::new(),
        received_ms: delivery.received_ms,
        app: delivery.app.clone(),
        family: callback.family.code().to_owned(),
        command: callback.command.clone(),
        verdict: callback.verdict.code().to_owned(),
        reason: callback.reason.clone(),
        repeats: 0,
        call_id: delivery.query.clone(),
        room_id: String::from_utf8_lossy(&delivery.body).into_owned(),
        bytes: 0,
        source: delivery.source.code().to_owned(),
        event_ms: callback.event_ms,
        quarantined: false,
    }
}

/// A CSV file of one row, read as a spreadsheet reads it.
fn can_be_read_as_cells(row: &DeliveryRow) {
    for profile in [Profile::Programs, Profile::Spreadsheet] {
        let request = export::Request {
            kind: Kind::Deliveries,
            format: Format::Csv,
            filter: Filter::default(),
            columns: None,
            tz: Zone::utc(),
            time_format: TimeFormat::Local,
            profile,
            separator: export::Separator::Comma,
            headings: export::Headings::Names,
            origins: false,
            meta: false,
        };
        let mut file = Vec::new();
        let only = |each: export::columns::Each<'_, DeliveryRow>| each(row.clone()).map(|_| ());
        let written = export::write_rows(&request, only, &mut file, &|_| ControlFlow::Continue(()));
        assert_eq!(written.ok(), Some(1), "a row is written");
        let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file);
        assert_eq!(text.len() < file.len(), profile == Profile::Spreadsheet, "a spreadsheet's file has a mark");
        let mut reader = csv::Reader::from_reader(text);
        let names = reader.headers().cloned().unwrap_or_default();
        let rows: Vec<csv::StringRecord> = reader.into_records().filter_map(Result::ok).collect();
        assert_eq!(rows.len(), 1, "one row was written and one is read: {file:?}");
        for (name, want) in [
            ("call_id", &row.call_id),
            ("room_id", &row.room_id),
            ("app", &row.app),
            ("command", &row.command),
            ("reason", &row.why()),
        ] {
            let at = names.iter().position(|other| other == name);
            let cell = at.and_then(|at| rows.first()?.get(at));
            let guarded = guard::guard(want);
            let want = if profile == Profile::Spreadsheet { &*guarded } else { want };
            assert_eq!(cell, Some(want), "the column {name} holds its value");
        }
    }
}
