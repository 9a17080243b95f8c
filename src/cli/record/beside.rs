//! The way to a running Calltrail: found by the file beside the lock, asked over loopback.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{Method, StatusCode, header},
};
use calltrail::{
    outbound::{self, NoAnswer},
    service::endpoint::{self, Endpoint, Unusable},
    store,
};
use reqwest::Client;

/// How long an answer may take that needs nothing of the record.
const FIRST_ANSWER: Duration = Duration::from_secs(5);
/// How long any answer may take.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);
/// For how long somebody who has just taken the record may be at its start.
const START: Duration = Duration::from_secs(60);
/// Something that every version answers, and that needs nothing of the record.
const FIRST: &str = "/api/regions";

/// A running Calltrail that takes commands.
pub(super) struct Beside {
    client: Client,
    endpoint: Endpoint,
    holder: String,
    file: PathBuf,
}

/// Why whoever holds the record cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoWay {
    /// It does not say where, and has been there for a while.
    #[error(
        "The record in {folder} is held by {holder}, which takes no commands from others: it is an earlier version of Calltrail, \
         or a command that is still at work. One process writes at a time; stop it first, or choose another --data-dir.",
        folder = folder.display()
    )]
    NoDoor {
        /// The data folder.
        folder: PathBuf,
        /// Who holds the record.
        holder: String,
    },
    /// It does not say where yet.
    #[error(
        "The record in {folder} is held by {holder}, which began a moment ago and takes no commands yet. Try again in a moment.",
        folder = folder.display()
    )]
    Starting {
        /// The data folder.
        folder: PathBuf,
        /// Who holds the record.
        holder: String,
    },
    /// The files are not ours.
    #[error(
        "The record in {folder} belongs to another user of this computer, or this user may not use it ({why}). Run the command as \
         the user who runs Calltrail.",
        folder = folder.display()
    )]
    OfAnotherUser {
        /// The data folder.
        folder: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The file cannot be used.
    #[error(
        "{holder} holds the record, and {file} should say how it is reached; it cannot be used: {why}. Delete it: it is written \
         again within a second.",
        file = file.display()
    )]
    NotSaid {
        /// Who holds the record.
        holder: String,
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: Unusable,
    },
    /// Nobody answers there.
    #[error(
        "{holder} holds the record and cannot be reached at {address}: {why}. Nothing was changed. Where it runs in a container, \
         run the command in there too."
    )]
    Unreached {
        /// Who holds the record.
        holder: String,
        /// Where it should be.
        address: SocketAddr,
        /// What came instead.
        why: NoAnswer,
    },
    /// It is ending.
    #[error("{holder} is ending and takes no commands any more. Nothing was changed; try again in a moment.")]
    Ending {
        /// Who holds the record.
        holder: String,
    },
    /// Somebody else answers there, or the file was changed.
    #[error(
        "{address} does not take the key that stands in {file}, so it is not {holder} that answers there, or the file was changed. \
         Nothing was changed. Delete the file, which is written again within a second, or start Calltrail again.",
        file = file.display()
    )]
    OtherKey {
        /// Where was asked.
        address: SocketAddr,
        /// The file with the key.
        file: PathBuf,
        /// Who holds the record.
        holder: String,
    },
    /// No answer came to something that may have been done.
    #[error("{holder} did not answer: {why}. It is not known whether it has done this; look before you try again.")]
    Unknown {
        /// Who holds the record.
        holder: String,
        /// What came instead.
        why: NoAnswer,
    },
    /// No connection could be made at all.
    #[error("No connection could be made: {0}.")]
    NoClient(String),
}

impl NoWay {
    /// Whether it may be otherwise in a moment: somebody begins or ends.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::NoDoor { .. } | Self::Starting { .. } | Self::Ending { .. } => true,
            Self::Unreached { why, .. } => *why != NoAnswer::InTime,
            _ => false,
        }
    }
}

impl Beside {
    /// Finds whoever holds the record of a folder, and makes sure that it takes commands.
    pub(super) async fn reach(folder: &Path) -> Result<Self, NoWay> {
        let (holder, file) = (store::held_by(folder), endpoint::file(folder));
        let endpoint = match Endpoint::read(folder) {
            Ok(Some(endpoint)) if endpoint.is_of(&holder) => endpoint,
            Ok(_) => return Err(silent(folder.to_owned(), holder)),
            Err(Unusable::Unread(why)) if why.kind() == io::ErrorKind::PermissionDenied => {
                return Err(NoWay::OfAnotherUser {
                    folder: folder.to_owned(),
                    why: format!("{}: {why}", file.display()),
                });
            }
            Err(why) => return Err(NoWay::NotSaid { holder, file, why }),
        };
        let client = outbound::client(LONGEST_ANSWER, true).map_err(|why| NoWay::NoClient(outbound::why(&why)))?;
        let beside = Self { client, endpoint, holder, file };
        match beside.request(Method::GET, FIRST, String::new(), FIRST_ANSWER).await {
            Ok((StatusCode::SERVICE_UNAVAILABLE, _)) => Err(NoWay::Ending { holder: beside.holder }),
            Ok((status, _)) if status.is_success() => Ok(beside),
            Ok(_) => Err(beside.other_key()),
            Err(why) => Err(beside.unreached(why)),
        }
    }

    /// Who it is.
    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// Which version of Calltrail it is.
    pub(super) fn version(&self) -> &str {
        &self.endpoint.version
    }

    /// Asks it.
    pub(super) async fn ask(&self, method: Method, path: &str, body: String) -> Result<(StatusCode, Bytes), NoWay> {
        match self.request(method, path, body, LONGEST_ANSWER).await {
            Ok((StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST, _)) => {
                Err(self.other_key())
            }
            Ok(answer) => Ok(answer),
            // It has ended since it was reached, so it has not seen this.
            Err(why @ NoAnswer::Refused) => Err(self.unreached(why)),
            Err(why) => Err(NoWay::Unknown { holder: self.holder.clone(), why }),
        }
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        body: String,
        limit: Duration,
    ) -> Result<(StatusCode, Bytes), NoAnswer> {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.endpoint.address))
            .bearer_auth(self.endpoint.key.expose())
            .header(header::CONTENT_TYPE, "application/json")
            .timeout(limit)
            .body(body);
        let no_answer = |why| outbound::no_answer(&why);
        let answer = request.send().await.map_err(no_answer)?;
        Ok((answer.status(), answer.bytes().await.map_err(no_answer)?))
    }

    fn other_key(&self) -> NoWay {
        NoWay::OtherKey { address: self.endpoint.address, file: self.file.clone(), holder: self.holder.clone() }
    }

    fn unreached(&self, why: NoAnswer) -> NoWay {
        NoWay::Unreached { holder: self.holder.clone(), address: self.endpoint.address, why }
    }
}

/// Why somebody does not say where it takes commands.
fn silent(folder: PathBuf, holder: String) -> NoWay {
    let is_new = store::held_since(&folder).and_then(|since| since.elapsed().ok()).is_some_and(|since| since < START);
    if is_new { NoWay::Starting { folder, holder } } else { NoWay::NoDoor { folder, holder } }
}
