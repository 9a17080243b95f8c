//! What a list accepts: filters of known words and bounded length, and pages of 1 to 1000 rows.

use serde::Deserialize;
use utoipa::IntoParams;

use super::error::Error;
use crate::{
    callback::codes::{CallResult, CallType, Family, Media, Product, Verdict},
    store::filter::{Filter, PageRequest},
    zone,
};

/// Rows of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 200;
/// Rows of a page at most.
const LARGEST_LIMIT: u32 = 1000;
/// Longest text of a filter or cursor, in bytes: four times what Tencent allows for an id.
const LONGEST_TEXT: usize = 1024;
/// Results that are derived when the record is read (rules.md section 5).
const OPEN_RESULTS: [&str; 3] = ["ringing", "in_progress", "unknown"];
/// What a value is mapped to that Tencent has added since (rules.md 1.8).
const UNKNOWN: [&str; 1] = ["unknown"];

/// The page that the caller asks for, after both it and the filter were found usable.
pub(super) fn checked(filter: &Filter, mut page: PageRequest) -> Result<PageRequest, Error> {
    check(filter)?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err(Error::bad(format!("A page has 1 to {LARGEST_LIMIT} rows; `limit` asks for {limit}.")));
    }
    if page.cursor.as_ref().is_some_and(|cursor| cursor.len() > LONGEST_TEXT) {
        return Err(Error::bad("The `cursor` is not one that a list has answered."));
    }
    if page.at.is_some() && page.cursor.is_some() {
        return Err(Error::bad("A page begins after its `cursor` or at the row `at`; please ask for one of the two."));
    }
    page.limit = Some(limit);
    Ok(page)
}

/// Whose days are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Zone {
    /// The time zone: an IANA name such as `Asia/Shanghai`, an offset such as `+08:00`, `utc`, or `local` for the zone of the
    /// computer that Calltrail runs on.
    zone: String,
}

/// The zone that the caller means, after both it and the filter were found usable.
pub(super) fn zone(filter: &Filter, asked: &Zone) -> Result<zone::Zone, Error> {
    check(filter)?;
    zone::Zone::read(&asked.zone).map_err(|error| Error::bad(error.to_string()))
}

/// Finds a filter usable or says what is wrong with it.
pub(super) fn check(filter: &Filter) -> Result<(), Error> {
    let texts = [("user", &filter.user), ("room", &filter.room), ("app", &filter.app), ("q", &filter.q)];
    for (name, value) in texts {
        if value.as_ref().is_some_and(|text| text.len() > LONGEST_TEXT) {
            return Err(Error::bad(format!("The filter `{name}` is longer than {LONGEST_TEXT} bytes.")));
        }
    }
    let results = || CallResult::ALL.iter().map(|code| code.code()).chain(OPEN_RESULTS);
    known("result", filter.result.as_deref(), results)?;
    known("media", filter.media.as_deref(), || Media::ALL.iter().map(|code| code.code()).chain(UNKNOWN))?;
    known("type", filter.call_type.as_deref(), || CallType::ALL.iter().map(|code| code.code()).chain(UNKNOWN))?;
    known("product", filter.product.as_deref(), || Product::ALL.iter().map(|code| code.code()))?;
    known("verdict", filter.verdict.as_deref(), || Verdict::ALL.iter().map(|code| code.code()))?;
    known("family", filter.family.as_deref(), || Family::ALL.iter().map(|code| code.code()))
}

/// Each comma-separated word must be one of the codes: a misspelt one would silently find nothing.
fn known<I: Iterator<Item = &'static str>>(
    name: &str,
    words: Option<&str>,
    codes: impl Fn() -> I,
) -> Result<(), Error> {
    let strange = |word: &&str| !word.is_empty() && !codes().any(|code| code == *word);
    match words.unwrap_or_default().split(',').map(str::trim).find(strange) {
        None => Ok(()),
        Some(_) => {
            let all = codes().collect::<Vec<_>>().join(", ");
            Err(Error::bad(format!("The filter `{name}` knows only these words: {all}.")))
        }
    }
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
