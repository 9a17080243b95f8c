//! What is kept of the links, in `links.json` in the data folder.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Key;
use crate::{
    durable_file,
    export::{self, Format, LONGEST_NAME_OF_VIEW, View},
    store::filter::Filter,
    unfinished::SETTINGS,
    zone::period::Named,
};

const FILE: &str = "links.json";
/// Where the links are unless somebody says otherwise: beside the ports of callbacks and of the web page.
pub const DEFAULT_PORT: u16 = 8789;
/// Those below need a permission that no desktop gives.
pub(super) const LOWEST_PORT: u16 = 1024;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LinkPlan)]
pub struct Plan {
    /// What it is called, for people.
    #[schema(max_length = 200)]
    pub name: String,
    /// What it shows. Its format is that of the address that is offered; the same link has the others too, under their endings.
    pub view: View,
    /// The period that is shown, whenever that is, instead of the filter's `from` and `to`.
    #[serde(default)]
    #[schema(inline)]
    pub period: Option<Named>,
}

/// What is wrong with a plan.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// The name is empty, too long, or not one line.
    #[error("The name is to be one line of 1 to {LONGEST_NAME_OF_VIEW} characters.")]
    Name,
    /// The port cannot be opened by everybody, or is none.
    #[error("The port is to be a number from {LOWEST_PORT} to 65535.")]
    Port,
    /// Calltrail needs the port for something else.
    #[error("Calltrail takes callbacks or shows its pages at port {port}. Choose another one.")]
    OwnPort {
        /// The port.
        port: u16,
    },
    /// The list cannot be exported so.
    #[error(transparent)]
    View(#[from] export::Unfit),
}

impl Plan {
    /// Says what is wrong with it, before it is kept.
    pub(super) fn check(&self) -> Result<(), Unfit> {
        if !export::is_name_of_view(&self.name) {
            return Err(Unfit::Name);
        }
        self.view.request()?;
        Ok(())
    }

    /// What is shown at a moment, in a format.
    pub fn request(&self, format: Format, now_ms: i64) -> Result<export::Request, export::Unfit> {
        let request = View { format, ..self.view.clone() }.request()?;
        // A link is one file.
        let request = export::Request { meta: false, ..request };
        let Some((from, to)) = self.period.and_then(|period| period.window(&request.tz, now_ms)) else {
            return Ok(request);
        };
        Ok(export::Request { filter: Filter { from: Some(from), to: Some(to), ..request.filter }, ..request })
    }
}

/// A plan and its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its number, which no other link ever has.
    pub id: u64,
    /// What it leads to.
    pub plan: Plan,
    /// What opens it.
    pub key: Key,
    /// When it was added, Unix milliseconds.
    pub added_ms: i64,
}

impl Link {
    /// Its place at the port: `/links/KEY/calls.xlsx`.
    pub fn place(&self) -> String {
        let View { kind, format, .. } = &self.plan.view;
        format!("/links/{}/{}.{}", self.key.expose(), kind.code(), format.code())
    }
}

/// All links.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct List {
    /// Whether the port is to be open.
    pub(super) on: bool,
    pub(super) port: u16,
    /// The highest number that was ever given.
    last_id: u64,
    pub(super) links: Vec<Link>,
}

impl Default for List {
    fn default() -> Self {
        Self { on: false, port: DEFAULT_PORT, last_id: 0, links: Vec::new() }
    }
}

impl List {
    /// Reads them; none where there is no file yet.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        durable_file::read_json(&folder.join(FILE))
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        durable_file::write_json(SETTINGS, &folder.join(FILE), self)
    }

    /// The port that is to be open; none where it is among those that are taken, whoever has written so.
    pub(super) fn wanted(&self, taken: &[u16]) -> Option<u16> {
        Some(self.port).filter(|port| self.on && *port >= LOWEST_PORT && !taken.contains(port))
    }

    pub(super) fn add(&mut self, plan: Plan, now_ms: i64) {
        self.last_id += 1;
        self.links.push(Link { id: self.last_id, plan, key: Key::random(), added_ms: now_ms });
    }

    pub(super) fn get(&mut self, id: u64) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.id == id)
    }
}
