//! `/api/cases`: missed callers, and what becomes of them (rules.md section 12).

use std::{thread, time::Duration};

use axum::{Json, extract::State as In};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{
    Api,
    entries::{self, Written},
    error::{Error, Params, Sent},
    list, me,
    object::{Object, some},
    problem::Problem,
    tags::CallKey,
};
use crate::store::{
    self, Reader,
    entry::{BY_NAME, CANCEL_AFTER, CASE_ASSIGNEE, CASE_REASON, CASE_STATE, CASE_UNTIL, COUNTS, Edit, Person, Subject},
    filter::{Filter, PageRequest, whole},
    rows::{CaseDetailRow, CaseFigures, CaseRow, Days, Missed, Page},
};

/// Cases are worked out a moment after their calls: a list waits for them so long at most.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it is looked meanwhile.
const LOOK: Duration = Duration::from_millis(5);

/// A case, by any of its missed calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfCall {
    /// The application (SDKAppID).
    app: String,
    /// Tencent's `CallId`.
    call_id: String,
}

/// What is to be said of cases.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Saying {
    /// Of every case that this filter finds.
    #[serde(default)]
    #[schema(value_type = Option<Filter>)]
    filter: Option<Object<Filter>>,
    /// And of these, each by any of its missed calls.
    #[serde(default)]
    #[schema(value_type = Vec<CallKey>)]
    cases: Vec<Object<CallKey>>,
    /// What is not named stays as it is.
    #[schema(value_type = Said)]
    set: Object<Said>,
}

/// What is said of a case. Null takes away what was said.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct Said {
    /// How it is to stand.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<Word>)]
    state: Option<Option<Word>>,
    /// Who is to call back. Somebody without an id is known by the name.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<Person>)]
    assignee: Option<Option<Object<Person>>>,
    /// Put off until then, Unix milliseconds.
    #[serde(default, deserialize_with = "some_moment")]
    #[schema(value_type = Option<i64>)]
    until_ms: Option<Option<i64>>,
    /// Why it is done.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<String>)]
    reason: Option<Option<String>>,
}

/// How a case is to stand.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// It is closed.
    Done,
    /// It is open again, and the reason why it was closed is taken away.
    Open,
}

fn some_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    whole(deserializer).map(Some)
}

/// Cases that the filter finds, the newest last miss first.
#[utoipa::path(get, path = "/api/cases", operation_id = "cases", params(Filter, PageRequest), responses(
    (status = 200, body = Page<CaseRow>, description = "A page of cases"),
    (status = 404, body = Error, description = "No list has answered this `cursor`"),
))]
pub(super) async fn cases(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(page): Params<PageRequest>,
) -> Result<Json<Page<CaseRow>>, Error> {
    let (page, now) = (list::checked(&filter, page)?, api.now_ms());
    let filter = me::of_whoever_asks(&api, filter).await?;
    read(&api, move |reader| reader.cases(&filter, &page, now)).await.map(Json)
}

/// How many cases of a filter were last missed on each local day, newest day first.
#[utoipa::path(get, path = "/api/cases/days", operation_id = "days_of_cases", params(Filter, list::Zone), responses(
    (status = 200, body = Days, description = "The days that have rows"),
))]
pub(super) async fn days_of_cases(
    In(api): In<Api>,
    Params(filter): Params<Filter>,
    Params(zone): Params<list::Zone>,
) -> Result<Json<Days>, Error> {
    let (zone, now) = (list::zone(&filter, &zone)?, api.now_ms());
    let filter = me::of_whoever_asks(&api, filter).await?;
    read(&api, move |reader| reader.days_of_cases(&filter, &zone, now)).await.map(Json)
}

/// The cases of a filter in numbers, whatever state it names.
#[utoipa::path(get, path = "/api/cases/figures", operation_id = "case_figures", params(Filter), responses(
    (status = 200, body = CaseFigures, description = "The figures"),
))]
pub(super) async fn figures(In(api): In<Api>, Params(filter): Params<Filter>) -> Result<Json<CaseFigures>, Error> {
    list::check(&filter)?;
    let (filter, now) = (me::with_whoever_asks(&api, filter).await?, api.now_ms());
    read(&api, move |reader| reader.case_figures(&filter, now)).await.map(Json)
}

/// A case with what explains it.
#[utoipa::path(get, path = "/api/case", operation_id = "case", params(OfCall), responses(
    (status = 200, body = CaseDetailRow, description = "The case"),
    (status = 404, body = Error, description = "The call is no missed call that is followed up"),
))]
pub(super) async fn case(
    In(api): In<Api>,
    Params(OfCall { app, call_id }): Params<OfCall>,
) -> Result<Json<CaseDetailRow>, Error> {
    let now = api.now_ms();
    read(&api, move |reader| reader.case(&app, &call_id, now))
        .await?
        .map(Json)
        .ok_or_else(|| Problem::NoSuchCase.into())
}

/// Says something of cases; answered after it is on disk. Nothing is written where one of them is none; many are written as
/// entries are.
#[utoipa::path(post, path = "/api/cases", operation_id = "say_of_cases", request_body = Saying, responses(
    (status = 200, body = Written, description = "What was written"),
    (status = 404, body = Error, description = "One of the calls is no missed call that is followed up"),
))]
pub(super) async fn say(In(api): In<Api>, Sent(saying): Sent<Saying>) -> Result<Json<Written>, Error> {
    let Saying { filter, cases, set: Object(said) } = saying;
    let mut keys: Vec<CallKey> = cases.into_iter().map(|Object(key)| key).collect();
    if let Some(Object(filter)) = filter {
        list::check(&filter)?;
        keys.extend(found(&api, filter).await?);
    }
    entries::not_too_many(keys.len())?;
    let say = said.fields();
    let edits = read(&api, move |reader| {
        let edits_of = |CallKey { app, call_id }: &CallKey| reader.case_edits(app, call_id, &say).transpose();
        // One that is no case leaves a gap.
        let edits: Vec<Vec<Edit>> = keys.iter().filter_map(edits_of).collect::<Result<_, _>>()?;
        Ok((edits.len() == keys.len()).then(|| edits.concat()))
    })
    .await?;
    match edits {
        Some(edits) => entries::written_ids(&api, edits).await,
        None => Err(Problem::NoSuchCase.into()),
    }
}

/// The cases that a filter finds, if they are not too many.
async fn found(api: &Api, filter: Filter) -> Result<Vec<CallKey>, Error> {
    let (filter, now_ms) = (me::of_whoever_asks(api, filter).await?, api.now_ms());
    let found = read(api, move |reader| {
        let mut found = Vec::new();
        reader.each_case(&filter, now_ms, |case| {
            found.push(CallKey { app: case.app, call_id: case.call_id });
            Ok(entries::until_too_many(found.len()))
        })?;
        Ok(found)
    });
    let found = found.await?;
    entries::not_too_many(found.len())?;
    Ok(found)
}

/// Which calls are missed, as the team has it.
#[utoipa::path(get, path = "/api/follow-up/settings", operation_id = "follow_up_settings", responses(
    (status = 200, body = Missed, description = "Which calls are missed"),
))]
pub(super) async fn settings(In(api): In<Api>) -> Result<Json<Missed>, Error> {
    api.read(|reader| reader.missed()).await.map(Json)
}

/// Says which calls are missed. Cases follow from it anew, also those of long ago.
#[utoipa::path(put, path = "/api/follow-up/settings", operation_id = "change_follow_up_settings", request_body = Missed, responses(
    (status = 200, body = Written, description = "What was written"),
))]
pub(super) async fn change_settings(In(api): In<Api>, Sent(missed): Sent<Missed>) -> Result<Json<Written>, Error> {
    let known = api.read(|reader| reader.missed()).await?;
    let Missed { results, cancel_after_ms } = missed;
    let edit = |field: String, value| Edit { subject: Subject::Team, field, value };
    let changed = results.into_iter().filter(|(code, counts)| known.results.get(code) != Some(counts));
    let mut edits: Vec<Edit> = changed.map(|(code, counts)| edit(format!("{COUNTS}{code}"), json!(counts))).collect();
    if cancel_after_ms != known.cancel_after_ms {
        edits.push(edit(CANCEL_AFTER.to_owned(), json!(cancel_after_ms)));
    }
    entries::written_ids(&api, edits).await
}

impl Said {
    /// The fields that are said, each with its value.
    fn fields(self) -> Vec<(&'static str, Value)> {
        let Self { state, assignee, until_ms, reason } = self;
        let named = |Object(Person { id, name }): Object<Person>| Person {
            id: if id.is_empty() { format!("{BY_NAME}{name}") } else { id },
            name,
        };
        [
            (CASE_STATE, state.map(|state| json!(state))),
            (CASE_ASSIGNEE, assignee.map(|assignee| json!(assignee.map(named)))),
            (CASE_UNTIL, until_ms.map(|until_ms| json!(until_ms))),
            (CASE_REASON, reason.map(|reason| json!(reason))),
        ]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)))
        .collect()
    }
}

/// Reads cases as they follow from all calls that were answered before: waits a moment for those that are still worked out.
async fn read<T: Send + 'static>(
    api: &Api,
    query: impl FnOnce(&Reader) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, Error> {
    api.read(move |reader| {
        let tries = PATIENCE.as_millis() / LOOK.as_millis();
        for _ in 0..tries {
            if reader.stale_cases()? == 0 {
                break;
            }
            thread::sleep(LOOK);
        }
        query(reader)
    })
    .await
}
