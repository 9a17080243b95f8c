//! What the system manages files with, asked to show one.

use std::path::Path;

/// Over the session's bus (the freedesktop file manager interface); where nobody answers there, the folder is opened.
#[cfg(target_os = "linux")]
pub(crate) fn show(path: &Path) -> Result<(), String> {
    use gtk::gio::{self, prelude::FileExt as _};
    use gtk::glib::ToVariant as _;

    const NAME: &str = "org.freedesktop.FileManager1";
    const AT: &str = "/org/freedesktop/FileManager1";
    /// How long a file manager may take to start, in milliseconds.
    const PATIENCE_MS: i32 = 5_000;

    let ask = || {
        let session = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
        // Otherwise the end of the session's bus would end this process without closing the record.
        session.set_exit_on_close(false);
        let files = vec![gio::File::for_path(path).uri().to_string()];
        let with = (files, "").to_variant();
        let (flags, never) = (gio::DBusCallFlags::NONE, gio::Cancellable::NONE);
        session.call_sync(Some(NAME), AT, NAME, "ShowItems", Some(&with), None, flags, PATIENCE_MS, never).map(drop)
    };
    let open_folder = |why| {
        tracing::debug!("no file manager shows single files: {why}");
        let folder = gio::File::for_path(path.parent().unwrap_or(path)).uri();
        gio::AppInfo::launch_default_for_uri(&folder, None::<&gio::AppLaunchContext>)
    };
    ask().or_else(open_folder).map_err(|why: gtk::glib::Error| format!("{}.", why.message()))
}

/// By the system's own command, which goes on by itself.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(path: &Path) -> Result<(), String> {
    use std::process::Command;

    let mut command = if cfg!(windows) {
        let mut explorer = Command::new("explorer.exe");
        explorer.arg("/select,").arg(path);
        explorer
    } else {
        let mut finder = Command::new("/usr/bin/open");
        finder.arg("-R").arg(path);
        finder
    };
    command.spawn().map(drop).map_err(|why| format!("{why}."))
}
