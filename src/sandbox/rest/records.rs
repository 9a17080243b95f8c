//! `records/*` of v1 and `call_record_http_srv/*` of v4: the calls of the last 7 days, from 5 seconds after their end on.
//!
//! No page says whether the two APIs have the same calls; here each has all of them.

use serde_json::{Map, Value, json};

use super::{
    super::{
        record::{KEPT_S, Record},
        tenant::Tenant,
    },
    envelope::Refusal,
};
use crate::{
    callback::codes::{CallResult, CallType},
    tencent::codes::NO_RECORD,
};

/// How long after the end of a call its record appears, in seconds (page 68940).
const APPEARS_S: i64 = 5;

/// `v1/records/get_record_by_callId`. The table of its errors was not to be seen; without a record there is no data.
pub(super) fn one_v1(tenant: &Tenant, body: &Map<String, Value>, now_s: i64) -> Result<Value, Refusal> {
    let id = match body.get("callId") {
        Some(Value::String(id)) => id,
        Some(_) => return Err(Refusal::new(70_009, "callId must be a text")),
        None => return Err(Refusal::new(70_001, "callId is required")),
    };
    Ok(find(tenant, id, now_s).map_or(Value::Null, |record| record.v1(&tenant.app.id)))
}

/// `v1/records/get_records_by_filter`.
pub(super) fn page_v1(tenant: &Tenant, body: &Map<String, Value>, now_s: i64) -> Result<Value, Refusal> {
    let fields = Fields { body, wrong_type: 70_009 };
    let from_s = fields.number("startTimestamp")?.ok_or_else(|| Refusal::new(70_001, "startTimestamp is required"))?;
    let found = Wanted {
        from_s,
        to_s: fields.number("endTimestamp")?.unwrap_or(now_s),
        result: fields.text("callResult")?,
        call_type: fields.text("callType")?,
    }
    .find(tenant, now_s);
    let (page, size) = (fields.count("page", 1)?, fields.count("numberPerPage", 100)?);
    let list: Vec<Value> = turn(&found, page, size).iter().map(|record| record.v1(&tenant.app.id)).collect();
    Ok(json!({"totalNum": found.len(), "page": page, "callRecordList": list}))
}

/// `v4/call_record_http_srv/get_record_by_callid`.
pub(super) fn one(tenant: &Tenant, body: &Map<String, Value>, now_s: i64) -> Result<Value, Refusal> {
    let id = body.get("CallId").and_then(Value::as_str).ok_or_else(|| Refusal::new(101_002, "CallId is required"))?;
    let record = find(tenant, id, now_s).ok_or_else(|| Refusal::new(NO_RECORD, "call record not exist"))?;
    Ok(json!({"CallRecord": record.v4()}))
}

/// `v4/call_record_http_srv/get_record_by_filter`. Behind the last page `Page` is 0; without any record it is 101050.
pub(super) fn page(tenant: &Tenant, body: &Map<String, Value>, now_s: i64) -> Result<Value, Refusal> {
    let fields = Fields { body, wrong_type: 101_002 };
    let found = Wanted {
        from_s: fields.number("StartTime")?.unwrap_or(now_s - KEPT_S),
        to_s: fields.number("EndTime")?.unwrap_or(now_s),
        result: fields.text("CallResult")?,
        call_type: fields.text("CallType")?,
    }
    .find(tenant, now_s);
    if found.is_empty() {
        return Err(Refusal::new(NO_RECORD, "call record not exist"));
    }
    let (page, size) = (fields.count("Page", 1)?, fields.count("NumberPerPage", 10)?);
    let list: Vec<Value> = turn(&found, page, size).iter().map(|record| record.v4()).collect();
    let page = if list.is_empty() { 0 } else { page };
    Ok(json!({"TotalNum": found.len(), "Page": page, "CallRecordList": list}))
}

/// Which records are asked for; times are Unix seconds.
struct Wanted<'a> {
    from_s: i64,
    to_s: i64,
    result: Option<&'a str>,
    call_type: Option<&'a str>,
}

impl Wanted<'_> {
    /// The newest first.
    fn find<'t>(&self, tenant: &'t Tenant, now_s: i64) -> Vec<&'t Record> {
        let fits = |record: &&Record| {
            (self.from_s..=self.to_s).contains(&record.start_s)
                && self.result.is_none_or(|wanted| CallResult::read(wanted) == Some(record.result))
                && self.call_type.is_none_or(|wanted| CallType::read(wanted) == Some(record.call_type))
        };
        let mut found: Vec<&Record> =
            tenant.records.values().filter(|record| is_kept(record, now_s)).filter(fits).collect();
        found.sort_by(|one, other| (other.start_s, &other.call_id).cmp(&(one.start_s, &one.call_id)));
        found
    }
}

fn find<'t>(tenant: &'t Tenant, call_id: &str, now_s: i64) -> Option<&'t Record> {
    tenant.records.get(call_id).filter(|record| is_kept(record, now_s))
}

const fn is_kept(record: &Record, now_s: i64) -> bool {
    record.start_s >= now_s - KEPT_S && record.end_s + APPEARS_S <= now_s
}

/// The records of a page; pages count from 1.
fn turn<'a, 't>(found: &'a [&'t Record], page: usize, size: usize) -> &'a [&'t Record] {
    let from = page.saturating_sub(1).saturating_mul(size).min(found.len());
    let to = from.saturating_add(size).min(found.len());
    found.get(from..to).unwrap_or_default()
}

/// The fields of a filter, and the code for one of the wrong type.
struct Fields<'a> {
    body: &'a Map<String, Value>,
    wrong_type: i64,
}

impl<'a> Fields<'a> {
    fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.body.get(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| self.wrong(name)),
        }
    }

    fn count(&self, name: &str, usual: usize) -> Result<usize, Refusal> {
        let given = self.number(name)?;
        let count = given.map_or(Ok(usual), usize::try_from).map_err(|_| self.wrong(name))?;
        if count == 0 { Err(self.wrong(name)) } else { Ok(count) }
    }

    /// A text; an empty one asks for everything.
    fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.body.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.wrong(name)),
        }
    }

    fn wrong(&self, name: &str) -> Refusal {
        Refusal::new(self.wrong_type, &format!("{name} has the wrong type or value"))
    }
}
