//! What the macros cannot tell of answers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema, schema::ArrayItems};

/// A page of a list holds the same rows as a detail. The macro writes them out again for each kind of page.
pub(super) fn refer_to_rows(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let known: BTreeSet<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let Some(row) = name.strip_prefix("Page_").filter(|row| known.contains(*row)) else { continue };
        let RefOr::T(Schema::Object(page)) = schema else { continue };
        if let Some(RefOr::T(Schema::Array(rows))) = page.properties.get_mut("rows") {
            rows.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(row))));
        }
    }
}

/// Requires every field of an answer: it is always there, if only as null; of a request, those that are not null. The macro cannot tell the
/// two apart, so it is said here: a schema that no request body leads to is an answer's.
pub(super) fn require_fields(document: &mut OpenApi) {
    let asked = asked(document);
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        if !asked.contains(name) {
            require(schema);
        }
    }
}

/// Requires every field of a schema, and of each of its variants.
fn require(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required = object.properties.keys().cloned().collect(),
        RefOr::T(Schema::OneOf(variants)) => variants.items.iter_mut().for_each(require),
        _ => {}
    }
}

/// The names of the schemas that request bodies are made of.
fn asked(document: &OpenApi) -> BTreeSet<String> {
    let value = serde_json::to_value(document).unwrap_or_default();
    let operations = value.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let bodies = operations
        .filter_map(Value::as_object)
        .flat_map(Map::values)
        .filter_map(|operation| operation.get("requestBody"));
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = bodies.collect();
    while let Some(here) = open.pop() {
        match here {
            Value::Object(fields) => {
                open.extend(fields.values());
                let Some(pointer) = fields.get("$ref").and_then(Value::as_str) else { continue };
                let name = pointer.rsplit('/').next().unwrap_or(pointer);
                if found.insert(name.to_owned()) {
                    open.extend(value.pointer(pointer.trim_start_matches('#')));
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}
