//! The way of one request: the gate, the body, the application, the sink, the answer.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::{
    Request, StatusCode,
    body::{Body, Bytes},
    header::{CONNECTION, HeaderValue},
    http::request::Parts,
};
use tokio::sync::oneshot;

use super::{
    ClockOff,
    arrivals::Arrivals,
    awake::Awake,
    coding::{self, Coding},
    connections::Connection,
    decide::Decide,
    foreign::Protocol,
    gate::{self, Target},
    headers,
    knock::Knocks,
    limits::Limits,
    path,
    refusals::{Ledger, Reason, Refused},
    reply::{self, Reply},
    signature::{Finding, Signed},
    sink::{Done, Sink},
    verdict::{self, Decision},
};
use crate::{
    callback::{
        self, AppClaim, Callback, Query,
        codes::{Family, Verdict},
    },
    clock::Clock,
    config::{Apps, Keys},
    lock::lock,
    store::delivery::{Delivery, Place, Source},
};

/// A delivery that was sent so little before or after this computer's now, in milliseconds, says that its clock is right.
const JUST_NOW_MS: u64 = 60_000;
/// What a sender is told whose application is not accepted.
const NOT_OURS: &str = "this application is not accepted here";
/// What a sender is told whose signature is not accepted: not what is wrong with it.
const NOT_SIGNED: &str = "the signature is not accepted";

/// The body of a request, as it is kept and as it came.
struct Received {
    body: Vec<u8>,
    packed: Bytes,
    coding: Coding,
}

/// What all connections share.
pub(super) struct Handler {
    /// The secret part of the hook's path.
    pub(super) token: String,
    /// The applications that are ours.
    pub(super) apps: Apps,
    /// What their signatures are checked with.
    pub(super) keys: Keys,
    /// Where deliveries are kept.
    pub(super) sink: Arc<dyn Sink>,
    /// What stamps them.
    pub(super) clock: Clock,
    /// How much is taken and how long is waited.
    pub(super) limits: Limits,
    /// What the waiting goes by.
    pub(super) awake: Awake,
    /// Who decides about what asks for permission.
    pub(super) decide: Arc<OnceLock<Decide>>,
    /// What others may read of it.
    pub(super) seen: Arc<Seen>,
}

/// What the listener has seen since the start. It outlives the listener and holds nothing of the sink, so that the
/// record can be closed while somebody still asks.
#[derive(Debug)]
pub(super) struct Seen {
    /// What was refused.
    pub(super) ledger: Ledger,
    /// When the last delivery was kept, Unix milliseconds; `i64::MIN` before the first.
    pub(super) last_kept_ms: AtomicI64,
    /// What arrived, by application and family.
    pub(super) arrivals: Arrivals,
    /// What signatures say of this computer's clock.
    pub(super) clock: Mutex<Option<ClockOff>>,
    /// The requests of our own that are expected from outside.
    pub(super) knocks: Knocks,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            ledger: Ledger::default(),
            last_kept_ms: AtomicI64::new(i64::MIN),
            arrivals: Arrivals::default(),
            clock: Mutex::default(),
            knocks: Knocks::default(),
        }
    }
}

impl Seen {
    /// Remembers how far the clock was away when it was too far, and that it was not when a signature fits or a delivery that is
    /// kept was sent just now.
    fn compare_clocks(&self, finding: Finding, sent_ms: Option<i64>, now_ms: i64) {
        let is_of_now = sent_ms.is_some_and(|sent_ms| sent_ms.abs_diff(now_ms) <= JUST_NOW_MS);
        let off = match finding {
            Finding::Stale { away } => Some(ClockOff { seconds: away, at_ms: now_ms }),
            Finding::Fits { away: Some(_) } => None,
            _ if is_of_now => None,
            _ => return,
        };
        *lock(&self.clock) = off;
    }
}

impl Handler {
    /// Answers one request. A connection is kept for whoever sent something authentic on it. Everybody else gets one answer:
    /// requests without end, on connections without number, would leave no time for callbacks.
    pub(super) async fn answer<B>(&self, request: Request<B>, connection: &Connection) -> Reply
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut answer = self.decide(request, connection).await;
        if !connection.is_authentic() {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }

    async fn decide<B>(&self, request: Request<B>, connection: &Connection) -> Reply
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let limits = &self.limits;
        let coding = match gate::check(&head, &self.token, limits.body_bytes) {
            Ok(Target::Health) => return reply::health(),
            // Nothing was refused, so nothing is noted.
            Ok(Target::Whose) => return reply::refusal(Reason::Method, ""),
            Ok(Target::Hook(coding)) => coding,
            Err(reason) => return self.refuse(&head, connection, reason),
        };
        let packed = match self.read(body, connection).await {
            Ok(packed) => packed,
            Err(reason) => return self.refuse(&head, connection, reason),
        };
        connection.body_arrived();
        if self.seen.knocks.came(&head.headers) {
            return reply::success(Family::Unknown);
        }
        match coding.unpack(&packed, self.most()) {
            Ok(body) => self.take_in(&head, Received { body, packed, coding }, connection).await,
            Err(reason) => self.refuse(&head, connection, reason),
        }
    }

    /// Answers a request that comes when every connection is busy.
    pub(super) fn turn_away<B>(&self, request: &Request<B>, connection: &Connection) -> Reply {
        connection.leave_unread();
        let path = path::shown(request.uri().path(), &self.token);
        let (method, reason) = (request.method().as_str(), Reason::Overload);
        self.note(connection, Refused { method, path: &path, reason, detail: "" });
        reply::refusal(Reason::Overload, "")
    }

    /// Notes bytes that are not HTTP, and what they are where that is known; hyper has answered them.
    pub(super) fn note_not_http(&self, connection: &Connection, protocol: Option<Protocol>) {
        let detail = protocol.map_or("", Protocol::code);
        self.note(connection, Refused { method: "", path: "", reason: Reason::NotHttp, detail });
    }

    /// Notes and answers a fault of our own.
    pub(super) fn note_fault(&self, connection: &Connection) -> Reply {
        self.note(connection, Refused { method: "", path: "", reason: Reason::Fault, detail: "" });
        reply::refusal(Reason::Fault, "")
    }

    fn refuse(&self, head: &Parts, connection: &Connection, reason: Reason) -> Reply {
        connection.leave_unread();
        let path = path::shown(head.uri.path(), &self.token);
        let detail = if reason == Reason::Encoding { coding::told(&head.headers) } else { String::new() };
        self.note(connection, Refused { method: head.method.as_str(), path: &path, reason, detail: &detail });
        reply::refusal(reason, &detail)
    }

    fn note(&self, connection: &Connection, refused: Refused<'_>) {
        let Refused { method, path, reason, detail } = refused;
        tracing::debug!(method, path, remote = connection.remote, reason = reason.code(), detail, "request refused");
        self.seen.ledger.note(self.clock.now_ms(), &connection.remote, refused);
    }

    /// How long a body may be, packed or unpacked.
    fn most(&self) -> usize {
        usize::try_from(self.limits.body_bytes).unwrap_or(usize::MAX)
    }

    /// Reads the body, no more of it than the limit and no longer than the deadline. It is late only when nothing of it is left
    /// in the socket either.
    async fn read<B>(&self, body: B, connection: &Connection) -> Result<Bytes, Reason>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let most = self.most();
        let late = async {
            self.awake.sleep(self.limits.body).await;
            connection.looks.take(&self.awake).await;
        };
        tokio::select! {
            biased;
            read = Limited::new(body, most).collect() => match read {
                Ok(read) => Ok(read.to_bytes()),
                Err(error) if error.is::<LengthLimitError>() => Err(Reason::TooLarge),
                Err(_) => Err(Reason::BodyBroken),
            },
            () = late => Err(Reason::BodyTimeout),
        }
    }

    /// Decides what becomes of a complete request and answers it.
    async fn take_in(
        &self,
        head: &Parts,
        Received { body, packed, coding }: Received,
        connection: &Connection,
    ) -> Reply {
        let raw_query = head.uri.query().unwrap_or_default();
        let query = Query::parse(raw_query);
        let headers = headers::kept(&head.headers, coding);
        let claim = callback::claimed_app(&query, &headers);
        let callback = callback::parse_or_keep(&query, &headers, &body);
        let now_ms = self.clock.now_ms();
        let signed = Signed { query: &query, headers: &headers, body: &body, packed: &packed, now_ms };
        let Decision { app, place, finding } = verdict::decide(&claim, &callback, signed, (&self.apps, &self.keys));
        let sent_ms = callback.event_ms.filter(|_| place == Place::Archive);
        self.seen.compare_clocks(finding, sent_ms, now_ms);
        if place == Place::Archive {
            connection.prove_authentic();
        }
        let before = callback.is_before();
        let delivery = Delivery {
            received_ms: now_ms,
            source: Source::Callback,
            remote: connection.remote.clone(),
            method: head.method.as_str().to_owned(),
            app,
            query: raw_query.to_owned(),
            headers,
            body,
        };
        if before {
            return self.permit(delivery, callback, place).await;
        }
        // A sender that names no application may be of any family: it gets the answer that satisfies them all.
        let family = if claim == AppClaim::Absent { Family::Unknown } else { callback.family };
        let refused = refusal(&place);
        self.note_arrival(&delivery, callback.family, &place);
        let kept = self.keep(delivery, callback, place).await;
        if let Err(why) = &kept {
            tracing::warn!(%why, "a callback could not be stored in time and was not acknowledged");
            let (method, reason) = (head.method.as_str(), Reason::NotStored);
            self.note(connection, Refused { method, path: "/hook/…", reason, detail: "" });
        }
        match (refused, kept) {
            (Some(why), _) => reply::failure(family, StatusCode::FORBIDDEN, why),
            (None, Ok(())) => reply::success(family),
            (None, Err(_)) => reply::not_stored(family),
        }
    }

    /// A `Before` command blocks the customer's users: it is allowed at once, unless somebody decides about it in our place and does
    /// so in time. It is kept if that can be done (rules.md 1.4).
    async fn permit(&self, delivery: Delivery, callback: Callback, place: Place) -> Reply {
        let family = callback.family;
        let is_ours = place == Place::Archive && self.apps.contains(&delivery.app);
        let decide = self.decide.get().filter(|_| is_ours);
        // Before it is kept: whoever decides then knows of it when it is passed on as well.
        let deciding = decide.and_then(|decide| decide(&delivery, &callback));
        self.keep_without_waiting(delivery, callback, place);
        let decided = match deciding {
            Some(deciding) => self.awake.within(self.limits.decision, deciding).await.flatten(),
            None => None,
        };
        decided.map_or_else(|| reply::success(family), reply::decided)
    }

    fn keep_without_waiting(&self, delivery: Delivery, callback: Callback, place: Place) {
        let done: Done = Box::new(|kept| {
            if let Err(why) = kept {
                tracing::warn!(%why, "a request for permission was answered and could not be stored");
            }
        });
        let handed_over = catch_unwind(AssertUnwindSafe(|| self.sink.record(delivery, callback, place, done)));
        if !matches!(handed_over, Ok(Ok(()))) {
            tracing::warn!("a request for permission was answered and could not be kept");
        }
    }

    /// Notes what arrives for an application that is ours, whether or not it can be kept: the way to here is proven.
    fn note_arrival(&self, delivery: &Delivery, family: Family, place: &Place) {
        match place {
            Place::Archive if self.apps.contains(&delivery.app) => {
                self.seen.arrivals.came(&delivery.app, family, delivery.received_ms);
            }
            Place::Quarantine { verdict: Verdict::BadSignature | Verdict::StaleSignature, .. } => {
                self.seen.arrivals.refused(&delivery.app, family);
            }
            _ => {}
        }
    }

    /// Hands a delivery to the sink and waits for the commit that holds it.
    async fn keep(&self, delivery: Delivery, callback: Callback, place: Place) -> Result<(), String> {
        let received_ms = delivery.received_ms;
        let (done, committed) = oneshot::channel();
        let done: Done = Box::new(move |kept| {
            // Whoever asked may have stopped waiting; the delivery is kept all the same.
            let _ = done.send(kept);
        });
        self.sink
            .record(delivery, callback, place, done)
            .map_err(|_| "too many deliveries wait for the disk".to_owned())?;
        match self.awake.within(self.limits.answer, committed).await {
            Some(Ok(Ok(_))) => {
                // The last one, whatever the clock said before: it may have been ahead.
                self.seen.last_kept_ms.store(received_ms, Ordering::Relaxed);
                Ok(())
            }
            Some(Ok(Err(why))) => Err(why),
            Some(Err(_)) => Err("the store gave no answer".to_owned()),
            None => Err(format!("the disk took longer than {} ms", self.limits.answer.as_millis())),
        }
    }
}

/// What the sender of a delivery is told that waits in quarantine.
fn refusal(place: &Place) -> Option<&'static str> {
    match place {
        Place::Archive => None,
        Place::Quarantine { verdict: Verdict::BadSignature | Verdict::StaleSignature, .. } => Some(NOT_SIGNED),
        Place::Quarantine { .. } => Some(NOT_OURS),
    }
}
