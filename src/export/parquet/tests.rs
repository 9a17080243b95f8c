//! Rows in, the same rows out: read by the crate's own reader, value by value.

use std::ops::ControlFlow;

use ::parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::Field,
};

use super::*;
use crate::{
    export::{Format, Kind},
    store::rows::PersonRow,
};

fn person(user: String, comment: &str, seen: Option<i64>) -> PersonRow {
    PersonRow {
        users: vec![user.clone()],
        user,
        name: String::new(),
        team: String::new(),
        ours: seen.is_some(),
        phone: String::new(),
        email: String::new(),
        comment: comment.to_owned(),
        calls: 3,
        first_ms: seen,
        last_ms: None,
        notes: 0,
        same_as: String::new(),
    }
}

fn written(request: &Request, people: &[PersonRow]) -> Vec<u8> {
    let mut file = Vec::new();
    let rows = |each: Each<'_, PersonRow>| {
        for row in people {
            if each(row.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    };
    let count = write_rows(request, rows, &mut file, &|_| ControlFlow::Continue(())).expect("memory can be written");
    assert_eq!(usize::try_from(count).ok(), Some(people.len()), "every row is counted");
    file
}

#[test]
fn every_value_comes_back_with_its_type() {
    let nasty =
        ["", "=1+1", "007", "1234567890123456789", "two\nlines", "\u{0}\u{1}\r", "张三 😀", "_x000D_", "219E01"];
    let moments = [None, Some(0), Some(1_741_231_146_007), Some(-1), Some(253_402_300_800_000)];
    let many = (0..MOST_ROWS + 3).map(|n| person(format!("u{n}"), nasty[n % nasty.len()], moments[n % moments.len()]));
    let people: Vec<PersonRow> = many.collect();
    let columns = ["user", "comment", "ours", "first_seen", "calls", "user"].map(str::to_owned).to_vec();
    let request = Request { columns: Some(columns), ..Request::of(Kind::People, Format::Parquet) };
    let file = written(&request, &people);
    assert!(file == written(&request, &people), "the same rows give the same bytes");
    let mut on_disk = tempfile::tempfile().expect("a temporary file");
    on_disk.write_all(&file).expect("there is room");
    let reader = SerializedFileReader::new(on_disk).expect("it is Parquet");
    assert_eq!(reader.metadata().num_row_groups(), 2, "in groups of bounded size");
    let mut read = 0;
    for (row, person) in reader.get_row_iter(None).expect("rows").zip(&people) {
        let row = row.expect("a row");
        let fields: Vec<(&str, &Field)> = row.get_column_iter().map(|(name, field)| (name.as_str(), field)).collect();
        let text = |text: &str| if text.is_empty() { Field::Null } else { Field::Str(text.to_owned()) };
        let second = person.first_ms.map(|ms| Field::TimestampMillis(ms.div_euclid(1_000) * 1_000));
        assert_eq!(
            fields,
            [
                ("user", &text(&person.user)),
                ("comment", &text(&person.comment)),
                ("ours", &Field::Bool(person.ours)),
                ("first_seen", &second.unwrap_or(Field::Null)),
                ("calls", &Field::Long(3)),
            ],
            "a column that was named twice is there once"
        );
        read += 1;
    }
    assert_eq!(read, people.len(), "no row is lost");
}
