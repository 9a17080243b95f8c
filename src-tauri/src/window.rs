//! The one window: what it shows, how large it may be, where it may go.

use crate::around::Around;
use crate::scheme::{self, HOME};
use crate::{closing, release};
use calltrail::api::Refuge;
use calltrail::lock::lock;
use std::path::Path;
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{Manager, Url, WebviewUrl, WebviewWindow, WindowEvent};
use tauri_plugin_window_state::StateFlags;

/// The window's label.
pub(crate) const LABEL: &str = "main";

/// Opens the window on this page, or where its pages were. What its web view keeps lies in the data folder, private like the record.
pub(crate) fn open(around: &Around, page: Option<&str>) -> Result<(), String> {
    let home: Url = HOME.parse().map_err(|why| format!("{HOME}: {why}"))?;
    let home = around.release.place().filter(scheme::is_ours).unwrap_or(home);
    let home = page.and_then(|page| home.join(page).ok()).filter(scheme::is_ours).unwrap_or(home);
    let window = WebviewWindowBuilder::new(&around.app, LABEL, WebviewUrl::CustomProtocol(home))
        .title("Calltrail")
        .inner_size(1200.0, 800.0)
        .min_inner_size(800.0, 520.0)
        .prevent_overflow()
        // A file that is dropped is the page's: it takes contacts so, and leads nowhere else.
        .disable_drag_drop_handler()
        .data_directory(around.folder.join("webview"))
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
        .map_err(|why| format!("the window could not be opened: {why}."))?;
    let around = around.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            let around = around.clone();
            tauri::async_runtime::spawn_blocking(move || closing::close(&around));
        }
        WindowEvent::Focused(is_in_front) => around.sight.set(*is_in_front),
        WindowEvent::Destroyed => around.sight.set(false),
        _ => {}
    });
    Ok(())
}

/// Brings the window before a person, on this page where one is named. It is opened where there is none.
pub(crate) fn show(around: &Around, page: Option<String>) {
    let around = around.clone();
    // Not on the thread that asks: on Windows a window that is opened there waits for itself.
    tauri::async_runtime::spawn_blocking(move || match shown(&around) {
        Ok(window) => {
            around.release.shown();
            to_front(&window, page.as_deref());
        }
        Err(why) => tracing::error!("{why}"),
    });
}

fn shown(around: &Around) -> Result<WebviewWindow, String> {
    let _turn = lock(&around.opening);
    if around.app.get_webview_window(LABEL).is_none() {
        open(around, None)?;
    }
    around.app.get_webview_window(LABEL).ok_or_else(|| "the window is gone already".to_owned())
}

fn to_front(window: &WebviewWindow, page: Option<&str>) {
    let turned = page.and_then(|page| window.url().ok()?.join(page).ok()).map_or(Ok(()), |url| window.navigate(url));
    for outcome in [turned, window.unminimize(), window.show(), window.set_focus()] {
        if let Err(why) = outcome {
            tracing::warn!("the window could not be brought to the front: {why}");
        }
    }
}

/// Takes the window out of sight, to where it is found again.
pub(crate) fn leave(around: &Around, refuge: Refuge) {
    let Some(window) = around.app.get_webview_window(LABEL) else {
        return;
    };
    let gone = match refuge {
        Refuge::Tray => window.hide().inspect(|()| release::begin(around)),
        Refuge::Minimised => window.minimize(),
    };
    around.sight.set(false);
    if let Err(why) = gone {
        tracing::warn!("the window could not be taken out of sight: {why}");
    }
}

/// Remembers size and place, in the data folder: an absolute path stands on its own wherever the plugin would put it.
pub(crate) fn memory(folder: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::default()
        .with_filename(folder.join("window.json").to_string_lossy())
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}
