//! Figures on the command line: a table for people, JSON for programs, of the calls that an export would have.

use serde_json::Value;

use super::Folder;

fn figures(folder: &Folder, more: &[&str]) -> Value {
    let args: Vec<&str> = ["figures", "--json", "--tz", "utc"].iter().chain(more).copied().collect();
    serde_json::from_str(&folder.good(&args)).expect("JSON")
}

#[test]
fn figures_are_of_the_calls_that_an_export_has() {
    let folder = Folder::with_samples();
    for filter in
        [&[][..], &["--result", "normal_end"], &["--user", "alice", "--from", "2025-10-09"], &["--q", "nobody"]]
    {
        let args: Vec<&str> = ["export", "calls", "--tz", "utc"].iter().chain(filter).copied().collect();
        let exported = folder.good(&args).lines().count() - 1;
        let found = figures(&folder, filter);
        assert_eq!(found["calls"], exported, "{filter:?}");
        let by_hour: u64 = found["by_hour"].as_array().expect("hours").iter().filter_map(Value::as_u64).sum();
        assert_eq!(found["calls"], by_hour, "each has an hour: {filter:?}");
    }
    let compared = figures(&folder, &["--from", "2025-10-09", "--to", "2025-10-09", "--compare", "week"]);
    assert_eq!(compared["compared"]["from"], 1_759_363_200_000_i64, "2025-10-02: {compared}");
    let table = folder.good(&["figures"]);
    for words in ["calls ", "answered ", "by result ", "normal_end", "2025-", "(alice)"] {
        assert!(table.contains(words), "{words:?} is in the table:\n{table}");
    }
}

#[test]
fn figures_of_an_empty_record_are_nothing() {
    let folder = Folder::new();
    folder.good(&["app", "add", super::APP]);
    let found = figures(&folder, &[]);
    assert_eq!((&found["calls"], &found["answer_rate"]), (&Value::from(0), &Value::Null), "{found}");
    assert!(folder.good(&["figures"]).contains("answered      0 (-)"), "no rate of nothing");
    assert!(folder.bad(2, &["figures", "--result", "vidoe"]).contains("normal_end"), "the results that there are");
    assert!(folder.bad(2, &["figures", "--from", "soon"]).contains("soon"), "no time");
    assert!(folder.bad(2, &["figures", "--compare", "year"]).contains("week"), "no period");
}
