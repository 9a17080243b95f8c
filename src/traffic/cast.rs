//! Who calls, on what device, and how calls end.

use serde_json::Value;

use super::{
    dice::Dice,
    names::{self, Rooms},
};
use crate::language::Language;

/// `OptPlatform` values.
const PLATFORMS: [&str; 6] = ["iOS", "Android", "Web", "Windows", "Mac", "miniProgram"];

/// Who plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cast {
    /// Ids that tests want: quotes, leading zeros, Chinese, numbers too long for a float.
    #[default]
    Awkward,
    /// Plain names that a person looks at, in the language of that person.
    Clinic(Language),
}

/// Somebody with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// The account id.
    pub(super) id: &'static str,
    /// The client's address.
    pub(super) ip: u32,
    /// `OptPlatform`.
    pub(super) platform: &'static str,
}

impl Cast {
    /// The account ids of those who play.
    pub const fn ids(self) -> [&'static str; 14] {
        match self {
            Self::Awkward => names::AWKWARD,
            Self::Clinic(Language::En) => names::CLINIC,
            Self::Clinic(Language::Zh) => names::CLINIC_IN_CHINESE,
        }
    }

    /// What their rooms are called.
    pub(super) const fn rooms(self) -> &'static Rooms {
        match self {
            Self::Awkward | Self::Clinic(Language::En) => &names::ROOMS,
            Self::Clinic(Language::Zh) => &names::ROOMS_IN_CHINESE,
        }
    }

    /// So many different people.
    pub(super) fn some(self, dice: &mut Dice, count: usize) -> Vec<Person> {
        let ids = dice.some(count, &self.ids());
        ids.into_iter().map(|id| Person::with_any_device(dice, id)).collect()
    }

    /// Two different people.
    pub(super) fn pair(self, dice: &mut Dice) -> [Person; 2] {
        let first = dice.pick(self.ids());
        let others: Vec<&'static str> = self.ids().into_iter().filter(|id| *id != first).collect();
        let second = dice.some(1, &others).first().copied().unwrap_or("bob");
        [first, second].map(|id| Person::with_any_device(dice, id))
    }
}

impl Person {
    fn with_any_device(dice: &mut Dice, id: &'static str) -> Self {
        Self { id, ip: dice.below(250) + 1, platform: dice.pick(PLATFORMS) }
    }

    /// The id as JSON: mostly a string, and for the long number sometimes a number, as on Tencent's English pages.
    pub(super) fn account(self, dice: &mut Dice) -> Value {
        match self.id.parse::<u64>() {
            Ok(number) if number > 1 << 53 && dice.percent(50) => Value::from(number),
            _ => Value::from(self.id),
        }
    }
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Answered,
    Missed,
    Declined,
    Busy,
    Cancelled,
    Interrupted,
    Offline,
    Failed,
}

impl Fate {
    /// Each fate once.
    pub(super) const ALL: [Self; 8] = [
        Self::Answered,
        Self::Missed,
        Self::Declined,
        Self::Busy,
        Self::Cancelled,
        Self::Interrupted,
        Self::Offline,
        Self::Failed,
    ];

    /// A fate as often as it happens in an office.
    pub(super) fn any(dice: &mut Dice) -> Self {
        match dice.below(100) {
            0..62 => Self::Answered,
            62..78 => Self::Missed,
            78..86 => Self::Declined,
            86..93 => Self::Cancelled,
            93..96 => Self::Busy,
            96..98 => Self::Interrupted,
            98 => Self::Offline,
            _ => Self::Failed,
        }
    }

    /// True when somebody answered before it ended.
    pub(super) const fn was_answered(self) -> bool {
        matches!(self, Self::Answered | Self::Interrupted | Self::Offline)
    }

    /// How long it rang, in milliseconds.
    pub(super) fn ring_ms(self, dice: &mut Dice) -> i64 {
        match self {
            Self::Missed => 30_000,
            Self::Busy | Self::Failed => dice.between(200, 1_500),
            _ => dice.between(2_000, 25_000),
        }
    }
}
