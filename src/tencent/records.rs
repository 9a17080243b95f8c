//! The call records that Tencent keeps for 7 days (pages 60136, 60137, 68930, 68931).

use serde_json::{Value, json};

use super::{
    Client, Error,
    client::Request,
    codes,
    envelope::{get, text, whole},
};

/// One call as Tencent recorded it.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRecord {
    /// Its id (`CallId`, `callId` in v1).
    pub call_id: String,
    /// The whole record as Tencent wrote it, with the field names of its API.
    pub fields: Value,
}

/// One page of records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordPage {
    /// How many there are in all, as far as Tencent says.
    pub total: i64,
    /// The records of this page; none behind the last page.
    pub records: Vec<CallRecord>,
}

/// Which records are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Calls from this moment on, Unix seconds. Tencent raises it to 7 days ago.
    pub from_s: i64,
    /// Calls up to this moment, Unix seconds; Tencent's now where it is not given.
    pub to_s: Option<i64>,
    /// Which page, from 1.
    pub page: u32,
    /// How many records a page holds.
    pub per_page: u32,
}

impl Client {
    /// The record of one call made with `calls()`; `None` where Tencent has none (yet: they appear about 5 seconds after the end).
    pub async fn record(&self, call_id: &str) -> Result<Option<CallRecord>, Error> {
        let request = Request::v4("v4/call_record_http_srv/get_record_by_callid");
        match self.ask(request, &json!({ "CallId": call_id })).await {
            Ok(answer) => Ok(record(get(&answer, "CallRecord"))),
            Err(error) if error.tencent_code() == Some(codes::NO_RECORD) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One page of the records of calls made with `calls()`. An answer that there is no record is an empty page, also where an
    /// earlier page has counted some: whoever reads several keeps the number.
    pub async fn records(&self, filter: RecordFilter) -> Result<RecordPage, Error> {
        let mut body = json!({ "StartTime": filter.from_s, "Page": filter.page, "NumberPerPage": filter.per_page });
        insert(&mut body, "EndTime", filter.to_s);
        match self.ask(Request::v4("v4/call_record_http_srv/get_record_by_filter"), &body).await {
            Ok(answer) => Ok(page(&answer, "TotalNum", "CallRecordList")),
            Err(error) if error.tencent_code() == Some(codes::NO_RECORD) => Ok(RecordPage::default()),
            Err(error) => Err(error),
        }
    }

    /// The record of one call made with `call()` or `groupCall()`; `None` where Tencent has none.
    pub async fn record_v1(&self, call_id: &str) -> Result<Option<CallRecord>, Error> {
        let request = Request::v1("v1/records/get_record_by_callId", 20);
        Ok(record(&self.ask(request, &json!({ "callId": call_id })).await?))
    }

    /// One page of the records of calls made with `call()` and `groupCall()`.
    pub async fn records_v1(&self, filter: RecordFilter) -> Result<RecordPage, Error> {
        let mut body =
            json!({ "startTimestamp": filter.from_s, "page": filter.page, "numberPerPage": filter.per_page });
        insert(&mut body, "endTimestamp", filter.to_s);
        let answer = self.ask(Request::v1("v1/records/get_records_by_filter", 200), &body).await?;
        Ok(page(&answer, "totalNum", "callRecordList"))
    }
}

fn insert(body: &mut Value, key: &str, value: Option<i64>) {
    if let (Some(fields), Some(value)) = (body.as_object_mut(), value) {
        fields.insert(key.to_owned(), value.into());
    }
}

/// A record, where the value is one: an object with an id.
pub(super) fn record(value: &Value) -> Option<CallRecord> {
    let call_id = text(get(value, "CallId"));
    (!call_id.is_empty()).then(|| CallRecord { call_id, fields: value.clone() })
}

/// A page of an answer, under the names that its API has for them.
pub(super) fn page(answer: &Value, total: &str, list: &str) -> RecordPage {
    let records = get(answer, list).as_array().into_iter().flatten().filter_map(record).collect();
    RecordPage { total: whole(get(answer, total)).unwrap_or_default(), records }
}
