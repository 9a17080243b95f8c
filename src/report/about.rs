//! What a report says of itself: which period, zone and filter, how complete the record is, and which state of it was read.

use super::{Report, filter, labels::Labels, lists::List, value::Value};
use crate::{
    completeness::{
        Statement,
        statement::{CallCounts, GapCalls},
    },
    export::{
        TimeFormat,
        times::{self, Precision},
    },
    store::Reader,
    zone::Zone,
};

/// Gaps that are told one by one.
const GAPS_TOLD: usize = 40;

/// What is known of the record that a report was made from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) statement: Statement,
    pub(super) revision: String,
    /// When the newest callback was received, Unix milliseconds.
    pub(super) newest_ms: Option<i64>,
}

impl Origin {
    pub(super) fn read(reader: &Reader, statement: Statement, revision: String) -> Result<Self, crate::store::Error> {
        Ok(Self { statement, revision, newest_ms: reader.last_received_ms()? })
    }
}

/// Each item with what is to be said of it.
pub(super) fn about(report: &Report, rows: &[(List, u64)]) -> Vec<(String, Value<'static>)> {
    let Report { labels, zone, span: (from, to), origin, .. } = report;
    let said = &labels.about;
    let text = |text: String| Value::Text(text.into());
    let mut items: Vec<(String, Value<'static>)> = Vec::new();
    let mut tell = |item: &str, value: Value<'static>| items.push((item.to_owned(), value));
    if report.is_demo {
        tell(said.demo, Value::Empty);
    }
    tell(said.period, text(report.period()));
    tell(said.from, Value::Moment(*from));
    tell(said.to, Value::Moment(*to));
    tell(said.zone, text(zone.name().to_owned()));
    for words in report.filter_words() {
        tell(said.filter, text(words));
    }
    tell(said.parameters, text(filter::parameters(&report.filter, zone)));
    tell(&(said.rows)(labels.sheets.by_day), Value::count(count(report.days.rows.len())));
    tell(&(said.rows)(labels.sheets.by_person), Value::count(count(report.people.rows.len())));
    for (list, rows) in rows {
        tell(&(said.rows)(list.title(labels)), Value::count(*rows));
    }
    for list in List::ALL.into_iter().filter(|list| !list.heeds(&report.filter)) {
        tell(said.left_out, text((said.left_out_why)(list.title(labels))));
    }
    tell(said.completeness, text(completeness(&origin.statement, labels, zone)));
    let CallCounts { calls, confirmed, only_callbacks, only_fetched } = origin.statement.calls;
    let counts = [calls, confirmed, only_callbacks, only_fetched].map(|calls| calls.to_string());
    tell(said.known_from, text((said.counts)(counts.each_ref().map(String::as_str))));
    for gap in origin.statement.gaps.iter().take(GAPS_TOLD) {
        let [from, to] = [gap.from_ms, gap.to_ms].map(|ms| moment(ms, zone));
        tell(said.gap, text((said.gap_of)(&from, &to, (said.gap_why)(gap.why))));
    }
    if let Some(more) = origin.statement.gaps.len().checked_sub(GAPS_TOLD).filter(|more| *more > 0) {
        tell(said.gap, text((said.more_gaps)(more)));
    }
    tell(said.times, Value::of(said.times_are));
    if let Some(newest_ms) = origin.newest_ms {
        tell(said.newest, Value::Moment(newest_ms));
    }
    tell(said.revision, text(origin.revision.clone()));
    tell(said.program, Value::of(concat!("Calltrail ", env!("CARGO_PKG_VERSION"))));
    items
}

/// How complete the record of the period is, in one sentence. It says nothing that would be another thing tomorrow.
pub(super) fn completeness(statement: &Statement, labels: &Labels, zone: &Zone) -> String {
    let said = &labels.about;
    let not_fetched = statement.gaps.iter().filter(|gap| gap.calls != GapCalls::Fetched).count();
    match statement.complete_to_ms {
        _ if statement.apps.is_empty() => said.no_app.to_owned(),
        _ if not_fetched > 0 => (said.not_fetched)(not_fetched),
        None => said.unchecked.to_owned(),
        Some(to_ms) if statement.gaps.is_empty() => (said.checked)(&moment(to_ms, zone)),
        Some(to_ms) => (said.checked_with_gaps)(&moment(to_ms, zone), statement.gaps.len()),
    }
}

/// A moment to the minute, as sentences have it.
pub(super) fn moment(ms: i64, zone: &Zone) -> String {
    let text = times::format(ms, zone, TimeFormat::Local, Precision::Second);
    // Most begin and end with a minute.
    text.strip_suffix(":00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
