//! The one window: what it shows, how large it may be, where it may go.

use crate::scheme::{self, HOME};
use std::path::Path;
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager, Url, WebviewUrl};
use tauri_plugin_window_state::StateFlags;

/// The window's label.
pub(crate) const LABEL: &str = "main";

/// Opens the window on the first page. What its web view keeps lies in the data folder, private like the record.
pub(crate) fn open(app: &AppHandle, folder: &Path) -> Result<(), String> {
    let home: Url = HOME.parse().map_err(|why| format!("{HOME}: {why}"))?;
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::CustomProtocol(home))
        .title("Calltrail")
        .inner_size(1200.0, 800.0)
        .min_inner_size(800.0, 520.0)
        .prevent_overflow()
        // A file that is dropped is the page's: it takes contacts so, and leads nowhere else.
        .disable_drag_drop_handler()
        .data_directory(folder.join("webview"))
        .on_navigation(|url| {
            let ours = scheme::is_ours(url);
            if !ours {
                tracing::warn!(
                    scheme = url.scheme(),
                    host = url.host_str(),
                    "the window was asked to leave its pages; refused"
                );
            }
            ours
        })
        // The page says what is shown, in the language that it is in.
        .on_document_title_changed(|window, title| {
            if let Err(why) = window.set_title(&title) {
                tracing::warn!("the window could not be given its title: {why}");
            }
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()
        .map(|_| ())
        .map_err(|why| format!("the window could not be opened: {why}."))
}

/// Brings the window before the person who started the app a second time.
pub(crate) fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    for outcome in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(why) = outcome {
            tracing::warn!("the window could not be brought to the front: {why}");
        }
    }
}

/// Remembers size and place, in the data folder: an absolute path stands on its own wherever the plugin would put it.
pub(crate) fn memory(folder: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::default()
        .with_filename(folder.join("window.json").to_string_lossy())
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}
