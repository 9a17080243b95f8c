//! `rebuild` and `verify`: the record as a whole.

use std::path::Path;

use calltrail::store::{self, Store, Verified};

use super::{Fault, output};

pub(crate) fn rebuild(folder: &Path) -> Result<(), Fault> {
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

pub(crate) fn verify(folder: &Path) -> Result<(), Fault> {
    let verified = store::verify(folder)?;
    output::print(&report(&verified))?;
    if verified.is_sound() { Ok(()) } else { Err(Fault::Told) }
}

/// What was found, one line per check, and what to do about it.
fn report(verified: &Verified) -> String {
    let mut text = String::new();
    let mut line = |good: bool, says: String| {
        text.push_str(if good { "ok   " } else { "BAD  " });
        text.push_str(&says);
        text.push('\n');
    };
    let file_is_sound = verified.integrity == ["ok"] && verified.dangling == 0;
    line(
        file_is_sound,
        if file_is_sound {
            "The database file is sound.".to_owned()
        } else {
            let found = verified.integrity.join("; ");
            format!(
                "The database file is damaged ({found}; {}). Copy the data folder before anything else, then put back a backup.",
                output::counted(verified.dangling, "reference leads nowhere", "references lead nowhere")
            )
        },
    );
    let deliveries = output::counted(verified.deliveries, "delivery", "deliveries");
    line(
        verified.altered.is_empty(),
        if verified.altered.is_empty() {
            format!("The archive holds {deliveries}, each as it was received.")
        } else {
            format!("Of {deliveries}, these are not as they were received: {}.", verified.altered.join(", "))
        },
    );
    line(
        verified.differing.is_empty(),
        if verified.differing.is_empty() {
            "The record is what follows from the archive.".to_owned()
        } else {
            format!(
                "{} differ from what follows from the archive; `calltrail rebuild` mends that.",
                verified.differing.join(", ")
            )
        },
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn what_is_wrong_is_told_with_what_to_do() {
        let sound = Verified {
            deliveries: 1,
            integrity: vec!["ok".to_owned()],
            dangling: 0,
            altered: Vec::new(),
            differing: Vec::new(),
            missing: 0,
        };
        expect![[r#"
            ok   The database file is sound.
            ok   The archive holds 1 delivery, each as it was received.
            ok   The record is what follows from the archive.
        "#]]
        .assert_eq(&report(&sound));
        let broken = Verified {
            dangling: 1,
            altered: vec!["abcd".to_owned()],
            differing: vec!["call".to_owned(), "member".to_owned()],
            ..sound
        };
        expect![[r#"
            BAD  The database file is damaged (ok; 1 reference leads nowhere). Copy the data folder before anything else, then put back a backup.
            BAD  Of 1 delivery, these are not as they were received: abcd.
            BAD  call, member differ from what follows from the archive; `calltrail rebuild` mends that.
        "#]]
        .assert_eq(&report(&broken));
    }
}
