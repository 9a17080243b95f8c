//! Whatever comes back instead of Tencent's answer, it is read or refused in words. For tests and the fuzzer.

use super::{
    Error,
    codes::Api,
    envelope::{self, get, text, texts},
    records,
};

/// Reads any bytes as every answer that is asked for.
pub(crate) fn check(body: &[u8]) {
    for api in [Api::V1, Api::V4] {
        match envelope::read(api, body) {
            Ok(answer) => {
                assert!(answer.info.chars().count() <= 200, "Tencent's words are shown shortened: {}", answer.info);
                assert!(!answer.info.chars().any(char::is_control), "and cannot move a cursor: {:?}", answer.info);
                let _ = (text(get(&answer.data, "Url")), texts(get(&answer.data, "CallbackCommandList")));
                let _ = (text(get(&answer.data, "address")), texts(get(&answer.data, "actions")));
                let record = records::record(get(&answer.data, "CallRecord")).or_else(|| records::record(&answer.data));
                let page = records::page(&answer.data, "TotalNum", "CallRecordList");
                for record in record.iter().chain(&page.records) {
                    assert!(!record.call_id.is_empty(), "a record is about a call: {record:?}");
                    let _ = crate::callback::fetched_record(&record.fields);
                }
                let told = Error::refused(api, answer.code, answer.info).to_string();
                assert!(!told.is_empty(), "a refusal is told in words");
            }
            Err(why) => {
                let told = why.to_string();
                assert!(told.starts_with("the answer "), "a person reads this, and none of the bytes: {told}");
            }
        }
    }
}
