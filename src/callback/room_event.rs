//! What `Live.*`, `Mic.*` and `Room.*` bodies have in common: how their fields become a [`RoomEvent`].

use serde_json::Value;

use super::{
    codes::{Product, RoomIdType},
    facts::{Facts, RoomAction, RoomEvent},
    fields::{self, Fields},
    json::Json,
    reading::Reading,
};

/// Fields of every body that have a place elsewhere: in the [`Callback`](super::Callback) or in the event itself.
const ENVELOPE: [&str; 3] = ["CallbackCommand", "WebhookCommand", "RoomId"];

/// A body on its way to becoming a [`RoomEvent`].
pub(super) struct Draft<'a> {
    body: Fields<'a>,
    taken: Vec<&'static str>,
    event: RoomEvent,
}

impl<'a> Draft<'a> {
    /// Begins with the room's id, which is at the top or inside `RoomInfo`. `None` when it is missing.
    pub(super) fn begin(product: Product, body: Fields<'a>, action: RoomAction, cause: &str) -> Option<Self> {
        let room_id = body.word("RoomId").or_else(|| body.object("RoomInfo")?.word("RoomId"))?;
        let mut taken = ENVELOPE.to_vec();
        if body.time_ms("EventTime").is_some() {
            taken.push("EventTime");
        }
        let event = RoomEvent {
            product,
            room_id,
            room_id_type: RoomIdType::Unsaid,
            action,
            cause: cause.to_owned(),
            users: Vec::new(),
            unique_id: None,
            sent: Vec::new(),
            details: Vec::new(),
        };
        Some(Self { body, taken, event })
    }

    /// Users whom it happened to, from the list of that name.
    pub(super) fn users(mut self, list: &'static str) -> Self {
        if let Some(users) = self.body.accounts(list) {
            self.event.users = users;
            self.taken.push(list);
        }
        self
    }

    /// One register of the room; `Null` removes it.
    pub(super) fn detail(mut self, name: impl Into<String>, value: Value) -> Self {
        self.event.details.push((name.into(), value));
        self
    }

    /// `RoomInfo`: name and owner, everything else as `info:<Field>`; `Statistic` as `statistic:<Field>`.
    pub(super) fn room_info(mut self) -> Self {
        if let Some(info) = self.body.object("RoomInfo") {
            for (key, value) in info.others(&["RoomId"]) {
                let register = match key.to_ascii_lowercase().as_str() {
                    "roomname" => "name".to_owned(),
                    "owner_account" => "owner".to_owned(),
                    _ => format!("info:{key}"),
                };
                self.event.details.push((register, value));
            }
            self.taken.push("RoomInfo");
        }
        if let Some(statistic) = self.body.object("Statistic") {
            let registers = statistic.others(&[]).into_iter().map(|(key, value)| (format!("statistic:{key}"), value));
            self.event.details.extend(registers);
            self.taken.push("Statistic");
        }
        self
    }

    /// One register per element of a list, where every element has a name for it; otherwise the list stays as sent.
    pub(super) fn registers(mut self, list: &'static str, name: impl Fn(&'a Json) -> Option<(String, Value)>) -> Self {
        let registers = self.body.list(list).map(|items| items.iter().map(name).collect::<Option<Vec<_>>>());
        if let Some(Some(registers)) = registers {
            self.event.details.extend(registers);
            self.taken.push(list);
        }
        self
    }

    /// The event; whatever was not taken is kept as sent.
    pub(super) fn finish(mut self) -> Reading {
        self.event.sent = self.body.others(&self.taken);
        Reading::record(Facts::Room(self.event))
    }
}

/// `Mic.CallbackAfterSeatInfoChanged` (pages 64425 and 60736), which Live and Room share: `seat:<Index>` is the seat.
pub(super) fn seats(product: Product, body: Fields<'_>) -> Reading {
    let seat = |value| {
        let index = Fields::of_value(value)?.integer("Index")?;
        Some((format!("seat:{index}"), fields::tidy("", value)))
    };
    match Draft::begin(product, body, RoomAction::Changed, "") {
        Some(draft) => draft.registers("SeatList", seat).finish(),
        None => Reading::lacks("RoomId"),
    }
}
