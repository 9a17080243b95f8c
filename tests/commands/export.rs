//! `export`: the files, their windows and what is refused.

use std::{fs, process::Stdio};

use expect_test::expect;

use super::Folder;

#[test]
fn the_samples_as_calls_members_rooms_and_stays() {
    let folder = Folder::with_samples();
    expect![[r#"
        call_id,app,started,answered,ended,result,media,type,caller,caller_name,callees,callee_names,members,ring_seconds,talk_seconds,room_id,room_id_type,source,note,tags
        7c1f4f0e-demo-4b1c-9c55-000000000001,1400123456,2025-10-09 08:53:20,2025-10-09 08:53:24,2025-10-09 08:54:24,normal_end,video,single,alice,,bob; dave,,3,4,60,424242,,callback,,
        7c1f4f0e-demo-4b1c-9c55-000000000002,1400123456,2025-10-09 08:53:20,2025-10-09 08:53:29,2025-10-09 09:03:20,normal_end,audio,group,alice,,,,1,9,591,424242,,callback,,
        b0a7d1c2-0000-4c11-8d3e-5f00000000aa,1400123456,2025-10-09 08:53:20,2025-10-09 08:53:24,2025-10-09 08:54:55,offline,video,single,alice,,bob,,4,4,91,room-77,text,callback,,

        call_id,app,user,user_name,role,invited,joined,left,outcome,ring_seconds,talk_seconds,platform
        7c1f4f0e-demo-4b1c-9c55-000000000001,1400123456,alice,,caller,,2025-10-09 08:53:20,2025-10-09 08:54:24,normal_end,4,60,iOS
        7c1f4f0e-demo-4b1c-9c55-000000000001,1400123456,bob,,callee,2025-10-09 08:53:21,2025-10-09 08:53:24,2025-10-09 08:54:24,normal_end,3,26,Android
        7c1f4f0e-demo-4b1c-9c55-000000000001,1400123456,dave,,callee,2025-10-09 08:53:20,2025-10-09 08:54:00,2025-10-09 08:54:24,normal_end,40,24,Web
        7c1f4f0e-demo-4b1c-9c55-000000000002,1400123456,alice,,caller,,2025-10-09 08:53:20,2025-10-09 09:03:20,normal_end,9,591,Android
        b0a7d1c2-0000-4c11-8d3e-5f00000000aa,1400123456,alice,,caller,,2025-10-09 08:53:20,2025-10-09 08:54:55,offline,4,91,iOS
        b0a7d1c2-0000-4c11-8d3e-5f00000000aa,1400123456,bob,,callee,2025-10-09 08:53:20,2025-10-09 08:53:25,2025-10-09 08:53:25,offline,4,0,iOS
        b0a7d1c2-0000-4c11-8d3e-5f00000000aa,1400123456,carol,,,2025-10-09 08:53:25,2025-10-09 08:53:25,2025-10-09 08:54:55,offline,0,90,iOS
        b0a7d1c2-0000-4c11-8d3e-5f00000000aa,1400123456,dave,,,2025-10-09 08:53:25,,,,,,

        room_id,room_id_type,app,product,name,owner,created,ended,end_reason,users,stays,peak
        424242,number,1400123456,rtc,,,2025-10-09 08:53:20,,,1,1,1
        424242,text,1400123456,rtc,,,,2025-10-09 08:53:20,dismiss,0,0,0
        conf-5,,1400123456,conference,Standup 2,bob,,,,1,2,1
        live-room-9,,1400123456,live,Morning show,144115200000000123,2025-10-09 08:53:20,2025-10-09 09:53:20,destroy_by_user,2,5,2

        room_id,room_id_type,app,product,user,user_name,entered,left,seconds,away_seconds,enter_cause,leave_cause
        live-room-9,,1400123456,live,alice,,,2025-10-09 08:53:20.777,,0,,leave
        live-room-9,,1400123456,live,alice,,2025-10-09 08:53:20.777,2025-10-09 09:53:20.000,3599,0,enter,room_closed
        live-room-9,,1400123456,live,bob,,2025-10-09 08:53:20.777,2025-10-09 08:53:20.777,0,0,enter,kicked
        live-room-9,,1400123456,live,bob,,,2025-10-09 08:53:20.777,,0,,leave
        424242,number,1400123456,rtc,alice,,2025-10-09 08:53:20.100,2025-10-09 08:53:20.100,0,0,enter,leave
        conf-5,,1400123456,conference,bob,,,2025-10-09 08:53:20.004,,0,,kicked
        conf-5,,1400123456,conference,bob,,2025-10-09 08:53:20.003,2025-10-09 08:53:20.004,0,0,enter,leave
        live-room-9,,1400123456,live,alice,,2025-10-09 08:53:20.000,2025-10-09 08:53:20.777,0,0,enter,kicked
    "#]].assert_eq(&folder.record().replace("\r\n", "\n"));
}

#[test]
fn the_samples_as_deliveries() {
    let folder = Folder::with_samples();
    let columns = "received,family,command,verdict,call_id,room_id";
    let window = ["--from", "2025-12-01 16:01", "--to", "2025-12-01 16:01:12"];
    let text =
        folder.good(&[&["export", "deliveries", "--columns", columns, "--time-format", "iso"][..], &window].concat());
    expect![[r#"
        received,family,command,verdict,call_id,room_id
        2025-12-01T16:01:11.250+08:00,rtc,101,applied,,424242
        2025-12-01T16:01:10.250+08:00,room,Mic.CallbackAfterSeatInfoChanged,applied,,conf-5
        2025-12-01T16:01:09.250+08:00,room,Room.CallbackAfterMemberLeave,applied,,conf-5
        2025-12-01T16:01:08.250+08:00,room,Room.CallbackAfterMemberLeave,applied,,conf-5
        2025-12-01T16:01:07.250+08:00,room,Room.CallbackAfterMemberEnter,applied,,conf-5
        2025-12-01T16:01:06.250+08:00,room,Room.CallbackAfterUpdateRoomInfo,applied,,conf-5
        2025-12-01T16:01:05.250+08:00,room,Room.CallbackAfterDestroyRoom,applied,,conf-5
        2025-12-01T16:01:04.250+08:00,room,Room.CallbackAfterCreateRoom,applied,,conf-5
        2025-12-01T16:01:03.250+08:00,live,Live.CallbackAfterMemberStateChanged,applied,,live-room-9
        2025-12-01T16:01:02.250+08:00,live,Group.CallbackAfterSendMsg,not_relevant,,
        2025-12-01T16:01:01.250+08:00,live,Follow.CallbackAfterFollowDelete,not_relevant,,
        2025-12-01T16:01:00.250+08:00,live,Follow.CallbackAfterFollowAdd,not_relevant,,
    "#]]
    .assert_eq(&text.replace("\r\n", "\n"));
}

#[test]
fn times_are_those_of_the_zone() {
    let folder = Folder::with_samples();
    let first = |args: &[&str]| {
        let all: Vec<&str> = ["export", "deliveries", "--columns", "received"].iter().chain(args).copied().collect();
        folder.good(&all).lines().last().expect("a row").to_owned()
    };
    assert_eq!(first(&[]), "2025-12-01 16:00:00.250", "the machine's zone (here Shanghai) unless another one is named");
    assert_eq!(first(&["--tz", "utc"]), "2025-12-01 08:00:00.250", "UTC");
    assert_eq!(first(&["--tz", "America/New_York"]), "2025-12-01 03:00:00.250", "New York");
    assert_eq!(first(&["--tz", "utc", "--time-format", "iso"]), "2025-12-01T08:00:00.250Z", "ISO");
    assert_eq!(first(&["--time-format", "iso"]), "2025-12-01T16:00:00.250+08:00", "ISO with the offset");
}

#[test]
fn zones_are_named_by_their_offset_too() {
    let folder = Folder::with_samples();
    let first = |args: &[&str]| {
        let all: Vec<&str> = ["export", "deliveries", "--columns", "received"].iter().chain(args).copied().collect();
        folder.good(&all).lines().last().expect("a row").to_owned()
    };
    for zone in ["+08:00", "+0800", "+8", "UTC+8", "asia/shanghai"] {
        assert_eq!(first(&["--tz", zone]), "2025-12-01 16:00:00.250", "{zone}");
    }
    assert_eq!(
        first(&["--tz", "-03:30", "--time-format", "iso"]),
        "2025-12-01T04:30:00.250-03:30",
        "ISO with the offset"
    );
    assert_eq!(first(&["--tz", "Z", "--time-format", "iso"]), "2025-12-01T08:00:00.250Z", "no offset is UTC");
    let rows = |from: &str, zone: &str| {
        folder.good(&["export", "deliveries", "--from", from, "--tz", zone]).lines().count() - 1
    };
    assert_eq!(rows("2025-12-02", "+14:00"), 0, "22:00 there is the day before");
    assert_eq!(rows("2025-12-01", "+14:00"), 87, "whose whole day it is");
    assert_eq!(rows("2025-12-02", "+16:00"), 87, "where it is past midnight the day is the next");
}

/// Exports the newest receipt in this computer's own zone, with `TZ` as it is given.
#[cfg(unix)]
fn received_with_tz(folder: &Folder, tz: &str) -> super::Ran {
    let args = ["export", "deliveries", "--columns", "received", "--from", "2025-12-01", "--time-format", "iso"];
    folder.command(&args).env("TZ", tz).output().expect("the command starts").into()
}

#[cfg(unix)]
#[test]
fn the_computers_own_rules_hold_whatever_they_are_called() {
    let folder = Folder::with_samples();
    let rules = std::path::Path::new("/usr/share/zoneinfo/Asia/Shanghai");
    let mut zones = vec![
        ("CST-8".to_owned(), "+08:00"),
        ("<+0530>-5:30".to_owned(), "+05:30"),
        ("asia/tokyo".to_owned(), "+09:00"),
    ];
    if rules.exists() {
        // A file of rules without a name, as containers have it.
        let copy = folder.path("localtime");
        fs::copy(rules, &copy).expect("a copy");
        zones.extend([(format!(":{copy}"), "+08:00"), (copy, "+08:00")]);
    }
    for (tz, offset) in zones {
        let ran = received_with_tz(&folder, &tz);
        assert_eq!(ran.code, Some(0), "TZ={tz}: {}", ran.err);
        let last = ran.out.lines().last().expect("a row").to_owned();
        assert!(last.ends_with(offset), "TZ={tz} is {offset}: {last}");
        assert_eq!(ran.err, "", "and there is nothing to say about it");
    }
    let ran = received_with_tz(&folder, "");
    assert!(ran.out.trim_end().ends_with('Z'), "an empty TZ is UTC: {}", ran.out);
    assert!(ran.err.contains("TZ is set and empty") && ran.err.contains("in UTC"), "which is said: {}", ran.err);
    let ran = received_with_tz(&folder, "Mars/Olympus");
    assert_eq!(ran.code, Some(2), "what cannot be followed is not taken for UTC");
    assert!(ran.err.contains("TZ=Mars/Olympus"), "it is named: {}", ran.err);
}

/// The first line of a file, made where the language is this one.
fn header_in(folder: &Folder, variables: &[(&str, &str)], args: &[&str]) -> String {
    let args: Vec<&str> = ["export", "calls", "--columns", "call_id,app"].iter().chain(args).copied().collect();
    let mut command = folder.command(&args);
    command.env_remove("LC_ALL").env_remove("LC_NUMERIC").env_remove("LANG").envs(variables.iter().copied());
    let ran: super::Ran = command.output().expect("the command starts").into();
    assert_eq!(ran.code, Some(0), "it works: {}", ran.err);
    ran.out.lines().next().expect("a header").trim_start_matches('\u{feff}').to_owned()
}

#[test]
fn the_separator_is_the_one_of_the_language_or_the_one_that_is_chosen() {
    let folder = Folder::with_samples();
    let german = [("LANG", "de_DE.UTF-8")];
    let sheet = &["--profile", "spreadsheet"][..];
    for (variables, args, want) in [
        (&german[..], sheet, "call_id;app"),
        (&[("LANG", "en_US.UTF-8"), ("LC_NUMERIC", "fr_FR.UTF-8")], sheet, "call_id;app"),
        (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")], sheet, "call_id,app"),
        (&[("LANG", "C.UTF-8")], sheet, "call_id,app"),
        (&german, &[], "call_id,app"), // programs read commas everywhere
        (&german, &["--separator", "semicolon"], "call_id;app"),
        (&german, &["--profile", "spreadsheet", "--separator", "comma"], "call_id,app"),
        (&german, &["--profile", "spreadsheet", "--separator", "tab"], "call_id\tapp"),
    ] {
        assert_eq!(header_in(&folder, variables, args), want, "{variables:?} {args:?}");
    }
    let complaint = folder.bad(2, &["export", "calls", "--separator", "|"]);
    assert!(complaint.contains("choose one of comma, semicolon, tab"), "the choices are named: {complaint}");
}

#[test]
fn headings_are_names_or_words() {
    let folder = Folder::with_samples();
    for (args, want) in [
        (&[][..], "call_id,app"),
        (&["--headings", "names"], "call_id,app"),
        (&["--headings", "en"], "Call ID,App"),
        (&["--headings", "zh"], "通话 ID,应用"),
    ] {
        assert_eq!(header_in(&folder, &[("LANG", "zh_CN.UTF-8")], args), want, "{args:?}");
    }
    let complaint = folder.bad(2, &["export", "calls", "--headings", "de"]);
    assert!(complaint.contains("choose one of names, en, zh"), "the choices are named: {complaint}");
}

#[test]
fn a_window_has_its_beginning_and_not_its_end() {
    let folder = Folder::with_samples();
    let rows = |from: &str, to: &str| {
        folder.good(&["export", "deliveries", "--from", from, "--to", to, "--tz", "utc"]).lines().count() - 1
    };
    assert_eq!(rows("2025-12-01", "2025-12-01"), 87, "a date as the end includes its day");
    assert_eq!(rows("2025-12-02", "2025-12-02"), 0, "the next day has none");
    assert_eq!(rows("2025-12-01 08:00:10.25", "2025-12-01T08:00:20.250Z"), 10, "from is in, to is not");
    assert_eq!(rows("2025-12-01 08:01", "2025-12-01 08:02"), 27, "to the minute");
}

#[test]
fn filters_are_those_of_the_list() {
    let folder = Folder::with_samples();
    let results = |wanted: &[&str]| {
        let options = wanted.iter().flat_map(|result| ["--result", result]);
        let all: Vec<&str> = ["export", "calls", "--columns", "result"].into_iter().chain(options).collect();
        let mut found: Vec<String> = folder.good(&all).lines().skip(1).map(str::to_owned).collect();
        found.sort();
        found.dedup();
        found
    };
    assert_eq!(results(&[]), ["normal_end", "offline"], "what the samples hold");
    assert_eq!(results(&["offline"]), ["offline"], "one of them");
    assert_eq!(results(&["offline", "normal_end"]), ["normal_end", "offline"], "either of the two");
    assert_eq!(results(&["offline", "cancel"]), ["offline"], "one that nobody had adds nothing");
    let ours = folder.good(&["export", "calls", "--app", super::APP]);
    assert_eq!(ours, folder.good(&["export", "calls"]), "all samples are of one app");
    assert_eq!(folder.good(&["export", "calls", "--app", "7"]).lines().count(), 1, "another app has none");
}

#[test]
fn a_wrong_option_is_refused_with_the_right_ones() {
    let folder = Folder::new();
    for (args, reason) in [
        (
            &["export", "calls", "--columns", "caller,colour"][..],
            "no column \"colour\". The columns are: call_id, app,",
        ),
        (&["export", "cars"], "calls, members, rooms, stays, deliveries"),
        (&["export", "calls", "--result", "great"], "the results are normal_end, interrupt,"),
        (&["export", "calls", "--format", "pdf"], "choose one of csv, jsonl, xlsx, parquet"),
        (&["export", "entries", "--format", "xlsx"], "Entries are written as jsonl"),
        (&["export", "deliveries", "--format", "jsonl", "--columns", "app"], "always hold every field"),
        (&["export", "calls", "--format", "jsonl", "--columns", "colour"], "no column \"colour\""),
        (&["export", "calls", "--tz", "Mars/Olympus"], "not a time zone"),
        (&["export", "calls", "--from", "soon"], "--from: \"soon\" is not a time"),
        (&["export", "calls", "--from", "2025-03-06", "--to", "2025-03-05"], "--to is not after --from"),
        (&["export", "stays", "--result", "cancel"], "not to stays"),
        (&["export", "deliveries", "--user", "alice"], "--user does not apply"),
    ] {
        let complaint = folder.bad(2, args);
        assert!(complaint.contains(reason), "{args:?} is refused because of {reason:?}: {complaint}");
    }
    assert!(!folder.data().exists(), "and nothing is made of it");
    let complaint = folder.bad(1, &["export", "calls"]);
    assert!(complaint.contains("There is no record"), "an export does not make an empty record: {complaint}");
}

#[test]
fn a_file_is_written_whole_and_private() {
    let folder = Folder::with_samples();
    let path = folder.path("calls.csv");
    assert_eq!(folder.good(&["export", "calls", "-o", &path]), "", "standard output stays empty");
    let text = fs::read_to_string(&path).expect("the file is there");
    assert_eq!(text, folder.good(&["export", "calls", "-o", "-"]), "the same as on standard output");
    #[cfg(unix)]
    assert_eq!(super::mode(&path), 0o600, "call history is personal");
    folder.good(&["export", "calls", "--profile", "spreadsheet", "-o", &path]);
    let marked = fs::read(&path).expect("the file is there");
    assert!(marked.starts_with(b"\xef\xbb\xbfcall_id,"), "a spreadsheet is told that it is UTF-8");
    let complaint = folder.bad(1, &["export", "calls", "-o", &folder.path("nowhere/calls.csv")]);
    assert!(complaint.contains("nowhere"), "a place that is not there is named: {complaint}");
}

/// The lists whose rows have columns.
const LISTS: [&str; 7] = ["calls", "members", "rooms", "stays", "deliveries", "people", "cases"];

#[test]
fn json_lines_say_what_the_columns_say() {
    let folder = Folder::with_samples();
    for list in LISTS.into_iter().filter(|list| *list != "deliveries") {
        let table = folder.good(&["export", list, "--tz", "utc", "--time-format", "iso"]);
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let names = table.headers().expect("a head").clone();
        let lines = folder.good(&["export", list, "--format", "jsonl", "--tz", "Asia/Shanghai"]);
        let mut rows = 0;
        for (record, line) in table.records().zip(lines.lines()) {
            let record = record.expect("a row");
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("an object");
            assert!(object.keys().eq(names.iter()), "{list}: the names of the columns, in their order: {line}");
            for (field, (name, value)) in record.iter().zip(&object) {
                let as_text = match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::Bool(is_so) => if *is_so { "yes" } else { "" }.to_owned(),
                    serde_json::Value::Number(number) => number.to_string(),
                    serde_json::Value::String(text) => text.clone(),
                    serde_json::Value::Array(texts) => {
                        let texts: Vec<&str> = texts.iter().map(|text| text.as_str().expect("a text")).collect();
                        if texts.iter().all(|text| text.is_empty()) { String::new() } else { texts.join("; ") }
                    }
                    serde_json::Value::Object(_) => panic!("{list}: {line}"),
                };
                assert_eq!(as_text, field, "{list}: {name} of {line}");
            }
            rows += 1;
        }
        assert_eq!(rows, lines.lines().count(), "{list}: as many rows");
        assert!(rows > 0 || list == "cases", "{list} is not empty");
    }
    let some = folder.good(&["export", "calls", "--format", "jsonl", "--columns", "callees,talk_seconds,caller_name"]);
    expect![[r#"
        {"callees":["bob","dave"],"talk_seconds":60,"caller_name":null}
        {"callees":[],"talk_seconds":591,"caller_name":null}
        {"callees":["bob"],"talk_seconds":91,"caller_name":null}
    "#]]
    .assert_eq(&some);
}

#[test]
fn every_list_is_a_workbook() {
    let folder = Folder::with_samples();
    for list in LISTS {
        let files = [1, 2].map(|n| {
            let path = folder.path(&format!("{list}-{n}.xlsx"));
            assert_eq!(
                folder.good(&["export", list, "--format", "xlsx", "-o", &path]),
                "",
                "standard output stays empty"
            );
            assert!(!fs::exists(format!("{path}.meta.json")).expect("a folder"), "it says itself what is in it");
            fs::read(path).expect("the file")
        });
        assert!(files[0].starts_with(b"PK\x03\x04"), "{list} is a package");
        assert!(files[0] == files[1], "{list}: the same rows give the same bytes");
        let mut to_stdout = folder.command(&["export", list, "--format", "xlsx"]);
        let printed = to_stdout.output().expect("the command starts").stdout;
        assert!(printed == files[0], "{list}: the same on standard output");
    }
    let left: Vec<_> =
        fs::read_dir(folder.data()).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    assert!(
        left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")),
        "nothing is left of the sheets: {left:?}"
    );
}

#[test]
fn a_file_says_what_is_in_it() {
    use sha2::{Digest as _, Sha256};
    let folder = Folder::with_samples();
    let path = folder.path("calls.csv");
    let meta = format!("{path}.meta.json");
    let args = ["export", "calls", "--result", "offline", "--from", "2025-10-09", "--tz", "Asia/Shanghai", "-o", &path];
    folder.good(&[&args[..], &["--no-meta"]].concat());
    assert!(!fs::exists(&meta).expect("a folder"), "unless it is not wanted");
    let said = [1, 2].map(|_| {
        folder.good(&args);
        fs::read_to_string(&meta).expect("it is there")
    });
    assert_eq!(said[0], said[1], "the same filter of the same record is told alike");
    let file = fs::read(&path).expect("the file");
    let told: serde_json::Value = serde_json::from_str(&said[0]).expect("JSON");
    assert_eq!(told["sha256"], hex::encode(Sha256::digest(&file)), "of this very file");
    assert_eq!((&told["rows"], &told["bytes"]), (&1.into(), &file.len().into()), "its length");
    assert_eq!(
        told["filter"]["words"],
        serde_json::json!(["From: 2025-10-09 00:00:00", "Result: offline"]),
        "in words"
    );
    assert_eq!(told["filter"]["query"], "from=1759939200000&result=offline", "and as parameters");
    assert_eq!(told["time_zone"], "Asia/Shanghai", "whose clocks");
    assert_eq!(told["columns"][0], "call_id", "the columns");
    assert_eq!(told["completeness"]["calls"], 3, "how complete the period is: {told}");
    #[cfg(unix)]
    assert_eq!(super::mode(&meta), 0o600, "a filter names people");

    let revision = told["revision"].clone();
    folder.good(&["contacts", "set", "alice", "--name", "Alice"]);
    folder.good(&args);
    let told: serde_json::Value = serde_json::from_str(&fs::read_to_string(&meta).expect("it is there")).expect("JSON");
    assert_ne!(told["revision"], revision, "what is added makes another revision");
}

/// A file that the next export into the folder finds.
#[test]
fn what_a_killed_export_left_goes_with_the_next_one() {
    let folder = Folder::with_samples();
    let left = |name: &str| fs::write(folder.path(name), "call data").expect("a file");
    let is_there = |name: &str| fs::exists(folder.path(name)).expect("a folder");
    left(".calltrail-abc123.part");
    left(".calltrail-mine.part");
    folder.good(&["export", "calls", "-o", &folder.path("calls.csv")]);
    assert!(!is_there(".calltrail-abc123.part"), "nobody writes it any more");
    assert!(is_there(".calltrail-mine.part"), "what has no name of ours stays");

    // Somewhere else: noted in the data folder, and found by the next export and the next start.
    let elsewhere = folder.path("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    for start in [&["export", "calls", "-o", &folder.path("calls.csv")][..], &["backup", &folder.path("copy.db")]] {
        let part = format!("{elsewhere}/.calltrail-abc123.part");
        fs::write(&part, "call data").expect("a file");
        fs::write(folder.data().join(".unfinished-abc123"), &part).expect("a note");
        folder.good(start);
        assert!(!fs::exists(&part).expect("a folder"), "{start:?} finds what was noted");
        assert!(!folder.data().join(".unfinished-abc123").exists(), "and the note is done with");
    }
}

/// An export that takes long, and every way to end it early.
#[cfg(unix)]
#[test]
fn no_signal_leaves_a_part_behind() {
    let folder = Folder::with_samples();
    let mut long = String::new();
    for n in 0..20_000 {
        long.push_str(&format!(
            "{{\"v\":1,\"received\":\"2025-03-06T03:19:06.123Z\",\"app\":\"1\",\"verdict\":\"applied\",\"query\":\"sdkappid=1&n={n}\",\"body\":\"{n}\"}}\n"
        ));
    }
    folder.good(&["import", &folder.write("long.jsonl", &long)]);
    let target = folder.path("out");
    fs::create_dir(&target).expect("a folder");
    let parts = || -> Vec<String> {
        let entries = fs::read_dir(&target).expect("the folder").flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".part"))
            .collect()
    };
    for signal in ["HUP", "TERM", "INT", "QUIT", "KILL"] {
        let file = format!("{target}/deliveries.jsonl");
        let mut child = folder
            .command(&["export", "deliveries", "--format", "jsonl", "-o", &file])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let began = std::time::Instant::now();
        while parts().is_empty() && began.elapsed().as_secs() < 60 && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        let sent = std::process::Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        sent.expect("the kill command");
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "SIG{signal} came in time: {said}");
        if signal == "KILL" {
            assert_eq!(parts().len(), 1, "nothing can be done about SIGKILL itself");
            folder.good(&["export", "calls", "-o", &folder.path("calls.csv")]);
        } else {
            assert_eq!(ended.status.code(), Some(1), "SIG{signal} is a wish to stop");
            assert!(said.contains("cancelled"), "SIG{signal} is told: {said}");
        }
        assert_eq!(parts(), Vec::<String>::new(), "SIG{signal} leaves no call data behind");
        let notes = fs::read_dir(folder.data()).expect("the folder").flatten();
        let notes = notes.filter(|entry| entry.file_name().to_string_lossy().starts_with(".unfinished-")).count();
        assert_eq!(notes, 0, "nor a note");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::with_samples();
    let mut child = folder
        .command(&["export", "deliveries", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "`| head` is no reason to complain");
    assert_eq!(output.status.code(), Some(0), "nor to fail");
}
