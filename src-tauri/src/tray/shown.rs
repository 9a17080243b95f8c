//! What the icon and its menu say, made of what the API says. Pure.

use super::news::News;
use crate::words::Words;
use calltrail::zone::Zone;

/// How Calltrail is doing: each has a shape of its own, because not everybody tells colours apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// Callbacks can arrive.
    Listening,
    /// They can, and a person should look at something.
    Attention,
    /// They cannot. Also before it is known.
    #[default]
    NotListening,
}

impl Sign {
    /// Not listening is worse than anything that can be wrong while listening.
    fn of(news: &News) -> Sign {
        match (news.listening, news.needs_attention) {
            (false, _) => Sign::NotListening,
            (true, true) => Sign::Attention,
            (true, false) => Sign::Listening,
        }
    }

    pub(super) const fn words(self, words: &Words) -> &'static str {
        match self {
            Sign::Listening => words.listening,
            Sign::Attention => words.attention,
            Sign::NotListening => words.not_listening,
        }
    }
}

/// What the icon and its menu say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) sign: Sign,
    pub(super) last: String,
    pub(super) cases: String,
    pub(super) pause: String,
}

impl Shown {
    pub(super) fn of(news: &News, words: &Words, clock: &Clock) -> Shown {
        Shown {
            sign: Sign::of(news),
            last: words.last(news.last_received_ms.map(|ms| clock.read(ms, news.now_ms))),
            cases: words.cases(news.open_cases),
            pause: words.pause(news.paused_until_ms.map(|ms| clock.read(ms, news.now_ms))),
        }
    }
}

/// The clock on this computer's wall.
pub(super) struct Clock(Zone);

impl Clock {
    /// In the zone that the computer is in; in UTC, and saying so, where it does not say.
    pub(super) fn of_system() -> Clock {
        Clock(Zone::read("local").unwrap_or_else(|why| {
            tracing::debug!("{why}; the tray shows UTC");
            Zone::utc()
        }))
    }

    /// `14:05` for today, with the date for any other day.
    fn read(&self, ms: i64, now_ms: i64) -> String {
        let (Some(then), Some(now)) = (self.0.at(ms), self.0.at(now_ms)) else {
            return String::new();
        };
        let form = if then.date_naive() == now.date_naive() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        let suffix = if self.0.is_utc() { " UTC" } else { "" };
        format!("{}{suffix}", then.format(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calltrail::language::Language;

    const NOON: i64 = 1_760_000_400_000;
    const DAY: i64 = 86_400_000;

    fn news() -> News {
        News { listening: true, now_ms: NOON, ..News::default() }
    }

    #[test]
    fn not_listening_comes_before_everything_else() {
        for (listening, needs_attention, want) in [
            (true, false, Sign::Listening),
            (true, true, Sign::Attention),
            (false, false, Sign::NotListening),
            (false, true, Sign::NotListening),
        ] {
            assert_eq!(Sign::of(&News { listening, needs_attention, ..news() }), want);
        }
    }

    #[test]
    fn the_menu_says_when_the_last_callback_came() {
        let clock = Clock(Zone::read("+08:00").unwrap());
        let line = |last_received_ms, language| {
            Shown::of(&News { last_received_ms, open_cases: 3, ..news() }, Words::of(language), &clock)
        };
        let today = line(Some(NOON - 60_000), Language::En);
        assert_eq!(today.last, "Last callback: 16:59", "the time is enough for today");
        assert_eq!(today.cases, "Open cases: 3");
        assert_eq!(line(Some(NOON - DAY), Language::En).last, "Last callback: 2025-10-08 17:00", "with its day else");
        assert_eq!(today.pause, "Pause for an hour");
        let paused = News { paused_until_ms: Some(NOON + 60_000), ..news() };
        let paused = Shown::of(&paused, Words::of(Language::En), &clock);
        assert_eq!(paused.pause, "Receive again (paused until 17:01)", "the same entry takes it back");
        assert_eq!(line(None, Language::En).last, "No callback yet");
        assert_eq!(line(Some(NOON), Language::Zh).last, "最近一条回调：17:00", "in the language of the pages");
        assert_eq!(Clock(Zone::utc()).read(NOON, NOON), "09:00 UTC", "a zone that nobody chose is named");
    }
}
