//! Zones in, offsets out; this computer's own against its `date`.

use std::{fs, path::PathBuf, process::Command};

use chrono::NaiveDate;

use super::*;

/// 2025-01-15 and 2025-07-15, 12:00 UTC: winter and summer.
const WINTER: i64 = 1_736_942_400_000;
const SUMMER: i64 = 1_752_580_800_000;

fn shown(zone: &Zone, ms: i64) -> String {
    zone.at(ms).expect("within the calendar").format("%Y-%m-%d %H:%M:%S %z").to_string()
}

#[test]
fn zones_are_read_by_name_and_by_offset() {
    for (text, name, winter) in [
        ("Asia/Shanghai", "Asia/Shanghai", "2025-01-15 20:00:00 +0800"),
        ("asia/shanghai", "Asia/Shanghai", "2025-01-15 20:00:00 +0800"),
        ("Etc/GMT-8", "Etc/GMT-8", "2025-01-15 20:00:00 +0800"),
        ("utc", "UTC", "2025-01-15 12:00:00 +0000"),
        ("Z", "UTC", "2025-01-15 12:00:00 +0000"),
        ("+00:00", "UTC", "2025-01-15 12:00:00 +0000"),
        ("+08:00", "+08:00", "2025-01-15 20:00:00 +0800"),
        (" 08:00", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("+0800", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("+08", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("+8", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("UTC+8", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("utc+08:00", "+08:00", "2025-01-15 20:00:00 +0800"),
        ("GMT-3:30", "-03:30", "2025-01-15 08:30:00 -0330"),
        ("\u{2212}03:30", "-03:30", "2025-01-15 08:30:00 -0330"),
        ("+0545", "+05:45", "2025-01-15 17:45:00 +0545"),
        ("-12", "-12:00", "2025-01-15 00:00:00 -1200"),
        ("+14:00", "+14:00", "2025-01-16 02:00:00 +1400"),
    ] {
        let zone = Zone::read(text).unwrap_or_else(|error| panic!("{text:?} is a zone: {error}"));
        assert_eq!((zone.name(), shown(&zone, WINTER).as_str()), (name, winter), "{text:?}");
        assert_eq!(zone.is_utc(), name == "UTC", "only UTC is UTC: {text:?}");
    }
}

#[test]
fn what_is_no_zone_is_refused() {
    for text in [
        "",
        " ",
        "Mars/Olympus",
        "+",
        "-",
        "+x",
        "+8:0",
        "+8:60",
        "+19",
        "+1900",
        "+08:00:00",
        "08:00",
        "8",
        "UTC8",
        "+08:07",
        "+-8",
        "+١",
        "../../etc/passwd",
        "/etc/localtime",
        "CST-8",
        "+08:00 ",
        "+123456789012",
    ] {
        assert_eq!(Zone::read(text), Err(Error::Unknown(text.to_owned())), "{text:?} is no zone");
    }
}

#[test]
fn clocks_that_jump_leave_no_gap() {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date").and_hms_opt(0, 0, 0).expect("midnight");
    for (zone, date, next, hours) in [
        ("Europe/Berlin", "2025-03-30", "2025-03-31", 23),
        ("Europe/Berlin", "2025-10-26", "2025-10-27", 25),
        ("America/Havana", "2025-11-02", "2025-11-03", 25), // midnight comes twice
        ("America/Sao_Paulo", "2018-11-04", "2018-11-05", 23), // midnight does not come at all
        ("Pacific/Apia", "2011-12-30", "2011-12-31", 0),    // the day does not come at all
        ("+08:00", "2025-03-30", "2025-03-31", 24),
    ] {
        let zone = Zone::read(zone).expect("a zone");
        let (from, to) = (zone.first_moment(day(date)), zone.first_moment(day(next)));
        assert_eq!(to - from, hours * 3_600_000, "{zone}: {date} is {hours} hours long");
    }
    let berlin = Zone::read("Europe/Berlin").expect("a zone");
    let missing = day("2025-03-30") + chrono::TimeDelta::minutes(150);
    assert_eq!(
        shown(&berlin, berlin.first_moment(missing)),
        "2025-03-30 03:00:00 +0200",
        "02:30 does not come; 03:00 is next"
    );
}

#[test]
fn the_ends_of_the_calendar_are_no_fault() {
    let shanghai = Zone::read("Asia/Shanghai").expect("a zone");
    for ms in [i64::MIN, i64::MAX, -8_334_601_228_800_000, 8_210_266_876_799_999] {
        let _ = shanghai.at(ms);
    }
    assert_eq!(shanghai.at(i64::MAX), None, "there is no such time");
    assert!(shanghai.at(253_402_300_800_000).is_some(), "the year 10000 has clocks too");
    let late = NaiveDate::MAX.and_hms_opt(0, 0, 0).expect("midnight");
    assert_eq!(
        shanghai.first_moment(late),
        late.and_utc().timestamp_millis(),
        "beyond the tables the clocks of UTC hold"
    );
}

#[test]
fn tz_is_read_as_the_c_library_reads_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folders = [folder.path().to_owned()];
    let zone = |tz: &str| computer::of_variable(tz, &folders);
    for (tz, winter, summer) in [
        ("Asia/Shanghai", "+0800", "+0800"),
        (":Asia/Shanghai", "+0800", "+0800"),
        ("asia/shanghai", "+0800", "+0800"),
        (":/nowhere/zoneinfo/Asia/Tokyo", "+0900", "+0900"),
        ("CST-8", "+0800", "+0800"),
        (":CST-8", "+0800", "+0800"),
        ("<+08>-8", "+0800", "+0800"),
        ("<-0330>3:30", "-0330", "-0330"),
        ("UTC0", "+0000", "+0000"),
        ("UTC+8", "-0800", "-0800"), // POSIX counts westwards
        ("CET-1CEST,M3.5.0,M10.5.0/3", "+0100", "+0200"),
        ("NZST-12NZDT,M9.5.0,M4.1.0/3", "+1300", "+1200"),
    ] {
        let zone = zone(tz).unwrap_or_else(|error| panic!("TZ={tz} is a zone: {error}"));
        for (ms, offset) in [(WINTER, winter), (SUMMER, summer)] {
            assert!(shown(&zone, ms).ends_with(offset), "TZ={tz} is {offset} then, not {}", shown(&zone, ms));
        }
    }
    for tz in ["Mars/Olympus", "/etc/passwd", "../../etc/passwd", "CST", "+08:00", "?", "FOO-3BAR", "CET-1CEST"] {
        assert_eq!(zone(tz), Err(Error::Variable(tz.to_owned())), "TZ={tz} is not guessed at");
    }
    let error = zone("").expect_err("POSIX: an empty TZ is UTC, and that is said").to_string();
    assert!(error.contains("TZ is set and empty"), "it is said why: {error}");
}

/// A file of rules that is found under a wrong name, or under none.
#[cfg(unix)]
#[test]
fn the_file_of_rules_is_believed_and_not_its_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rules =
        ["/usr/share/zoneinfo/Asia/Shanghai", "/usr/share/zoneinfo/PRC", "/var/db/timezone/zoneinfo/Asia/Shanghai"];
    let Some(rules) = rules.iter().map(PathBuf::from).find(|path| path.exists()) else {
        eprintln!("this system has no tzdata, so there is no file of rules to be read");
        return;
    };
    let zoneinfo = folder.path().join("zoneinfo/Etc");
    fs::create_dir_all(&zoneinfo).expect("a folder");
    // As a container does it: the right file lies over what the link names, and the name stays wrong.
    fs::copy(&rules, zoneinfo.join("UTC")).expect("a copy");
    fs::copy(&rules, folder.path().join("copied")).expect("a copy");
    std::os::unix::fs::symlink(zoneinfo.join("UTC"), folder.path().join("linked")).expect("a link");
    for name in ["copied", "linked"] {
        let zone = computer::of_file(&folder.path().join(name)).expect("it is a file of rules");
        assert_eq!(shown(&zone, WINTER), "2025-01-15 20:00:00 +0800", "the file {name} holds the rules of Shanghai");
        assert!(!zone.is_utc(), "and is not UTC");
    }
    let by_path = folder.path().join("copied");
    let folders = [PathBuf::from("/usr/share/zoneinfo")];
    let zone = computer::of_variable(&format!(":{}", by_path.display()), &folders).expect("a path is itself");
    assert_eq!(shown(&zone, WINTER), "2025-01-15 20:00:00 +0800", "TZ names the file");
    // The link is there and tzdata is not.
    std::os::unix::fs::symlink("/nowhere/zoneinfo/Asia/Tokyo", folder.path().join("dangling")).expect("a link");
    let zone = computer::of_file(&folder.path().join("dangling")).expect("its name says it");
    assert_eq!(shown(&zone, WINTER), "2025-01-15 21:00:00 +0900", "its name is all there is");
    fs::write(folder.path().join("nonsense"), "nonsense").expect("a file");
    for name in ["missing", "nonsense"] {
        let error = computer::of_file(&folder.path().join(name));
        assert!(
            cfg!(not(target_os = "linux")) || matches!(error, Err(Error::Nowhere(_))),
            "{name} says nothing: {error:?}"
        );
    }
}

/// What the system's own `date` shows is what is shown here.
#[cfg(target_os = "linux")]
#[test]
fn the_rules_are_those_of_date() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("rules");
    let mut tzs = ["CST-8", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0545>-5:45", "UTC+8", "EST5EDT4,M3.2.0/2,M11.1.0/2"]
        .map(str::to_owned)
        .to_vec();
    if fs::copy("/usr/share/zoneinfo/Europe/Berlin", &copy).is_ok() {
        tzs.extend([format!(":{}", copy.display()), copy.display().to_string(), "America/St_Johns".to_owned()]);
    }
    for tz in tzs {
        let zone = computer::of_variable(&tz, &[PathBuf::from("/usr/share/zoneinfo")]).expect("a zone");
        // Each tenth day of three years, at an odd time of the day.
        for day in 0..110 {
            let seconds = 1_735_700_000 + day * 864_137;
            let mut date = Command::new("date");
            date.env("TZ", &tz).args(["-d", &format!("@{seconds}"), "+%Y-%m-%d %H:%M:%S %z"]);
            let date = String::from_utf8(date.output().expect("the date command").stdout).expect("UTF-8");
            assert_eq!(shown(&zone, seconds * 1000), date.trim(), "TZ={tz} at {seconds}");
        }
    }
}
