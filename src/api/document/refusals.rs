//! With what every request may be refused, wherever it goes.

use utoipa::openapi::{
    ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, PathItem},
};

/// The door, the form of the request, and the state of the record: each status with its name among the components and what it
/// means. What an operation is refused with beside these, it says itself.
const EVERYWHERE: [(&str, &str, &str); 6] = [
    ("400", "BadRequest", "The request says something that cannot be used"),
    ("401", "Unauthorized", "The access key is missing or wrong"),
    ("403", "Forbidden", "Another web page made the request"),
    ("421", "Misdirected", "The request was meant for another host name"),
    ("500", "Internal", "Something went wrong inside Calltrail; its log says what"),
    ("503", "Unavailable", "The record cannot be read or written at the moment, or too much is being done at once"),
];

/// Declares them.
pub(super) fn declare(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (_, name, meaning) in EVERYWHERE {
        components.responses.insert(name.to_owned(), RefOr::T(refusal(meaning)));
    }
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for (status, name, _) in EVERYWHERE {
            let refusal = || RefOr::Ref(Ref::from_response_name(name));
            operation.responses.responses.entry(status.to_owned()).or_insert_with(refusal);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn refusal(meaning: &str) -> Response {
    let error = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
    ResponseBuilder::new().description(meaning).content("application/json", error).build()
}
