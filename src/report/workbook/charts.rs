//! The charts of the summary: they are the spreadsheet's own, and draw what is on the sheets of days and hours.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPatternFill, ChartPatternFillType,
    ChartSolidFill, ChartType, Worksheet,
};

use crate::{
    export::{Error, xlsx::fault},
    report::{Report, summary, tables, words::Codes},
};

/// How large they are, in pixels: they fill the columns that they stand above.
const HEIGHT: u32 = 300;
const DAYS_WIDTH: u32 = 520;
const HOURS_WIDTH: u32 = 550;
/// Days that are named below the bars.
const NAMES: usize = 10;
const QUIET: u32 = 0x00CB_D1DA;
const ACCENT: u32 = 0x0024_60D8;
const PAPER: u32 = 0x00FF_FFFF;

/// Puts both charts below each other's heads: days at the left, hours beside.
pub(super) fn insert(sheet: &mut Worksheet, row: u32, beside: u16, report: &Report) -> Result<(), Error> {
    sheet.insert_chart(row, 0, &days(report)).map_err(fault::error)?;
    sheet.insert_chart(row, beside, &hours(report)).map(drop).map_err(fault::error)
}

/// Calls per day, by result.
fn days(report: &Report) -> Chart {
    let (name, last) = (report.labels.sheets.by_day, last_row(report.days.rows.len()));
    let mut chart = Chart::new(ChartType::ColumnStacked);
    for (column, code) in (u16::from(tables::BEFORE_RESULTS)..).zip(summary::results(&report.figures)) {
        let called = Codes::Result.say(code, report.language);
        chart
            .add_series()
            .set_name(called.as_ref())
            .set_categories((name, 1, 0, last, 0))
            .set_values((name, 1, column, last, column))
            .set_gap(30)
            .set_format(&mut look(code));
    }
    finish(&mut chart, report.labels.per_day, DAYS_WIDTH);
    let every = u16::try_from(report.days.rows.len().div_ceil(NAMES)).unwrap_or(u16::MAX).max(1);
    chart.x_axis().set_num_format("mm-dd").set_text_axis(true).set_label_interval(every);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart
}

/// Calls by hour of the day.
fn hours(report: &Report) -> Chart {
    let (name, last) = (report.labels.sheets.by_hour, last_row(report.hours.rows.len()));
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_name(report.labels.columns.calls)
        .set_categories((name, 1, 0, last, 0))
        .set_values((name, 1, 1, last, 1))
        .set_gap(30)
        .set_format(&mut solid(ACCENT));
    finish(&mut chart, report.labels.per_hour, HOURS_WIDTH);
    chart.x_axis().set_num_format("hh").set_text_axis(true);
    chart.legend().set_hidden();
    chart
}

fn finish(chart: &mut Chart, title: &str, width: u32) {
    let mut font = ChartFont::new();
    font.set_size(11).set_bold();
    chart.title().set_name(title).set_font(&font);
    chart.y_axis().set_major_gridlines_line(ChartLine::new().set_color(QUIET));
    chart.set_width(width).set_height(HEIGHT).set_alt_text(title);
}

fn last_row(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX).max(1)
}

/// How a result is drawn: as in the window, each with a pattern that is told apart without its colour.
fn look(code: &str) -> ChartFormat {
    let (colour, pattern): (u32, _) = match code {
        "normal_end" => return solid(0x0014_713C),
        "in_progress" => return solid(0x001F_5BC4),
        "not_answer" => (0x00B3_261E, ChartPatternFillType::DiagonalStripesWideUpwards),
        "reject" => (0x008A_5300, ChartPatternFillType::DiagonalStripesWideDownwards),
        "call_busy" => (0x008A_5300, ChartPatternFillType::HorizontalStripesDark),
        "offline" => (0x00B3_261E, ChartPatternFillType::DiagonalStripesWideDownwards),
        "failed" => (0x00B3_261E, ChartPatternFillType::HorizontalStripesDark),
        "interrupt" => (0x00B3_261E, ChartPatternFillType::Dotted40Percent),
        "ringing" => (0x001F_5BC4, ChartPatternFillType::Dotted10Percent),
        "cancel" => (0x0054_5D6C, ChartPatternFillType::Dotted10Percent),
        _ => (0x0054_5D6C, ChartPatternFillType::Dotted40Percent),
    };
    let mut fill = ChartPatternFill::new();
    fill.set_pattern(pattern).set_foreground_color(colour).set_background_color(PAPER);
    let mut format = ChartFormat::new();
    format.set_pattern_fill(&fill).set_border(ChartLine::new().set_color(colour).set_width(0.75));
    format
}

fn solid(colour: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour));
    format
}
