//! Whether there is a screen to open a window on.

use crate::command::{program, succeeds};
use std::env;
use std::process::Command;

/// Whether this session names a display at all. macOS and Windows always have one.
pub(crate) fn named() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Whether the display answers: asked by the desktop app itself, which knows best (an X server may be gone or refuse us).
pub(crate) fn answers() -> Result<bool, String> {
    Ok(succeeds(Command::new(program("calltrail-desktop")?).arg("--check-display")))
}

/// Without a graphics device WebKit paints sooner and with less memory when it does not try to use one.
pub(crate) fn spare_graphics(window: &mut Command) {
    if cfg!(target_os = "linux") && !std::path::Path::new("/dev/dri").exists() {
        for name in ["WEBKIT_DISABLE_DMABUF_RENDERER", "WEBKIT_DISABLE_COMPOSITING_MODE"] {
            if env::var_os(name).is_none() {
                window.env(name, "1");
            }
        }
    }
}
