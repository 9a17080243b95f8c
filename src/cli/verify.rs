//! `verify`: whether the record can be trusted, one line per check.

use std::path::Path;

use calltrail::store::{self, AsideKind, SetAside, Verified};

use super::{Fault, output};

/// How SQLite marks what it says of a projection's file.
const OF_PROJECTION: &str = "*** in database projection";
/// What to do about a damaged archive, by hand: every step keeps what is there.
const DAMAGED_ARCHIVE: &str = "Stop Calltrail, copy the data folder, move calltrail.db and what lies beside it (-wal, -shm) elsewhere, and start \
    again; `calltrail restore` brings back whatever the moved file and the backups hold.";

/// What to do when the check could not be carried out.
const NOT_CHECKED: &str = "So the record was not checked to its end; that says nothing about what is in it. See that the disk is well and has room, and \
    that no other program has locked the file, and try again.";

pub(crate) fn run(folder: &Path) -> Result<(), Fault> {
    let verified = match store::verify(folder) {
        Ok(verified) => verified,
        Err(error) if error.is_damage() => {
            return Err(Fault::Failed(format!("The record could not be read to its end. {error}. {DAMAGED_ARCHIVE}")));
        }
        // A lock, a disk that fails or is full: what to do about that is no matter of what the record holds.
        Err(error @ store::Error::Sqlite(_)) => return Err(Fault::Failed(format!("{error}. {NOT_CHECKED}"))),
        Err(error) => return Err(error.into()),
    };
    output::print(&report(&verified, &store::set_aside(folder)))?;
    if verified.is_sound() { Ok(()) } else { Err(Fault::Told) }
}

/// What was found, one line per check, and what to do about it.
fn report(verified: &Verified, damaged: &[SetAside]) -> String {
    let mut text = [files(verified), references(verified), archive(verified), projection(verified)].concat();
    let (damaged, exchanged): (Vec<SetAside>, Vec<SetAside>) =
        damaged.iter().cloned().partition(|aside| aside.kind == AsideKind::Damaged);
    if !damaged.is_empty() {
        text += &put_aside(&damaged);
    }
    if !exchanged.is_empty() {
        text += &went_away(&exchanged);
    }
    text
}

fn good(says: &str) -> String {
    format!("ok   {says}\n")
}

fn note(says: &str) -> String {
    format!("note {says}\n")
}

fn bad(says: &str) -> String {
    format!("BAD  {says}\n")
}

fn files(verified: &Verified) -> String {
    if verified.integrity == ["ok"] {
        return good("The database files are sound.");
    }
    let found = verified.integrity.join("; ").replace('\n', " ");
    if verified.integrity.iter().all(|line| line.starts_with(OF_PROJECTION)) {
        return bad(&format!(
            "The file of what is derived is damaged ({found}). The archive is sound, so nothing is lost: `calltrail rebuild` makes it anew."
        ));
    }
    bad(&format!("The archive's file is damaged ({found}). {DAMAGED_ARCHIVE}"))
}

fn references(verified: &Verified) -> String {
    match verified.dangling {
        0 => good("Every repeat belongs to a delivery."),
        dangling => {
            let which = output::counted(dangling, "repeat belongs", "repeats belong");
            bad(&format!(
                "{which} to no delivery: it is missing from the archive. `calltrail restore` with a backup brings it back."
            ))
        }
    }
}

fn archive(verified: &Verified) -> String {
    let deliveries = output::counted(verified.deliveries, "delivery", "deliveries");
    if verified.altered.is_empty() {
        return good(&format!("The archive holds {deliveries}, each as it was received."));
    }
    bad(&format!(
        "Of {deliveries}, these are not as they were received: {}. A backup made before that still holds them as they were.",
        verified.altered.join(", ")
    ))
}

fn projection(verified: &Verified) -> String {
    if verified.missing > 0 {
        let missing = output::counted(verified.missing, "delivery is", "deliveries are");
        return note(&format!(
            "Calls, rooms and stays are still being derived from the archive, so they were not compared: {missing} to come. Calltrail goes on \
             with it while it runs."
        ));
    }
    if verified.other_rules {
        return note(
            "Calls, rooms and stays were derived by the rules of another version, so they were not compared. Deliveries in the window shows what \
             would change and asks; `calltrail rebuild` accepts it.",
        );
    }
    if verified.differing.is_empty() {
        return good("The record is what follows from the archive.");
    }
    let differ = if verified.differing.len() == 1 { "differs" } else { "differ" };
    bad(&format!(
        "{} {differ} from what follows from the archive; `calltrail rebuild` mends that.",
        verified.differing.join(", ")
    ))
}

fn put_aside(damaged: &[SetAside]) -> String {
    let archives = |count: usize| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        output::counted(count, "damaged archive", "damaged archives")
    };
    match damaged.iter().filter(|aside| aside.saved.is_none()).count() {
        0 => {
            good(&format!("{} put aside earlier; what could be read of it is in the record.", archives(damaged.len())))
        }
        waiting => note(&format!(
            "{} put aside and not saved yet. Calltrail brings over what can be read of it while it runs.",
            archives(waiting)
        )),
    }
}

fn went_away(exchanged: &[SetAside]) -> String {
    let times = output::counted(u64::try_from(exchanged.len()).unwrap_or(u64::MAX), "time", "times");
    let says = format!("{times} a file of the record went away or was exchanged in use; the record was written again");
    if exchanged.iter().all(|aside| aside.saved.is_some()) {
        return good(&format!("{says}, and nothing of it is missing."));
    }
    note(&format!("{says}. Calltrail brings over what the other file holds while it runs."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calltrail::store::Saved;
    use expect_test::expect;

    fn sound() -> Verified {
        Verified {
            deliveries: 1,
            integrity: vec!["ok".to_owned()],
            dangling: 0,
            altered: Vec::new(),
            differing: Vec::new(),
            missing: 0,
            other_rules: false,
        }
    }

    #[test]
    fn a_sound_record_has_a_line_for_each_check() {
        expect![[r#"
            ok   The database files are sound.
            ok   Every repeat belongs to a delivery.
            ok   The archive holds 1 delivery, each as it was received.
            ok   The record is what follows from the archive.
        "#]]
        .assert_eq(&report(&sound(), &[]));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_do() {
        let broken = Verified {
            integrity: vec!["*** in database main ***\nTree 5 page 7: never used".to_owned()],
            dangling: 1,
            altered: vec!["abcd".to_owned()],
            differing: vec!["call".to_owned(), "member".to_owned()],
            ..sound()
        };
        expect![[r#"
            BAD  The archive's file is damaged (*** in database main *** Tree 5 page 7: never used). Stop Calltrail, copy the data folder, move calltrail.db and what lies beside it (-wal, -shm) elsewhere, and start again; `calltrail restore` brings back whatever the moved file and the backups hold.
            BAD  1 repeat belongs to no delivery: it is missing from the archive. `calltrail restore` with a backup brings it back.
            BAD  Of 1 delivery, these are not as they were received: abcd. A backup made before that still holds them as they were.
            BAD  call, member differ from what follows from the archive; `calltrail rebuild` mends that.
        "#]]
        .assert_eq(&report(&broken, &[]));
        let derived = Verified { integrity: vec![format!("{OF_PROJECTION} ***\nPage 3: never used")], ..sound() };
        let says = report(&derived, &[]);
        assert!(says.contains("The archive is sound, so nothing is lost"), "only what is derived is damaged: {says}");
    }

    #[test]
    fn what_is_under_way_is_a_note() {
        let filling = Verified { missing: 2, ..sound() };
        let newer = Verified { other_rules: true, ..sound() };
        let aside =
            |saved, kind| SetAside { name: String::new(), at_ms: 0, kind, why: String::new(), saved, seen: true };
        let damaged = |saved| aside(saved, AsideKind::Damaged);
        let (gone, other) = (aside(Some(Saved::default()), AsideKind::WentAway), aside(None, AsideKind::Exchanged));
        let text = [
            projection(&filling),
            projection(&newer),
            put_aside(&[damaged(None), damaged(Some(Saved::default()))]),
            put_aside(&[damaged(Some(Saved::default()))]),
            went_away(std::slice::from_ref(&gone)),
            went_away(&[gone, other]),
        ];
        expect![[r#"
            note Calls, rooms and stays are still being derived from the archive, so they were not compared: 2 deliveries are to come. Calltrail goes on with it while it runs.
            note Calls, rooms and stays were derived by the rules of another version, so they were not compared. Deliveries in the window shows what would change and asks; `calltrail rebuild` accepts it.
            note 1 damaged archive put aside and not saved yet. Calltrail brings over what can be read of it while it runs.
            ok   1 damaged archive put aside earlier; what could be read of it is in the record.
            ok   1 time a file of the record went away or was exchanged in use; the record was written again, and nothing of it is missing.
            note 2 times a file of the record went away or was exchanged in use; the record was written again. Calltrail brings over what the other file holds while it runs.
        "#]]
        .assert_eq(&text.concat());
        assert!(filling.is_sound() && newer.is_sound(), "neither is a fault");
    }
}
