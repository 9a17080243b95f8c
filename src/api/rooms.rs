//! `GET /api/rooms`, `/api/stays` and `/api/room`: who was in which room.

use axum::{Json, extract::State as In};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Api,
    error::{Error, Params},
    list,
    problem::Problem,
};
use crate::{
    callback::words::{RoomIdType, RoomProduct},
    store::{
        Reader,
        filter::{Filter, PageRequest},
        rows::{Days, Page, RoomDetailRow, RoomRow, StayRow},
    },
};

/// Which room. The number 123 and the text "123" are different rooms.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The application (SDKAppID).
    app: String,
    /// `live`, `conference` or `rtc`.
    #[param(inline, value_type = RoomProduct)]
    product: String,
    /// `number`, `text`, or empty where Tencent does not say.
    #[serde(default)]
    #[param(required = false, inline, value_type = RoomIdType)]
    room_id_type: String,
    /// Tencent's `RoomId`.
    room_id: String,
    /// Only this life's occupancy, by its number; without it (or where there is no such life) that of the whole time.
    #[param(value_type = Option<i32>, minimum = 0)]
    life: Option<u32>,
}

/// The rooms that a filter finds, newest first.
#[utoipa::path(get, path = "/api/rooms", operation_id = "rooms", params(Filter, PageRequest), responses(
    (status = 200, body = Page<RoomRow>, description = "A page of rooms"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn rooms(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<RoomRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    let found = move |reader: &Reader| {
        let mut found = reader.rooms(&filter, &page, now)?;
        reader.name_found_users(&mut found.rows, &filter)?;
        Ok(found)
    };
    api.read(found).await.map(Json)
}

/// How many rooms of a filter each local day has, newest day first.
#[utoipa::path(get, path = "/api/rooms/days", operation_id = "days_of_rooms", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_rooms(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.days_of_rooms(&filter, &zone, now)).await.map(Json)
}

/// The stays that a filter finds, newest first.
#[utoipa::path(get, path = "/api/stays", operation_id = "stays", params(Filter, PageRequest), responses(
    (status = 200, body = Page<StayRow>, description = "A page of stays"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn stays(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<StayRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    api.read(move |reader| reader.stays(&filter, &page, now)).await.map(Json)
}

/// How many stays of a filter each local day has, newest day first.
#[utoipa::path(get, path = "/api/stays/days", operation_id = "days_of_stays", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_stays(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    api.read(move |reader| reader.days_of_stays(&filter, &zone, now)).await.map(Json)
}

/// One room with what was told of it, its lives, how many were inside over time, and its newest steps.
#[utoipa::path(get, path = "/api/room", operation_id = "room", params(Which), responses(
    (status = 200, body = RoomDetailRow, description = "The room"),
    (status = 404, body = Error, description = "The record holds no such room"),
))]
pub(super) async fn room(In(api): In<Api>, Params(which): Params<Which>) -> Result<Json<RoomDetailRow>, Error> {
    list::one_of::<RoomProduct>("product", Some(&which.product))?;
    list::one_of::<RoomIdType>("room_id_type", Some(&which.room_id_type))?;
    if which.life.is_some_and(|life| i32::try_from(life).is_err()) {
        return Err(Problem::NumberTooLarge { name: "life".to_owned(), most: i32::MAX.into() }.into());
    }
    let now = api.now_ms();
    api.read(move |reader| {
        reader.room(&which.app, &which.product, &which.room_id_type, &which.room_id, which.life, now)
    })
    .await?
    .map(Json)
    .ok_or_else(|| Problem::NoSuchRoom.into())
}
