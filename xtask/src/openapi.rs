//! `cargo xtask openapi`: the API's description in `ui/openapi.json`, and the TypeScript types made from it.

use crate::command::{Outcome, cargo, must, npm};
use crate::node;

pub(crate) fn refresh() -> Outcome {
    // The test that keeps the file current also writes it.
    must(
        cargo()
            .args(["test", "--workspace", "--quiet", "--lib", "openapi_document_is_current"])
            .env("CALLTRAIL_UPDATE", "1"),
    )?;
    node::check()?;
    node::packages()?;
    must(npm().args(["run", "--silent", "types"]))
}
