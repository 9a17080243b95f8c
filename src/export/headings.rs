//! What the first line of a file of columns calls them: by name, for programs, or in words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Format, columns::Heading};
use crate::language::Language;

/// What columns are called in the first line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Headings {
    /// By their names, which never change: `call_id`.
    #[default]
    Names,
    /// In English words: `Call ID`.
    En,
    /// In Chinese words: `通话 ID`.
    Zh,
}

impl Headings {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Names, Self::En, Self::Zh];

    /// The word that the command line and the API use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::En => Language::En.code(),
            Self::Zh => Language::Zh.code(),
        }
    }

    /// From the word.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|headings| headings.code() == code)
    }

    /// What they are where nobody chose: a workbook is for people, other files are for programs.
    pub fn usual(format: Format, language: Language) -> Self {
        match (format, language) {
            (Format::Csv | Format::Jsonl | Format::Parquet, _) => Self::Names,
            (Format::Xlsx, Language::En) => Self::En,
            (Format::Xlsx, Language::Zh) => Self::Zh,
        }
    }

    /// The language in which a file speaks of itself.
    pub(super) const fn language(self) -> Language {
        match self {
            Self::Names | Self::En => Language::En,
            Self::Zh => Language::Zh,
        }
    }

    /// What a column is called.
    pub const fn call(self, heading: &Heading) -> &'static str {
        match self {
            Self::Names => heading.name,
            Self::En => heading.en,
            Self::Zh => heading.zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::export::Kind;

    #[test]
    fn every_column_is_called_something_in_both_languages() {
        for kind in Kind::ALL {
            for headings in Headings::ALL {
                let called: Vec<&str> = kind.headings().map(|heading| headings.call(heading)).collect();
                let different: BTreeSet<&&str> = called.iter().collect();
                assert_eq!(different.len(), called.len(), "{kind:?} in {headings:?} can be told apart: {called:?}");
                assert!(called.iter().all(|said| !said.is_empty()), "{kind:?} in {headings:?}: {called:?}");
            }
            for Heading { name, en, zh } in kind.headings() {
                assert!(en.is_ascii() && en != name && !en.contains('_'), "{name} is {en:?}, which is words");
                assert!(zh.chars().any(|sign| ('一'..='鿿').contains(&sign)), "{name} is {zh:?}, which is Chinese");
            }
        }
    }

    #[test]
    fn no_heading_could_run_in_a_spreadsheet_or_needs_quotes() {
        let all = Kind::ALL.iter().flat_map(|kind| kind.headings()).flat_map(|heading| [heading.en, heading.zh]);
        for said in all {
            assert_eq!(crate::export::guard::guard(said), said, "{said:?}");
            assert!(!said.contains([',', ';', '\t', '"', '\n']), "{said:?}");
        }
    }

    #[test]
    fn ways_are_named_by_their_words() {
        assert_eq!(Headings::ALL.map(|way| Headings::read(way.code())), Headings::ALL.map(Some));
        assert_eq!(Headings::read("de"), None, "a language that there is not");
    }
}
