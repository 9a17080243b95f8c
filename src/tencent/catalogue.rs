//! Every documented callback: what Calltrail makes of it, and which ones belong together. What each one tells is said in the
//! window, in every language, by Tencent's word for it.

mod call;
mod live;
mod room;
mod said;
mod v1;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::said::{Because, GroupCode, Makes};
use super::Product;

/// One callback that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Tencent's word for it.
    pub word: &'static str,
    /// What Calltrail makes of it.
    pub makes: Makes,
    /// What it is to the record.
    pub kind: Kind,
    /// The smallest preset that holds it; `None` for those that nobody needs.
    pub from: Option<Preset>,
}

/// What a callback is to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallbackKind)]
pub enum Kind {
    /// It fills calls, rooms or stays.
    Record,
    /// It is kept as a delivery.
    Other,
    /// It blocks Tencent's users until it is answered, and asks for permission. Calltrail allows everything at once.
    Before,
    /// It is none: its presence changes how another one behaves.
    Switch,
}

/// A choice of callbacks for a purpose. Each one holds what the ones before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CallbackPreset)]
pub enum Preset {
    /// When calls and rooms were, and how they ended.
    History,
    /// And who was in them, from when to when.
    Presence,
    /// And everything else that Calltrail can show.
    Everything,
}

impl Preset {
    /// Every preset, the smallest first.
    pub const ALL: [Self; 3] = [Self::History, Self::Presence, Self::Everything];

    /// The code that the API and the command line use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Presence => "presence",
            Self::Everything => "everything",
        }
    }

    /// The words of a product's callbacks that it switches on.
    pub fn words(self, product: Product) -> Vec<&'static str> {
        commands(product)
            .filter(|command| command.from.is_some_and(|from| from <= self))
            .map(|command| command.word)
            .collect()
    }
}

/// Callbacks of one product that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which ones.
    pub code: GroupCode,
    /// The callbacks.
    pub commands: &'static [Command],
}

/// The callbacks of a product in their groups (pages 60135, 68934, 64413, 60720).
pub const fn groups(product: Product) -> &'static [Group] {
    match product {
        Product::CallV1 => &v1::GROUPS,
        Product::Call => &call::GROUPS,
        Product::Live => &live::GROUPS,
        Product::Room => &room::GROUPS,
    }
}

/// The callbacks of a product.
pub fn commands(product: Product) -> impl Iterator<Item = &'static Command> {
    groups(product).iter().flat_map(|group| group.commands)
}

/// What a word of a configuration is; `None` for a word that no page names.
pub fn command(product: Product, word: &str) -> Option<&'static Command> {
    commands(product).find(|command| command.word == word)
}

/// Whether a word asks for permission: also one that is not in the catalogue, by its name (rules.md 1.4).
pub fn asks_permission(word: &str) -> bool {
    word.contains(".CallbackBefore") && word != live::NOT_BLOCKING
}

/// The callback that has to be on when this one is, and why: without the end of a room nobody ever leaves it.
pub fn brings(word: &str) -> Option<(&'static str, Because)> {
    match word {
        "Live.CallbackAfterMemberStateChanged" => Some(("Live.CallbackAfterDestroyRoom", Because::StaysNeverEnd)),
        "Room.CallbackAfterMemberEnter" | "Room.CallbackAfterMemberLeave" => {
            Some(("Room.CallbackAfterDestroyRoom", Because::StaysNeverEnd))
        }
        "Call.CallbackAfterMemberChanged" => Some(("Call.CallbackAfterEndCall", Because::CallsNeverEnd)),
        _ => None,
    }
}

/// Shorthand of the tables: a callback that fills the record.
const fn record(word: &'static str, from: Preset, makes: Makes) -> Command {
    Command { word, makes, kind: Kind::Record, from: Some(from) }
}

/// Shorthand of the tables: a callback that is kept and not interpreted further.
const fn other(word: &'static str, from: Option<Preset>) -> Command {
    Command { word, makes: Makes::Delivery, kind: Kind::Other, from }
}

/// Shorthand of the tables: a callback that asks for permission.
const fn before(word: &'static str) -> Command {
    Command { word, makes: Makes::Permission, kind: Kind::Before, from: None }
}

#[cfg(test)]
mod tests;
