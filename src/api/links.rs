//! `/api/links`: links that refresh, and `/links/{key}/{file}`: what is behind them.

use std::{io, time::Duration};

use axum::{Json, extract::State as In, response::Response};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, blocking, download,
    error::{Error, Place, Sent},
    list, object,
    problem::Problem,
};
use crate::{
    export::{Format, Kind},
    links::{Door, Link, Links, Plan, Refusal, Unfit},
};

/// How long the port may take to be opened or closed before the answer says that it is still being done.
const MOMENT: Duration = Duration::from_secs(2);

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(all, add))
        .routes(routes!(replace))
        .routes(routes!(renew))
        .routes(routes!(remove))
        .routes(routes!(switch))
        .routes(routes!(follow))
}

/// A link that refreshes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefreshingLink)]
pub(super) struct Shown {
    /// Its number, by which it is named here.
    id: u64,
    /// What it leads to.
    plan: Plan,
    /// The address, with the key in it, for programs on this computer: who has it can read this list.
    address: String,
    /// When it was added, Unix milliseconds.
    added_ms: i64,
    /// When it was followed last since Calltrail was started, Unix milliseconds; null where it was not.
    used_ms: Option<i64>,
}

/// All of them, and whether they can be followed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LinksShown {
    /// Whether they are switched on.
    on: bool,
    /// The port of this computer that they are at.
    port: u16,
    /// Whether that port is open.
    open: bool,
    /// Why it is not although they are switched on; null where it is, or will be in a moment.
    failed: Option<DoorFailed>,
    /// In the order in which they were added.
    links: Vec<Shown>,
}

/// Why the port could not be opened. It is tried again every few seconds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DoorFailed {
    /// What kind of failure it was.
    reason: DoorReason,
    /// The system's words.
    why: String,
}

/// What kept a port from being opened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DoorReason {
    /// Another program has it.
    Taken,
    /// This user may not open it.
    Forbidden,
    /// Something else.
    Other,
}

/// Which one.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct OfLink {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: u64,
}

/// Another plan for one.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ReplaceLink {
    /// Its number.
    #[serde(deserialize_with = "object::number")]
    id: u64,
    /// What it leads to from now on.
    plan: Plan,
}

/// Whether links can be followed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SwitchLinks {
    /// True opens the port, false closes it.
    on: bool,
    /// The port; the one that it was when not said. Another one changes every address.
    #[schema(minimum = 1024, maximum = 65535)]
    #[serde(default, deserialize_with = "port")]
    port: Option<u16>,
}

fn port<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let number = crate::store::filter::whole(deserializer)?;
    let port = number.map(u16::try_from).transpose();
    port.map_err(|_| serde::de::Error::custom("a port is a whole number up to 65535"))
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unfit(Unfit::Name) => Problem::LinkNameUnusable.into(),
            Refusal::Unfit(Unfit::Port) => Problem::LinkPortUnusable.into(),
            Refusal::Unfit(Unfit::OwnPort { port }) => Problem::LinkPortOurs { port }.into(),
            Refusal::Unfit(Unfit::View(why)) => why.into(),
            Refusal::NoSuchLink => Problem::NoSuchLink.into(),
            Refusal::NotSaved(why) => Problem::SettingsNotKept { why: format!("links.json: {why}.") }.into(),
        }
    }
}

impl Api {
    /// Does something with the links, on a thread that may block, and answers all of them.
    async fn links(
        &self,
        work: impl FnOnce(&Links) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<Json<LinksShown>, Error> {
        let links = self.state.links.clone().ok_or(Problem::LinksUnavailable)?;
        let changed = links.clone();
        blocking(move || work(&changed)).await??;
        let wanted = *links.wanted().borrow();
        let mut door = links.door();
        // Nobody is told of a door that is just being opened, if it can be helped.
        let door = match timeout(MOMENT, door.wait_for(|door| door.is_settled(wanted))).await {
            Ok(Ok(door)) => door.clone(),
            Ok(Err(_)) | Err(_) => Door::Opening,
        };
        Ok(Json(LinksShown {
            on: wanted.is_some(),
            port: links.port(),
            open: matches!(door, Door::Open { .. }),
            failed: DoorFailed::of(door),
            links: links.list().into_iter().map(|link| shown(&links, link)).collect(),
        }))
    }
}

impl DoorFailed {
    fn of(door: Door) -> Option<Self> {
        let Door::Failed { kind, why, .. } = door else { return None };
        let reason = match kind {
            io::ErrorKind::AddrInUse => DoorReason::Taken,
            io::ErrorKind::PermissionDenied => DoorReason::Forbidden,
            _ => DoorReason::Other,
        };
        Some(Self { reason, why })
    }
}

fn shown(links: &Links, link: Link) -> Shown {
    let address = format!("http://127.0.0.1:{}{}", links.port(), link.place());
    let used_ms = links.used_ms(link.id);
    let Link { id, plan, added_ms, .. } = link;
    Shown { id, plan, address, added_ms, used_ms }
}

/// The links that refresh, and whether they can be followed.
#[utoipa::path(get, path = "/api/links", operation_id = "links", responses(
    (status = 200, body = LinksShown, description = "All of them"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn all(In(api): In<Api>) -> Result<Json<LinksShown>, Error> {
    api.links(|_| Ok(())).await
}

/// Adds a link to a list, with a key of its own.
#[utoipa::path(post, path = "/api/links", operation_id = "add_link", request_body = Plan, responses(
    (status = 200, body = LinksShown, description = "All of them, with this one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn add(In(api): In<Api>, Sent(plan): Sent<Plan>) -> Result<Json<LinksShown>, Error> {
    list::check(&plan.view.filter)?;
    api.links(move |links| links.add(plan)).await
}

/// Lets a link lead to something else. Its key stays.
#[utoipa::path(post, path = "/api/links/replace", operation_id = "replace_link", request_body = ReplaceLink, responses(
    (status = 200, body = LinksShown, description = "All of them"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn replace(
    In(api): In<Api>,
    Sent(ReplaceLink { id, plan }): Sent<ReplaceLink>,
) -> Result<Json<LinksShown>, Error> {
    list::check(&plan.view.filter)?;
    api.links(move |links| links.replace(id, plan)).await
}

/// Gives a link another key. Who has the old address is answered no more.
#[utoipa::path(post, path = "/api/links/renew", operation_id = "renew_link", request_body = OfLink, responses(
    (status = 200, body = LinksShown, description = "All of them"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn renew(In(api): In<Api>, Sent(OfLink { id }): Sent<OfLink>) -> Result<Json<LinksShown>, Error> {
    api.links(move |links| links.renew(id)).await
}

/// Takes a link back. Who has its address is answered no more.
#[utoipa::path(post, path = "/api/links/remove", operation_id = "remove_link", request_body = OfLink, responses(
    (status = 200, body = LinksShown, description = "Those that are left"),
    (status = 404, body = Error, description = "There is no such one"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn remove(In(api): In<Api>, Sent(OfLink { id }): Sent<OfLink>) -> Result<Json<LinksShown>, Error> {
    api.links(move |links| links.remove(id)).await
}

/// Opens or closes the port of the links.
#[utoipa::path(post, path = "/api/links/switch", operation_id = "switch_links", request_body = SwitchLinks, responses(
    (status = 200, body = LinksShown, description = "All of them, and what became of the port"),
    (status = 503, body = Error, description = "The list of them cannot be read"),
))]
async fn switch(
    In(api): In<Api>,
    Sent(SwitchLinks { on, port }): Sent<SwitchLinks>,
) -> Result<Json<LinksShown>, Error> {
    api.links(move |links| links.switch(on, port)).await
}

/// What a link shows now, as a file: `calls.csv`, `calls.xlsx` and the other formats of its list. The key in the address is all
/// that is needed at the port of the links, where nothing else is.
#[utoipa::path(get, path = "/links/{key}/{file}", operation_id = "follow_link",
    params(
        ("key" = String, Path, description = "The key of the link"),
        ("file" = String, Path, description = "Its list and the format, such as `calls.csv`"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/csv", description = "The file"),
        (status = 404, body = Error, description = "There is no such link (any more)"),
    ),
)]
async fn follow(In(api): In<Api>, Place((key, file)): Place<(String, String)>) -> Result<Response, Error> {
    let links = api.state.links.clone().ok_or(Problem::LinksUnavailable)?;
    let link = links.follow(&key).ok_or(Problem::NoSuchLink)?;
    let format = format_of(&file, link.plan.view.kind).ok_or(Problem::NoSuchDownload)?;
    let request = link.plan.request(format, api.now_ms())?;
    download::send_list(&api, request, download::Place::of_links(&api).await?).await
}

/// The format that the name of a file of this list ends in.
fn format_of(file: &str, kind: Kind) -> Option<Format> {
    let (list, ending) = file.split_once('.')?;
    Format::read(ending).filter(|format| list == kind.code() && kind.formats().contains(format))
}
