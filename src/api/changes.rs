//! `GET /api/changes`: the long poll that tells a list that it is worth asking again.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, time::sleep};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    error::{Error, Params},
    list,
};
use crate::store::Store;

/// How long a request waits for news, at most: well below what any proxy or browser would cut off.
const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// What the caller knows already.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Seen {
    /// The revision of the last answer; without it, the answer comes at once.
    after: Option<u64>,
    /// The epoch of the last answer; when it is another one now, the answer comes at once.
    epoch: Option<String>,
}

/// How far the record is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Changes {
    /// Random, and another one after each start: revisions of different epochs cannot be compared.
    epoch: String,
    /// Grows with every change of the record.
    revision: u64,
}

/// Answers as soon as the record differs from what the caller has seen, or after 25 seconds.
#[utoipa::path(get, path = "/api/changes", operation_id = "changes", params(Seen), responses(
    (status = 200, body = Changes, description = "How far the record is now"),
))]
pub(super) async fn changes(In(api): In<Api>, Params(seen): Params<Seen>) -> Result<Json<Changes>, Error> {
    list::within("after", seen.after)?;
    let same_epoch = seen.epoch.as_deref().is_none_or(|epoch| epoch == api.state.store.epoch());
    if let (Some(after), true) = (seen.after, same_epoch) {
        let (mut revision, mut closing) = (api.revision.clone(), api.state.closing.clone());
        tokio::select! {
            // An error of either means that its other side is gone, which is news as well.
            _ = revision.wait_for(|now| *now != after) => {}
            _ = closing.wait_for(|closing| *closing) => {}
            () = sleep(LONGEST_WAIT) => {}
        }
    }
    Ok(Json(Changes { epoch: api.state.store.epoch().to_owned(), revision: api.state.store.revision() }))
}

/// Follows the store's revision in a channel that any number of requests can wait on.
pub(super) fn follow(store: &Arc<Store>) -> watch::Receiver<u64> {
    let (sender, receiver) = watch::channel(0);
    let newer = |now: u64| move |seen: &mut u64| std::mem::replace(seen, now.max(*seen)) < now;
    let from_store = sender.clone();
    store.on_change(move |now| {
        from_store.send_if_modified(newer(now));
    });
    // What changed between opening the store and now was told to nobody.
    sender.send_if_modified(newer(store.revision()));
    receiver
}
