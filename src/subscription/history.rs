//! Every change of what Tencent sends: when, by whom, before, after, and what Tencent answered. One line of JSON each in
//! `callbacks.jsonl` beside the settings: the command line may change something while the window holds the record.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{Error, Problem};
use crate::{
    config::folder,
    tencent::{self, Configuration, Product},
};

/// The file's name in the data folder.
pub const FILE_NAME: &str = "callbacks.jsonl";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// Nothing, because it was so already.
    Nothing,
    /// Something was configured where nothing was.
    Set,
    /// A configuration took the place of another.
    Update,
    /// The configuration was removed.
    Delete,
}

impl Does {
    /// The code that the API uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Set => "set",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// What leads from one configuration to another.
    pub fn between(before: Option<&Configuration>, after: Option<&Configuration>) -> Self {
        match (before, after) {
            (None, None) => Self::Nothing,
            (None, Some(_)) => Self::Set,
            (Some(_), None) => Self::Delete,
            (Some(before), Some(after)) if before.is_same(after) => Self::Nothing,
            (Some(_), Some(_)) => Self::Update,
        }
    }
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeOrigin)]
pub enum Origin {
    /// Somebody at the Callbacks page.
    Window,
    /// The command line.
    Command,
    /// Somebody else, or Tencent's console: it was noticed here.
    Elsewhere,
}

impl Origin {
    /// The code that the API uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Command => "command",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// What Tencent answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Tencent's code: 0 for success; `None` when no answer came.
    pub code: Option<i64>,
    /// Why Tencent did not take it. One that a newer Calltrail wrote and this one does not know is left out, and the change stays.
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub error: Option<tencent::Error>,
    /// What an earlier Calltrail wrote down instead, in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl Answer {
    /// Tencent took it.
    pub fn accepted() -> Self {
        Self { code: Some(0), ..Self::default() }
    }

    /// Tencent did not take it.
    pub fn refused(error: tencent::Error) -> Self {
        Self { code: error.tencent_code(), error: Some(error), ..Self::default() }
    }

    /// Nobody here asked: somebody else made the change.
    pub fn none() -> Self {
        Self::default()
    }
}

fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<tencent::Error>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its number: the line in the file, from 1. Not in the file itself.
    #[serde(skip)]
    pub number: u64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub by: Origin,
    /// Of which application.
    pub app: String,
    /// Of which product.
    pub product: Product,
    /// What was done.
    pub does: Does,
    /// What Tencent had before.
    pub before: Option<Configuration>,
    /// What Tencent was to have afterwards; for a change elsewhere, what it was found to have.
    pub after: Option<Configuration>,
    /// What Tencent answered.
    pub answer: Answer,
    /// Whether it was read back and found so.
    pub confirmed: bool,
}

impl Change {
    /// Whether Tencent took it, as far as is known.
    pub fn was_made(&self) -> bool {
        self.confirmed || self.answer.code == Some(0)
    }
}

/// The history of one data folder.
#[derive(Clone, Debug)]
pub struct History {
    path: PathBuf,
}

impl History {
    /// The history of a data folder; there need not be any yet.
    pub fn of(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE_NAME) }
    }

    /// All changes of a product, the newest first.
    pub fn changes(&self, app: &str, product: Product) -> Result<Vec<Change>, Error> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => return Err(self.broken(why)),
        };
        let mut changes: Vec<Change> = (1..)
            .zip(text.split(|byte| *byte == b'\n'))
            .filter_map(|(number, line)| {
                // A line that was cut off by a power cut, or written by a newer Calltrail, is left out; its number stays.
                let change: Change = serde_json::from_slice(line).ok()?;
                Some(Change { number, ..change })
            })
            .filter(|change| change.app == app && change.product == product)
            .collect();
        changes.reverse();
        Ok(changes)
    }

    /// Opens the file for a change that is about to be made, so that none is made that could not be written down.
    pub fn open(&self) -> Result<Pen, Error> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        folder::make(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path).map_err(|why| self.broken(why))?;
        Ok(Pen { file, history: self.clone() })
    }

    fn broken(&self, why: io::Error) -> Error {
        Problem::History { path: self.path.display().to_string(), why: why.to_string() }.into()
    }
}

/// The open file.
#[derive(Debug)]
pub struct Pen {
    file: File,
    history: History,
}

impl Pen {
    /// Writes a change down and makes it durable; its number is not known yet.
    pub fn write(mut self, change: &Change) -> Result<(), Error> {
        let mut line = serde_json::to_vec(change).map_err(|why| self.history.broken(why.into()))?;
        line.push(b'\n');
        let written = self.start_of_line().and_then(|start| {
            if !start {
                line.insert(0, b'\n');
            }
            // One write at the end of the file: two processes do not mix their lines.
            self.file.write_all(&line)?;
            self.file.sync_all()
        });
        written.map_err(|why| self.history.broken(why))
    }

    /// False when the last line was cut off.
    fn start_of_line(&mut self) -> io::Result<bool> {
        if self.file.seek(SeekFrom::End(0))? == 0 {
            return Ok(true);
        }
        self.file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.file.read_exact(&mut last)?;
        Ok(last == *b"\n")
    }
}
