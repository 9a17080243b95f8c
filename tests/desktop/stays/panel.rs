//! A desktop's panel, played: it takes the icons of programs, reads their menus and clicks in them, over the session's bus.

use crate::screen::PATIENCE;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{Dict, OwnedObjectPath, Structure, Value};

/// Who shows icons.
pub(crate) struct Panel {
    session: Connection,
    items: Items,
}

/// The icons that were announced: whose, and under which path.
type Items = Arc<Mutex<Vec<(String, String)>>>;

struct Watcher(Items);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().expect("a bus names its senders").to_string();
        self.0.lock().expect("nobody panics here").push((sender, path));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Panel {
    /// Begins to show icons in this session.
    pub(crate) fn new(bus: &str) -> Panel {
        let items = Items::default();
        let session = connection::Builder::address(bus)
            .and_then(|builder| builder.serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&items))))
            .and_then(|builder| builder.name("org.kde.StatusNotifierWatcher"))
            .and_then(connection::Builder::build)
            .expect("the session has no panel yet");
        Panel { session, items }
    }

    /// The labels of the one icon's menu, with their ids.
    fn entries(&self) -> Option<Vec<(i32, String)>> {
        let (sender, path) = self.items.lock().expect("nobody panics here").first().cloned()?;
        let item = Proxy::new(&self.session, sender.as_str(), path.as_str(), "org.kde.StatusNotifierItem").ok()?;
        let menu: OwnedObjectPath = item.get_property("Menu").ok()?;
        let menu = Proxy::new(&self.session, sender.as_str(), menu.as_str(), "com.canonical.dbusmenu").ok()?;
        let layout = menu.call_method("GetLayout", &(0_i32, -1_i32, Vec::<String>::new())).ok()?;
        let body = layout.body();
        let layout: Structure<'_> = body.deserialize().ok()?;
        let [_, Value::Structure(root)] = layout.fields() else { return None };
        let [_, _, Value::Array(children)] = root.fields() else { return None };
        Some(children.iter().filter_map(entry).collect())
    }

    /// Waits until so many icons were announced.
    pub(crate) fn wait_for_icons(&self, count: usize) {
        let patience = Instant::now() + PATIENCE;
        while self.items.lock().expect("nobody panics here").len() < count {
            assert!(Instant::now() < patience, "{count} icons should be there");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The menu, as soon as one of its entries reads like this.
    pub(crate) fn wait_for(&self, label: &str) -> Vec<(i32, String)> {
        let patience = Instant::now() + PATIENCE;
        loop {
            let entries = self.entries().unwrap_or_default();
            if entries.iter().any(|(_, found)| found.starts_with(label)) {
                return entries;
            }
            assert!(Instant::now() < patience, "the menu should have {label:?}: {entries:?}");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    /// Clicks the entry of this label.
    pub(crate) fn click(&self, label: &str) {
        let entries = self.wait_for(label);
        let (id, _) = entries.iter().find(|(_, found)| found == label).expect("the entry is there");
        let (sender, path) = self.items.lock().expect("nobody panics here").first().cloned().expect("an icon");
        let item = Proxy::new(&self.session, sender.as_str(), path.as_str(), "org.kde.StatusNotifierItem");
        let menu: OwnedObjectPath = item.and_then(|item| item.get_property("Menu")).expect("the icon has a menu");
        let menu = Proxy::new(&self.session, sender.as_str(), menu.as_str(), "com.canonical.dbusmenu");
        let event = (*id, "clicked", Value::from(0_i32), 0_u32);
        // Whoever is told to quit need not answer.
        let _ = menu.expect("the menu is there").call_method("Event", &event);
    }
}

/// The id and the label of an entry; separators have none.
fn entry(value: &Value<'_>) -> Option<(i32, String)> {
    let value = if let Value::Value(inner) = value { inner } else { value };
    let Value::Structure(entry) = value else { return None };
    let [Value::I32(id), Value::Dict(properties), _] = entry.fields() else { return None };
    label(properties).map(|label| (*id, label))
}

fn label(properties: &Dict<'_, '_>) -> Option<String> {
    properties.get::<&str, &str>(&"label").ok()?.map(str::to_owned)
}
