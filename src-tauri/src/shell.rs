//! Starting: one instance per data folder, the service, the window; and a dialog where one of these fails.

use crate::picker::SaveDialog;
use crate::quit::{self, Running};
use crate::scheme::{Pages, SCHEME};
use crate::{folder, window};
use calltrail::language::Language;
use calltrail::service::{Options, Service};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::{AppHandle, RunEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

/// Runs the app until the window is closed. The answer is the process's exit code.
pub(crate) fn run(folder: &Path, hook: Option<SocketAddr>, demo: bool) -> ExitCode {
    let pages = Pages::default();
    let running = Running::default();
    match build(folder, hook, demo, &pages, &running) {
        Ok(app) => {
            let code = app.run_return(move |app, event| {
                if matches!(event, RunEvent::Exit) {
                    // A start from now on is not sent to a window that is going away: it meets the record's lock.
                    tauri_plugin_single_instance::destroy(app);
                    running.drain();
                }
            });
            u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(why) => {
            eprintln!("calltrail-desktop: the app could not be started: {why}");
            ExitCode::FAILURE
        }
    }
}

fn build(
    folder: &Path,
    hook: Option<SocketAddr>,
    demo: bool,
    pages: &Pages,
    running: &Running,
) -> tauri::Result<tauri::App> {
    let mut context = tauri::generate_context!();
    context.config_mut().identifier = folder::identity(folder);
    let (answering, opening, running) = (pages.clone(), pages.clone(), running.clone());
    let data_dir = folder.to_owned();
    tauri::Builder::default()
        // First, because a second start ends in it, before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::focus(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(window::memory(folder))
        .register_asynchronous_uri_scheme_protocol(SCHEME, move |_, request, responder| {
            let pages = answering.clone();
            tauri::async_runtime::spawn(async move { responder.respond(pages.answer(request).await) });
        })
        .setup(move |app| {
            let app = app.handle();
            let started = tauri::async_runtime::block_on(start(app, &data_dir, hook, demo)).and_then(|service| {
                opening.open(service.router());
                running.started(service);
                window::open(app, &data_dir)
            });
            match started {
                Ok(()) => quit::on_signal(app),
                Err(why) => refuse(app, &why),
            }
            Ok(())
        })
        .build(context)
}

/// The listener and the record, with exports that ask through the native dialog.
async fn start(app: &AppHandle, data_dir: &Path, hook: Option<SocketAddr>, demo: bool) -> Result<Service, String> {
    let options = Options {
        data_dir: data_dir.to_owned(),
        holder: "Calltrail's desktop window".to_owned(),
        hook,
        demo: demo.then(Language::of_system),
        picker: Some(Arc::new(SaveDialog::new(app.clone()))),
        ..Options::default()
    };
    Service::start(options).await.map_err(|why| why.to_string())
}

/// There is no page yet that knows which language was chosen, so the system's is spoken.
const fn could_not_start(language: Language) -> &'static str {
    match language {
        Language::En => "Calltrail could not start",
        Language::Zh => "Calltrail 无法启动",
    }
}

/// Says why there is no window, in the terminal and on the desktop, and ends with exit code 1 once that was read.
fn refuse(app: &AppHandle, why: &str) {
    eprintln!("calltrail-desktop: {why}");
    let quitting = app.clone();
    app.dialog()
        .message(why)
        .title(could_not_start(Language::of_system()))
        .kind(MessageDialogKind::Error)
        .show(move |_| quitting.exit(1));
}
