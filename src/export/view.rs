//! What is exported, kept for later: a request in words, for exports that are made again and again and for links that refresh.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Error, Format, Headings, Kind, Profile, Request, Separator, TimeFormat, check};
use crate::{
    store::filter::Filter,
    zone::{self, Zone},
};

/// Which list is exported, which of its rows, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExportView)]
pub struct View {
    /// Which list.
    pub kind: Kind,
    /// Which format.
    pub format: Format,
    /// Which rows.
    #[serde(default)]
    pub filter: Filter,
    /// Which columns, in this order; all when not said.
    #[serde(default)]
    pub columns: Option<Vec<String>>,
    /// For whom a CSV file is made; `programs` when not said.
    #[serde(default)]
    pub profile: Profile,
    /// How times are written; `local` when not said.
    #[serde(default)]
    pub time_format: TimeFormat,
    /// What stands between the values of a CSV file; `comma` when not said.
    #[serde(default)]
    pub separator: Separator,
    /// What the columns are called; `names` when not said.
    #[serde(default)]
    pub headings: Headings,
    /// The zone that times are written in, and whose days are meant.
    #[schema(max_length = 100)]
    pub tz: String,
}

/// The most characters of the name by which people keep a view.
pub const LONGEST_NAME_OF_VIEW: usize = 200;

/// Whether a view can be kept under this name: one line, and something in it.
pub fn is_name_of_view(name: &str) -> bool {
    let breaks = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME_OF_VIEW && !name.contains(breaks)
}

/// Why a view cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// The zone is none.
    #[error(transparent)]
    Zone(#[from] zone::Error),
    /// The list cannot be exported so.
    #[error(transparent)]
    Export(#[from] Error),
}

impl View {
    /// The zone that it names.
    pub fn zone(&self) -> Result<Zone, zone::Error> {
        Zone::read(&self.tz)
    }

    /// What is to be exported now.
    pub fn request(&self) -> Result<Request, Unfit> {
        let request = Request {
            kind: self.kind,
            format: self.format,
            filter: self.filter.clone(),
            // None of them is no table.
            columns: self.columns.clone().filter(|columns| !columns.is_empty()),
            tz: self.zone()?,
            time_format: self.time_format,
            profile: self.profile,
            separator: self.separator,
            headings: self.headings,
            origins: false,
            meta: true,
        };
        check(&request)?;
        Ok(request)
    }
}
