//! One request to Tencent: common parameters, password, pace, time limit, and again only where that can help (protocol.md 8).

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::DateTime;
use reqwest::header::{CONTENT_TYPE, DATE};
use serde_json::Value;
use tokio::time::sleep;

use super::{
    Error, Hosts,
    codes::{Api, Retry, meaning_of},
    envelope::{self, Answer, OddAnswer},
    pace::Pace,
    usersig,
};
use crate::{clock::Clock, outbound, secret::Secret};

/// Tencent gives itself 3 seconds (page 68926); more is the way there and back.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How long a password is valid. It is made anew for each request, so that one that leaks is soon worth nothing.
const PASSWORD_SECONDS: i64 = 300;
/// The pauses before asking again, where that can help; up to half as much again by chance, so that many do not ask at once.
const PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1_600)];
/// Longest answer that is read.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
/// A clock is wrong when it is further than this from the one of Tencent's answers: the window of signed callbacks.
const CLOCK_SECONDS: i64 = 60;
/// No answer has told the time yet.
const NOT_TOLD: i64 = i64::MIN;

/// What is needed to ask for one application.
#[derive(Clone, Debug)]
pub struct Account {
    /// The SDKAppID.
    pub app: String,
    /// The administrator that asks.
    pub administrator: String,
    /// The SDKSecretKey.
    pub key: Secret,
    /// Where to ask.
    pub hosts: Hosts,
}

/// The connections to Tencent, shared by everything that asks, so that the rates hold. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tencent {
    away: reqwest::Client,
    here: reqwest::Client,
    pace: Pace,
    clock: Clock,
    offset_s: Arc<AtomicI64>,
}

impl Tencent {
    /// No connection yet; they are made when they are needed. Fails where the system's certificates cannot be read.
    pub fn new(clock: Clock) -> Result<Self, Error> {
        let build = |here| {
            outbound::client(TIME_LIMIT, here).map_err(|error| Error::NoConnections { why: outbound::why(&error) })
        };
        let (away, here) = (build(false)?, build(true)?);
        Ok(Self { away, here, pace: Pace::default(), clock, offset_s: Arc::new(AtomicI64::new(NOT_TOLD)) })
    }

    /// A client for one application.
    pub fn client(&self, account: Account) -> Client {
        Client { tencent: self.clone(), account }
    }

    /// By how many seconds this computer's clock is ahead of the clock of Tencent's last answer (behind: negative), when
    /// that is more than a minute.
    pub fn clock_offset_s(&self) -> Option<i64> {
        let offset = self.offset_s.load(Ordering::Relaxed);
        (offset != NOT_TOLD && offset.abs() > CLOCK_SECONDS).then_some(offset)
    }

    /// Remembers by how much our clock differs from the one of an answer.
    fn compare_clocks(&self, date: Option<&str>) {
        if let Some(theirs) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            self.offset_s.store(self.clock.now_ms() / 1_000 - theirs.timestamp(), Ordering::Relaxed);
        }
    }
}

/// Asks Tencent for one application.
#[derive(Clone, Debug)]
pub struct Client {
    tencent: Tencent,
    account: Account,
}

/// One of Tencent's requests: which API, its path, and how many a second are allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) api: Api,
    pub(super) path: &'static str,
    pub(super) per_second: u32,
}

impl Request {
    pub(super) const fn v1(path: &'static str, per_second: u32) -> Self {
        Self { api: Api::V1, path, per_second }
    }

    /// All v4 requests used here: 200 a second.
    pub(super) const fn v4(path: &'static str) -> Self {
        Self { api: Api::V4, path, per_second: 200 }
    }
}

impl Client {
    /// The application that this client asks for.
    pub fn app(&self) -> &str {
        &self.account.app
    }

    /// Asks, again where that can help, and gives what Tencent answered inside its envelope.
    pub(super) async fn ask(&self, request: Request, body: &Value) -> Result<Value, Error> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let error = match self.ask_once(request, body).await {
                Ok(Answer { code: 0, data, .. }) => return Ok(data),
                Ok(Answer { code, info, .. }) => Error::refused(request.api, code, info),
                Err(error) => error,
            };
            match (can_help(&error), pauses.next()) {
                (Retry::Again, Some(pause)) => sleep(spread(pause)).await,
                (Retry::Slower, Some(pause)) => sleep(spread(pause) * 2).await,
                (Retry::No, _) | (_, None) => return Err(error),
            }
        }
    }

    async fn ask_once(&self, request: Request, body: &Value) -> Result<Answer, Error> {
        let Self { tencent, account } = self;
        tencent.pace.turn(&account.app, request.path, request.per_second).await;
        let here = account.hosts.is_here();
        let client = if here { &tencent.here } else { &tencent.away };
        let sent = client.post(self.address(request)).header(CONTENT_TYPE, "application/json").body(body.to_string());
        let host = self.host(request.api);
        let answer = sent.send().await.map_err(|error| unreachable_host(&host, &error))?;
        tencent.compare_clocks(answer.headers().get(DATE).and_then(|date| date.to_str().ok()));
        let status = answer.status();
        let odd = |why| Error::NotTencent { host: host.clone(), why };
        if !status.is_success() {
            return Err(odd(OddAnswer::HttpStatus { status: status.as_u16() }));
        }
        let body = read_whole(answer).await.map_err(|error| unreachable_host(&host, &error))?;
        let body = body.ok_or_else(|| odd(OddAnswer::TooLong))?;
        envelope::read(request.api, &body).map_err(odd)
    }

    /// The address of a request, with the password in it: it never leaves this file.
    fn address(&self, request: Request) -> String {
        let Account { app, administrator, key, hosts } = &self.account;
        let base = match request.api {
            Api::V1 => &hosts.v1,
            Api::V4 => &hosts.v4,
        };
        let usersig = usersig::sign(app, key, administrator, self.tencent.clock.now_ms() / 1_000, PASSWORD_SECONDS);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("sdkappid", app)
            .append_pair("identifier", administrator)
            .append_pair("usersig", &usersig)
            .append_pair("random", &rand::random::<u32>().to_string())
            .append_pair("contenttype", "json")
            .finish();
        format!("{base}/{}?{query}", request.path)
    }

    fn host(&self, api: Api) -> String {
        let Hosts { v1, v4 } = &self.account.hosts;
        let base = if api == Api::V1 { v1 } else { v4 };
        base.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// The answer's body; `None` when it is longer than any answer is.
async fn read_whole(mut answer: reqwest::Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > LONGEST_ANSWER {
            return Ok(None);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Some(body))
}

fn spread(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(1.0..1.5))
}

/// Whether asking again can help. A request that was not answered may be made again: all of them say how things are to be,
/// and saying it twice is the same.
fn can_help(error: &Error) -> Retry {
    match error {
        Error::Unreachable { .. } => Retry::Again,
        Error::Refused { api, tencent_code, .. } => {
            meaning_of(*api, *tencent_code).map_or(Retry::No, |meaning| meaning.retry)
        }
        Error::NotTencent { .. } | Error::NoConnections { .. } | Error::Region { .. } => Retry::No,
    }
}

fn unreachable_host(host: &str, error: &reqwest::Error) -> Error {
    Error::Unreachable { host: host.to_owned(), why: outbound::no_answer(error) }
}
