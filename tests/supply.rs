//! Where the code of others comes from, told from the files alone: no network, no further tool.
//!
//! `cargo xtask deny` looks at licences, bans and advisories as well.

mod crates;
mod lints;
mod packages;

use std::path::{Path, PathBuf};

fn file(name: &str) -> String {
    let path = path(name);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
