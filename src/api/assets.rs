//! The user interface: the built `ui/dist` inside the program, or a page that says how to build it.

use axum::{
    http::{Method, Uri, header},
    response::{Html, IntoResponse as _, Response},
};
use include_dir::{Dir, File};

use super::error::Error;
use super::problem::Problem;

#[cfg(ui_built)]
static UI: Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/ui/dist");
#[cfg(not(ui_built))]
static UI: Dir<'_> = Dir::new("", &[]);

/// What is shown where the program was compiled without the user interface. It has no style: the policy allows no inline one.
const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Calltrail</title>
<h1>Calltrail is running</h1>
<p>This program was compiled before its user interface was built. It listens, records and exports; only the pages are missing.</p>
<p>To build them, run <code>cargo xtask run</code> in Calltrail's source folder, or:</p>
<pre>cd ui
npm ci
npm run build
cd ..
cargo build --bin calltrail</pre>
<p>The API is described at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p>
</html>
";

/// Vite puts a hash of the content into the names of everything in this folder.
const HASHED: &str = "assets/";

/// Answers every address that is not the API's.
pub(super) async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return super::no_such_address(&uri).into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return Error::from(Problem::PagesAreRead).into_response();
    }
    answer(&UI, path)
}

fn answer(ui: &Dir<'static>, path: &str) -> Response {
    if let Some(file) = ui.get_file(path) {
        return whole(file);
    }
    // A path that names a file is a file that is missing; any other one is a place inside the user interface.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.') && name != "index.html") {
        return Error::from(Problem::NoSuchFile).into_response();
    }
    ui.get_file("index.html").map_or_else(|| Html(NOT_BUILT).into_response(), whole)
}

fn whole(file: &'static File<'static>) -> Response {
    let content_type = mime_guess::from_path(file.path()).first_or_octet_stream();
    let text =
        content_type.type_() == "text" || matches!(content_type.subtype().as_str(), "javascript" | "json" | "svg");
    let content_type = if text { format!("{content_type}; charset=utf-8") } else { content_type.to_string() };
    let caching = if file.path().starts_with(HASHED) { "private, max-age=31536000, immutable" } else { "no-cache" };
    ([(header::CONTENT_TYPE, content_type.as_str()), (header::CACHE_CONTROL, caching)], file.contents()).into_response()
}

#[cfg(test)]
mod tests {
    use include_dir::DirEntry;

    use super::*;

    static SOME: Dir<'_> = Dir::new(
        "",
        &[
            DirEntry::File(File::new("index.html", b"<!doctype html>")),
            DirEntry::Dir(Dir::new("assets", &[DirEntry::File(File::new("assets/app-1a2b.js", b"1"))])),
        ],
    );

    #[test]
    fn files_places_and_missing_files() {
        let header =
            |response: &Response, name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        for (path, status, content_type, caching) in [
            ("", 200, "text/html; charset=utf-8", Some("no-cache")),
            ("index.html", 200, "text/html; charset=utf-8", Some("no-cache")),
            ("rooms/12", 200, "text/html; charset=utf-8", Some("no-cache")),
            ("assets/app-1a2b.js", 200, "text/javascript; charset=utf-8", Some("private, max-age=31536000, immutable")),
            ("assets/app-gone.js", 404, "application/json", None),
            ("../Cargo.toml", 404, "application/json", None),
        ] {
            let response = answer(&SOME, path);
            assert_eq!(response.status(), status, "status of /{path}");
            assert_eq!(header(&response, header::CONTENT_TYPE).as_deref(), Some(content_type), "type of /{path}");
            assert_eq!(header(&response, header::CACHE_CONTROL).as_deref(), caching, "caching of /{path}");
        }
    }

    #[test]
    fn without_a_built_ui_a_page_says_how_to_build_it() {
        static NONE: Dir<'_> = Dir::new("", &[]);
        assert_eq!(answer(&NONE, "").status(), 200, "the page is an answer, not an error");
    }
}
