//! `app add`, `app list`, `app remove`.

use expect_test::expect;

use super::Folder;

#[test]
fn applications_are_added_listed_and_removed() {
    let folder = Folder::new();
    assert_eq!(folder.good(&["app", "list"]), "", "no application, no line");
    assert_eq!(folder.good(&["app", "list", "--json"]), "[]\n", "and no entry");
    assert!(!folder.data().exists(), "looking makes no folder");

    folder.good(&["app", "add", "1400000000", "--label", "Clinic 诊所", "--region", "intl"]);
    let again = folder.good(&["app", "add", "20000001"]);
    assert_eq!(again, "20000001 is one of our apps now.\n", "what was done is said");
    folder.good(&["app", "add", "20000001", "--label", "Ward"]);
    expect![[r#"
        1400000000  Clinic 诊所  intl
        20000001    Ward
    "#]]
    .assert_eq(&folder.good(&["app", "list"]));
    expect![[r#"
        [{"id":"1400000000","label":"Clinic 诊所","region":"intl"},{"id":"20000001","label":"Ward","region":""}]
    "#]]
    .assert_eq(&folder.good(&["app", "list", "--json"]));

    folder.good(&["app", "remove", "1400000000"]);
    assert_eq!(folder.good(&["app", "list"]), "20000001  Ward\n", "the other one stays");
    let complaint = folder.bad(1, &["app", "remove", "1400000000"]);
    assert!(complaint.contains("not one of our apps"), "a slip of the finger is told: {complaint}");
}

#[test]
fn an_application_is_digits() {
    let folder = Folder::new();
    for id in ["", "abc", "14 00", "-1", "１４００"] {
        let complaint = folder.bad(2, &["app", "add", "--", id]);
        assert!(complaint.contains("digits"), "{id:?} is refused with the reason: {complaint}");
    }
    assert!(!folder.data().exists(), "and nothing is made of it");
}

#[cfg(unix)]
#[test]
fn the_settings_are_their_owners_alone() {
    let folder = Folder::new();
    folder.good(&["app", "add", "1400000000"]);
    assert_eq!(super::mode(folder.data()), 0o700, "nobody else looks into the folder");
    for name in ["config.json", "calltrail.db"] {
        assert_eq!(super::mode(folder.data().join(name)), 0o600, "nobody else reads {name}");
    }
}
