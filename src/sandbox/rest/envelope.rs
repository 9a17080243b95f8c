//! The two envelopes and the codes that every API of a version shares (protocol.md 1.6, 1.7, 3, 8.3).

use serde_json::{Value, json};

use crate::tencent::codes::NO_SUCH_ADDRESS;

/// Why a request is refused: the code, and Tencent's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: i64,
    pub(super) info: String,
}

impl Refusal {
    pub(super) fn new(code: i64, info: &str) -> Self {
        Self { code, info: info.to_owned() }
    }
}

/// The version of an API: another envelope, and other codes for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    V1,
    V4,
}

impl Api {
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/v1/") { Self::V1 } else { Self::V4 }
    }

    fn refuse(self, v1: i64, v4: i64, info: &str) -> Refusal {
        Refusal::new(if self == Self::V1 { v1 } else { v4 }, info)
    }

    /// No page says what v1 answers at a path that it does not have; 70001 is its word for what is invalid.
    pub(super) fn no_such_address(self) -> Refusal {
        self.refuse(70_001, NO_SUCH_ADDRESS, "no such request")
    }

    pub(super) fn bad_address(self, info: &str) -> Refusal {
        self.refuse(70_001, 60_002, info)
    }

    pub(super) fn no_app(self) -> Refusal {
        self.refuse(70_001, 60_012, "sdkappid is missing")
    }

    pub(super) fn no_account(self, info: &str) -> Refusal {
        self.refuse(70_001, 60_004, info)
    }

    pub(super) fn unknown_app(self) -> Refusal {
        self.refuse(70_001, 60_006, "no such sdkappid here")
    }

    pub(super) fn too_often(self) -> Refusal {
        self.refuse(70_005, 60_007, "rate limit")
    }

    pub(super) fn expired(self) -> Refusal {
        self.refuse(70_003, 70_001, "usersig expired")
    }

    pub(super) fn other_account(self, of_another_app: bool) -> Refusal {
        self.refuse(70_002, if of_another_app { 70_014 } else { 70_013 }, "usersig of another account")
    }

    pub(super) fn wrong_sig(self) -> Refusal {
        self.refuse(70_002, 70_009, "usersig verification failed")
    }

    pub(super) fn no_administrator(self) -> Refusal {
        self.refuse(70_004, 60_010, "administrator required")
    }

    pub(super) fn bad_body(self) -> Refusal {
        self.refuse(70_009, 60_003, "the body is not a JSON object")
    }
}

/// Puts an answer into its version's envelope. `id` is 32 hexadecimal digits.
pub(super) fn wrap(api: Api, number: u64, id: &str, answered: Result<Value, Refusal>) -> Value {
    match (api, answered) {
        (Api::V1, Ok(data)) => {
            let data = if data.is_null() { Value::from("") } else { data };
            json!({"errorCode": 0, "errorMessage": "Success", "requestId": id, "data": data})
        }
        (Api::V1, Err(Refusal { code, info })) => {
            json!({"errorCode": code, "errorMessage": info, "requestId": id, "data": ""})
        }
        (Api::V4, answered) => {
            let (status, info, code, response) = match answered {
                Ok(response) => ("OK", String::new(), 0, response),
                Err(Refusal { code, info }) => ("FAIL", info, code, Value::Null),
            };
            let id = format!("Id-{id}-O-Seq-{number}");
            let mut envelope = json!({"ActionStatus": status, "ErrorInfo": info, "ErrorCode": code, "RequestId": id});
            if let (Value::Object(fields), false) = (&mut envelope, response.is_null()) {
                fields.insert("Response".to_owned(), response);
            }
            envelope
        }
    }
}
