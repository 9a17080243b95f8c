//! `/api/callbacks`: what Tencent sends, read, compared, changed, and the history of all that.

mod catalogue;
mod old_address;
mod shape;

use axum::{Json, extract::State as In};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::{
    catalogue::Catalogue,
    shape::{Applied, Apply, Change, Plan, ProductState, RtcState, Subscribed, Subscriptions, Wanted},
};
use super::{
    Api,
    error::{Code, Error, Place, Sent},
    form::{OfApp, PlacedAppId},
    object::Object,
};
use crate::{
    subscription::{self, Origin, Problem},
    tencent::Product,
};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(catalogue))
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(plan))
        .routes(routes!(apply))
        .routes(routes!(history))
}

/// Every callback that Tencent documents, in groups and in words, and the presets.
#[utoipa::path(get, path = "/api/callbacks/catalogue", operation_id = "callback_catalogue", responses(
    (status = 200, body = Catalogue, description = "The callbacks"),
))]
async fn catalogue() -> Json<Catalogue> {
    Json(Catalogue::whole())
}

/// What was last read of every product of every application. Asks nobody.
#[utoipa::path(get, path = "/api/callbacks", operation_id = "callbacks", responses(
    (status = 200, body = Subscriptions, description = "What is known"),
))]
async fn list(In(api): In<Api>) -> Result<Json<Subscriptions>, Error> {
    let mut apps = Vec::new();
    for app in api.state.apps.list() {
        let mut products = Vec::new();
        for product in Product::ALL {
            products.push(state_of(&api, &app.id, product).await?);
        }
        let rtc = RtcState::of(&api.state, &app.id);
        apps.push(Subscribed { app: app.id, label: app.label, products, rtc });
    }
    Ok(Json(Subscriptions { apps }))
}

/// Asks Tencent what it has now. When Tencent refuses, the state says so.
#[utoipa::path(post, path = "/api/callbacks/{app}/{product}/read", operation_id = "read_callbacks",
    params(("app" = inline(PlacedAppId), Path, description = "The SDKAppID"), ("product" = Product, Path, description = "The product")), responses(
    (status = 200, body = ProductState, description = "What Tencent has"),
    (status = 404, body = Error, description = "There is no such application"),
    (status = 502, body = Error, description = "Why Tencent could not be asked"),
))]
async fn read(In(api): In<Api>, Place(whose): Place<(OfApp, Product)>) -> Result<Json<ProductState>, Error> {
    let (OfApp(app), product) = whose;
    let subscriptions = &api.state.subscriptions;
    match subscriptions.read(&app, product).await {
        Ok(_) | Err(subscription::Error::Here(Problem::NoKey { .. })) => {}
        Err(error) => return Err(error.into()),
    }
    api.state.store.announce();
    Ok(Json(state_of(&api, &app, product).await?))
}

/// What a change would do, from what Tencent has now. Changes nothing.
#[utoipa::path(post, path = "/api/callbacks/{app}/{product}/plan", operation_id = "plan_callbacks", request_body = Wanted,
    params(("app" = inline(PlacedAppId), Path, description = "The SDKAppID"), ("product" = Product, Path, description = "The product")), responses(
    (status = 200, body = Plan, description = "What would change, and what speaks against it"),
    (status = 404, body = Error, description = "There is no such application, or no such change"),
    (status = 409, body = Error, description = "Its SDKSecretKey is not known"),
    (status = 502, body = Error, description = "Why Tencent could not be asked"),
))]
async fn plan(
    In(api): In<Api>,
    Place(whose): Place<(OfApp, Product)>,
    Sent(wanted): Sent<Wanted>,
) -> Result<Json<Plan>, Error> {
    let (OfApp(app), product) = whose;
    let subscriptions = &api.state.subscriptions;
    let wanted = wanted.resolve(subscriptions, &app, product).await?;
    let plan = subscriptions.plan(&app, product, wanted).await?;
    let ours = subscriptions.ours_of(&app).await?;
    let keep = old_address::offer(&api, &app, &plan, &ours).await?;
    Ok(Json(Plan::of(&plan, &ours, keep)))
}

/// Makes a change as it was planned, reads it back, and writes it into the history. When Tencent has something else meanwhile,
/// the answer is `changed` and nothing was done.
#[utoipa::path(post, path = "/api/callbacks/{app}/{product}/apply", operation_id = "apply_callbacks", request_body = Apply,
    params(("app" = inline(PlacedAppId), Path, description = "The SDKAppID"), ("product" = Product, Path, description = "The product")), responses(
    (status = 200, body = Applied, description = "What became of it, also when Tencent refused"),
    (status = 404, body = Error, description = "There is no such application, or no such change"),
    (status = 409, body = Error, description = "Tencent has something else than was seen, something was not agreed to, or the SDKSecretKey is not known"),
    (status = 502, body = Error, description = "Why Tencent could not be asked"),
    (status = 503, body = Error, description = "What goes on to other addresses cannot be remembered"),
))]
async fn apply(
    In(api): In<Api>,
    Place(whose): Place<(OfApp, Product)>,
    Sent(Apply { wanted, seen, agreed, keep_sending }): Sent<Apply>,
) -> Result<Json<Applied>, Error> {
    let (OfApp(app), product) = whose;
    let subscriptions = &api.state.subscriptions;
    let wanted = wanted.resolve(subscriptions, &app, product).await?;
    let ours = subscriptions.ours_of(&app).await?;
    let kept = match keep_sending {
        Some(Object(keep)) => {
            let plan = subscriptions.plan(&app, product, wanted.clone()).await?;
            old_address::keep(&api, &app, (&plan, &ours), keep).await?
        }
        None => None,
    };
    let applied = subscriptions.apply(&app, product, wanted, &seen, &agreed, Origin::Window).await;
    if let Some(kept) = kept.filter(|_| old_address::is_in_vain(&applied)) {
        kept.take_back(&api).await?;
    }
    let applied = applied?;
    api.state.store.announce();
    Ok(Json(Applied {
        state: state_of(&api, &app, product).await?,
        change: applied.change.as_ref().map(|change| Change::of(change, &ours)),
        confirmed: applied.confirmed,
        error: applied.error,
    }))
}

/// Every change of a product's callbacks, the newest first.
#[utoipa::path(get, path = "/api/callbacks/{app}/{product}/history", operation_id = "callback_history",
    params(("app" = inline(PlacedAppId), Path, description = "The SDKAppID"), ("product" = Product, Path, description = "The product")), responses(
    (status = 200, body = Vec<Change>, description = "The changes"),
    (status = 404, body = Error, description = "There is no such application"),
))]
async fn history(In(api): In<Api>, Place(whose): Place<(OfApp, Product)>) -> Result<Json<Vec<Change>>, Error> {
    let (OfApp(app), product) = whose;
    let subscriptions = &api.state.subscriptions;
    let ours = subscriptions.ours_of(&app).await?;
    let changes = subscriptions.history(&app, product).await?;
    Ok(Json(changes.iter().map(|change| Change::of(change, &ours)).collect()))
}

async fn state_of(api: &Api, app: &str, product: Product) -> Result<ProductState, Error> {
    let subscriptions = &api.state.subscriptions;
    let reading = subscriptions.reading(app, product).await?;
    Ok(ProductState::of(product, &reading, &subscriptions.ours_of(app).await?))
}

impl From<subscription::Error> for Error {
    fn from(error: subscription::Error) -> Self {
        let code = match &error {
            subscription::Error::Tencent(_) => Code::Tencent,
            subscription::Error::Here(problem) => match problem {
                Problem::NoApp { .. } | Problem::NoChange { .. } => Code::NotFound,
                Problem::NoKey { .. } => Code::NoKey,
                Problem::Changed => Code::Changed,
                Problem::Stopped { .. } | Problem::NotAgreed { .. } => Code::NotAgreed,
                Problem::NotSigning | Problem::StillSigned { .. } => Code::Tencent,
                Problem::Config { .. }
                | Problem::Vault { .. }
                | Problem::SignedUnchecked { .. }
                | Problem::History { .. } => Code::Unavailable,
            },
        };
        Self::told(code, error)
    }
}
