//! The record for a command that writes. Where nobody holds it, the command opens it and asks the API in process; beside a running
//! Calltrail it asks that one's API. Either way a command is a few requests, written once.

mod beside;

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use calltrail::{
    service::{self, Offline},
    store,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use self::beside::{Beside, NoWay};
use super::Fault;

/// How long whoever holds the record may take to begin or to end; a stop takes about 5 seconds at most.
const PATIENCE: Duration = Duration::from_secs(6);
/// How often it is tried meanwhile.
const STEP: Duration = Duration::from_millis(50);

/// The record, for writing through the API.
pub(crate) struct Record {
    runtime: Runtime,
    way: Way,
}

enum Way {
    /// This process holds it.
    Here(Offline),
    /// Another one does.
    Beside(Beside),
}

/// Why the API did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It says so itself.
    #[error("{0}")]
    Said(String),
    /// It has no such address, or answers something else there.
    #[error(
        "{who} does not know what this command asks for: it is version {version}, and this command is of version {}. Use the same \
         version for both, or stop it first.",
        env!("CARGO_PKG_VERSION")
    )]
    OtherVersion {
        /// Who.
        who: String,
        /// Its version.
        version: String,
    },
    /// Its answer is none.
    #[error("{who} answered with {status} and nothing that could be understood. Its log may say more.")]
    NotUnderstood {
        /// Who.
        who: String,
        /// The status.
        status: StatusCode,
    },
    /// It does not take the key, or there is no answer.
    #[error(transparent)]
    NoWay(#[from] NoWay),
}

impl Record {
    /// Opens the record of a folder, or reaches whoever holds it. `holder` names the command to others, such as
    /// `calltrail app add`.
    pub(crate) fn open(folder: &Path, holder: &str) -> Result<Self, Fault> {
        let runtime = runtime()?;
        let began = Instant::now();
        loop {
            // Whoever holds it may have ended since, so it is opened first each time.
            match Offline::open(folder, holder) {
                Ok(offline) => return Ok(Self { runtime, way: Way::Here(offline) }),
                Err(service::Error::Store(store::Error::Held { .. })) => {}
                Err(service::Error::Store(why)) if is_forbidden(&why) => {
                    return Err(NoWay::OfAnotherUser { folder: folder.to_owned(), why: why.to_string() }.into());
                }
                Err(why) => return Err(why.into()),
            }
            match runtime.block_on(Beside::reach(folder)) {
                Ok(beside) => return Ok(Self { runtime, way: Way::Beside(beside) }),
                Err(why) if !why.may_pass() || began.elapsed() >= PATIENCE => return Err(why.into()),
                Err(_) => thread::sleep(STEP),
            }
        }
    }

    /// Opens the record for what the API does not do, and so only where nobody holds it.
    pub(crate) fn open_alone(folder: &Path, holder: &str) -> Result<Self, Fault> {
        Ok(Self { runtime: runtime()?, way: Way::Here(Offline::open(folder, holder)?) })
    }

    /// Asks the API, with a JSON body where there is one. The path holds the query, encoded.
    pub(crate) fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<T, Refused> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let (who, version, (status, answer)) = match &self.way {
            Way::Here(offline) => {
                let answer = self.runtime.block_on(in_process(offline.router(), method, path, body));
                ("Calltrail", env!("CARGO_PKG_VERSION"), answer.map_err(|why| Refused::Said(why.to_string()))?)
            }
            Way::Beside(beside) => {
                (beside.holder(), beside.version(), self.runtime.block_on(beside.ask(method, path, body))?)
            }
        };
        read(who, version, status, &answer)
    }

    /// Closes the record, if it was opened here.
    pub(crate) fn close(self) -> Result<(), Fault> {
        match self.way {
            Way::Here(offline) => Ok(offline.close()?),
            Way::Beside(_) => Ok(()),
        }
    }
}

fn runtime() -> Result<Runtime, Fault> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn is_forbidden(why: &store::Error) -> bool {
    matches!(why, store::Error::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied)
}

async fn in_process(
    router: Router,
    method: Method,
    path: &str,
    body: String,
) -> Result<(StatusCode, Bytes), axum::Error> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body)).map_err(axum::Error::new)?;
    let answer = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    let status = answer.status();
    Ok((status, to_bytes(answer.into_body(), usize::MAX).await?))
}

/// What the API says where it does not do what it was asked.
#[derive(Deserialize)]
struct Complaint {
    message: String,
    problem: Option<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

fn read<T: DeserializeOwned>(who: &str, version: &str, status: StatusCode, answer: &[u8]) -> Result<T, Refused> {
    let other_version = || Refused::OtherVersion { who: who.to_owned(), version: version.to_owned() };
    if status.is_success() {
        return serde_json::from_slice(answer).map_err(|_| other_version());
    }
    let complaint: Complaint =
        serde_json::from_slice(answer).map_err(|_| Refused::NotUnderstood { who: who.to_owned(), status })?;
    let is_unknown = complaint.problem.is_some_and(|problem| problem.code == "no_such_address");
    if is_unknown || status == StatusCode::METHOD_NOT_ALLOWED {
        return Err(other_version());
    }
    Err(Refused::Said(complaint.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_way_is_told_in_the_words_of_the_api() {
        let told = |status: u16, answer: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            read::<Vec<u32>>("calltrail serve (process 7)", "0.0.7", status, answer.as_bytes())
                .map_err(|why| why.to_string())
        };
        assert_eq!(told(200, "[1]"), Ok(vec![1]), "an answer");
        let complaint = |code: &str| format!(r#"{{"code":"x","message":"No.","problem":{{"code":"{code}"}}}}"#);
        assert_eq!(told(404, &complaint("no_such_call")), Err("No.".to_owned()), "its own sentence");
        for (status, answer) in
            [(404, complaint("no_such_address")), (405, complaint("method_unusable")), (200, "{}".into())]
        {
            let why = told(status, &answer).expect_err("it is older, or newer");
            assert!(why.contains("calltrail serve (process 7) does not know"), "who: {status}: {why}");
            assert!(why.contains("it is version 0.0.7"), "and which: {status}: {why}");
        }
        let why = told(502, "<html>").expect_err("no answer of ours");
        assert!(why.contains("502"), "{why}");
    }
}
