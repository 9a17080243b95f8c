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
        (&["export", "calls", "--format", "xlsx"], "This version of Calltrail writes csv and jsonl"),
        (&["export", "calls", "--format", "jsonl"], "JSON Lines is the format of deliveries"),
        (&["export", "deliveries", "--format", "jsonl", "--columns", "app"], "always holds every field"),
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
