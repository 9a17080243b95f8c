//! Starting: one instance per data folder, the service, the window; and a dialog where one of these fails.

use crate::around::{Around, Spoken};
use crate::picker::FileDialogs;
use crate::quit::{self, Running};
use crate::release::Release;
use crate::scheme::{Pages, SCHEME};
use crate::{folder, link, missed, scheme, tray, window};
use calltrail::api::{Desktop as _, Refuge};
use calltrail::language::Language;
use calltrail::service::{Options, Service};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

/// How the app is started.
#[derive(Clone)]
pub(crate) struct Start {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// Where callbacks are taken in, for this run.
    pub(crate) hook: Option<SocketAddr>,
    /// Begin with the demo.
    pub(crate) demo: bool,
    /// Begin without a window.
    pub(crate) hidden: bool,
    /// The page to begin with; the first one where none is named.
    pub(crate) page: Option<String>,
    /// When a window out of sight is given up.
    pub(crate) release_after: Duration,
}

/// Runs the app until it is quit. The answer is the process's exit code.
pub(crate) fn run(start: Start) -> ExitCode {
    let running = Running::default();
    match build(start, &running) {
        Ok(app) => {
            let code = app.run_return(move |app, event| match event {
                // Calltrail goes on without a window; only a quit, which has a code, is its end.
                RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => {
                    if let Some(around) = app.try_state::<Around>() {
                        window::show(&around, None);
                    }
                }
                #[cfg(target_os = "macos")]
                RunEvent::Opened { urls } => {
                    let page = urls.iter().find_map(|url| link::page(url.as_str()));
                    if let Some(around) = app.try_state::<Around>() {
                        window::show(&around, page);
                    }
                }
                RunEvent::Exit => {
                    // A start from now on is not sent to a window that is going away: it meets the record's lock.
                    tauri_plugin_single_instance::destroy(app);
                    running.drain();
                }
                _ => {}
            });
            u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(why) => {
            eprintln!("calltrail-desktop: the app could not be started: {why}");
            ExitCode::FAILURE
        }
    }
}

fn build(start: Start, running: &Running) -> tauri::Result<tauri::App> {
    let mut context = tauri::generate_context!();
    let identity = folder::identity(&start.folder);
    context.config_mut().identifier = identity.clone();
    let (pages, spoken, running) = (Pages::default(), Spoken::of(&start.folder), running.clone());
    let (answering, heard, release) = (pages.clone(), spoken.clone(), Release::after(start.release_after));
    let kept = release.clone();
    let builder = tauri::Builder::default()
        // First, because a second start ends in it, before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            // There is none while the first is still starting, and then its window comes by itself.
            if let Some(around) = app.try_state::<Around>() {
                window::show(&around, link::in_arguments(&arguments));
            }
        }))
        .plugin(tauri_plugin_dialog::init())
        .plugin(window::memory(&start.folder));
    at_login(builder, &start.folder)
        .register_asynchronous_uri_scheme_protocol(SCHEME, move |_, request, responder| {
            let pages = answering.clone();
            if let Some(language) = scheme::language_of(&request) {
                heard.heard(language);
            }
            if let Some(in_use) = scheme::in_use(&request) {
                kept.heard(in_use);
            }
            tauri::async_runtime::spawn(async move { responder.respond(pages.answer(request).await) });
        })
        .setup(move |app| {
            let app = app.handle();
            let around = Around::new(app.clone(), &start.folder, identity, release, spoken);
            let started = tauri::async_runtime::block_on(serve(&around, &start)).and_then(|service| {
                pages.open(service.router());
                tray::set_up(&around, service.own_router(), service.listener());
                missed::follow(&around, service.own_router());
                running.started(service);
                app.manage(around.clone());
                begin(&around, &start)
            });
            match started {
                Ok(()) => quit::on_signal(app),
                Err(why) => refuse(app, &why),
            }
            Ok(())
        })
        .build(context)
}

/// Where an entry of our own is written for the start at login, no plugin is needed for it.
#[cfg(target_os = "linux")]
fn at_login(builder: tauri::Builder<tauri::Wry>, _folder: &Path) -> tauri::Builder<tauri::Wry> {
    builder
}

#[cfg(not(target_os = "linux"))]
fn at_login(builder: tauri::Builder<tauri::Wry>, folder: &Path) -> tauri::Builder<tauri::Wry> {
    use tauri_plugin_autostart::MacosLauncher::LaunchAgent;
    let folder = folder.to_string_lossy();
    builder.plugin(tauri_plugin_autostart::init(LaunchAgent, Some(vec!["--hidden", "--data-dir", &folder])))
}

/// Shows the window, unless the start is to be without one and there is a tray to open it from. A link is to be seen.
fn begin(around: &Around, start: &Start) -> Result<(), String> {
    let hidden = start.hidden && start.page.is_none();
    let refuge = hidden.then(|| around.refuge());
    if refuge != Some(Refuge::Tray) {
        window::open(around, start.page.as_deref())?;
    }
    if let Some(Refuge::Minimised) = refuge {
        window::leave(around, Refuge::Minimised);
    }
    Ok(())
}

/// The listener and the record, with exports that ask through the native dialog.
async fn serve(around: &Around, start: &Start) -> Result<Service, String> {
    let options = Options {
        data_dir: start.folder.clone(),
        holder: "Calltrail's desktop window".to_owned(),
        hook: start.hook,
        demo: start.demo.then(Language::of_system),
        picker: Some(Arc::new(FileDialogs::new(around.app.clone()))),
        desktop: Some(Arc::new(around.clone())),
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
