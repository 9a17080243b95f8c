//! A report as a page to be read and printed: one file that needs nothing from elsewhere, runs nothing, and is light on any screen.

mod charts;
mod html;
mod value;

use std::{fmt::Write as _, io, ops::ControlFlow};

use super::{
    Report, Rows,
    about::about,
    days, each_row,
    labels::Labels,
    lists::{Detail, List},
    summary,
    table::{Column, Table},
    tables,
    value::Value,
};
use crate::{export::Error, language::Language, store::Reader, zone::Zone};
use charts::Stack;
use value::{as_it_is, grouped, shown};

/// More days than this are shown as months.
const DAYS_MOST: usize = 62;
/// Rows of a list in the page, and people; the workbook has all.
const ROWS_MOST: u64 = 200;
const PEOPLE_MOST: usize = 60;
/// How dark the cells of an hour of the week can be.
const SHADES: u64 = 5;

/// What the page may do, said by itself: nothing but show the style that is in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes the page.
pub(super) fn write(
    reader: &Reader,
    report: &Report,
    out: &mut dyn io::Write,
    rows: &mut Rows<'_>,
) -> Result<(), Error> {
    let mut page = head(report);
    if report.figures.calls == 0 {
        let _ = write!(page, "<p>{}</p>", html::text(report.labels.no_calls));
    } else {
        figures(&mut page, report);
        bars(&mut page, report);
        week(&mut page, report);
        people(&mut page, report);
        by_bar(&mut page, report);
    }
    let mut counts = Vec::new();
    for list in report.lists() {
        counts.push((list, add_list(&mut page, reader, report, list, rows)?));
    }
    add_about(&mut page, report, &counts);
    page.push_str("</main></body></html>\n");
    Ok(out.write_all(page.as_bytes())?)
}

fn head(report: &Report) -> String {
    let language = match report.language {
        Language::En => "en",
        Language::Zh => "zh-Hans",
    };
    let title = html::text(&report.title());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>\n{}</style></head><body><main>\n\
         {}<h1>{title}</h1>",
        include_str!("page/style.css"),
        charts::patterns(),
    );
    if report.is_demo {
        let _ = write!(page, "<p class=\"demo\">{}</p>", html::text(report.labels.about.demo));
    }
    let _ = write!(page, "<p><b>{}</b></p>", html::text(&report.period()));
    let lines = report.compared_with().into_iter().chain(report.filter_words()).chain([report.completeness()]);
    for line in lines {
        let _ = write!(page, "<p class=\"muted\"><bdi>{}</bdi></p>", html::text(&line));
    }
    page
}

/// The figures, and beside them how many calls have each result and who is on top.
fn figures(page: &mut String, report: &Report) {
    let Report { figures, labels, language, zone, .. } = report;
    section(page, labels.sheets.summary);
    page.push_str("<div class=\"side\"><section class=\"wide\">");
    table(page, "", &summary::figures(figures, labels), zone);
    page.push_str("</section><section>");
    table(page, "", &summary::by_result(figures, labels, *language), zone);
    page.push_str("</section></div><div class=\"side\">");
    for top in summary::most(figures, labels) {
        page.push_str("<section>");
        if top.rows.is_empty() {
            let _ =
                write!(page, "<h3>{}</h3><p class=\"muted\">{}</p>", html::text(top.title), html::text(labels.nobody));
        } else {
            table(page, "", &top, zone);
        }
        page.push_str("</section>");
    }
    page.push_str("</div>");
}

/// Calls per day or month by result, and by hour of the day.
fn bars(page: &mut String, report: &Report) {
    let Report { bars, figures, labels, language, .. } = report;
    let is_months = bars.len() > DAYS_MOST;
    let months = if is_months { days::months(bars) } else { Vec::new() };
    let title = if is_months { labels.per_month } else { labels.per_day };
    let stacks = charts::of_bars(if is_months { &months } else { bars }, is_months);
    let results: Vec<(&'static str, u64)> = summary::results(figures)
        .into_iter()
        .map(|code| (code, figures.by_result.get(code).copied().unwrap_or(0)))
        .collect();
    section(page, title);
    let _ = write!(page, "<figure>{}{}</figure>", charts::chart(&stacks, title), charts::legend(&results, *language));
    let hour =
        |(hour, calls): (u8, &u64)| Stack { name: format!("{hour:02}"), parts: vec![("hour".to_owned(), *calls)] };
    let hours: Vec<Stack> = (0_u8..).zip(&figures.by_hour).map(hour).collect();
    let _ = write!(
        page,
        "<figure><h3>{}</h3>{}</figure>",
        html::text(labels.per_hour),
        charts::chart(&hours, labels.per_hour)
    );
}

/// When calls come in the week: darker the more there are, each with its number.
fn week(page: &mut String, report: &Report) {
    let Report { figures, labels, .. } = report;
    let most = figures.by_weekday_hour.iter().flatten().copied().max().unwrap_or(0).max(1);
    section(page, labels.week);
    let hours: String = (0..24).map(|hour| format!("<th scope=\"col\">{hour}</th>")).collect();
    let _ = write!(page, "<table class=\"week\"><thead><tr><td></td>{hours}</tr></thead><tbody>");
    for (name, hours) in labels.weekdays.iter().zip(&figures.by_weekday_hour) {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", html::text(name));
        for calls in hours {
            let shade = if *calls == 0 { 0 } else { (calls * SHADES).div_ceil(most).clamp(1, SHADES) };
            let number = if *calls == 0 { String::new() } else { calls.to_string() };
            let _ = write!(page, "<td class=\"s{shade}\">{number}</td>");
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table>");
}

fn people(page: &mut String, report: &Report) {
    let Report { people, labels, zone, .. } = report;
    section(page, people.title);
    let mut first = people.clone();
    first.rows.truncate(PEOPLE_MOST);
    if first.rows.len() < people.rows.len() {
        cut(page, labels.first_of, (first.rows.len(), people.rows.len()));
    }
    table(page, "list", &first, zone);
}

/// What is said of a table that is cut.
fn cut(page: &mut String, words: fn(&str, &str) -> String, (shown, all): (usize, usize)) {
    let [shown, all] = [shown, all].map(|rows| grouped(i64::try_from(rows).unwrap_or(i64::MAX)));
    let _ = write!(page, "<p class=\"muted\">{}</p>", html::text(&words(&shown, &all)));
}

/// The days, or the months of a longer time, as a table.
fn by_bar(page: &mut String, report: &Report) {
    let Report { bars, days: by_day, figures, labels, language, zone, .. } = report;
    if bars.len() > DAYS_MOST {
        let months = tables::months(&days::months(bars), figures, labels, *language);
        section(page, labels.per_month);
        table(page, "list", &months, zone);
    } else {
        section(page, by_day.title);
        table(page, "list", by_day, zone);
    }
}

/// The newest rows of a list. Answers how many rows it has.
fn add_list(
    page: &mut String,
    reader: &Reader,
    report: &Report,
    list: List,
    rows: &mut Rows<'_>,
) -> Result<u64, Error> {
    let Report { labels, zone, .. } = report;
    let all = list.count(reader, &report.filter, report.now_ms)?;
    section(page, list.title(labels));
    if all == 0 {
        let _ = write!(page, "<p class=\"muted\">{}</p>", html::text(labels.none));
        return Ok(0);
    }
    if all > ROWS_MOST {
        let number = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        cut(page, labels.newest_of, (number(ROWS_MOST), number(all)));
    }
    let columns = list.columns(Detail::Short, report.language);
    let mut cells: Vec<Vec<Value<'static>>> = Vec::new();
    let mut left = ROWS_MOST;
    each_row(reader, report, list, Detail::Short, |values| {
        cells.push(values.into_iter().map(Value::into_owned).collect());
        rows.count()?;
        left -= 1;
        Ok(if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    table(page, "list", &Table { title: list.title(labels), columns, rows: cells }, zone);
    Ok(all)
}

fn add_about(page: &mut String, report: &Report, counts: &[(List, u64)]) {
    let Labels { sheets, about: said, .. } = report.labels;
    section(page, sheets.about);
    page.push_str("<table class=\"about\"><tbody>");
    let demo = said.demo;
    for (item, value) in about(report, counts).into_iter().filter(|(item, _)| item != demo) {
        let (kept, value) = (as_it_is(&value), shown(&value, &report.zone));
        let _ = write!(page, "<tr><th scope=\"row\">{}</th><td{kept}>{value}</td></tr>", html::text(&item));
    }
    page.push_str("</tbody></table>");
}

fn section(page: &mut String, title: &str) {
    let _ = write!(page, "\n<h2>{}</h2>", html::text(title));
}

/// A table whose head is repeated on each sheet of paper. Its first column says what a row is of.
fn table(page: &mut String, class: &str, table: &Table, zone: &Zone) {
    let Table { columns, rows, .. } = table;
    let classes: Vec<&str> = (0..columns.len()).map(|at| class_of(rows, at)).collect();
    let heading =
        |(column, class): (&Column, &&str)| format!("<th scope=\"col\"{class}>{}</th>", html::text(&column.heading));
    let headings: String = columns.iter().zip(&classes).map(heading).collect();
    let _ = write!(page, "<table class=\"{class}\"><thead><tr>{headings}</tr></thead><tbody>");
    for row in rows {
        page.push_str("<tr>");
        for (at, (value, class)) in row.iter().zip(&classes).enumerate() {
            let (kept, cell) = (as_it_is(value), shown(value, zone));
            let _ = match at {
                0 => write!(page, "<th scope=\"row\"{class}{kept}>{cell}</th>"),
                _ => write!(page, "<td{class}{kept}>{cell}</td>"),
            };
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table>");
}

/// How a column stands: numbers at the right, and days and moments in one line.
fn class_of(rows: &[Vec<Value<'static>>], at: usize) -> &'static str {
    let is_time = |value: &Value<'_>| matches!(value, Value::Moment(_) | Value::Day(_));
    let mut values = rows.iter().filter_map(|row| row.get(at)).filter(|value| value.is_number());
    match values.next() {
        Some(value) if is_time(value) => " class=\"t\"",
        Some(_) if at > 0 => " class=\"n\"",
        _ => "",
    }
}
