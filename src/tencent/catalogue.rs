//! Every documented callback: what it tells, what Calltrail makes of it, and which ones belong together.

mod call;
mod live;
mod room;
mod v1;

use super::Product;

/// One callback that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Tencent's word for it.
    pub word: &'static str,
    /// What it tells, as a sentence.
    pub tells: &'static str,
    /// What Calltrail makes of it, as a sentence.
    pub makes: &'static str,
    /// What it is to the record.
    pub kind: Kind,
    /// The smallest preset that holds it; `None` for those that nobody needs.
    pub from: Option<Preset>,
}

/// What a callback is to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Kind {
    /// The code that the API uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Other => "other",
            Self::Before => "before",
            Self::Switch => "switch",
        }
    }
}

/// A choice of callbacks for a purpose. Each one holds what the ones before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::History => "Call history",
            Self::Presence => "Call history and who was there",
            Self::Everything => "Everything useful",
        }
    }

    /// What it is good for, as a sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::History => {
                "When each call or room began and ended, and how: the fewest callbacks that make a history."
            }
            Self::Presence => "Also who answered, joined and left, and when. This is what most teams want.",
            Self::Everything => {
                "Also what happened around it: names, owners, seats, battles, followers. Never a callback that asks for permission."
            }
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
    /// What people call it.
    pub name: &'static str,
    /// Its callbacks.
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
pub fn brings(word: &str) -> Option<(&'static str, &'static str)> {
    const STAYS: &str = "When a room is closed, Tencent no longer says who leaves it. Without its end, everybody would seem to stay for ever.";
    const CALLS: &str = "Without the end of a call, nobody could tell how it ended and how long it was.";
    match word {
        "Live.CallbackAfterMemberStateChanged" => Some(("Live.CallbackAfterDestroyRoom", STAYS)),
        "Room.CallbackAfterMemberEnter" | "Room.CallbackAfterMemberLeave" => {
            Some(("Room.CallbackAfterDestroyRoom", STAYS))
        }
        "Call.CallbackAfterMemberChanged" => Some(("Call.CallbackAfterEndCall", CALLS)),
        _ => None,
    }
}

/// Shorthand of the tables: a callback that fills the record.
const fn record(word: &'static str, from: Preset, tells: &'static str, makes: &'static str) -> Command {
    Command { word, tells, makes, kind: Kind::Record, from: Some(from) }
}

/// Shorthand of the tables: a callback that is kept and not interpreted further.
const fn other(word: &'static str, from: Option<Preset>, tells: &'static str) -> Command {
    Command { word, tells, makes: "Kept among the deliveries; no list is made of it.", kind: Kind::Other, from }
}

/// Shorthand of the tables: a callback that asks for permission.
const fn before(word: &'static str, tells: &'static str) -> Command {
    let makes =
        "Calltrail allows everything at once and moderates nothing. Leave it off, unless you know that you want that.";
    Command { word, tells, makes, kind: Kind::Before, from: None }
}

#[cfg(test)]
mod tests;
