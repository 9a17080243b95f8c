//! What a report says besides the record's own words, in each language.

mod en;
mod zh;

use crate::{language::Language, zone::period::Named};

/// Everything that a report says of its own.
pub(super) struct Labels {
    /// What it is.
    pub(super) title: &'static str,
    /// The names of the sheets, which are titles in a page.
    pub(super) sheets: Sheets,
    /// What a period is called.
    pub(super) named: fn(Named) -> &'static str,
    /// From one moment to another, of a zone.
    pub(super) span: fn(&str, &str, &str) -> String,
    pub(super) until: fn(&str, &str) -> String,
    /// The figures, in the order of [`super::summary`].
    pub(super) figures: [&'static str; 14],
    /// What was counted, what it was before, what the difference is.
    pub(super) compared: [&'static str; 4],
    /// What the figures are compared with.
    pub(super) compared_with: fn(&str, &str) -> String,
    /// Result, calls, share.
    pub(super) by_result: [&'static str; 3],
    /// Rankings: who answered, made and missed most.
    pub(super) most: [&'static str; 3],
    /// Nobody is in a ranking.
    pub(super) nobody: &'static str,
    /// Calls per day by result.
    pub(super) per_day: &'static str,
    /// Calls per month by result.
    pub(super) per_month: &'static str,
    /// Calls by hour of the day.
    pub(super) per_hour: &'static str,
    /// Calls by weekday and hour.
    pub(super) week: &'static str,
    /// Monday to Sunday.
    pub(super) weekdays: [&'static str; 7],
    /// Day, weekday, hour, month, calls, answered, unanswered, answer rate.
    pub(super) columns: Columns,
    /// Name, account id and what follows in [`super::tables::people`].
    pub(super) person: [&'static str; 12],
    /// No calls were made.
    pub(super) no_calls: &'static str,
    /// A list has no rows.
    pub(super) none: &'static str,
    /// Only the newest so many rows of all are in the page.
    pub(super) newest_of: fn(&str, &str) -> String,
    /// Only the first so many rows of all are in the page.
    pub(super) first_of: fn(&str, &str) -> String,
    /// The rest of a list is on further sheets.
    pub(super) part: fn(&str, usize) -> String,
    /// A value, or several.
    pub(super) listed: &'static str,
    /// What the report says of itself.
    pub(super) about: About,
    /// What the filters are called, by their names in the API.
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// Between a name and what it is.
    pub(super) colon: &'static str,
}

/// The names of the sheets.
pub(super) struct Sheets {
    pub(super) summary: &'static str,
    pub(super) by_day: &'static str,
    pub(super) by_hour: &'static str,
    pub(super) by_person: &'static str,
    pub(super) follow_up: &'static str,
    pub(super) calls: &'static str,
    pub(super) rooms: &'static str,
    pub(super) stays: &'static str,
    pub(super) about: &'static str,
}

/// What the columns of small tables are called.
pub(super) struct Columns {
    pub(super) day: &'static str,
    pub(super) month: &'static str,
    pub(super) weekday: &'static str,
    pub(super) hour: &'static str,
    pub(super) calls: &'static str,
    pub(super) answered: &'static str,
    pub(super) unanswered: &'static str,
    pub(super) rate: &'static str,
}

/// What a report says of itself.
pub(super) struct About {
    pub(super) item: &'static str,
    pub(super) value: &'static str,
    pub(super) demo: &'static str,
    pub(super) period: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) zone: &'static str,
    pub(super) filter: &'static str,
    pub(super) all: &'static str,
    pub(super) parameters: &'static str,
    pub(super) rows: fn(&str) -> String,
    pub(super) left_out: &'static str,
    pub(super) left_out_why: fn(&str) -> String,
    pub(super) completeness: &'static str,
    pub(super) known_from: &'static str,
    pub(super) counts: fn([&str; 4]) -> String,
    pub(super) no_app: &'static str,
    pub(super) checked: fn(&str) -> String,
    pub(super) checked_with_gaps: fn(&str, usize) -> String,
    pub(super) not_fetched: fn(usize) -> String,
    pub(super) unchecked: &'static str,
    pub(super) gap: &'static str,
    pub(super) gap_of: fn(&str, &str, &str) -> String,
    pub(super) gap_why: fn(crate::completeness::statement::Why) -> &'static str,
    pub(super) more_gaps: fn(usize) -> String,
    pub(super) revision: &'static str,
    pub(super) newest: &'static str,
    pub(super) program: &'static str,
    pub(super) times: &'static str,
    pub(super) times_are: &'static str,
}

/// What is said in a language.
pub(super) const fn of(language: Language) -> &'static Labels {
    match language {
        Language::En => &en::LABELS,
        Language::Zh => &zh::LABELS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_can_be_told_apart_and_excel_takes_their_names() {
        for language in Language::ALL {
            let Sheets { summary, by_day, by_hour, by_person, follow_up, calls, rooms, stays, about } =
                of(language).sheets;
            let names = [summary, by_day, by_hour, by_person, follow_up, calls, rooms, stays, about];
            let different: std::collections::BTreeSet<&str> = names.into_iter().collect();
            assert_eq!(different.len(), names.len(), "{names:?}");
            for name in names.map(|name| (of(language).part)(name, 99)) {
                assert!(
                    name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']),
                    "{name}"
                );
            }
        }
    }
}
