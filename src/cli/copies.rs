//! `backup` and `restore`: a copy of the archive, and the union with one.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use calltrail::{
    import::{self, Looks},
    store::{self, Saved, Store},
};
use clap::Args;

use super::{Fault, output, stop};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The file that holds the copy
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn backup(folder: &Path, options: &Options) -> Result<(), Fault> {
    let file = options.file.display();
    let stop = stop::flag()?;
    let given_up = || stop.load(Ordering::Relaxed);
    let deliveries = store::backup_unless(folder, &options.file, &given_up).map_err(|error| match error {
        store::Error::Interrupted => Fault::Failed(format!("The copy was given up, so there is no {file}.")),
        store::Error::BackupFailed(found) => Fault::Failed(format!(
            "The copy did not pass its check ({found}), so there is no {file}. The record itself was not touched; `calltrail verify` looks at it."
        )),
        error if error.is_damage() => Fault::Failed(format!(
            "{error}, so there is no {file}. The record itself was not touched; `calltrail verify` looks at it."
        )),
        error @ store::Error::Sqlite(_) => Fault::Failed(format!(
            "{error}, so there is no {file}. The record itself was not touched. See that the disk has room, and try again."
        )),
        error => error.into(),
    })?;
    let deliveries = output::counted(deliveries, "delivery", "deliveries");
    output::print(&format!("{deliveries} copied to {file}, and the copy was checked.\n"))
}

pub(crate) fn restore(folder: &Path, options: &Options) -> Result<(), Fault> {
    let file = &options.file;
    // Looked at before the record is opened, so that a wrong name does not begin a record.
    is_file(file)?;
    if let Some(words) = foreign(file) {
        let file = file.display();
        return Err(Fault::Failed(format!(
            "{file} is not an archive of Calltrail. It looks like {words}. Nothing was changed."
        )));
    }
    let store = Store::open(folder, "calltrail restore")?;
    let saved = store.restore(file);
    store.close()?;
    output::print(&report(file, saved.map_err(|error| refused(file, error))?))
}

fn is_file(file: &Path) -> Result<(), Fault> {
    let why = match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => return Ok(()),
        Ok(metadata) if metadata.is_file() => "it is empty".to_owned(),
        Ok(_) => "it is not a file".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Fault::Failed(format!("{} could not be read: {why}. Nothing was changed.", file.display())))
}

/// What the file looks like, where that is no database.
fn foreign(file: &Path) -> Option<&'static str> {
    let mut beginning = Vec::new();
    let most = u64::try_from(import::LOOKED_AT).unwrap_or(u64::MAX);
    fs::File::open(file).and_then(|file| file.take(most).read_to_end(&mut beginning)).ok()?;
    let looks = Looks::of(&beginning);
    // What begins otherwise may be a database whose beginning is damaged.
    (!matches!(looks, Looks::Database | Looks::Binary | Looks::Unknown)).then(|| looks.words()).flatten()
}

/// Why nothing, or not everything, was brought back.
fn refused(file: &Path, error: store::Error) -> Fault {
    let file = file.display();
    Fault::Failed(match error {
        store::Error::Foreign(_) => {
            format!("{file} is a database of another program, not an archive of Calltrail. Nothing was changed.")
        }
        store::Error::Newer { found, known } => format!(
            "{file} is of version {found}, and this Calltrail knows versions up to {known}. Nothing was changed; please use the newer Calltrail."
        ),
        error if error.is_damage() => format!(
            "{file} is not an archive of Calltrail, or it is damaged beyond reading. Nothing that is in the record was lost."
        ),
        error => format!(
            "{file} could not be brought back to its end: {error} Nothing that is in the record was lost, and it can be tried again."
        ),
    })
}

/// What was read, what of it was new, and what was left out.
fn report(file: &Path, saved: Saved) -> String {
    let deliveries = output::counted(saved.deliveries, "delivery was", "deliveries were");
    let mut text = format!("{deliveries} read from {}.\n", file.display());
    let mut line = |says: String| text.push_str(&format!("  {says}\n"));
    line(match saved.new {
        0 => "None of them was new: the record holds them already.".to_owned(),
        new => format!("{} new to the record and in it now.", output::counted(new, "was", "were")),
    });
    if saved.repeats > 0 {
        line(format!("{} that the record did not know of.", output::counted(saved.repeats, "repeat", "repeats")));
    }
    if saved.quarantined > 0 {
        let deliveries = output::counted(saved.quarantined, "delivery", "deliveries");
        line(format!("{deliveries} went into quarantine, as in the file."));
    }
    if saved.entries > 0 {
        line(format!("{} by people that the record did not have.", output::counted(saved.entries, "entry", "entries")));
    }
    if saved.altered > 0 {
        let entries = output::counted(saved.altered, "entry was", "entries were");
        line(format!("{entries} left out, because the content is not what was received."));
    }
    if saved.unreadable > 0 {
        let places = output::counted(saved.unreadable, "place", "places");
        line(format!("{places} in the file could not be read; how much was there is not known."));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn everything_that_was_found_is_said() {
        let saved = Saved { deliveries: 9, new: 4, repeats: 1, quarantined: 2, entries: 5, altered: 1, unreadable: 3 };
        expect![[r#"
            9 deliveries were read from old.db.
              4 were new to the record and in it now.
              1 repeat that the record did not know of.
              2 deliveries went into quarantine, as in the file.
              5 entries by people that the record did not have.
              1 entry was left out, because the content is not what was received.
              3 places in the file could not be read; how much was there is not known.
        "#]]
        .assert_eq(&report(Path::new("old.db"), saved));
        expect![[r#"
            1 delivery was read from old.db.
              None of them was new: the record holds them already.
        "#]]
        .assert_eq(&report(Path::new("old.db"), Saved { deliveries: 1, ..Saved::default() }));
    }
}
