//! Going on with the address that Tencent has sent to until now: when it is taken over, its callbacks can go there from here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{Api, error::Error};
use crate::{
    forward::{Forwarding, Unfit},
    subscription::{self, Ours, Plan},
};

/// Whether the callbacks that a change takes away from an address can be passed on to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct KeepOffer {
    /// It is on this computer or in a private network, so that somebody has to agree to that.
    private: bool,
    /// They are passed on to it already.
    is_target: bool,
}

/// That the callbacks are to be passed on to the address that they are taken away from.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub(super) struct KeepSending {
    /// True: it may be on this computer or in a private network. False when not said.
    #[serde(default)]
    private: bool,
}

/// The address that a change takes an application's callbacks away from, where it brings them here.
fn taken_from<'a>(plan: &'a Plan, ours: &Ours) -> Option<&'a str> {
    let (before, after) = (plan.before.as_ref()?, plan.after.as_ref()?);
    (ours.owns(&after.url) && !ours.owns(&before.url)).then_some(before.url.as_str())
}

/// What can be offered with a plan; nothing where no address is taken over, or where nothing can be sent to it.
pub(super) async fn offer(api: &Api, app: &str, plan: &Plan, ours: &Ours) -> Result<Option<KeepOffer>, Error> {
    let (Some(url), true) = (taken_from(plan, ours).map(str::to_owned), api.state.forwarding.is_some()) else {
        return Ok(None);
    };
    let app = app.to_owned();
    let asked = move |forwarding: &Forwarding| {
        let private = match forwarding.unfit(&url, false) {
            Some(Unfit::NotWeb | Unfit::LeadsBack) => return Ok(None),
            unfit => unfit.is_some(),
        };
        Ok(Some(KeepOffer { private, is_target: forwarding.find(&app, &url)?.is_some() }))
    };
    api.forwarding(asked).await
}

/// A target that was added for a change.
pub(super) struct Kept {
    app: String,
    url: String,
}

/// Passes an application's callbacks on to the address that a change takes them away from. Before the change is made: between it and
/// its confirmation callbacks arrive already. Nothing where they are passed on to it as it is.
pub(super) async fn keep(
    api: &Api,
    app: &str,
    (plan, ours): (&Plan, &Ours),
    KeepSending { private }: KeepSending,
) -> Result<Option<Kept>, Error> {
    let Some(url) = taken_from(plan, ours).map(str::to_owned) else { return Ok(None) };
    let kept = Kept { app: app.to_owned(), url };
    api.forwarding(move |forwarding| {
        if forwarding.find(&kept.app, &kept.url)?.is_some() {
            return Ok(None);
        }
        forwarding.add(&kept.app, &kept.url, private, false)?;
        Ok(Some(kept))
    })
    .await
}

impl Kept {
    /// Takes it back: Tencent did not take the change.
    pub(super) async fn take_back(self, api: &Api) -> Result<(), Error> {
        let Self { app, url } = self;
        api.forwarding(move |forwarding| match forwarding.find(&app, &url)? {
            Some(no) => forwarding.remove(no),
            None => Ok(()),
        })
        .await
    }
}

/// Whether Tencent goes on sending to where it has sent.
pub(super) fn is_in_vain(applied: &Result<subscription::Applied, subscription::Error>) -> bool {
    applied.as_ref().map_or(true, |applied| applied.error.is_some() && !applied.confirmed)
}
