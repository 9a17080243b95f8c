//! Lets Tauri look at `tauri.conf.json` and the icons.

fn main() {
    tauri_build::build();
}
