//! The native save dialog, through which the API asks where an export shall go.

use calltrail::{api::FilePicker, language::Language};
use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// Asks the person at the window.
pub(crate) struct SaveDialog {
    app: AppHandle,
}

impl SaveDialog {
    /// A dialog that belongs to this app's window.
    pub(crate) fn new(app: AppHandle) -> SaveDialog {
        SaveDialog { app }
    }
}

const fn title(language: Language) -> &'static str {
    match language {
        Language::En => "Save export",
        Language::Zh => "保存导出文件",
    }
}

impl FilePicker for SaveDialog {
    fn pick(&self, suggested: String, language: Language) -> BoxFuture<'static, Option<PathBuf>> {
        let (chosen, answer) = oneshot::channel();
        let mut dialog = self.app.dialog().file().set_title(title(language)).set_file_name(&suggested);
        if let Some(extension) = Path::new(&suggested).extension().and_then(|extension| extension.to_str()) {
            dialog = dialog.add_filter(extension.to_uppercase(), &[extension]);
        }
        if let Some(window) = self.app.get_webview_window(crate::window::LABEL) {
            dialog = dialog.set_parent(&window);
        }
        dialog.save_file(move |path| {
            // Nobody listens any more when the app is quitting; then there is nothing to save either.
            let _ = chosen.send(path.and_then(|path| path.into_path().ok()));
        });
        Box::pin(async move { answer.await.ok().flatten() })
    }

    fn show(&self, path: &Path) -> Result<(), String> {
        crate::file_manager::show(path)
    }
}
