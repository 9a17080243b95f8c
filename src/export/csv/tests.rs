//! Rows in, text out.

use std::{io, ops::ControlFlow};

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::callback::reason::Reason;
use crate::{
    export::{Format, Headings, Kind, Separator, TimeFormat, check, guard::unguard},
    store::{
        filter::Filter,
        rows::{CallRow, DeliveryRow, MemberRow, RoomRow, StayRow},
    },
    zone::Zone,
};

fn request(kind: Kind) -> Request {
    Request {
        kind,
        format: Format::Csv,
        filter: Filter::default(),
        columns: None,
        tz: Zone::read("Asia/Shanghai").expect("a zone"),
        time_format: TimeFormat::Local,
        profile: Profile::Programs,
        separator: Separator::Comma,
        headings: Headings::Names,
        origins: false,
        meta: false,
    }
}

fn written<R: Exported + Clone>(request: &Request, rows: &[R]) -> String {
    let mut out = Vec::new();
    let stream = |row: Each<'_, R>| {
        for one in rows {
            if row(one.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    };
    let count = write_rows(request, stream, &mut out, &|_| ControlFlow::Continue(())).expect("memory can be written");
    assert_eq!(count, u64::try_from(rows.len()).expect("few rows"), "every row is counted");
    String::from_utf8(out).expect("CSV is UTF-8")
}

/// Compares with line ends made visible, because CRLF is part of the format.
fn compare<R: Exported + Clone>(request: &Request, rows: &[R], want: Expect) {
    want.assert_eq(&written(request, rows).replace("\r\n", "⏎\n"));
}

fn call() -> CallRow {
    CallRow {
        app: "1400000000".to_owned(),
        call_id: "c-1".to_owned(),
        started_ms: 1_741_231_146_007,
        answered_ms: Some(1_741_231_150_000),
        ended_ms: None,
        result: "in_progress".to_owned(),
        media: "video".to_owned(),
        call_type: "group".to_owned(),
        caller: "=alice".to_owned(),
        caller_name: "+Alice".to_owned(),
        callees: vec!["bob".to_owned(), "张三".to_owned()],
        callee_names: vec![String::new(), "张 三".to_owned()],
        members: 3,
        others: vec!["carol".to_owned()],
        other_names: vec![String::new()],
        tags: vec!["billing".to_owned(), "urgent".to_owned()],
        notes: 2,
        note: "rang twice\nwill call back".to_owned(),
        ring_seconds: Some(4),
        talk_seconds: None,
        room_id: "007".to_owned(),
        room_id_type: "number".to_owned(),
        source: "callback".to_owned(),
        last_ms: 1_741_231_150_000,
    }
}

#[test]
fn calls() {
    compare(
        &request(Kind::Calls),
        &[call()],
        expect![[r#"
            call_id,app,started,answered,ended,result,media,type,caller,caller_name,callees,callee_names,members,ring_seconds,talk_seconds,room_id,room_id_type,source,note,tags⏎
            c-1,1400000000,2025-03-06 11:19:06,2025-03-06 11:19:10,,in_progress,video,group,=alice,+Alice,bob; 张三,; 张 三,3,4,,007,number,callback,"rang twice
            will call back",billing; urgent⏎
        "#]],
    );
}

#[test]
fn calls_for_a_spreadsheet_in_iso_times() {
    let request = Request {
        profile: Profile::Spreadsheet,
        time_format: TimeFormat::Iso,
        columns: Some(["caller", "room_id", "started", "app", "note", "talk_seconds"].map(str::to_owned).to_vec()),
        ..request(Kind::Calls)
    };
    let odd =
        CallRow { talk_seconds: Some(-3), caller: "a \"b\"\n=c, d".to_owned(), room_id: "12".to_owned(), ..call() };
    compare(
        &request,
        &[call(), odd],
        expect![[r#"
            ﻿caller,room_id,started,app,note,talk_seconds⏎
            '=alice,'007,2025-03-06T11:19:06+08:00,1400000000,"rang twice
            will call back",⏎
            "'a ""b""
            =c, d",12,2025-03-06T11:19:06+08:00,1400000000,"rang twice
            will call back",-3⏎
        "#]],
    );
}

#[test]
fn what_separates_the_values_can_be_chosen_and_is_quoted_in_them() {
    let columns = Some(["caller", "callees", "members"].map(str::to_owned).to_vec());
    let odd = CallRow { caller: "a\tb, c".to_owned(), ..call() };
    for (separator, want) in [
        (Separator::Comma, "caller,callees,members\r\n\"a\tb, c\",bob; 张三,3\r\n"),
        (Separator::Semicolon, "caller;callees;members\r\na\tb, c;\"bob; 张三\";3\r\n"),
        (Separator::Tab, "caller\tcallees\tmembers\r\n\"a\tb, c\"\tbob; 张三\t3\r\n"),
    ] {
        let request = Request { columns: columns.clone(), separator, ..request(Kind::Calls) };
        assert_eq!(written(&request, std::slice::from_ref(&odd)), want, "separated by {}", separator.code());
    }
}

#[test]
fn members() {
    let member = MemberRow {
        app: "1400000000".to_owned(),
        call_id: "c-1".to_owned(),
        user: "bob".to_owned(),
        user_name: "Bob".to_owned(),
        role: "callee".to_owned(),
        invited_ms: Some(1_741_231_146_007),
        joined_ms: None,
        left_ms: None,
        outcome: "not_answer".to_owned(),
        ring_seconds: Some(30),
        talk_seconds: Some(0),
        platform: "iOS".to_owned(),
    };
    compare(
        &request(Kind::Members),
        &[member],
        expect![[r#"
            call_id,app,user,user_name,role,invited,joined,left,outcome,ring_seconds,talk_seconds,platform⏎
            c-1,1400000000,bob,Bob,callee,2025-03-06 11:19:06,,,not_answer,30,0,iOS⏎
        "#]],
    );
}

#[test]
fn stays_to_the_millisecond() {
    let stay = StayRow {
        app: "1400000000".to_owned(),
        product: "live".to_owned(),
        room_id_type: "text".to_owned(),
        room_id: "lobby".to_owned(),
        user: "bob".to_owned(),
        user_name: String::new(),
        n: 1,
        entered_ms: Some(1_741_231_146_007),
        left_ms: Some(1_741_231_200_120),
        seconds: Some(54),
        away_seconds: 0,
        enter_cause: "enter".to_owned(),
        leave_cause: "kicked".to_owned(),
    };
    compare(
        &request(Kind::Stays),
        &[stay],
        expect![[r#"
            room_id,room_id_type,app,product,user,user_name,entered,left,seconds,away_seconds,enter_cause,leave_cause⏎
            lobby,text,1400000000,live,bob,,2025-03-06 11:19:06.007,2025-03-06 11:20:00.120,54,0,enter,kicked⏎
        "#]],
    );
}

#[test]
fn rooms() {
    let room = RoomRow {
        app: "1400000000".to_owned(),
        product: "conference".to_owned(),
        room_id_type: String::new(),
        room_id: "lobby".to_owned(),
        name: "Lobby, upstairs".to_owned(),
        owner: "alice".to_owned(),
        owner_name: String::new(),
        created_ms: Some(1_741_231_146_007),
        ended_ms: None,
        end_reason: String::new(),
        users: 2,
        stays: 3,
        peak: 2,
        inside: 1,
        first_ms: 1_741_231_146_007,
        last_ms: 1_741_231_146_007,
        found_user: None,
        found_name: String::new(),
    };
    compare(
        &request(Kind::Rooms),
        &[room],
        expect![[r#"
            room_id,room_id_type,app,product,name,owner,created,ended,end_reason,users,stays,peak⏎
            lobby,,1400000000,conference,"Lobby, upstairs",alice,2025-03-06 11:19:06,,,2,3,2⏎
        "#]],
    );
}

#[test]
fn deliveries_in_utc() {
    let delivery = DeliveryRow {
        digest: "ab".repeat(32),
        received_ms: 1_741_231_146_007,
        app: "1400000000".to_owned(),
        family: "call".to_owned(),
        command: "Call.CallbackAfterEndCall".to_owned(),
        verdict: "repaired".to_owned(),
        reason: Some(Reason::Sentence { text: "a comma was missing".to_owned() }),
        repeats: 1,
        call_id: "c-1".to_owned(),
        room_id: String::new(),
        bytes: 512,
        source: "callback".to_owned(),
        event_ms: None,
        quarantined: false,
    };
    let request = Request { tz: Zone::utc(), time_format: TimeFormat::Iso, ..request(Kind::Deliveries) };
    compare(
        &request,
        &[delivery],
        expect![[r#"
            received,app,family,command,verdict,reason,repeats,call_id,room_id,bytes⏎
            2025-03-06T03:19:06.007Z,1400000000,call,Call.CallbackAfterEndCall,repaired,a comma was missing,1,c-1,,512⏎
        "#]],
    );
}

#[test]
fn an_empty_list_still_says_what_its_columns_are() {
    let text = written::<CallRow>(&request(Kind::Calls), &[]);
    assert!(text.starts_with("call_id,app,") && text.lines().count() == 1, "a header and nothing else: {text}");
}

#[test]
fn an_unknown_column_is_refused_with_the_names_that_exist() {
    let request = Request { columns: Some(vec!["caller".to_owned(), "colour".to_owned()]), ..request(Kind::Members) };
    let error = check(&request).expect_err("members have neither").to_string();
    expect![[r#"members have no column "caller". The columns are: call_id, app, user, user_name, role, invited, joined, left, outcome, ring_seconds, talk_seconds, platform."#]]
        .assert_eq(&error);
}

#[test]
fn cancelling_ends_the_stream() {
    let rows = vec![call(); 1000];
    let mut asked = 0;
    let stream = |row: Each<'_, CallRow>| {
        for one in &rows {
            asked += 1;
            if row(one.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    };
    let result = write_rows(&request(Kind::Calls), stream, &mut io::sink(), &|_| ControlFlow::Break(()));
    assert!(matches!(result, Err(Error::Cancelled)), "the cancellation is told");
    assert!(asked < 1000, "and the rest is not read: {asked} rows were");
}

#[test]
fn a_reader_that_goes_away_is_told_apart_from_a_full_disk() {
    /// Takes nothing, for the reason given.
    struct Refusing(io::ErrorKind);
    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let rows = vec![call(); 1000];
    for (kind, is_closed) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
        let stream = |row: Each<'_, CallRow>| {
            for one in &rows {
                if row(one.clone())?.is_break() {
                    break;
                }
            }
            Ok(())
        };
        let result = write_rows(&request(Kind::Calls), stream, &mut Refusing(kind), &|_| ControlFlow::Continue(()));
        assert_eq!(matches!(result, Err(Error::Closed)), is_closed, "{kind:?} is told as what it is");
        assert_eq!(matches!(result, Err(Error::Write(_))), !is_closed, "{kind:?} is told as what it is");
    }
}

/// What a CSV reader makes of it, without the header.
fn read_back(text: &str, separator: Separator) -> Vec<Vec<String>> {
    ::csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|record| record.expect("our own CSV is read").iter().map(str::to_owned).collect())
        .collect()
}

proptest! {
    #[test]
    fn every_text_comes_back(cells in prop::collection::vec((".*|[\"',;=\r\n\t ]{0,8}", any::<String>()), 0..8)) {
        let rows: Vec<CallRow> = cells
            .iter()
            .map(|(caller, room_id)| CallRow { caller: caller.clone(), room_id: room_id.clone(), ..call() })
            .collect();
        let kinds = [Profile::Programs, Profile::Spreadsheet].into_iter().flat_map(|profile| Separator::ALL.map(|one| (profile, one)));
        for (profile, separator) in kinds {
            let columns = Some(vec!["caller".to_owned(), "room_id".to_owned(), "members".to_owned()]);
            let text = written(&Request { columns, profile, separator, ..request(Kind::Calls) }, &rows);
            let read = read_back(&text, separator);
            prop_assert_eq!(read.len(), rows.len(), "no row is lost or split");
            for (fields, (caller, room_id)) in read.iter().zip(&cells) {
                let value = |n: usize| if profile == Profile::Spreadsheet { unguard(&fields[n]) } else { &fields[n] };
                prop_assert_eq!(value(0), caller, "the caller is what it was");
                prop_assert_eq!(value(1), room_id, "the room is what it was");
            }
        }
    }
}
