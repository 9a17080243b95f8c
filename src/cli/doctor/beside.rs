//! What is kept beside the record for exports that are made again and again, for links, and for passing on. Only what is wrong is said.

use std::{io, path::Path};

use calltrail::{clock::Clock, config::Apps, forward, links::Links, schedule::Schedules};

use super::Finding;

pub(super) fn look(folder: &Path) -> Vec<Finding> {
    let schedules = Schedules::open(folder, Clock::system(), Apps::new(Vec::new())).err();
    let links = Links::open(folder, Clock::system(), Vec::new()).err();
    let of = |what, file, without, error: io::Error| {
        let remedy = "put a copy of it back, or move it away and enter them anew";
        Finding::bad(what, format!("{file} cannot be read ({error}), so {without}; {remedy}"))
    };
    let schedules = schedules.map(|error| of("schedules", "schedules.json", "nothing is exported by itself", error));
    let links = links.map(|error| of("links", "links.json", "no spreadsheet can load a list", error));
    let passing_on = forward::look(folder).err().map(|error| {
        let remedy = "move it away and add the addresses again; `calltrail forward replay` sends what they did not get";
        Finding::bad("passing on", format!("{error} Nothing is passed on; {remedy}"))
    });
    schedules.into_iter().chain(links).chain(passing_on).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_list_that_cannot_be_read_is_said_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(look(folder.path()), []);
        for file in ["schedules.json", "links.json"] {
            fs::write(folder.path().join(file), "{").expect("a file");
        }
        fs::write(folder.path().join("forward.db"), "no database".repeat(1_000)).expect("a file");
        let said: Vec<String> = look(folder.path()).iter().map(|finding| format!("{finding}\n")).collect();
        expect_test::expect![[r#"
            BAD  schedules      schedules.json cannot be read (EOF while parsing an object at line 1 column 1), so nothing is exported by itself; put a copy of it back, or move it away and enter them anew
            BAD  links          links.json cannot be read (EOF while parsing an object at line 1 column 1), so no spreadsheet can load a list; put a copy of it back, or move it away and enter them anew
            BAD  passing on     forward.db, which remembers what goes on to other addresses, cannot be used: file is not a database. The record is not concerned. Nothing is passed on; move it away and add the addresses again; `calltrail forward replay` sends what they did not get
        "#]]
        .assert_eq(&said.concat());
    }
}
