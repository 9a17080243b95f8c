//! The OpenAPI document, from which the user interface's types are made. `ui/openapi.json` is a copy that a test keeps current.

mod answers;
mod downloads;
mod refusals;

use axum::Json;
use utoipa::openapi::{
    InfoBuilder, OpenApi, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::zone::{HourOfWeek, TimeZone};

/// The name of the access key among the ways to be let in.
const KEY: &str = "key";

/// The description of the whole API.
pub fn openapi() -> OpenApi {
    let (_, mut document) = super::documented().split_for_parts();
    document.info = InfoBuilder::new()
        .title("Calltrail")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The record of calls, rooms and deliveries. Times are Unix milliseconds, UTC."))
        .build();
    lock(&mut document);
    downloads::tell_apart(&mut document);
    refusals::declare(&mut document);
    answers::refer_to_rows(&mut document);
    answers::require_fields(&mut document);
    document
}

/// Says who may ask, and brings what parameters alone refer to.
fn lock(document: &mut OpenApi) {
    let about = "The access key of the address that `calltrail serve` printed; a browser that opened it has it in a cookie. The \
                 desktop window asks in process and needs none.";
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(KEY, SecurityScheme::Http(key));
    components.schemas.insert(TimeZone::name().into_owned(), TimeZone::schema());
    components.schemas.extend([HourOfWeek::schema()]);
    document.security = Some(vec![SecurityRequirement::new(KEY, Vec::<String>::new())]);
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "openapi", responses(
    (status = 200, body = Map<String, Value>, description = "The OpenAPI document"),
))]
pub(super) async fn document() -> Json<OpenApi> {
    Json(openapi())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::{Map, Value};

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
        let rows = &value["components"]["schemas"]["Page_CallRow"]["properties"]["rows"]["items"];
        assert_eq!(rows["$ref"], "#/components/schemas/CallRow", "a page's rows are the same rows");
        assert_eq!(required("ExportRequest").0, 2, "an export is of a kind and has a format; the rest has a default");
        assert_eq!(required("SettingsChange").0, 0, "no public address is the same as null");
    }

    #[test]
    fn every_operation_declares_each_of_its_answers() {
        let value = serde_json::to_value(openapi()).unwrap();
        for (path, operations) in value["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let answers = operation["responses"].as_object().unwrap();
                for status in ["200", "400", "401", "403", "421", "500", "503"] {
                    assert!(answers.contains_key(status), "{method} {path} may answer {status}");
                }
                assert!(!answers.contains_key("default"), "{method} {path} leaves no answer open");
                for (status, answer) in answers.iter().filter(|(status, _)| *status != "200") {
                    let pointer = answer["$ref"].as_str().map(|pointer| pointer.trim_start_matches('#'));
                    let answer = pointer.map_or(answer, |pointer| value.pointer(pointer).unwrap());
                    let content = answer["content"].as_object().unwrap();
                    assert_eq!(content.keys().collect::<Vec<_>>(), ["application/json"], "{method} {path} {status}");
                    let schema = &content["application/json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Error", "{method} {path} {status} has the one shape");
                }
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let value = serde_json::to_value(openapi()).unwrap();
        let mut open = vec![&value];
        while let Some(here) = open.pop() {
            match here {
                Value::Object(fields) => {
                    open.extend(fields.values());
                    if let Some(pointer) = fields.get("$ref").and_then(Value::as_str) {
                        assert!(value.pointer(pointer.trim_start_matches('#')).is_some(), "{pointer} is described");
                    }
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }
}
