//! The icon among those of the system: how Calltrail is doing, and a menu.

mod host;
mod news;
mod shown;

use crate::around::Around;
use crate::ask;
use crate::window;
use crate::words::Words;
use axum::Router;
use calltrail::api::Desktop as _;
use calltrail::clock::Clock;
use calltrail::language::Language;
use calltrail::listener::{ListenerHandle, PAUSE_MS};
use shown::{Shown, Sign};
use std::sync::Arc;
use std::time::Duration;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry};

const ID: &str = "calltrail";
/// How soon after a look there is another one: in a busy minute the record changes more often than anybody looks up.
const PACE: Duration = Duration::from_secs(2);

/// The menu's entries, by which a click is told from others.
const OPEN: &str = "open";
const CASES: &str = "cases";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

/// Whether there is an icon, and a desktop that shows it.
pub(crate) fn is_seen(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some() && host::is_there()
}

/// Puts the icon there, where there can be one, and keeps it true. Called on the thread of the window.
pub(crate) fn set_up(around: &Around, router: Router, listener: ListenerHandle) {
    if !host::can_be_asked_for() {
        return;
    }
    match Tray::new(around, &listener) {
        Ok(tray) => {
            tauri::async_runtime::spawn(follow(tray, around.clone(), router, listener));
        }
        Err(why) => tracing::warn!("there is no icon among those of the system: {why}"),
    }
}

/// Shows what the API says until Calltrail ends.
async fn follow(tray: Tray, around: Around, router: Router, listener: ListenerHandle) {
    let tray = Arc::new(tray);
    let mut last = Shown::default();
    loop {
        let state = listener.state();
        let Ok(news) = news::read(&router).await else {
            return;
        };
        // Whoever travels sets the computer's zone meanwhile.
        let now = Shown::of(&news, Words::of(around.language()), &shown::Clock::of_system());
        if now != last {
            // Waits for the thread of the window, which is not always there to answer when Calltrail ends.
            let (tray, shown, language) = (Arc::clone(&tray), now.clone(), around.language());
            let _ = tauri::async_runtime::spawn_blocking(move || tray.show(&shown, language)).await;
            last = now;
        }
        tokio::time::sleep(PACE).await;
        tokio::select! {
            () = ask::wait(&router, &news.seen) => {}
            () = listener.moved_from(&state) => {}
        }
    }
}

struct Tray {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    last: MenuItem<Wry>,
    cases: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

impl Tray {
    fn new(around: &Around, listener: &ListenerHandle) -> tauri::Result<Tray> {
        let (app, words) = (&around.app, Words::of(around.language()));
        let open = MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?;
        let last = MenuItem::with_id(app, "last", words.last(None), false, None::<&str>)?;
        let cases = MenuItem::with_id(app, CASES, words.cases(0), true, None::<&str>)?;
        let pause = MenuItem::with_id(app, PAUSE, words.pause(None), true, None::<&str>)?;
        let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
        let (above, below) = (PredefinedMenuItem::separator(app)?, PredefinedMenuItem::separator(app)?);
        let menu = Menu::with_items(app, &[&open, &above, &last, &cases, &below, &pause, &quit])?;
        let (clicked, listener) = (around.clone(), listener.clone());
        let builder = TrayIconBuilder::with_id(ID)
            .icon(picture(Sign::default()))
            .menu(&menu)
            // Two Calltrails on two folders must not write each other's picture.
            .temp_dir_path(around.folder.join("tray"))
            .on_menu_event(move |_, event| match event.id().as_ref() {
                OPEN => window::show(&clicked, None),
                CASES => window::show(&clicked, Some("#/followup".to_owned())),
                PAUSE => pause_or_go_on(&listener),
                QUIT => clicked.quit(),
                _ => {}
            });
        let icon = opens_on_click(builder, around).build(app)?;
        Ok(Tray { icon, open, last, cases, pause, quit })
    }

    fn show(&self, shown: &Shown, language: Language) {
        let words = Words::of(language);
        for outcome in [
            self.icon.set_icon(Some(picture(shown.sign))),
            self.icon.set_tooltip(Some(shown.sign.words(words))),
            self.open.set_text(words.open),
            self.last.set_text(&shown.last),
            self.cases.set_text(&shown.cases),
            self.pause.set_text(&shown.pause),
            self.quit.set_text(words.quit),
        ] {
            if let Err(why) = outcome {
                tracing::warn!("the icon among those of the system is not up to date: {why}");
            }
        }
    }
}

/// The entry does what it says: it takes a pause back, or begins one.
fn pause_or_go_on(listener: &ListenerHandle) {
    let now_ms = Clock::system().now_ms();
    listener.pause(if listener.is_paused() { None } else { Some(now_ms.saturating_add(PAUSE_MS)) });
}

/// On Windows and macOS a click opens the window and the other button the menu; on Linux every click is the menu's.
#[cfg(target_os = "linux")]
fn opens_on_click(builder: TrayIconBuilder<Wry>, _around: &Around) -> TrayIconBuilder<Wry> {
    builder
}

#[cfg(not(target_os = "linux"))]
fn opens_on_click(builder: TrayIconBuilder<Wry>, around: &Around) -> TrayIconBuilder<Wry> {
    use tauri::tray::{MouseButton, MouseButtonState, TrayIconEvent};
    let around = around.clone();
    builder.show_menu_on_left_click(false).on_tray_icon_event(move |_, event| {
        if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
            window::show(&around, None);
        }
    })
}

fn picture(sign: Sign) -> Image<'static> {
    match sign {
        Sign::Listening => tauri::include_image!("icons/tray/listening.png"),
        Sign::Attention => tauri::include_image!("icons/tray/attention.png"),
        Sign::NotListening => tauri::include_image!("icons/tray/not-listening.png"),
    }
}
