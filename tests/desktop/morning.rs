//! A morning at the desk: contacts are imported, people marked as ours, missed callers worked off by keyboard, and many calls tagged
//! at once; each stage is read back. `ui/dev/morning.mjs` is the same in Chromium.

mod day;
mod record;

use crate::hook::Hook;
use crate::window::Window;
use day::{Day, Deed, Expected, contacts};
use fantoccini::key::Key;
use record::{Cases, cases, exported, total};
use serde_json::json;

#[tokio::test]
#[ignore = "needs the built window; run by cargo xtask test"]
async fn a_morning_at_the_desk() {
    let day = Day::read();
    let window = Window::open().await;
    let hook = window.take_in(&day.app).await;
    overnight(&window, &hook, &day).await;
    import_contacts(&window, &day).await;
    mark_ours(&window, &day).await;
    follow_up(&window, &day).await;
    tag_many(&window, &day).await;
}

/// What has come overnight. Nobody is ours yet, so every unanswered call counts.
async fn overnight(window: &Window, hook: &Hook, day: &Day) {
    let query = format!("SdkAppid={}&CallbackCommand=Call.CallbackAfterEndCall", day.app);
    for body in day.callbacks() {
        let (status, reply) = hook.post(&query, &[], body.to_string().as_bytes()).expect("the listener answers");
        assert_eq!(status, 200, "{body} should be taken; the reply was {reply}");
    }
    let Expected { calls, seen, unmarked, closed_itself, .. } = day.expected;
    assert_eq!(total(window, "calls", "").await, calls, "the calls");
    assert_eq!(exported(window, "calls", "call_id", &[]).len(), calls, "and in the export");
    assert_eq!(total(window, "people", "").await, seen, "who was in them");
    assert_eq!(cases(window).await, so_many(&[("open", unmarked), ("closed_itself", closed_itself)]), "the cases");
}

/// The contacts from their file, in somebody's name: the first thing that is written asks for it.
async fn import_contacts(window: &Window, day: &Day) {
    let expected = &day.expected;
    window.click("nav-people").await;
    lists(window, expected.seen).await;
    window.click("import-contacts").await;
    window.write("import-file", contacts().to_str().expect("its path is UTF-8")).await;
    window.see("import-kind-new").await;
    counts(window, "import-heard", expected.contacts).await;
    window.click("import-yes").await;
    keyboard_is_at(window, "who-am-i-name").await;
    window.type_text(&day.me).await;
    window.press(&[], Key::Enter).await;
    lists(window, expected.people).await;
    window.see_count("dialog[open]", 0).await;

    assert_eq!(window.api("/api/me").await["name"], json!(day.me), "who wrote it");
    let lines = exported(window, "people", "user,name,team,phone", &[]);
    assert_eq!(lines.len(), expected.people, "some of the contacts were never in a call");
    let file = std::fs::read_to_string(contacts()).expect("the contacts");
    for contact in file.lines().skip(1) {
        assert!(lines.iter().any(|line| line == contact), "as it was in the file: {contact}");
    }
    assert_eq!(
        lines.iter().filter(|line| !line.ends_with(",,,")).count(),
        expected.contacts,
        "and nobody else has a name"
    );
}

/// Six of a team are marked as ours by keyboard; those who were never in a call stand below them.
async fn mark_ours(window: &Window, day: &Day) {
    let Expected { team, open, closed_itself, .. } = day.expected;
    let six = day.ours.len();
    choose_in_menu(window, "filter-team", &day.team).await;
    lists(window, team).await;
    to_the_list(window).await;
    window.press(&[], Key::Home).await;
    window.press(&[], ' ').await;
    for _ in 1..six {
        window.press(&[Key::Shift], Key::Down).await;
    }
    counts(window, "selection-count", six).await;
    window.click("bulk-ours").await;
    counts(window, "nav-followup-count", open).await;

    let mut ours = exported(window, "people", "user", &["--ours", "yes"]);
    ours.sort();
    assert_eq!(ours, day.ours, "these and nobody else");
    assert_eq!(total(window, "people", "&ours=yes").await, six, "the API says the same");
    assert_eq!(
        cases(window).await,
        so_many(&[("open", open), ("closed_itself", closed_itself)]),
        "only calls to ours are missed"
    );
}

/// The open cases are worked off by keyboard alone.
async fn follow_up(window: &Window, day: &Day) {
    let Expected { open, done, reasons, put_off, assigned, closed_itself, .. } = day.expected;
    window.click("nav-followup").await;
    lists(window, open).await;
    window.see_count("[data-testid=case-row]", open).await;
    counts(window, "nav-followup-count", open).await;
    work_off(window, day).await;
    window.see_count("[data-testid=nav-followup-count]", 0).await;

    let left = so_many(&[("put_off", put_off), ("done", done), ("closed_itself", closed_itself)]);
    assert_eq!(cases(window).await, left, "none is open");
    let lines = exported(window, "cases", "state,reason,assignee,by", &[]);
    let with_reason = format!("done,{},,{}", day.reason, day.me);
    assert_eq!(lines.iter().filter(|line| **line == with_reason).count(), reasons, "why they are done: {lines:?}");
    let assignees = lines.iter().filter(|line| line.split(',').nth(2) == Some(&day.assignee));
    assert_eq!(assignees.count(), assigned, "who has two: {lines:?}");
    let until = exported(window, "cases", "until", &["--state", "put_off"]);
    assert!(until.iter().all(|until| until.ends_with(" 09:00:00")), "until tomorrow morning: {until:?}");
}

/// One case after the other: what is done leaves the list, and the next one is at hand.
async fn work_off(window: &Window, day: &Day) {
    let rows = "return [...document.querySelectorAll('[data-testid=case-row]')].map((row) => row.dataset.callId)";
    let keys: Vec<String> = serde_json::from_value(window.run(rows).await).expect("the rows have their calls");
    let row = |key: &str| format!("[data-testid=case-row][data-call-id='{key}']");
    assert_eq!(keys.len(), day.work.len(), "there is something to do for each");
    window.press(&[], 'j').await;
    window.find(&format!("{}[data-marked]", row(&keys[0]))).await;
    window.press(&[], Key::Enter).await;
    window.see("case-why").await;
    for (i, deeds) in day.work.iter().enumerate() {
        for deed in deeds {
            act(window, *deed, day).await;
        }
        window.see_count(&row(&keys[i]), 0).await;
        if let Some(next) = keys.get(i + 1) {
            window.find(&format!("{}[data-marked]", row(next))).await;
        }
    }
}

/// The keys of a deed.
async fn act(window: &Window, deed: Deed, day: &Day) {
    match deed {
        Deed::Done => window.press(&[], 'd').await,
        Deed::Reason => {
            window.press(&[Key::Shift], 'D').await;
            keyboard_is_at(window, "case-reason-field").await;
            window.type_text(&day.reason).await;
            window.press(&[], Key::Enter).await;
        }
        Deed::Tomorrow => {
            window.press(&[], 'p').await;
            keyboard_is_at(window, "case-put-off-hour").await;
            window.press(&[], '2').await;
        }
        Deed::Assign => {
            window.press(&[], 'a').await;
            choose_by_typing(window, &day.assignee).await;
            shows(window, "[data-testid=undo-message] .words", &day.assignee).await;
            window.until("document.activeElement?.getAttribute('role') === 'grid'").await;
        }
    }
}

/// All that a filter finds has a tag with one change, and loses it with one undo.
async fn tag_many(window: &Window, day: &Day) {
    let found = day.expected.found;
    window.click("nav-calls").await;
    lists(window, day.expected.calls).await;
    choose_in_menu(window, "filter-result", &day.result).await;
    lists(window, found).await;
    window.press(&[], Key::Escape).await;
    to_the_list(window).await;
    window.press(&[Key::Control], 'a').await;
    counts(window, "selection-count", found).await;
    window.click_on("input[data-testid=bulk-tag-add]").await;
    choose_by_typing(window, &day.tag).await;
    shows(window, "[data-testid=undo-message] .words", &day.tag).await;
    is_tagged(window, day, found).await;

    to_the_list(window).await;
    window.press(&[Key::Control], 'z').await;
    window.see_count("[data-testid=undo]", 0).await;
    is_tagged(window, day, 0).await;
}

/// So many calls have the tag, each of them found by the filter; no other call has any.
async fn is_tagged(window: &Window, day: &Day, count: usize) {
    assert_eq!(total(window, "calls", &format!("&tag={}", day.tag)).await, count, "the API");
    assert_eq!(exported(window, "calls", "call_id", &["--tag", &day.tag]).len(), count, "the export of this tag");
    let lines = exported(window, "calls", "result,tags", &[]);
    let tagged = format!("{},{}", day.result, day.tag);
    assert_eq!(lines.len(), day.expected.calls, "all calls");
    assert_eq!(lines.iter().filter(|line| **line == tagged).count(), count, "those that the filter finds");
    assert_eq!(lines.iter().filter(|line| line.ends_with(',')).count(), lines.len() - count, "and no other");
}

fn so_many(cases: &[(&str, usize)]) -> Cases {
    cases.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect()
}

/// Waits until the list says that it has so many rows.
async fn lists(window: &Window, rows: usize) {
    counts(window, "list-total", rows).await;
}

/// Waits until the text of what has this test id begins with this number.
async fn counts(window: &Window, id: &str, number: usize) {
    window.until(&format!("parseInt(document.querySelector('[data-testid={id}]')?.textContent) === {number}")).await;
}

/// Waits until what fits the selector has a text in which this stands.
async fn shows(window: &Window, selector: &str, text: &str) {
    let (selector, text) = (json!(selector), json!(text));
    window.until(&format!("document.querySelector({selector})?.textContent.includes({text})")).await;
}

/// Waits until the keyboard is at what has this test id.
async fn keyboard_is_at(window: &Window, id: &str) {
    window.until(&format!("document.activeElement?.dataset.testid === '{id}'")).await;
}

/// Gives the keyboard to the list.
async fn to_the_list(window: &Window) {
    window.run("document.querySelector('[role=grid]').focus(); return 0").await;
}

/// Opens a menu and chooses in it. For a moment it is not yet in its place, above everything else, and cannot be clicked.
async fn choose_in_menu(window: &Window, button: &str, value: &str) {
    window.click(button).await;
    let choice = format!("[role=menu] [data-value='{value}']");
    window.find(&choice).await;
    let is_on_top = "((choice) => {
        const { x, y, width, height } = choice.getBoundingClientRect();
        return choice.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    })";
    window.until(&format!("{is_on_top}(document.querySelector({}))", json!(choice))).await;
    window.click_on(&choice).await;
}

/// Chooses in the list that is open under a field, by typing.
async fn choose_by_typing(window: &Window, text: &str) {
    window.until("document.querySelector('[role=listbox]') !== null").await;
    window.type_text(text).await;
    shows(window, "[role=option][data-highlighted]", text).await;
    window.press(&[], Key::Enter).await;
}
