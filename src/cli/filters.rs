//! Which rows a command is about: the options that `export` and `figures` share, and the filter that they make.

use calltrail::{
    callback::words::{CallResult, Words as _},
    export::times,
    store::filter::Filter,
    zone::{self, Zone},
};
use clap::Args;

use super::{Fault, apps, output};

#[derive(Debug, Args)]
pub(crate) struct Filters {
    /// From this time on: 2025-03-06, "2025-03-06 11:19" or RFC 3339
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this time; a date alone includes that day
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// A result of calls, such as normal_end or not_answer; may be repeated
    #[arg(long, value_name = "RESULT", value_parser = result)]
    pub(super) result: Vec<String>,
    /// An account id
    #[arg(long)]
    pub(super) user: Option<String>,
    /// The media of the call
    #[arg(long, value_parser = ["audio", "video"])]
    pub(super) media: Option<String>,
    /// The type of the call
    #[arg(long = "type", value_name = "TYPE", value_parser = ["single", "group"])]
    pub(super) call_type: Option<String>,
    /// A room id
    #[arg(long)]
    room: Option<String>,
    /// An SDKAppID
    #[arg(long, value_name = "ID", value_parser = apps::id)]
    app: Option<String>,
    /// An account id, and all other ids of the same person
    #[arg(long, value_name = "USER")]
    person: Option<String>,
    /// A team: calls with one of its people, or its people
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// A tag of calls
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
    /// Only calls with a note
    #[arg(long)]
    pub(super) note: bool,
    /// Text that a call, room or member id contains, a name, a note or a tag
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
    /// The time zone: an IANA name, an offset such as +08:00, local or utc
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true)]
    tz: String,
}

impl Filters {
    /// The filter that they make, and the zone in which times are read and written.
    pub(super) fn read(self) -> Result<(Filter, Zone), Fault> {
        let tz = zone(&self.tz)?;
        let (from, to) = window(self.from.as_deref(), self.to.as_deref(), &tz).map_err(Fault::Usage)?;
        let filter = Filter {
            from,
            to,
            result: several(&self.result),
            user: self.user,
            media: self.media,
            call_type: self.call_type,
            room: self.room,
            app: self.app,
            person: self.person,
            team: self.team,
            tag: self.tag,
            note: self.note.then(|| "yes".to_owned()),
            q: self.q,
            ..Filter::default()
        };
        Ok((filter, tz))
    }
}

/// Codes as a filter has them; nothing where there are none.
pub(super) fn several(codes: &[String]) -> Option<String> {
    Some(codes.join(",")).filter(|codes| !codes.is_empty())
}

fn result(text: &str) -> Result<String, String> {
    if CallResult::has(text) {
        Ok(text.to_owned())
    } else {
        Err(format!("the results are {}", CallResult::all().collect::<Vec<_>>().join(", ")))
    }
}

/// The zone that times are read and written in. Where nothing says which one this computer is in, its `date` shows UTC, and
/// so does the file; but nobody shall have to find that out.
pub(super) fn zone(text: &str) -> Result<Zone, Fault> {
    match Zone::read(text) {
        Err(why @ zone::Error::Nowhere(_)) => {
            output::complain(&format!("{why}. Times are taken and written in UTC; name another zone with --tz."));
            Ok(Zone::utc())
        }
        read => read.map_err(|error| Fault::Usage(error.to_string())),
    }
}

/// The window [from, to) in Unix milliseconds.
pub(super) fn window(from: Option<&str>, to: Option<&str>, tz: &Zone) -> Result<(Option<i64>, Option<i64>), String> {
    let from = from.map(|text| times::read_from(text, tz)).transpose().map_err(|error| format!("--from: {error}"))?;
    let to = to.map(|text| times::read_to(text, tz)).transpose().map_err(|error| format!("--to: {error}"))?;
    match (from, to) {
        (Some(from), Some(to)) if from >= to => {
            Err("--to is not after --from, so nothing can be in between.".to_owned())
        }
        window => Ok(window),
    }
}
