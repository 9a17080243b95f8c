//! The OpenAPI document, from which the user interface's types are made. `ui/openapi.json` is a copy that a test keeps current.

use std::collections::BTreeSet;

use axum::Json;
use serde_json::{Map, Value};
use utoipa::openapi::{InfoBuilder, OpenApi, RefOr, Schema};

/// The description of the whole API.
pub fn openapi() -> OpenApi {
    let (_, mut document) = super::documented().split_for_parts();
    document.info = InfoBuilder::new()
        .title("Calltrail")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The record of calls, rooms and deliveries. Times are Unix milliseconds, UTC."))
        .build();
    require_answered_fields(&mut document);
    document
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "openapi", responses(
    (status = 200, body = Map<String, Value>, description = "The OpenAPI document"),
))]
pub(super) async fn document() -> Json<OpenApi> {
    Json(openapi())
}

/// Every field of an answer is always there, if only as null; of a request, those that are not null. The macro cannot tell the
/// two apart, so it is said here: a schema that no request body leads to is an answer's.
fn require_answered_fields(document: &mut OpenApi) {
    let asked = asked(document);
    let Some(components) = &mut document.components else { return };
    for (name, schema) in &mut components.schemas {
        if let (false, RefOr::T(Schema::Object(object))) = (asked.contains(name), schema) {
            object.required = object.properties.keys().cloned().collect();
        }
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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn openapi_document_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/openapi.json");
        let now = format!("{}\n", serde_json::to_string_pretty(&openapi()).unwrap());
        if std::env::var_os("CALLTRAIL_UPDATE").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == now,
            "ui/openapi.json is not what the API is. Refresh it with `CALLTRAIL_UPDATE=1 cargo test openapi`, then make the \
             user interface's types anew."
        );
    }

    #[test]
    fn answers_have_all_their_fields_and_requests_only_what_they_need() {
        let value = serde_json::to_value(openapi()).unwrap();
        let required = |name: &str| {
            let schema = &value["components"]["schemas"][name];
            (schema["required"].as_array().map_or(0, Vec::len), schema["properties"].as_object().map_or(0, Map::len))
        };
        let (required_fields, fields) = required("CallRow");
        assert_eq!(required_fields, fields, "answered_ms is null in an answer, never absent");
        assert_eq!(required("ExportRequest").0, 2, "an export is of a kind and has a format; the rest has a default");
        assert_eq!(required("SettingsChange").0, 0, "no public address is the same as null");
    }
}
