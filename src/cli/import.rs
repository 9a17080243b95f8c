//! `import`: deliveries, and what people have added, from JSON Lines into the record.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use calltrail::{
    config::{Apps, Config},
    import::{self, BadLines, Tally},
    store::Store,
};
use clap::Args;

use super::{Fault, output};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// JSON Lines files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(folder: &Path, options: &Options) -> Result<(), Fault> {
    let store = Store::open(folder, "calltrail import")?;
    let apps = Apps::new(Config::load(folder)?.map(|config| config.apps).unwrap_or_default());
    let mut all_good = true;
    for file in &options.files {
        all_good &= import_file(&store, &apps, file);
    }
    store.close()?;
    if all_good { Ok(()) } else { Err(Fault::Told) }
}

/// Imports one file and says what became of it; a file that cannot be read does not keep the next one out.
fn import_file(store: &Store, apps: &Apps, file: &Path) -> bool {
    let name = if is_stdin(file) { "standard input".to_owned() } else { file.display().to_string() };
    let mut bad = BadLines::default();
    let result = open(file).map_err(|error| error.to_string()).and_then(|input| {
        import::import(store, |app| apps.contains(app), input, &mut bad).map_err(|error| error.to_string())
    });
    for sentence in bad.sentences() {
        output::complain(&format!("{name}, {sentence}"));
    }
    if let Some(words) = result.as_ref().ok().filter(|tally| tally.is_nothing()).and_then(|tally| tally.looks.words()) {
        output::complain(&format!("{name}: nothing in it is a delivery. It looks like {words}."));
    }
    match result {
        Ok(tally) => output::print(&format!("{name}: {}\n", summary(tally))).is_ok() && tally.bad == 0,
        Err(why) => {
            output::complain(&format!("{name}: {why}"));
            false
        }
    }
}

fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn open(file: &Path) -> io::Result<Box<dyn BufRead>> {
    if is_stdin(file) {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::with_capacity(64 * 1024, File::open(file)?)))
}

fn summary(tally: Tally) -> String {
    let mut parts = vec![format!("{} new", tally.new), format!("{} known already", tally.known)];
    if tally.entries > 0 {
        parts.push(format!("{} by people", output::counted(tally.entries, "entry", "entries")));
    }
    if tally.quarantined > 0 {
        parts.push(format!("{} in quarantine", tally.quarantined));
    }
    if tally.bad > 0 {
        parts.push(format!("{} left out", output::counted(tally.bad, "bad line", "bad lines")));
    }
    parts.join(", ") + "."
}
