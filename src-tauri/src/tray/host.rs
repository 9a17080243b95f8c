//! Whether this desktop shows icons of programs. Windows and macOS do. On Linux a library has to be there, which is loaded when
//! it is needed, and a program that shows them, which GNOME has only as an extension.

/// Whether an icon can be made at all.
#[cfg(not(target_os = "linux"))]
pub(super) const fn can_be_asked_for() -> bool {
    true
}

/// Whether somebody shows icons now.
#[cfg(not(target_os = "linux"))]
pub(super) const fn is_there() -> bool {
    true
}

#[cfg(target_os = "linux")]
pub(super) use linux::{can_be_asked_for, is_there};

#[cfg(target_os = "linux")]
mod linux {
    use gtk::gio;
    use gtk::glib::{self, ToVariant as _};
    use std::sync::mpsc;
    use std::time::Duration;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    /// How long the session may take to answer. Nobody waits longer for a window to close.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// Whether the library is there. The crate that loads it panics where it is not, so it is made to do that here, where
    /// nothing is half done, and without a word on the terminal.
    pub(in crate::tray) fn can_be_asked_for() -> bool {
        let spoken = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let loaded = std::panic::catch_unwind(|| {
            let _ = std::ops::Deref::deref(&libappindicator_sys::LIB);
        })
        .is_ok();
        std::panic::set_hook(spoken);
        if !loaded {
            tracing::info!("libayatana-appindicator3 is not installed, so there is no icon among those of the system");
        }
        loaded
    }

    /// Whether somebody shows icons now. Asked each time: a panel may start after Calltrail, and end before it.
    pub(in crate::tray) fn is_there() -> bool {
        let (tell, told) = mpsc::channel();
        // A thread of its own, because connecting to a session has no limit.
        let asked = std::thread::Builder::new().name("tray host".to_owned()).spawn(move || {
            let _ = tell.send(ask());
        });
        match asked.map(|_| told.recv_timeout(PATIENCE)) {
            Ok(Ok(Ok(answer))) => shows_icons(&answer),
            Ok(Ok(Err(why))) => {
                tracing::debug!("no icons of programs are shown here: {why}");
                false
            }
            Ok(Err(_)) => {
                tracing::debug!("the session did not say in time whether icons of programs are shown");
                false
            }
            Err(why) => {
                tracing::warn!("the session could not be asked whether icons of programs are shown: {why}");
                false
            }
        }
    }

    fn ask() -> Result<glib::Variant, glib::Error> {
        let session = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
        // Otherwise the end of the session's bus would end this process without closing the record.
        session.set_exit_on_close(false);
        let milliseconds = i32::try_from(PATIENCE.as_millis()).unwrap_or(i32::MAX);
        session.call_sync(
            Some(WATCHER),
            "/StatusNotifierWatcher",
            "org.freedesktop.DBus.Properties",
            "Get",
            Some(&(WATCHER, "IsStatusNotifierHostRegistered").to_variant()),
            None,
            gio::DBusCallFlags::NO_AUTO_START,
            milliseconds,
            gio::Cancellable::NONE,
        )
    }

    /// A watcher alone shows nothing: it says whether somebody does.
    fn shows_icons(answer: &glib::Variant) -> bool {
        answer.try_child_value(0).and_then(|inner| inner.as_variant()).and_then(|inner| inner.get()).unwrap_or(false)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_a_clear_yes_is_a_tray() {
            let answer = |inner: glib::Variant| glib::Variant::tuple_from_iter([inner.to_variant()]);
            assert!(shows_icons(&answer(true.to_variant())), "somebody shows icons");
            assert!(!shows_icons(&answer(false.to_variant())), "a watcher without a host");
            assert!(!shows_icons(&answer("true".to_variant())), "not what was asked for");
            assert!(!shows_icons(&().to_variant()), "nothing at all");
        }
    }
}
