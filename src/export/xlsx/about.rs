//! The first sheet: what the workbook says of itself.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::{dates, text};
use crate::export::{
    Request, TimeFormat,
    about::{About, WRITTEN_BY, query},
    words,
};
use crate::language::Language::{self, En, Zh};

/// Widths of the two columns, in characters.
const WIDTHS: [u32; 2] = [24, 100];

/// What there is to say.
pub(super) struct Facts<'a> {
    pub(super) about: &'a About,
    pub(super) rows: u64,
    /// Cells whose text did not fit.
    pub(super) cut: u64,
    /// Sheets with rows.
    pub(super) sheets: usize,
}

/// A line of the sheet.
enum Line {
    Text(String),
    Number(u64),
}

/// The sheet.
pub(super) fn sheet(request: &Request, facts: &Facts<'_>) -> Result<Worksheet, XlsxError> {
    let language = request.headings.language();
    let mut sheet = Worksheet::new();
    sheet.set_name(words::about_sheet(language))?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let label = Format::new().set_bold().set_num_format("@").set_align(FormatAlign::Top);
    let said = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();
    let number = Format::new().set_num_format("#,##0").set_align(FormatAlign::Left);
    for (row, (called, line)) in (0..).zip(lines(request, facts, language)) {
        sheet.write_string_with_format(row, 0, called, &label)?;
        match line {
            Line::Text(line) => {
                text::write(&mut sheet, (row, 1), &line, &said)?;
            }
            Line::Number(count) => {
                let exact = i64::try_from(count).ok().and_then(dates::whole).unwrap_or_default();
                sheet.write_number_with_format(row, 1, exact, &number)?;
            }
        }
    }
    Ok(sheet)
}

/// Every line, with what stands before it: nothing before those that go on.
fn lines(request: &Request, facts: &Facts<'_>, language: Language) -> Vec<(&'static str, Line)> {
    let word = |en, zh| match language {
        En => en,
        Zh => zh,
    };
    let one = |en, zh, text: &str| vec![(word(en, zh), Line::Text(text.to_owned()))];
    let several = |en, zh, texts: Vec<String>| {
        let labels = [word(en, zh)].into_iter().chain(std::iter::repeat(""));
        labels.zip(texts.into_iter().map(Line::Text)).collect::<Vec<_>>()
    };
    let number = |en, zh, count| vec![(word(en, zh), Line::Number(count))];
    let Facts { about, rows, cut, sheets } = facts;
    [
        one("List", "列表", words::list(request.kind, language)),
        number("Rows", "行数", *rows),
        if *sheets > 1 {
            number("Sheets with rows", "数据工作表", u64::try_from(*sheets).unwrap_or_default())
        } else {
            vec![]
        },
        several("Filter", "筛选条件", words::restrictions(&request.filter, &request.tz, language)),
        one("Filter as parameters", "筛选参数", &query(&request.filter)),
        one("Columns", "列", &request.column_names().join(", ")),
        one("Time zone", "时区", request.tz.name()),
        one("Times", "时间", times(request, language)),
        several("Completeness", "完整性", words::reliance(&about.completeness, &request.tz, language)),
        one("Revision of the record", "记录版本", &about.revision),
        if *cut > 0 {
            several("Texts that were cut", "被截断的文本", cut_in_words(*cut, language))
        } else {
            vec![]
        },
        one("Written by", "生成者", WRITTEN_BY),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn times(request: &Request, language: Language) -> &'static str {
    match (request.time_format, language) {
        (TimeFormat::Local, En) => {
            "Dates as the clocks of this zone show them; before March 1900 and after 9999 as text. What had not ended is as it was when the file was made."
        }
        (TimeFormat::Local, Zh) => {
            "按该时区的时钟显示为日期；1900 年 3 月之前和 9999 年之后的时间为文本。尚未结束的内容为生成文件时的状态。"
        }
        (TimeFormat::Iso, En) => "Texts in ISO 8601. What had not ended is as it was when the file was made.",
        (TimeFormat::Iso, Zh) => "ISO 8601 文本。尚未结束的内容为生成文件时的状态。",
    }
}

fn cut_in_words(cut: u64, language: Language) -> Vec<String> {
    vec![match language {
        En => format!(
            "{cut}: a cell holds 32,767 characters at most. They end with […]; CSV and JSON Lines have them whole."
        ),
        Zh => format!("{cut} 处：单元格最多容纳 32,767 个字符。这些文本以 […] 结尾；CSV 和 JSON Lines 中的文本完整。"),
    }]
}
