//! The desktop's notifications.

#[cfg(target_os = "linux")]
pub(super) use linux::Desk;
#[cfg(not(target_os = "linux"))]
pub(super) use other::Desk;

/// Over the session's bus (the freedesktop notification specification), through the library that the window brings along.
#[cfg(target_os = "linux")]
mod linux {
    use crate::missed::said::Said;
    use gtk::gio;
    use gtk::glib::{self, ToVariant as _, Variant};
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use tauri::AppHandle;

    const SERVER: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";
    /// What a click upon the whole of it is called.
    const CLICK: &str = "default";
    /// How long the server may take to answer, in milliseconds.
    const PATIENCE_MS: i32 = 2_000;
    /// Orders that wait for a session that does not answer. What comes beyond is not said.
    const WAITING: usize = 4;

    enum Order {
        Say(Said),
        TakeBack,
    }

    /// Says one thing at a time, on a thread of its own: connecting to a session has no limit.
    pub(in crate::missed) struct Desk(Option<SyncSender<Order>>);

    impl Desk {
        /// `clicked` is called on the window's thread.
        pub(in crate::missed) fn new(app: &AppHandle, clicked: impl Fn() + Send + Sync + 'static) -> Desk {
            let (tell, told) = sync_channel(WAITING);
            let server = Server { app: app.clone(), clicked: Arc::new(clicked), shown: Arc::default(), session: None };
            match std::thread::Builder::new().name("notifications".to_owned()).spawn(move || server.serve(&told)) {
                Ok(_) => Desk(Some(tell)),
                Err(why) => {
                    tracing::warn!("missed calls cannot be said on the desktop: {why}");
                    Desk(None)
                }
            }
        }

        pub(in crate::missed) fn say(&self, said: Said) {
            self.order(Order::Say(said));
        }

        pub(in crate::missed) fn take_back(&self) {
            self.order(Order::TakeBack);
        }

        fn order(&self, order: Order) {
            if self.0.as_ref().is_some_and(|tell| tell.try_send(order).is_err()) {
                tracing::debug!("the session does not take notifications");
            }
        }
    }

    struct Server {
        app: AppHandle,
        clicked: Arc<dyn Fn() + Send + Sync>,
        /// The number of what is shown; 0 where nothing is.
        shown: Arc<AtomicU32>,
        session: Option<gio::DBusConnection>,
    }

    impl Server {
        fn serve(mut self, told: &Receiver<Order>) {
            while let Ok(order) = told.recv() {
                let done = match order {
                    Order::Say(said) => self.say(&said),
                    Order::TakeBack => self.take_back(),
                };
                if let Err(why) = done {
                    tracing::debug!("missed calls are not said on this desktop: {why}");
                    self.session = None;
                }
            }
        }

        fn say(&mut self, said: &Said) -> Result<(), glib::Error> {
            let can = self.call("GetCapabilities", &().to_variant())?;
            let can = can.try_child_value(0).and_then(|can| can.get::<Vec<String>>()).unwrap_or_default();
            let asked = asked(said, self.shown.load(Ordering::SeqCst), &can);
            let number = self.call("Notify", &asked)?.try_child_value(0).and_then(|number| number.get::<u32>());
            self.shown.store(number.unwrap_or(0), Ordering::SeqCst);
            Ok(())
        }

        fn take_back(&mut self) -> Result<(), glib::Error> {
            match self.shown.swap(0, Ordering::SeqCst) {
                0 => Ok(()),
                number => self.call("CloseNotification", &(number,).to_variant()).map(drop),
            }
        }

        fn call(&mut self, method: &str, with: &Variant) -> Result<Variant, glib::Error> {
            let session = match &self.session {
                Some(session) => session.clone(),
                None => self.connect()?,
            };
            session.call_sync(
                Some(SERVER),
                PATH,
                SERVER,
                method,
                Some(with),
                None,
                gio::DBusCallFlags::NONE,
                PATIENCE_MS,
                gio::Cancellable::NONE,
            )
        }

        fn connect(&mut self) -> Result<gio::DBusConnection, glib::Error> {
            let session = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
            // Otherwise the end of the session's bus would end this process without closing the record.
            session.set_exit_on_close(false);
            let (listening, clicked, shown) = (session.clone(), Arc::clone(&self.clicked), Arc::clone(&self.shown));
            // Signals arrive on the thread that asks for them, if that one waits for them.
            let asked = self.app.run_on_main_thread(move || listen(&listening, clicked, shown));
            if let Err(why) = asked {
                tracing::debug!("a click upon a notification leads nowhere: {why}");
            }
            self.session = Some(session.clone());
            Ok(session)
        }
    }

    fn listen(session: &gio::DBusConnection, clicked: Arc<dyn Fn() + Send + Sync>, shown: Arc<AtomicU32>) {
        session.signal_subscribe(
            Some(SERVER),
            Some(SERVER),
            None,
            Some(PATH),
            None,
            gio::DBusSignalFlags::NONE,
            move |_, _, _, _, signal, said| {
                let number = said.try_child_value(0).and_then(|number| number.get::<u32>());
                // Others have notifications too.
                if !number.is_some_and(|number| number != 0 && number == shown.load(Ordering::SeqCst)) {
                    return;
                }
                let key = said.try_child_value(1).and_then(|key| key.get::<String>());
                match (signal, key.as_deref()) {
                    ("ActionInvoked", Some(CLICK)) => clicked(),
                    ("NotificationClosed", _) => shown.store(0, Ordering::SeqCst),
                    _ => {}
                }
            },
        );
    }

    /// What `Notify` takes. A server that reads markup gets a name that has none in it; one without actions gets none.
    fn asked(said: &Said, replaced: u32, can: &[String]) -> Variant {
        let can = |what: &str| can.iter().any(|can| can == what);
        let line = if can("body-markup") { said.escaped() } else { said.line.clone() };
        let actions: &[&str] = if can("actions") { &[CLICK, &said.open] } else { &[] };
        let hints = HashMap::from([("category", "call.unanswered".to_variant())]);
        Variant::tuple_from_iter([
            "Calltrail".to_variant(),
            replaced.to_variant(),
            "calltrail-desktop".to_variant(),
            said.headline.to_variant(),
            line.to_variant(),
            actions.to_variant(),
            hints.to_variant(),
            (-1_i32).to_variant(),
        ])
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn each_server_gets_what_it_can_show() {
            let text = |text: &str| text.to_owned();
            let said = Said { headline: text("Missed call"), line: text("From <b>"), open: text("Follow-up") };
            let told = |can: &[&str]| {
                let can: Vec<String> = can.iter().map(|can| text(can)).collect();
                let asked = asked(&said, 7, &can);
                assert_eq!(asked.type_().as_str(), "(susssasa{sv}i)", "as the specification has it");
                let at = |at: usize| asked.child_value(at);
                (at(1).get::<u32>(), at(4).get::<String>(), at(5).get::<Vec<String>>())
            };
            assert_eq!(told(&[]), (Some(7), Some(text("From <b>")), Some(Vec::new())), "plain text, no click");
            let all = told(&["actions", "body", "body-markup"]);
            assert_eq!(all.1, Some(text("From &lt;b&gt;")), "a name is no markup");
            assert_eq!(all.2, Some(vec![text("default"), text("Follow-up")]));
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use crate::folder::IDENTIFIER;
    use crate::missed::said::Said;
    use notify_rust::Notification;
    use tauri::AppHandle;

    /// Shows plain text; a click brings the program forward, as the system does it.
    pub(in crate::missed) struct Desk;

    impl Desk {
        pub(in crate::missed) fn new(_app: &AppHandle, _clicked: impl Fn() + Send + Sync + 'static) -> Desk {
            #[cfg(target_os = "macos")]
            if let Err(why) = notify_rust::set_application(IDENTIFIER) {
                tracing::debug!("notifications are shown in another program's name: {why}");
            }
            Desk
        }

        pub(in crate::missed) fn say(&self, said: Said) {
            let mut notification = Notification::new();
            notification.summary(&said.headline).body(&said.line);
            #[cfg(windows)]
            notification.app_id(IDENTIFIER);
            if let Err(why) = notification.show() {
                tracing::debug!("missed calls are not said on this desktop: {why}");
            }
        }

        pub(in crate::missed) fn take_back(&self) {
            // What is shown goes by itself.
        }
    }
}
