//! How much of the disk a record takes.

use std::{fs, path::Path};

use crate::{
    Bench, Outcome, Part,
    figures::{bytes, grouped, number, rounded, times_as},
    report::{Findings, Table},
};

pub(crate) const PART: Part = Part {
    name: "size",
    title: "Size",
    about: "
Bytes on the disk of a closed record. The archive holds every request as received, and is what is kept for ever; the projection
(calls, members, rooms, stays and their indexes) can be made anew from it. `sent` is what a delivery had in the first place: its
body, query and headers.
",
    measure,
};

/// Bytes of the files of a record.
pub(crate) struct Size {
    pub(crate) archive: u64,
    pub(crate) projection: u64,
}

/// Adds the files up, each with its log.
pub(crate) fn of(folder: &Path) -> Outcome<Size> {
    let mut size = Size { archive: 0, projection: 0 };
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let length = entry.metadata()?.len();
        match name {
            name if name.starts_with("calltrail.db") => size.archive += length,
            name if name.starts_with("projection-") => size.projection += length,
            _ => {}
        }
    }
    Ok(size)
}

fn measure(bench: &Bench) -> Outcome<Findings> {
    let mut findings = Findings::default();
    let columns = ["calls", "deliveries", "", "in all", "per delivery", "per call"];
    let mut table = Table::new(&columns);
    for &calls in bench.data_sets.sizes() {
        let facts = bench.data_sets.facts(calls)?;
        let size = of(&bench.data_sets.folder(calls)?)?;
        let rows = [
            ("sent", facts.received_bytes),
            ("archive", size.archive),
            ("projection", size.projection),
            ("together", size.archive + size.projection),
        ];
        for (name, length) in rows {
            let per = |of: u64| format!("{} B", rounded(times_as(number(length), number(of))));
            let cells = [grouped(facts.calls), grouped(facts.deliveries), name.to_owned(), bytes(length)];
            table.row(cells.into_iter().chain([per(facts.deliveries), per(facts.calls)]).collect());
        }
        let rate = rounded(number(facts.deliveries) / facts.seconds);
        findings.note(format!(
            "The record of {} calls was filled through the store's queue at {rate} deliveries a second.",
            grouped(facts.calls)
        ));
    }
    findings.tables.push(table);
    Ok(findings)
}
