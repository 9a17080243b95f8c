//! The downloads one by one: each list has columns of its own, and each format its own media type.

use utoipa::openapi::{
    ContentBuilder, HttpMethod, KnownFormat, ObjectBuilder, OpenApi, RefOr, Schema, SchemaFormat, Type,
    path::{Operation, PathItem},
};

use crate::{
    callback::words,
    export::{Format, Kind},
};

/// The one route that serves them all.
const ROUTE: &str = "/api/export/{file}";
/// Any of them, behind a link.
const LINKED: &str = "/links/{key}/{file}";
/// What only a CSV file is asked for.
const OF_CSV: [&str; 2] = ["profile", "separator"];
/// What JSON Lines and Parquet are never asked for: they have names, and times in UTC.
const NOT_OF_LINES: [&str; 3] = ["tz", "time_format", "headings"];

/// Describes each file at its own address, in the place of the route.
pub(super) fn tell_apart(document: &mut OpenApi) {
    if let Some(PathItem { get: Some(linked), .. }) = document.paths.paths.get_mut(LINKED) {
        told(linked, &Format::ALL);
    }
    let Some(PathItem { get: Some(any), .. }) = document.paths.paths.remove(ROUTE) else { return };
    for (kind, format) in Kind::ALL.iter().flat_map(|kind| kind.formats().iter().map(|format| (*kind, *format))) {
        let address = format!("/api/export/{}.{}", kind.code(), format.code());
        document.paths.paths.insert(address, PathItem::new(HttpMethod::Get, file(any.clone(), kind, format)));
    }
}

fn file(mut operation: Operation, kind: Kind, format: Format) -> Operation {
    operation.operation_id = Some(format!("download_{}_{}", kind.code(), format.code()));
    operation.summary = Some(format!("The {} that a filter finds, as a file.", kind.code()));
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == "columns"
        {
            parameter.schema = Some(columns(kind));
        }
    }
    let is_asked = |name: &str| match format {
        _ if name == "file" => false,
        Format::Csv => true,
        Format::Xlsx => !OF_CSV.contains(&name),
        // What can be imported again is always whole.
        Format::Jsonl if kind.has_own_lines() && name == "columns" => false,
        Format::Jsonl | Format::Parquet => !OF_CSV.contains(&name) && !NOT_OF_LINES.contains(&name),
    };
    if let Some(parameters) = &mut operation.parameters {
        parameters.retain(|parameter| matches!(parameter, RefOr::T(parameter) if is_asked(&parameter.name)));
    }
    told(&mut operation, &[format]);
    operation.responses.responses.remove("404");
    operation
}

/// Says that the answer is a file of one of these formats.
fn told(operation: &mut Operation, formats: &[Format]) {
    let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else { return };
    let of = |format: &Format| {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let is_binary = matches!(format, Format::Xlsx | Format::Parquet);
        let text = text.format(is_binary.then_some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        let text = ContentBuilder::new().schema(Some(text.build())).build();
        let names = format.content_types().iter().filter_map(|named| named.split(';').next());
        names.map(move |name| (name.to_owned(), text.clone().into())).collect::<Vec<_>>()
    };
    answer.content = formats.iter().flat_map(of).collect();
}

/// Names of columns of a list, comma-separated, or none.
fn columns(kind: Kind) -> RefOr<Schema> {
    let pattern = words::list_of(kind.columns().into_iter());
    RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build()))
}
