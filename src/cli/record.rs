//! `rebuild` and `verify`: the record as a whole.

use std::path::Path;

use calltrail::store::{self, Store};

use super::{Fault, output};

pub(crate) fn rebuild(folder: &Path) -> Result<(), Fault> {
    let store = Store::open(folder, "calltrail rebuild")?;
    let report = store.rebuild()?;
    store.close()?;
    output::print(&format!("{report}\n"))
}

pub(crate) fn verify(folder: &Path) -> Result<(), Fault> {
    let report = store::verify(folder)?;
    output::print(&format!("{report}\n"))?;
    if report.is_good() { Ok(()) } else { Err(Fault::Told) }
}
