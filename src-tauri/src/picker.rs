//! The native dialogs for files and folders, through which the API asks where an export shall go.

use calltrail::{api::FilePicker, language::Language};
use futures_util::future::BoxFuture;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// Asks the person at the window.
pub(crate) struct FileDialogs {
    app: AppHandle,
}

impl FileDialogs {
    /// Dialogs that belong to this app's window.
    pub(crate) fn new(app: AppHandle) -> FileDialogs {
        FileDialogs { app }
    }

    /// One with this title, above the window.
    fn dialog(&self, title: &str) -> FileDialogBuilder<Wry> {
        let dialog = self.app.dialog().file().set_title(title);
        match self.app.get_webview_window(crate::window::LABEL) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

const fn save_title(language: Language) -> &'static str {
    match language {
        Language::En => "Save export",
        Language::Zh => "保存导出文件",
    }
}

const fn folder_title(language: Language) -> &'static str {
    match language {
        Language::En => "Folder for exports",
        Language::Zh => "选择导出文件夹",
    }
}

/// What is done with the answer of a dialog, and that answer.
fn asked() -> (impl FnOnce(Option<FilePath>) + Send + 'static, BoxFuture<'static, Option<PathBuf>>) {
    let (chosen, answer) = oneshot::channel();
    let tell = move |path: Option<FilePath>| {
        // Nobody listens any more when the app is quitting; then there is nothing to save either.
        let _ = chosen.send(path.and_then(|path| path.into_path().ok()));
    };
    (tell, Box::pin(async move { answer.await.ok().flatten() }))
}

impl FilePicker for FileDialogs {
    fn pick(&self, suggested: String, language: Language) -> BoxFuture<'static, Option<PathBuf>> {
        let (tell, answer) = asked();
        let mut dialog = self.dialog(save_title(language)).set_file_name(&suggested);
        if let Some(extension) = Path::new(&suggested).extension().and_then(|extension| extension.to_str()) {
            dialog = dialog.add_filter(extension.to_uppercase(), &[extension]);
        }
        dialog.save_file(tell);
        answer
    }

    fn pick_folder(&self, language: Language) -> BoxFuture<'static, Option<PathBuf>> {
        let (tell, answer) = asked();
        let mut dialog = self.dialog(folder_title(language));
        // Otherwise it may begin with what was used lately, which is no folder that can be chosen.
        let paths = self.app.path();
        if let Ok(begin) = paths.document_dir().or_else(|_| paths.home_dir()) {
            dialog = dialog.set_directory(begin);
        }
        dialog.pick_folder(tell);
        answer
    }

    fn show(&self, path: &Path) -> Result<(), String> {
        crate::file_manager::show(path)
    }
}
