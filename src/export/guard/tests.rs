//! Cells in, guarded cells out; and what LibreOffice makes of them.

#[cfg(target_os = "linux")]
mod libreoffice;

use super::*;
use proptest::prelude::*;

/// What spreadsheets turn into numbers, dates, times, fractions or truth values, in English, German or Chinese.
const VALUES: &[&str] = &[
    // Numbers, long ones and those with zeros before them
    "219E01",
    "8e12",
    "12345678e9012",
    "1e+5",
    "1E-5",
    " 1e5 ",
    "1e 5",
    "1e400",
    ".5E5",
    "1.E5",
    "1,5E3",
    "1,5",
    "1.5",
    "1.",
    ".5",
    ",5",
    "1,000",
    "1.000",
    "1.234,56",
    "1,234.56",
    "1'000",
    "1 000",
    "1\u{a0}000",
    "007",
    "1234567890123456",
    "123456789012",
    "5-",
    "5+",
    "5,-",
    "5.-",
    "(5)",
    "(1,5)",
    "1_000",
    "１２３",
    "٣٤",
    "१२३",
    "𝟏𝟐",
    "½",
    "1½",
    "²",
    "①",
    "1\u{200b}5",
    // Shares, money, fractions
    "12%",
    "5 %",
    "5‰",
    "$5",
    "€5",
    "5 €",
    "5 EUR",
    "USD 5",
    "CNY5",
    "¥5",
    "￥5",
    "5元",
    "1万",
    "kr 5",
    "5 kr",
    "R5",
    "1/2",
    "1 1/2",
    "１／２", // Dates
    "10-12",
    "2024-01-05",
    "2024-01-05T10:11:12",
    "2024-01-05T10:11:12Z",
    "2024/1/5",
    "1/5",
    "1.5.2024",
    "1.5.",
    "1-2-3",
    "1-24",
    "3-Mar",
    "MAR3",
    "Mar 3",
    "March 3",
    "3 March",
    "3. März",
    "3. Ma\u{308}rz",
    "März 3",
    "Dez 24",
    "24. Dez. 2024",
    "Sept 5",
    "Juni 5",
    "jan5",
    "5jan",
    "5-jan-24",
    "dec31",
    "Mon 5",
    "5 de marzo",
    "2024年1月5日",
    "5月",
    "1月5号",
    "二〇二四年一月五日",
    "星期三 5",
    "令和5年",
    "２０２４－０１－０５",
    "2024년 1월 5일",
    "5 марта 2024 г.", // Times and durations
    "1:30",
    "1:30 am",
    "3:20 PM",
    "3 PM",
    "3 p",
    "12:30:45.5",
    "100:00",
    "１：３０",
    "12时",
    "12時",
    "上午3:20",
    "3:20 上午",
    "15点30分",
    "10h30",
    "5 min",
    "PT12H30M", // Truth, and Excel's errors
    "TRUE",
    "FALSE",
    "true",
    " True ",
    "ＴＲＵＥ",
    "WAHR",
    "FALSCH",
    "VRAI",
    "ИСТИНА",
    "真",
    "#N/A",
    "#DIV/0!",
];

/// Names and ids that are text wherever they are read.
const TEXTS: &[&str] = &[
    "alice",
    "user-1",
    "user1",
    "first-call",
    "c-1",
    "room-77",
    "conf-5",
    "live-room-9",
    "b0a7d1c2-0000-4c11-8d3e-5f00000000aa",
    "7c1f4f0e-1b2c-4b1c-9c55-000000000001",
    "deadbeef01",
    "1e5abc",
    "0x1F",
    "a1",
    "tv2",
    "u123456789012345678",
    "room 3",
    "Room 3, upstairs",
    "10 Downing Street",
    "v1.2.3-beta",
    "2024-01-05 call",
    "call 1/2",
    "March",
    "Monday",
    "May Day",
    "truth",
    "TRUE story",
    "true1",
    "1400000000",
    "0",
    "7",
    "13812345678",
    "张三",
    "王五",
    "房间5",
    "用户123",
    "会议室3",
    "Iñaki 3",
    "bob; dave",
    "user@example.com",
    "callback",
    "normal_end",
    "Call.CallbackAfterEndCall",
    "a comma was missing",
    "-",
    "…",
    "%",
];

#[test]
fn what_a_spreadsheet_would_turn_into_a_value_is_guarded() {
    for cell in VALUES {
        assert_eq!(guard(cell), format!("'{cell}"), "{cell:?} must reach the spreadsheet as text");
    }
}

#[test]
fn what_is_certainly_text_stays_as_it_is() {
    for cell in TEXTS.iter().filter(|cell| **cell != "-") {
        assert_eq!(guard(cell), *cell, "{cell:?} is not changed without need");
    }
}

#[test]
fn what_a_spreadsheet_would_run_or_round_is_guarded() {
    for cell in [
        "=1+1",
        "+86138",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\rx",
        " =1",
        "\u{a0}=1",
        "\u{200b}=1",
        "\u{202e}=1",
        "\u{feff}=1",
        "\u{0}=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "hello\n=1",
        "hello\r\n  +1",
        "hello\r=1",
        "a\u{2028}=1",
        "'",
        "'=1",
        "''",
        "007",
        "00",
        "1234567890123456",
        " 007 ",
    ] {
        assert_eq!(guard(cell), format!("'{cell}"), "{cell:?} must reach the spreadsheet as text");
    }
}

#[test]
fn what_is_harmless_stays_as_it_is() {
    for cell in ["", "alice", "a=b", "a-b", "0", "user@example.com", "1 = 2", "a\nb", "张三", "it's", "a\r\nb"] {
        assert_eq!(guard(cell), cell, "{cell:?} is not changed without need");
    }
}

proptest! {
    #[test]
    fn the_guard_loses_nothing(cell in ".*|['=+@\\-\t\r\n 0-9\u{a0}\u{200b}]{0,20}") {
        let guarded = guard(&cell);
        prop_assert_eq!(unguard(&guarded), &*cell, "a guarded cell gives its value back");
        prop_assert!(!begins_formula(&guarded) || guarded.starts_with('\''), "no guarded cell begins a formula");
    }
}
