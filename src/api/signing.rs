//! `/api/apps/{id}/signing`: whether Tencent signs Live callbacks, and whether that is checked here. The token is told to nobody.

use axum::{Json, extract::State as In};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Api,
    apps::SecretState,
    error::{Error, Place, Sent},
    form::{OfApp, PlacedAppId},
};
use crate::subscription::{self, AtTencent};

/// How signing of Live callbacks stands on both sides.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Signing {
    /// Whether Tencent signs them.
    at_tencent: AtTencent,
    /// Whether a token to check them with is set here.
    here: SecretState,
    /// Whether both have the same token; null where one of the two has none or is not known.
    fits: Option<bool>,
    /// Why Tencent could not be asked; null when it could.
    why: Option<subscription::Error>,
}

impl From<subscription::Signing> for Signing {
    fn from(signing: subscription::Signing) -> Self {
        let subscription::Signing { at_tencent, here, fits, why } = signing;
        Self { at_tencent, here: here.into(), fits, why }
    }
}

/// Whether Live callbacks are to be signed and checked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SigningChange {
    /// True: Tencent signs them with a token, which is checked here. False: neither.
    on: bool,
}

/// Asks Tencent whether it signs Live callbacks.
#[utoipa::path(get, path = "/api/apps/{id}/signing", operation_id = "signing",
    params(("id" = inline(PlacedAppId), Path, description = "The SDKAppID")), responses(
    (status = 200, body = Signing, description = "How it stands, also when Tencent could not be asked"),
    (status = 404, body = Error, description = "There is no such application"),
))]
pub(super) async fn read(In(api): In<Api>, Place(id): Place<OfApp>) -> Result<Json<Signing>, Error> {
    let OfApp(id) = id;
    Ok(Json(api.state.subscriptions.signing(&id, &api.state.keys).await?.into()))
}

/// Switches signing of Live callbacks on or off, at Tencent and here. The listener goes by it from the next delivery on.
#[utoipa::path(put, path = "/api/apps/{id}/signing", operation_id = "change_signing", request_body = SigningChange,
    params(("id" = inline(PlacedAppId), Path, description = "The SDKAppID")), responses(
    (status = 200, body = Signing, description = "How it stands now"),
    (status = 404, body = Error, description = "There is no such application"),
    (status = 409, body = Error, description = "Its SDKSecretKey is not known"),
    (status = 502, body = Error, description = "Why Tencent did not do it, and what is so now"),
))]
pub(super) async fn change(
    In(api): In<Api>,
    Place(id): Place<OfApp>,
    Sent(SigningChange { on }): Sent<SigningChange>,
) -> Result<Json<Signing>, Error> {
    let OfApp(id) = id;
    let done = api.state.subscriptions.sign_live(&id, on, &api.state.keys).await;
    api.state.store.announce();
    Ok(Json(done?.into()))
}
