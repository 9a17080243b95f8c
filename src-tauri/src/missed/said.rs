//! What is said of missed calls, and when. Pure.

use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// What ended longer ago is not said any more: it was fetched, imported, or arrived after a long sleep.
pub(super) const OLDEST_MS: i64 = 10 * 60 * 1_000;
/// A name is cut off behind so many characters.
const LONGEST: usize = 60;

/// A missed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Miss {
    pub(super) app: String,
    /// The account that stands for the caller.
    pub(super) caller: String,
    pub(super) call_id: String,
    /// Who called, as people know them. Anybody's text.
    pub(super) name: String,
    /// When it ended, Unix milliseconds.
    pub(super) at_ms: i64,
}

/// What a look finds.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Whose cases are open.
    pub(super) open: BTreeSet<(String, String)>,
    /// Missed calls of late, the newest last.
    pub(super) misses: Vec<Miss>,
    pub(super) now_ms: i64,
    /// Whether somebody looks at the window.
    pub(super) in_front: bool,
    /// Whether something may be said now.
    pub(super) speaks: bool,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Nothing,
    /// Says this instead of what was said before.
    Say(Missed),
    /// Takes back what was said.
    TakeBack,
}

/// What is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missed {
    pub(super) calls: usize,
    /// Who called last.
    pub(super) last: String,
}

/// What was noticed so far.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By application and call, when each ended; those that are too old to be said are forgotten. Nothing before the first look.
    known: Option<BTreeMap<(String, String), i64>>,
    /// What nobody has looked at since, the newest last.
    pending: Vec<Miss>,
}

impl Memory {
    /// Whether a call was noticed before.
    pub(super) fn knows(&self, app: &str, call_id: &str) -> bool {
        self.known.as_ref().is_some_and(|known| known.contains_key(&(app.to_owned(), call_id.to_owned())))
    }

    /// Takes a look into account. What was missed before the first one is no news.
    pub(super) fn look(&mut self, Look { open, misses, now_ms, in_front, speaks }: Look) -> Deed {
        let is_first = self.known.is_none();
        let known = self.known.get_or_insert_default();
        // Twice as long as it is news, and a little more: a call may be found again for so long.
        known.retain(|_, at_ms| *at_ms >= now_ms.saturating_sub(3 * OLDEST_MS));
        let fresh: Vec<Miss> = misses
            .into_iter()
            .filter(|miss| known.insert((miss.app.clone(), miss.call_id.clone()), miss.at_ms).is_none())
            .filter(|miss| !is_first && miss.at_ms >= now_ms.saturating_sub(OLDEST_MS))
            .collect();
        let was_said = !self.pending.is_empty();
        if in_front || !speaks {
            self.pending.clear();
        } else {
            // Somebody has called back, or said that it is done.
            self.pending.retain(|miss| open.contains(&(miss.app.clone(), miss.caller.clone())));
            let is_news = !fresh.is_empty();
            self.pending.extend(fresh);
            if is_news && let Some(last) = self.pending.last() {
                return Deed::Say(Missed { calls: self.pending.len(), last: last.name.clone() });
            }
        }
        if was_said && self.pending.is_empty() { Deed::TakeBack } else { Deed::Nothing }
    }
}

impl Missed {
    /// A headline and a line below it. The name stands in the second alone.
    pub(super) fn said(&self, words: &Words) -> Said {
        Said {
            headline: words.missed(self.calls),
            line: words.missed_from(self.calls, &plain(&self.last)),
            open: words.follow_up.to_owned(),
        }
    }
}

/// What is said, as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) headline: String,
    pub(super) line: String,
    /// What a click does.
    pub(super) open: String,
}

impl Said {
    /// The line for whoever reads markup (the notification specification: a subset of HTML).
    pub(super) fn escaped(&self) -> String {
        let escape = |letter: char| match letter {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&#39;".to_owned(),
            other => other.to_string(),
        };
        self.line.chars().map(escape).collect()
    }
}

/// A name as one line of letters that are seen, set apart so that it does not turn around what stands beside it.
fn plain(name: &str) -> String {
    let is_unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    let seen: String = name.chars().map(|letter| if is_unseen(letter) { ' ' } else { letter }).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    };
    format!("\u{2068}{cut}\u{2069}")
}

#[cfg(test)]
mod tests;
