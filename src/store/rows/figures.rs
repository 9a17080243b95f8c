//! Figures of calls: how many, how they ended, how long they rang and lasted, when they came, and who had them (rules.md section 11).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The figures of the calls that a filter finds, by when they were started. Open calls and those of an unknown result are counted
/// on their own and are in no rate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// All of them.
    pub calls: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those that ended without an answer.
    pub unanswered: u64,
    /// Those that ring or go on.
    pub open: u64,
    /// Those whose end or result is not known.
    pub unknown: u64,
    /// Which part of those that ended was answered, between 0 and 1; null where none has ended.
    pub answer_rate: Option<f64>,
    /// How many have each result, also the open ones; results that none has are left out.
    pub by_result: BTreeMap<String, u64>,
    /// How long the answered ones rang.
    pub ring: Spread,
    /// How long the others rang in vain.
    pub waited: Spread,
    /// How long the answered ones lasted.
    pub talk: Talk,
    /// How many went on at the same time.
    pub at_once: AtOnce,
    /// By the local day on which they were started, the earliest first; days without calls are left out.
    pub by_day: Vec<DayFigures>,
    /// By the local hour, from 0 to 23. An hour that comes twice counts under its name.
    pub by_hour: Vec<u64>,
    /// The same by the day of the week, from Monday on.
    pub by_weekday_hour: Vec<Vec<u64>>,
    /// Who was in them, with all account ids of a person; those in most calls first.
    pub people: Vec<PersonFigures>,
    /// The period before; null where none was asked for, or where these have no beginning.
    pub compared: Option<Compared>,
}

/// Seconds of many calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// Half of them took so long or less; null for none.
    pub median: Option<i64>,
    /// Nine of ten took so long or less; null for none.
    pub p90: Option<i64>,
}

/// How long calls lasted, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Talk {
    /// All of them together.
    pub sum: i64,
    /// Half of them took so long or less; null for none.
    pub median: Option<i64>,
    /// The longest; null for none.
    pub longest: Option<i64>,
}

/// Calls that went on at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtOnce {
    /// The most.
    pub most: u64,
    /// Since when they did so first, Unix milliseconds; null where none went on.
    pub at: Option<i64>,
}

/// The calls of a local day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayFigures {
    /// Such as `2026-11-20`.
    pub day: String,
    /// All of them.
    pub calls: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those that ended without an answer.
    pub unanswered: u64,
    /// How many have each result; results that none has are left out.
    pub by_result: BTreeMap<String, u64>,
}

/// What one person had to do with calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonFigures {
    /// The account id that stands for the person.
    pub user: String,
    /// The name; empty without one.
    pub name: String,
    /// Calls as their caller.
    pub made: u64,
    /// Those of them that were answered.
    pub made_answered: u64,
    /// Calls as anybody else.
    pub received: u64,
    /// Those of them in which the person talked.
    pub answered: u64,
    /// Those of them that nobody answered in the person's place: not taken, busy, offline, or given up by the caller.
    pub missed: u64,
    /// Those of them that the person declined.
    pub declined: u64,
    /// Seconds of talk, made and received.
    pub talk: i64,
    /// Median of the seconds that the answered ones of the received rang; null for none.
    pub ring: Option<i64>,
    /// The local hour in which most of the calls were started, the earliest of equals.
    pub busiest: Option<u8>,
    /// In how many group calls the person joined before every other callee.
    pub first: u64,
}

/// Which earlier period figures are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The one of the same length that ends where this one begins: as many days, where it is one of whole days.
    Before,
    /// The same days of the week before, at the same time of day.
    Week,
}

/// The same figures of an earlier period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Compared {
    /// Which one it is.
    pub with: Comparison,
    /// From this moment on, Unix milliseconds.
    pub from: i64,
    /// Before this moment.
    pub to: i64,
    /// See the figures.
    pub calls: u64,
    /// See the figures.
    pub answered: u64,
    /// See the figures.
    pub unanswered: u64,
    /// See the figures.
    pub open: u64,
    /// See the figures.
    pub unknown: u64,
    /// See the figures.
    pub answer_rate: Option<f64>,
    /// See the figures.
    pub by_result: BTreeMap<String, u64>,
    /// See the figures.
    pub ring: Spread,
    /// See the figures.
    pub waited: Spread,
    /// See the figures.
    pub talk: Talk,
    /// See the figures.
    pub at_once: AtOnce,
}

impl Compared {
    /// What is compared of the figures of an earlier period [from, to).
    pub(crate) fn of(with: Comparison, (from, to): (i64, i64), figures: Figures) -> Self {
        let Figures { calls, answered, unanswered, open, unknown, answer_rate, by_result, .. } = figures;
        let Figures { ring, waited, talk, at_once, .. } = figures;
        Self {
            with,
            from,
            to,
            calls,
            answered,
            unanswered,
            open,
            unknown,
            answer_rate,
            by_result,
            ring,
            waited,
            talk,
            at_once,
        }
    }
}
