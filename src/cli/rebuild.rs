//! `rebuild`: calls, rooms and stays anew from the archive.

use std::path::Path;

use calltrail::store::Store;

use super::{Fault, output};

pub(crate) fn run(folder: &Path) -> Result<(), Fault> {
    let store = Store::open(folder, "calltrail rebuild")?;
    let rebuilt = store.rebuild()?;
    store.close()?;
    let replayed = output::counted(rebuilt.deliveries, "delivery was", "deliveries were");
    output::print(&format!("{replayed} replayed; calls, rooms and stays follow from them again.\n"))?;
    if rebuilt.faults == 0 {
        return Ok(());
    }
    let faults = output::counted(rebuilt.faults, "delivery", "deliveries");
    Err(Fault::Failed(format!(
        "{faults} could not be applied; Deliveries lists them under the verdict \"fault\". They are kept."
    )))
}
