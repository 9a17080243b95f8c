//! What is around the pages: whether there is a tray, starting at login, quitting, and the language that is spoken there.

use crate::release::Release;
use crate::{autostart, tray};
use calltrail::api::{Desktop, Refuge};
use calltrail::config;
use calltrail::language::Language;
use calltrail::lock::lock;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tauri::AppHandle;
use tokio::sync::Notify;

/// What is around the pages. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Around {
    pub(crate) app: AppHandle,
    /// Where the record and the settings are.
    pub(crate) folder: Arc<Path>,
    /// The program's identity on this desktop.
    identity: Arc<str>,
    /// Whether the notice of what closing means is on the screen.
    pub(crate) telling: Arc<AtomicBool>,
    /// Held while a window is opened: two that ask at once get one.
    pub(crate) opening: Arc<Mutex<()>>,
    /// What is known of a window that is out of sight.
    pub(crate) release: Release,
    /// Whether somebody looks at the window.
    pub(crate) sight: Sight,
    spoken: Spoken,
}

impl Around {
    /// Around the pages of this folder.
    pub(crate) fn new(app: AppHandle, folder: &Path, identity: String, release: Release, spoken: Spoken) -> Around {
        Around {
            app,
            folder: folder.into(),
            identity: identity.into(),
            telling: Arc::default(),
            opening: Arc::default(),
            release,
            sight: Sight::default(),
            spoken,
        }
    }

    /// The language of the pages, as far as it is known.
    pub(crate) fn language(&self) -> Language {
        self.spoken.language()
    }
}

impl Desktop for Around {
    fn refuge(&self) -> Refuge {
        if tray::is_seen(&self.app) { Refuge::Tray } else { Refuge::Minimised }
    }

    fn starts_at_login(&self) -> bool {
        autostart::is_on(&self.app, &self.identity)
    }

    fn start_at_login(&self, on: bool) -> Result<(), String> {
        autostart::switch(&self.app, &self.identity, &self.folder, on)
    }

    fn quit(&self) {
        self.app.exit(0);
    }
}

/// Whether somebody looks at the window: it is the one that the keyboard is in.
#[derive(Clone, Default)]
pub(crate) struct Sight(Arc<(AtomicBool, Notify)>);

impl Sight {
    pub(crate) fn is_looked_at(&self) -> bool {
        self.0.0.load(Ordering::SeqCst)
    }

    /// It is looked at, or no longer.
    pub(crate) fn set(&self, is_looked_at: bool) {
        if self.0.0.swap(is_looked_at, Ordering::SeqCst) != is_looked_at {
            self.0.1.notify_one();
        }
    }

    /// Returns when that has changed since it was last waited for. One may wait.
    pub(crate) async fn changed(&self) {
        self.0.1.notified().await;
    }
}

/// The language that the pages speak, learnt from their requests: it is chosen in the page, and known there alone.
#[derive(Clone)]
pub(crate) struct Spoken(Arc<Mutex<Language>>, Arc<Path>);

impl Spoken {
    /// As in the settings of this folder; the system's where no page was ever shown.
    pub(crate) fn of(folder: &Path) -> Spoken {
        let kept = config::Config::load(folder).ok().flatten().and_then(|config| config.desktop.language);
        Spoken(Arc::new(Mutex::new(kept.unwrap_or_else(Language::of_system))), folder.into())
    }

    /// The language as it was heard last.
    pub(crate) fn language(&self) -> Language {
        *lock(&self.0)
    }

    /// A page asked in this language.
    pub(crate) fn heard(&self, language: Language) {
        if std::mem::replace(&mut *lock(&self.0), language) == language {
            return;
        }
        let folder = Arc::clone(&self.1);
        // Not while a page waits for its answer.
        tauri::async_runtime::spawn_blocking(move || {
            if let Err(why) = config::update(&folder, |config| config.desktop.language = Some(language)) {
                tracing::warn!("the language of the tray is not kept: {why}");
            }
        });
    }
}
