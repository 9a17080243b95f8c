//! What people add to a large record: how fast it is written, how soon cases follow, and what lists cost with it and without.

use std::{
    ops::ControlFlow,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use calltrail::store::{
    Reader, Store,
    entry::{Author, Edit, Person, Subject},
    filter::Filter,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    Bench, Outcome, Part,
    figures::{count, grouped, ms, number, rounded},
    queries::{Record, ask},
    questions::{self, COLLEAGUES, Kind, Question},
    report::{Findings, Table},
    until_whole,
};

pub(crate) const PART: Part = Part {
    name: "people",
    title: "What people add",
    about: "
One contact for every twenty calls (half of them with a name, twenty teams, four of ours), a note on every twentieth call and a tag on another one,
written through the store as the API does it, in parts of 2,000. Then the cases of all missed callers are derived anew, because it is known now who is
ours. Lists, searches and filters are asked as in the part before, in turns with the record that nobody has added anything to.
",
    measure,
};

/// Calls for each contact, each note and each tag.
const EVERY: u64 = 20;
/// The first page of cases stays under this, in milliseconds.
const CASES_MS: f64 = 50.0;
/// How long cases may take to follow.
const PATIENCE: Duration = Duration::from_secs(900);

const TAGS: &[&str] = &["billing", "complaint", "%E5%9B%9E%E8%AE%BF"];

static QUESTIONS: &[Question] = &[
    questions::ask("calls", "first page", Kind::Page, |_| "/api/calls".to_owned()),
    questions::ask("calls", "deep page, by position", Kind::Page, |of| format!("/api/calls?at={}", of.deep(of.calls))),
    questions::ask("calls", "person", Kind::Page, |of| format!("/api/calls?person={}", of.one_of(COLLEAGUES))),
    questions::ask("calls", "team", Kind::Page, |of| format!("/api/calls?team=team-{}", of.one_of(&["1", "7", "19"]))),
    questions::ask("calls", "tag", Kind::Page, |of| format!("/api/calls?tag={}", of.one_of(TAGS))),
    questions::ask("calls", "with a note", Kind::Page, |_| "/api/calls?note=yes".to_owned()),
    questions::ask("calls", "search: a name", Kind::Search, |of| {
        format!("/api/calls?q=Name-{}", of.one_of(&["1", "22", "333"]))
    }),
    questions::ask("calls", "search: two Chinese letters", Kind::Search, |_| {
        "/api/calls?q=%E7%8E%8B%E8%8A%B3".to_owned()
    }),
    questions::ask("calls", "search: in notes", Kind::Search, |of| {
        format!("/api/calls?q=rang-{}", of.one_of(&["11", "2222"]))
    }),
    questions::ask("calls", "days of a team", Kind::Total, |of| {
        format!("/api/calls/days?zone=Asia/Shanghai&team=team-{}", of.one_of(&["1", "7"]))
    }),
    questions::ask("people", "first page", Kind::Page, |_| "/api/people".to_owned()),
    questions::ask("people", "search", Kind::Search, |of| format!("/api/people?q=Name-{}", of.one_of(&["1", "22"]))),
    questions::ask("people", "one person", Kind::Detail, |of| format!("/api/person?user={}", of.of_call("caller"))),
    questions::ask("cases", "first page, open", Kind::Page, |_| "/api/cases?state=open".to_owned()),
    questions::ask("cases", "first page, closed", Kind::Page, |_| "/api/cases?state=done,closed_itself".to_owned()),
    questions::ask("cases", "of one person", Kind::Page, |of| format!("/api/cases?person={}", of.customer())),
    questions::ask("cases", "figures", Kind::Total, |_| "/api/cases/figures".to_owned()),
];

fn measure(bench: &Bench) -> Outcome<Findings> {
    let calls = bench.large()?;
    let (copy, mut findings) = (bench.data_sets.copy(calls)?, Findings::default());
    add(copy.path(), calls, &mut findings)?;
    let runtime = Runtime::new()?;
    let mut records = vec![
        Record::open(&runtime, bench.data_sets.folder(calls)?, calls)?,
        Record::open(&runtime, copy.path().to_owned(), calls)?,
    ];
    let asked = ask_all(&runtime, &mut records, &mut findings);
    records.into_iter().for_each(|record| record.close(&runtime));
    asked.map(|()| findings)
}

/// Adds to a record what a team of years would have added, and waits until cases follow from it.
fn add(folder: &Path, calls: u64, findings: &mut Findings) -> Outcome<()> {
    let edits = edits(folder, calls)?;
    let store = Store::open(folder, "the benchmark")?;
    let author = Author { person: Person { id: "p1".to_owned(), name: "Ann".to_owned() }, device: "d1".to_owned() };
    let begin = Instant::now();
    let written = count(store.edit(&author, crate::dataset::END_MS, &edits)?.len());
    let took = begin.elapsed();
    until_whole(&store)?;
    let applied = begin.elapsed();
    let begin = Instant::now();
    while store.read(Reader::stale_cases)? > 0 {
        if begin.elapsed() > PATIENCE {
            return Err("the cases of missed callers do not follow".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    let derived = begin.elapsed();
    let cases = store.read(|reader| reader.count_cases(&Filter::default(), crate::dataset::END_MS))?;
    store.close()?;
    findings.note(format!(
        "{} entries were written in {} ({} a second) and were in the lists after {}. {} cases followed from {} calls after {} more.",
        grouped(written),
        ms(took.as_secs_f64() * 1e3),
        rounded(number(written) / took.as_secs_f64()),
        ms(applied.as_secs_f64() * 1e3),
        grouped(cases),
        grouped(calls),
        ms(derived.as_secs_f64() * 1e3),
    ));
    Ok(())
}

/// Contacts of people who are there and of others, notes and tags on calls from all over the list.
fn edits(folder: &Path, calls: u64) -> Outcome<Vec<Edit>> {
    let reader = Reader::open(folder)?;
    let (mut edits, mut users, mut nth) =
        (Vec::new(), COLLEAGUES.iter().map(|user| (*user).to_owned()).collect::<Vec<_>>(), 0_u64);
    let mut edit =
        |subject: Subject, field: &str, value: Value| edits.push(Edit { subject, field: field.to_owned(), value });
    reader.each_call(&Filter::default(), crate::dataset::END_MS, |call| {
        nth += 1;
        let subject = Subject::Call { app: call.app, call_id: call.call_id };
        match nth % EVERY {
            0 => {
                let note = Subject::Note(format!("{:08x}-0000-4000-8000-000000000000", nth));
                edit(note.clone(), "on", json!(subject));
                edit(note, "text", json!(format!("rang-{nth}, to be called back")));
            }
            1 => edit(
                subject,
                ["tag:billing", "tag:complaint", "tag:回访"]
                    .get(usize::try_from(nth % 3).unwrap_or(0))
                    .unwrap_or(&"tag:x"),
                json!(true),
            ),
            2 => users.push(call.caller),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    users.sort();
    users.dedup();
    let more = (count(users.len())..calls / EVERY).map(|n| format!("contact-{n}"));
    for (n, user) in users.into_iter().chain(more).enumerate() {
        let is_ours = COLLEAGUES.contains(&user.as_str());
        let subject = Subject::User(user);
        if n % 2 == 0 {
            edit(subject.clone(), "name", json!(if n % 10 == 0 { format!("王芳 {n}") } else { format!("Name-{n}") }));
        }
        edit(subject.clone(), "team", json!(format!("team-{}", n % 20)));
        if is_ours {
            edit(subject, "ours", json!(true));
        }
    }
    Ok(edits)
}

fn ask_all(runtime: &Runtime, records: &mut [Record], findings: &mut Findings) -> Outcome<()> {
    let columns = ["list", "question", "without: median", "p99", "with: median", "p99", "aim for p99", "met"];
    let mut table = Table::new(&columns);
    for question in QUESTIONS {
        let asked = ask(runtime, records, question)?;
        let limit =
            if question.list == "cases" && question.kind == Kind::Page { CASES_MS } else { question.kind.limit_ms() };
        let mut cells = vec![question.list.to_owned(), question.what.to_owned()];
        for asked in &asked {
            cells.push(ms(asked.times.percentile(50)));
            cells.push(ms(asked.times.percentile(99)));
        }
        let with = asked.last().map_or(0.0, |asked| asked.times.percentile(99));
        cells.push(format!("under {limit} ms"));
        cells.push(if with < limit { "yes".to_owned() } else { "**no**".to_owned() });
        table.row(cells);
        findings.aim(
            format!("{}, {}, with what people add", question.list, question.what),
            &format!("under {limit} ms"),
            ms(with),
            with < limit,
        );
    }
    findings.tables.push(table);
    Ok(())
}
