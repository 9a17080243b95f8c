//! Says whether the built web assets are there, so that the library compiles with and without them and never needs node.

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(ui_built)");
    // Set by cargo-fuzz.
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
    println!("cargo::rerun-if-changed=build.rs");
    if Path::new("ui/dist/index.html").is_file() {
        println!("cargo::rustc-cfg=ui_built");
        println!("cargo::rerun-if-changed=ui/dist");
    } else {
        // Cargo takes a watched path that does not exist for changed each time, so the folder above it is watched until it does.
        println!("cargo::rerun-if-changed=ui");
    }
}
