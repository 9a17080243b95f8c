//! Which column is what: guessed from the headings, or said.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Field, Row, headings::plain_heading};

/// Which column is what. Columns count from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    columns: Vec<(Field, usize)>,
}

/// Why columns cannot be taken as they were said. `Display` is the English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum BadMapping {
    /// No column holds the user ids.
    #[error("No column is known to hold the user ids; say which with user=COLUMN. The columns are: {}.", columns.join(", "))]
    NoUser {
        /// The headings.
        columns: Vec<String>,
    },
    /// It is not `FIELD=COLUMN`.
    #[error("\"{text}\" is not FIELD=COLUMN, where FIELD is one of {}.", Field::ALL.map(Field::code).join(", "))]
    NotAField {
        /// As said.
        text: String,
    },
    /// A field was said twice.
    #[error("The column of {} is said twice.", field.code())]
    FieldTwice {
        /// The field.
        field: Field,
    },
    /// There is no such column.
    #[error("There is no column \"{column}\" for {}. The columns are: {}.", field.code(), columns.join(", "))]
    NoColumn {
        /// For this field.
        field: Field,
        /// As said.
        column: String,
        /// The headings.
        columns: Vec<String>,
    },
    /// Several columns have this heading.
    #[error("Several columns are called \"{column}\"; say the number of the one for {} instead, from 1.", field.code())]
    ManyColumns {
        /// For this field.
        field: Field,
        /// As said.
        column: String,
    },
    /// One column was said for two fields.
    #[error("The column \"{column}\" is said for both {} and {}.", first.code(), second.code())]
    ColumnTwice {
        /// Its heading.
        column: String,
        /// One field.
        first: Field,
        /// Another.
        second: Field,
    },
}

impl Mapping {
    /// Guesses from the headings. Fields that no heading names have no column.
    pub fn guess(header: &Row) -> Self {
        Self::default().completed(header, &[])
    }

    /// What `name=COLUMN,team=COLUMN` says, and a guess for the fields that it does not name. A COLUMN is a heading, or a
    /// number from 1; without one (`team=`) the field has no column.
    pub fn read(said: &str, header: &Row) -> Result<Self, BadMapping> {
        Self::said(said, header, found)?.checked(header)
    }

    /// The same for programs: a COLUMN is a number alone, so no heading can be mistaken for one. Whether some column holds the
    /// user ids is not asked.
    pub fn read_numbers(said: &str, header: &Row) -> Result<Self, BadMapping> {
        Self::said(said, header, numbered)
    }

    fn said(
        said: &str,
        header: &Row,
        found: fn(Field, &str, &Row) -> Result<usize, BadMapping>,
    ) -> Result<Self, BadMapping> {
        let mut mapping = Self::default();
        let mut named = Vec::new();
        for (field, column) in assignments(said)? {
            if named.contains(&field) {
                return Err(BadMapping::FieldTwice { field });
            }
            named.push(field);
            if column.is_empty() {
                continue;
            }
            let column = found(field, &column, header)?;
            if let Some((first, _)) = mapping.columns.iter().find(|(_, taken)| *taken == column) {
                let heading = headings(header).get(column).cloned().unwrap_or_default();
                return Err(BadMapping::ColumnTwice { column: heading, first: *first, second: field });
            }
            mapping.columns.push((field, column));
        }
        Ok(mapping.completed(header, &named))
    }

    /// The same, if some column holds the user ids.
    pub fn checked(self, header: &Row) -> Result<Self, BadMapping> {
        match self.column(Field::User) {
            Some(_) => Ok(self),
            None => Err(BadMapping::NoUser { columns: headings(header) }),
        }
    }

    /// The column of a field, from 0.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(of, _)| *of == field).map(|(_, column)| *column)
    }

    /// Fields and their columns, in the order of [`Field::ALL`].
    pub fn columns(&self) -> impl Iterator<Item = (Field, usize)> {
        Field::ALL.into_iter().filter_map(|field| Some((field, self.column(field)?)))
    }

    /// Adds guesses for the other fields, the clearest headings first.
    fn completed(mut self, header: &Row, but: &[Field]) -> Self {
        let plain: Vec<String> = headings(header).iter().map(|heading| plain_heading(heading)).collect();
        let mut guesses: Vec<(usize, Field, usize)> = Vec::new();
        for field in Field::ALL.into_iter().filter(|field| !but.contains(field)) {
            let ranked =
                plain.iter().enumerate().filter_map(|(column, plain)| Some((field.rank(plain)?, field, column)));
            guesses.extend(ranked);
        }
        guesses.sort_unstable();
        for (_, field, column) in guesses {
            if self.columns.iter().all(|taken| taken.0 != field && taken.1 != column) {
                self.columns.push((field, column));
            }
        }
        self
    }
}

/// `FIELD=COLUMN` for each; a comma that no field follows belongs to the heading.
fn assignments(said: &str) -> Result<Vec<(Field, String)>, BadMapping> {
    let mut all: Vec<(Field, String)> = Vec::new();
    for piece in said.split(',') {
        let field = piece.split_once('=').and_then(|(field, column)| Some((Field::read(field.trim())?, column)));
        match (field, all.last_mut()) {
            (Some((field, column)), _) => all.push((field, column.trim().to_owned())),
            (None, Some((_, column))) if !piece.contains('=') => {
                column.push(',');
                column.push_str(piece.trim_end());
            }
            (None, _) => return Err(BadMapping::NotAField { text: piece.trim().to_owned() }),
        }
    }
    Ok(all)
}

/// A column by its heading, as it is written or else as headings are compared, or by its number.
fn found(field: Field, said: &str, header: &Row) -> Result<usize, BadMapping> {
    let headings = headings(header);
    let plain = plain_heading(said);
    let is_written = |heading: &String| heading == said;
    let is_alike = |heading: &String| !plain.is_empty() && plain_heading(heading) == plain;
    let matches: [&dyn Fn(&String) -> bool; 2] = [&is_written, &is_alike];
    for is_meant in matches {
        let mut columns =
            headings.iter().enumerate().filter(|(_, heading)| is_meant(heading)).map(|(column, _)| column);
        match (columns.next(), columns.next()) {
            (Some(column), None) => return Ok(column),
            (Some(_), Some(_)) => return Err(BadMapping::ManyColumns { field, column: said.to_owned() }),
            (None, _) => {}
        }
    }
    numbered(field, said, header)
}

/// A column by its number.
fn numbered(field: Field, said: &str, header: &Row) -> Result<usize, BadMapping> {
    let number = said.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let no_column = || BadMapping::NoColumn { field, column: said.to_owned(), columns: headings(header) };
    number.filter(|column| *column < header.cells.len()).ok_or_else(no_column)
}

fn headings(header: &Row) -> Vec<String> {
    header.cells.iter().map(|cell| cell.value().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Cell, *};

    fn header(headings: &str) -> Row {
        Row { line: 1, cells: headings.split('|').map(Cell::written).collect() }
    }

    fn told(mapping: &Mapping) -> String {
        let columns = mapping.columns().map(|(field, column)| format!("{}={}", field.code(), column + 1));
        columns.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_are_guessed_from_their_headings() {
        for (headings, want) in [
            (
                "user|name|team|ours|phone|email|comment|same_as|calls|first_seen|last_seen",
                "user=1 name=2 team=3 ours=4 phone=5 email=6 comment=7 same_as=8",
            ),
            (
                "User|Name|Team|One of us|Phone|E-mail|Comment|Same as|Calls",
                "user=1 name=2 team=3 ours=4 phone=5 email=6 comment=7 same_as=8",
            ),
            (
                "用户|姓名|团队|我方|电话|邮箱|备注|同一人|通话数",
                "user=1 name=2 team=3 ours=4 phone=5 email=6 comment=7 same_as=8",
            ),
            ("姓名|部门|手机（必填）|用户 ID", "user=4 name=1 team=2 phone=3"),
            ("ＮＡＭＥ|ＩＤ", "user=2 name=1"),
            ("username|name", "user=1 name=2"),
            ("user|user_name", "user=1 name=2"),
            ("id|user id|name|full name", "user=2 name=3"),
            ("用户名|昵称", "user=1 name=2"),
            ("number|when", ""),
            ("name|name|uid", "user=3 name=1"),
        ] {
            assert_eq!(told(&Mapping::guess(&header(headings))), want, "{headings}");
        }
    }

    #[test]
    fn columns_are_said_by_heading_or_number() {
        let told = |said: &str, headings: &str| match Mapping::read(said, &header(headings)) {
            Ok(mapping) => told(&mapping),
            Err(why) => why.to_string(),
        };
        for (said, headings, want) in [
            ("user=2,name=Wer", "Team|Kennung|Wer", "user=2 name=3 team=1"),
            ("user=kennung , team=", "Team|Kennung|Wer", "user=2"),
            ("user=2,name=who, if known", "Team|Kennung|who, if known", "user=2 name=3 team=1"),
            ("user=2", "1|2|3", "user=2"),
            ("user=3", "2|3|4", "user=2"),
            (
                "name=1",
                "user|name",
                "No column is known to hold the user ids; say which with user=COLUMN. The columns are: user, name.",
            ),
            (
                "name=Wer",
                "Wer|Was",
                "No column is known to hold the user ids; say which with user=COLUMN. The columns are: Wer, Was.",
            ),
            ("user=9", "a|b", "There is no column \"9\" for user. The columns are: a, b."),
            ("user=0", "a|b", "There is no column \"0\" for user. The columns are: a, b."),
            ("user=c", "a|b", "There is no column \"c\" for user. The columns are: a, b."),
            ("user=a", "a|A|b", "user=1"),
            (
                "user=ä",
                "ä|ä|b",
                "Several columns are called \"ä\"; say the number of the one for user instead, from 1.",
            ),
            ("user=a,user=b", "a|b", "The column of user is said twice."),
            ("user=a,name=1", "a|b", "The column \"a\" is said for both user and name."),
            (
                "user=a,nick=b",
                "a|b",
                "\"nick=b\" is not FIELD=COLUMN, where FIELD is one of user, name, team, ours, phone, email, comment, same_as.",
            ),
            (
                "",
                "user",
                "\"\" is not FIELD=COLUMN, where FIELD is one of user, name, team, ours, phone, email, comment, same_as.",
            ),
        ] {
            assert_eq!(told(said, headings), want, "{said:?} of {headings}");
        }
    }

    #[test]
    fn a_program_says_numbers_which_no_heading_takes_away() {
        let told = |said: &str, headings: &str| match Mapping::read_numbers(said, &header(headings)) {
            Ok(mapping) => told(&mapping),
            Err(why) => why.to_string(),
        };
        assert_eq!(told("user=2,name=1", "2|1|3"), "user=2 name=1", "not the columns that are called so");
        assert_eq!(told("name=3", "user|team|who"), "user=1 name=3 team=2", "the others are guessed");
        assert_eq!(told("user=,team=", "user|team|name"), "name=3", "none for the ids either: that is only looked at");
        for column in ["user", "0", "4", "-1"] {
            let want = format!("There is no column \"{column}\" for user. The columns are: user, team, name.");
            assert_eq!(told(&format!("user={column}"), "user|team|name"), want);
        }
        assert_eq!(told("user=1,name=1", "a|b"), "The column \"a\" is said for both user and name.");
    }
}
