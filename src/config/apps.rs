//! The applications (SDKAppIDs) that are ours: what the listener asks at every delivery.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use crate::pasted;

/// One application of Tencent RTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// The SDKAppID, decimal digits.
    pub id: String,
    /// What the user calls it; may be empty.
    #[serde(default)]
    pub label: String,
    /// The Tencent region it lives in, for the REST API: a region's code, or a host or base URL; empty when it is to be
    /// guessed from the id.
    #[serde(default)]
    pub region: String,
    /// The administrator account that calls of the REST API are made as; empty means the one that each application has.
    #[serde(default)]
    pub administrator: String,
}

impl App {
    /// An application with a label, in no particular region.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), ..Self::default() }
    }

    /// The SDKAppID that a person typed or pasted, or nothing where it is none: Tencent's are numbers, so none begins with 0.
    pub fn read_id(text: &str) -> Option<String> {
        let id = pasted::narrow_digits(&pasted::tidy_quoted(text));
        Some(id).filter(|id| Self::is_id(id) && !id.starts_with('0'))
    }

    /// Whether a text can be an SDKAppID: 1 to 20 decimal digits.
    pub fn is_id(text: &str) -> bool {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// What is said of an application: what is not given stays as it is; an empty text is a value like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppChange {
    /// The SDKAppID, decimal digits.
    pub id: String,
    /// See [`App`].
    pub label: Option<String>,
    /// See [`App`].
    pub region: Option<String>,
    /// See [`App`].
    pub administrator: Option<String>,
}

impl From<App> for AppChange {
    /// Says what is not empty.
    fn from(app: App) -> Self {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Self { id: app.id, label: said(app.label), region: said(app.region), administrator: said(app.administrator) }
    }
}

/// The list of our applications, shared by the listener and the API. Cheap to clone; a change is seen by the next delivery.
#[derive(Clone, Debug, Default)]
pub struct Apps(Arc<RwLock<Vec<App>>>);

impl Apps {
    /// A shared list that begins with these.
    pub fn new(apps: Vec<App>) -> Self {
        Self(Arc::new(RwLock::new(apps)))
    }

    /// Whether this application is ours.
    pub fn contains(&self, id: &str) -> bool {
        self.read(|apps| apps.iter().any(|app| app.id == id))
    }

    /// All of them, in the order in which they were added.
    pub fn list(&self) -> Vec<App> {
        self.read(<[App]>::to_vec)
    }

    /// Their ids, in the same order.
    pub fn ids(&self) -> Vec<String> {
        self.read(|apps| apps.iter().map(|app| app.id.clone()).collect())
    }

    /// Adds one and says whether it is new. One that was there already takes what is given.
    pub fn add(&self, app: impl Into<AppChange>) -> bool {
        put(&mut self.0.write().unwrap_or_else(PoisonError::into_inner), app)
    }

    /// Removes one and says whether it was there.
    pub fn remove(&self, id: &str) -> bool {
        let mut apps = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = apps.len();
        apps.retain(|app| app.id != id);
        apps.len() < before
    }

    /// Puts another list in its place.
    pub fn replace(&self, apps: Vec<App>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = apps;
    }

    fn read<T>(&self, ask: impl FnOnce(&[App]) -> T) -> T {
        // A list that a panicking thread held is still a list: taking callbacks matters more than the poison.
        ask(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds an application to a list, or brings the one that is there up to date; true when it is new.
pub fn put(apps: &mut Vec<App>, change: impl Into<AppChange>) -> bool {
    let AppChange { id, label, region, administrator } = change.into();
    let known = apps.iter().position(|known| known.id == id);
    let mut app = known.and_then(|at| apps.get(at).cloned()).unwrap_or_else(|| App::new(id, ""));
    for (old, new) in [(&mut app.label, label), (&mut app.region, region), (&mut app.administrator, administrator)] {
        if let Some(new) = new {
            *old = new;
        }
    }
    match known.and_then(|at| apps.get_mut(at)) {
        Some(place) => *place = app,
        None => apps.push(app),
    }
    known.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_through_every_handle() {
        let apps = Apps::new(vec![App::new("1400000000", "Clinic")]);
        let listener = apps.clone();
        assert!(listener.contains("1400000000"), "it was there from the start");
        assert!(!listener.contains("140000000"), "a prefix of an id is another app");
        assert!(apps.add(App::new("20000001", "")), "a new app");
        assert!(listener.contains("20000001"), "the listener sees what the API added");
        assert!(apps.remove("20000001"), "it was there");
        assert!(!apps.remove("20000001"), "and is gone");
        assert!(!listener.contains("20000001"), "intake stops at once");
    }

    #[test]
    fn adding_an_app_again_keeps_what_is_not_said() {
        let known = App { region: "singapore".into(), administrator: "boss".into(), ..App::new("1", "Clinic") };
        let apps = Apps::new(vec![known]);
        assert!(!apps.add(App::new("1", "")), "it is not new");
        assert_eq!(apps.list()[0].label, "Clinic", "`--app 1` without a label must not erase the label");
        apps.add(App::new("1", "Ward"));
        assert_eq!(apps.list()[0].label, "Ward", "a label that is given counts");
        assert_eq!(apps.list()[0].region, "singapore", "the region was not spoken of");
        assert_eq!(apps.list()[0].administrator, "boss", "and neither was the administrator");
        let emptied = Some(String::new());
        apps.add(AppChange { id: "1".into(), region: emptied.clone(), label: emptied, administrator: None });
        let app = &apps.list()[0];
        assert_eq!((app.label.as_str(), app.region.as_str()), ("", ""), "an empty text that is given counts too");
        assert_eq!(app.administrator, "boss", "what is not given stays");
    }

    #[test]
    fn an_id_is_digits() {
        for (text, want) in
            [("1400000000", true), ("", false), ("14 00", false), ("abc", false), ("-1", false), ("１", false)]
        {
            assert_eq!(App::is_id(text), want, "{text:?} as an SDKAppID");
        }
        for text in ["1400000000", " \u{feff}1400000000\n", "14000\u{200b}00000", "\"1400000000\""] {
            assert_eq!(App::read_id(text).as_deref(), Some("1400000000"), "{} is meant", text.escape_unicode());
        }
        for text in ["１４００００００００", "1４00\u{200b}000000", "「１４００００００００」"] {
            assert_eq!(App::read_id(text).as_deref(), Some("1400000000"), "{text} is the same in wide digits");
        }
        for text in ["", "14 00", "1400x", "\u{200b}", "1,400", "١٤٠٠", "01400000000", "０１４００００００００", "0"]
        {
            assert_eq!(App::read_id(text), None, "{text:?} is none");
        }
    }
}
