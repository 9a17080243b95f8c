//! What people add, from the command line: the same beside a running Calltrail and without one.

use super::{APP, Folder};
use crate::process::{Serve, end_call};

#[test]
fn contacts_notes_and_tags_are_in_the_exports() {
    for running in [true, false] {
        let folder = Folder::new();
        folder.good(&["app", "add", APP]);
        let serve = Serve::start(&folder.data());
        assert_eq!(serve.post(&format!("SdkAppid={APP}"), &[], end_call("c-1").as_bytes()).status, 200, "a call");
        let caller = caller(&folder);
        let beside = running.then_some(serve);

        let table = format!("用户ID;姓名;团队;我方\r\n{caller};王 芳;前台;是\r\n1.23E+15;x;;\r\nnobody;=Ann;;\r\n");
        let file = folder.write("contacts.csv", &table);
        let import = |more: &[&'static str]| [&["contacts", "import", file.as_str()], more].concat();
        let said = folder.bad(1, &import(&["--all-or-none"]));
        assert!(said.contains("line 3"), "the row that cannot be taken is named: {said}");
        assert!(!folder.good(&["export", "people"]).contains("王 芳"), "all or none");
        let said = folder.bad(1, &import(&["--dry-run"]));
        assert!(said.contains("line 3"), "a trial says so too: {said}");
        assert!(!folder.good(&["export", "people"]).contains("王 芳"), "and writes nothing");
        folder.bad(1, &import(&[]));
        let people = folder.good(&["export", "people"]);
        assert!(people.contains(&format!("{caller},王 芳,前台,yes")), "the others are taken: {people}");
        assert!(people.contains("nobody,=Ann"), "also one who was never seen: {people}");

        assert_eq!(folder.good(&["contacts", "set", "nobody", "--name", "Ann"]), "nobody: 1 field changed.\n", "set");
        assert_eq!(
            folder.good(&["contacts", "set", "nobody", "--name", "Ann"]),
            "nobody: that was known already.\n",
            "once"
        );
        folder.good(&["note", "add", "--call", "c-1", "rang twice"]);
        assert!(folder.good(&["note", "list", "--call", "c-1"]).contains("rang twice"), "the note");
        assert_eq!(folder.good(&["tag", "add", "billing", "c-1"]), "1 call changed.\n", "the tag");
        let calls = folder.good(&["export", "calls", "--columns", "call_id,caller_name,note,tags"]);
        assert_eq!(calls, "call_id,caller_name,note,tags\r\nc-1,王 芳,rang twice,billing\r\n", "in the export");
        for (filter, wanted) in [
            (["--tag", "billing"], 1),
            (["--tag", "other"], 0),
            (["--team", "前台"], 1),
            (["--person", caller.as_str()], 1),
            (["--person", "nobody"], 0),
            (["--q", "王 芳"], 1),
            (["--q", "twice"], 1),
        ] {
            let found = folder.good(&[&["export", "calls"], filter.as_slice()].concat());
            assert_eq!(found.lines().count() - 1, wanted, "{filter:?}: {found}");
        }
        assert_eq!(folder.good(&["tag", "remove", "billing", "c-1"]), "1 call changed.\n", "taken off");
        let complaint = folder.bad(1, &["tag", "add", "billing", "c-2"]);
        assert!(complaint.contains("no call c-2"), "{complaint}");

        let entries = folder.path("entries.jsonl");
        folder.good(&["export", "entries", "--format", "jsonl", "-o", &entries]);
        drop(beside);
        let other = Folder::new();
        for _ in 0..2 {
            other.good(&["import", &entries]);
        }
        assert!(other.good(&["export", "people"]).contains("nobody,Ann"), "elsewhere it is the same, however often");
        folder.good(&["verify"]);
    }
}

/// Who called, as the export says.
fn caller(folder: &Folder) -> String {
    let calls = folder.good(&["export", "calls", "--columns", "caller"]);
    calls.lines().nth(1).expect("a call").to_owned()
}
