//! `/api/contacts`: a file of people, first looked at, then taken in. Nothing is kept between the two: the file is sent again.

use std::cell::OnceCell;

use axum::{
    Json,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest, Request, State as In,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::header,
};
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, blocking, count, entries,
    error::{Error, Params},
    problem::Problem,
};
use crate::contacts::{
    self, Change, Contact, Counts, Field, MOST_BYTES, Mapping, Outcome, Plan, PlannedRow, Refusal, Source, Table,
    Unreadable,
};

/// Rows of each outcome that a preview shows; refused ones are all named.
const SHOWN: usize = 100;
/// Values of a column that show what is in it, and how many characters of each.
const EXAMPLES: usize = 3;
const LONGEST_EXAMPLE: usize = 100;

/// One file at a time: a table of the largest ones takes some hundred megabytes.
static TURN: Semaphore = Semaphore::const_new(1);

/// What takes whole files.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(preview)).routes(routes!(import)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// Which column is what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Columns {
    /// A column for each field, such as `user=1,name=3,team=`: its number from 1, or none. What is not named is guessed from the
    /// headings. The fields are `user`, `name`, `team`, `ours`, `phone`, `email`, `comment` and `same_as`.
    map: Option<String>,
}

/// What becomes of a file where a row of it is refused.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Together {
    /// Whether nothing is written where a row is refused; otherwise the other rows are. False when not said.
    #[serde(default)]
    #[param(required = false)]
    all_or_none: bool,
}

/// What an import would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactsPreview)]
pub(super) struct Preview {
    /// What the table was read from: some of it was guessed.
    source: Source,
    /// How many rows are below the headings.
    rows: u64,
    /// The columns, in order.
    columns: Vec<Column>,
    /// Which of them is what, as it was said or guessed. Fields without a column are not there.
    mapping: Vec<Mapped>,
    /// What would become of the rows; null as long as no column holds the user ids.
    plan: Option<Planned>,
}

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactsColumn)]
struct Column {
    /// Its heading.
    heading: String,
    /// What its first cells say that say something, cut where they are long.
    examples: Vec<String>,
}

/// Where the values of a field are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MappedColumn)]
struct Mapped {
    /// The field.
    field: Field,
    /// The column, from 1.
    column: u64,
}

/// What would become of the rows.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ContactsPlan)]
struct Planned {
    /// How many there are of each kind.
    counts: Counts,
    /// The first of those about users without a contact.
    new: Vec<ChangingRow>,
    /// The first of those that change a contact.
    changed: Vec<ChangingRow>,
    /// The first of those that say what is known.
    unchanged: Vec<ChangingRow>,
    /// Every one that cannot be taken.
    refused: Vec<RefusedRow>,
}

/// A row that can be taken.
#[derive(Debug, Serialize, ToSchema)]
struct ChangingRow {
    /// Its line of the file, or its number in the sheet.
    line: u64,
    /// The user id.
    user: String,
    /// What it changes, field by field.
    changes: Vec<Change>,
}

/// A row that cannot be taken.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedRow {
    /// Its line of the file, or its number in the sheet.
    line: u64,
    /// The user id, as far as it can be told.
    user: String,
    /// Why.
    why: Refusal,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactsImported)]
pub(super) struct Imported {
    /// The entries that were written, for their undo.
    ids: Vec<String>,
    /// The rows by what became of them; where all or none were asked for and some are refused, by what would have.
    counts: Counts,
    /// Every row that was not taken.
    refused: Vec<RefusedRow>,
}

/// Shows what an import of this file would do, and writes nothing.
#[utoipa::path(post, path = "/api/contacts/preview", operation_id = "preview_contacts", params(Columns),
    request_body(content = File, content_type = "application/octet-stream", description = "The file, CSV or xlsx"),
    responses((status = 200, body = Preview, description = "What it would do")),
)]
pub(super) async fn preview(
    In(api): In<Api>,
    Params(Columns { map }): Params<Columns>,
    File(file): File,
) -> Result<Json<Preview>, Error> {
    let opened = Opened::read(file, map).await?;
    let Opened { table, mapping, .. } = &opened;
    let column = |(field, column)| Mapped { field, column: count(column) + 1 };
    let mut preview = Preview {
        source: table.source.clone(),
        rows: count(table.rows.len()),
        columns: columns(table),
        mapping: mapping.columns().map(column).collect(),
        plan: None,
    };
    if mapping.column(Field::User).is_some() {
        preview.plan = Some(shown(opened.planned(&api).await?));
    }
    Ok(Json(preview))
}

/// Takes the contacts of a file. Cells that are empty change nothing.
#[utoipa::path(post, path = "/api/contacts/import", operation_id = "import_contacts", params(Columns, Together),
    request_body(content = File, content_type = "application/octet-stream", description = "The file, CSV or xlsx"),
    responses((status = 200, body = Imported, description = "What was written")),
)]
pub(super) async fn import(
    In(api): In<Api>,
    Params(Columns { map }): Params<Columns>,
    Params(Together { all_or_none }): Params<Together>,
    File(file): File,
) -> Result<Json<Imported>, Error> {
    let mut opened = Opened::read(file, map).await?;
    opened.mapping = opened.mapping.checked(&opened.table.header).map_err(|why| Problem::ContactsUnmapped { why })?;
    let Plan { edits, counts, rows } = opened.planned(&api).await?;
    let mut ids = Vec::new();
    if !(all_or_none && counts.refused > 0) {
        if edits.len() > entries::MOST {
            return Err(Problem::ContactsTooMany { most: count(entries::MOST), found: count(edits.len()) }.into());
        }
        let written = entries::written(&api, edits.into_iter().map(Into::into).collect()).await?;
        ids = written.into_iter().map(|entry| entry.id.to_string()).collect();
    }
    let refused = rows.into_iter().filter_map(|row| match row.outcome {
        Outcome::Refused { why } => Some(RefusedRow { line: row.line, user: row.user, why }),
        _ => None,
    });
    Ok(Json(Imported { ids, counts, refused: refused.collect() }))
}

/// A file as body.
#[derive(Debug)]
pub(super) struct File(Bytes);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|said| said.trim().eq_ignore_ascii_case("application/octet-stream")) {
            let why = "Expected request with `Content-Type: application/octet-stream`".to_owned();
            return Err(Problem::BodyUnusable { why }.into());
        }
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                unreadable(Unreadable::TooLarge)
            }
            other => Problem::BodyUnusable { why: other.body_text() }.into(),
        })
    }
}

impl PartialSchema for File {
    fn schema() -> RefOr<Schema> {
        let bytes = ObjectBuilder::new().schema_type(Type::String);
        RefOr::T(Schema::Object(bytes.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary))).build()))
    }
}

impl ToSchema for File {}

/// A file whose turn it is.
struct Opened {
    table: Table,
    mapping: Mapping,
    /// Goes with it: whoever gives up leaves the thread that still works on the file.
    turn: SemaphorePermit<'static>,
}

impl Opened {
    async fn read(file: Bytes, map: Option<String>) -> Result<Self, Error> {
        let turn = TURN.acquire().await.map_err(Error::internal)?;
        blocking(move || {
            let table = contacts::read(&file).map_err(unreadable)?;
            let mapping = match map.filter(|map| !map.is_empty()) {
                Some(map) => {
                    Mapping::read_numbers(&map, &table.header).map_err(|why| Problem::ContactsUnmapped { why })?
                }
                None => Mapping::guess(&table.header),
            };
            Ok(Self { table, mapping, turn })
        })
        .await?
    }

    /// Holds the rows against the contacts that are known: all of them, so that nothing is called new that is not.
    async fn planned(self, api: &Api) -> Result<Plan, Error> {
        api.write(|store| store.require_complete()).await?;
        api.read(move |reader| {
            let Self { table, mapping, turn: _turn } = &self;
            let failed = OnceCell::new();
            let known = |user: &str| {
                if failed.get().is_some() {
                    return None;
                }
                let known = reader.contact(user).unwrap_or_else(|why| {
                    failed.get_or_init(|| why);
                    None
                });
                known.map(Contact::from)
            };
            let plan = contacts::plan(table, mapping, &known);
            match failed.into_inner() {
                Some(why) => Err(why),
                None => Ok(plan),
            }
        })
        .await
    }
}

fn unreadable(why: Unreadable) -> Error {
    Problem::ContactsUnreadable { why }.into()
}

fn columns(table: &Table) -> Vec<Column> {
    let headings = table.header.cells.iter().enumerate();
    let cut = |text: &str| text.chars().take(LONGEST_EXAMPLE).collect::<String>();
    headings
        .map(|(column, heading)| Column {
            heading: cut(heading.value()),
            examples: table
                .rows
                .iter()
                .filter_map(|row| row.cell(column))
                .take(EXAMPLES)
                .map(|cell| cut(cell.value()))
                .collect(),
        })
        .collect()
}

/// The first rows of each outcome, and every one that is refused.
fn shown(plan: Plan) -> Planned {
    let mut planned = Planned { counts: plan.counts, ..Planned::default() };
    for PlannedRow { line, user, outcome } in plan.rows {
        let (rows, changes) = match outcome {
            Outcome::New { changes } => (&mut planned.new, changes),
            Outcome::Changed { changes } => (&mut planned.changed, changes),
            Outcome::Unchanged => (&mut planned.unchanged, Vec::new()),
            Outcome::Refused { why } => {
                planned.refused.push(RefusedRow { line, user, why });
                continue;
            }
        };
        if rows.len() < SHOWN {
            rows.push(ChangingRow { line, user, changes });
        }
    }
    planned
}
