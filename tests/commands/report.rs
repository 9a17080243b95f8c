//! The report on the command line: a file whose name says what it is, with the figures that `figures` has.

use super::Folder;

#[test]
fn a_report_is_written_as_its_name_says() {
    let folder = Folder::with_samples();
    let days = ["--from", "2025-10-01", "--to", "2025-10-31", "--tz", "utc"];
    let report = |more: &[&str]| -> Vec<String> {
        ["report"].iter().chain(&days).chain(more).map(|arg| (*arg).to_owned()).collect()
    };
    let run = |more: &[&str]| folder.good(&report(more).iter().map(String::as_str).collect::<Vec<_>>());
    let (book, page) = (folder.path("week.xlsx"), folder.path("week.html"));
    run(&["-o", &book]);
    run(&["-o", &page, "--language", "en"]);
    assert!(std::fs::read(&book).expect("a file").starts_with(b"PK\x03\x04"), "a workbook");
    let text = std::fs::read_to_string(&page).expect("a file");
    let args: Vec<&str> = ["figures", "--json"].iter().chain(&days).copied().collect();
    let figures: serde_json::Value = serde_json::from_str(&folder.good(&args)).expect("JSON");
    let calls = format!("<bdi>Calls</bdi></th><td class=\"n\">{}</td>", figures["calls"]);
    assert!(figures["calls"].as_u64() > Some(0) && text.contains(&calls), "{calls} in {text}");
    assert_eq!(run(&["-o", "-", "--format", "html", "--language", "en"]), text, "the same on standard output");
    for (args, why) in [
        (&["report", "-o", &page][..], "--period"),
        (&["report", "--period", "fortnight", "-o", &page], "last-week"),
        (&["report", "--period", "last-week", "--from", "2025-10-01", "-o", &page], "--from"),
        (&["report", "--period", "last-week", "-o", "week.pdf"], "--format"),
        (&["report", "--period", "last-week", "--tz", "Mars", "-o", &page], "time zone"),
    ] {
        let said = folder.bad(2, args);
        assert!(said.contains(why), "{args:?} is explained by {why:?}: {said}");
    }
    assert_eq!(std::fs::read_to_string(&page).expect("a file"), text, "nothing was replaced meanwhile");
}
