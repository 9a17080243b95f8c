//! What a list accepts: filters of known words and bounded length, and pages of 1 to 1000 rows.

use serde::Deserialize;
use utoipa::IntoParams;

use super::{error::Error, problem::Problem, zone};
use crate::{
    callback::words::{
        AnyFamily, AnyRoomProduct, CallPart, CallResult, CallResults, CallType, CaseState, CaseStates, Media,
        RoomIdType, Verdict, Verdicts, Words, Yes, YesOrNo,
    },
    store::filter::{Cursor, Filter, LONGEST_TEXT, PageRequest},
};

/// Rows of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 200;
/// Rows of a page at most.
const LARGEST_LIMIT: u32 = 1000;

/// The page that the caller asks for, after both it and the filter were found usable.
pub(super) fn checked(filter: &Filter, mut page: PageRequest) -> Result<PageRequest, Error> {
    check(filter)?;
    let limit = limit(page.limit, DEFAULT_LIMIT, LARGEST_LIMIT)?;
    if !page.cursor.as_deref().is_none_or(Cursor::fits) {
        return Err(Problem::CursorUnusable.into());
    }
    within("at", page.at)?;
    page.limit = Some(limit);
    Ok(page)
}

/// How many rows the caller wants: so many when nothing is said, and no more than `most`.
pub(super) fn limit(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, Error> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) { Ok(limit) } else { Err(Problem::PageSize { most, limit }.into()) }
}

/// Numbers are signed and of 64 bits, so that every reader of the document can say them.
pub(super) fn within(name: &str, number: Option<u64>) -> Result<(), Error> {
    match number.map(i64::try_from) {
        Some(Err(_)) => Err(Problem::NumberTooLarge { name: name.to_owned(), most: i64::MAX }.into()),
        _ => Ok(()),
    }
}

/// Whose days are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Zone {
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on.
    #[param(value_type = zone::TimeZone)]
    zone: String,
}

/// The zone that the caller means, after both it and the filter were found usable.
pub(super) fn zone(filter: &Filter, asked: &Zone) -> Result<crate::zone::Zone, Error> {
    check(filter)?;
    zone::read("zone", &asked.zone)
}

/// Finds a filter usable or says what is wrong with it.
pub(super) fn check(filter: &Filter) -> Result<(), Error> {
    let Filter { user, room, app, q, person, team, tag, assignee, .. } = filter;
    let texts = [
        ("user", user),
        ("room", room),
        ("app", app),
        ("q", q),
        ("person", person),
        ("team", team),
        ("tag", tag),
        ("assignee", assignee),
    ];
    for (name, value) in texts {
        if value.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(Problem::FilterTooLong { name: name.to_owned(), most: super::count(LONGEST_TEXT) }.into());
        }
    }
    known::<CallResult>("result", filter.result.as_deref(), CallResults::has)?;
    known::<Verdict>("verdict", filter.verdict.as_deref(), Verdicts::has)?;
    known::<CaseState>("state", filter.state.as_deref(), CaseStates::has)?;
    one_of::<Yes>("note", filter.note.as_deref())?;
    one_of::<YesOrNo>("ours", filter.ours.as_deref())?;
    one_of::<Yes>("inside", filter.inside.as_deref())?;
    one_of::<YesOrNo>("answered", filter.answered.as_deref())?;
    one_of::<CallPart>("part", filter.part.as_deref())?;
    hour(filter.hour.as_deref())?;
    one_of::<Media>("media", filter.media.as_deref())?;
    one_of::<CallType>("type", filter.call_type.as_deref())?;
    one_of::<RoomIdType>("room_id_type", filter.room_id_type.as_deref())?;
    one_of::<AnyRoomProduct>("product", filter.product.as_deref())?;
    one_of::<AnyFamily>("family", filter.family.as_deref())
}

/// An hour of the week, or none.
fn hour(text: Option<&str>) -> Result<(), Error> {
    match text.filter(|text| !zone::HourOfWeek::fits(text)) {
        Some(text) => {
            let why = crate::zone::Error::Unknown(text.chars().take(60).collect()).to_string();
            Err(Problem::ZoneUnusable { name: "hour".to_owned(), why }.into())
        }
        None => Ok(()),
    }
}

/// A text is one of the set: a misspelt word would silently find nothing.
pub(super) fn one_of<W: Words>(name: &str, text: Option<&str>) -> Result<(), Error> {
    known::<W>(name, text, W::has)
}

fn known<W: Words>(name: &str, text: Option<&str>, is_known: impl Fn(&str) -> bool) -> Result<(), Error> {
    if text.is_none_or(is_known) {
        return Ok(());
    }
    let words = W::all().filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Err(Problem::FilterUnknownWord { name: name.to_owned(), words }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_known_words_and_bounds_pages() {
        let filter =
            Filter { result: Some("normal_end,ringing".into()), product: Some("live".into()), ..Filter::default() };
        let page = checked(&filter, PageRequest::default()).unwrap();
        assert_eq!(page.limit, Some(200), "a page has 200 rows when nothing is said");
        for limit in [0, 1001] {
            let page = PageRequest { limit: Some(limit), ..PageRequest::default() };
            assert!(checked(&filter, page).is_err(), "a page of {limit} rows is refused");
        }
    }

    #[test]
    fn names_the_words_that_a_filter_knows() {
        let filter = Filter { media: Some("vidoe".into()), ..Filter::default() };
        let error = check(&filter).unwrap_err();
        assert_eq!(
            error.message, "The filter `media` knows only these words: audio, video, unknown.",
            "a misspelt word is explained"
        );
        let filter = Filter { q: Some("x".repeat(1025)), ..Filter::default() };
        assert!(check(&filter).is_err(), "an overlong search is refused before it reaches the store");
    }
}
