//! What a file says of itself, in words: which list it is, which filter found its rows, and what the record can be relied upon for.

use super::{
    Kind,
    times::{self, Precision},
};
use crate::{
    completeness::summary::Summary,
    export::TimeFormat,
    language::Language::{self, En, Zh},
    store::filter::Filter,
    zone::Zone,
};

/// What a list is called.
pub(super) const fn list(kind: Kind, language: Language) -> &'static str {
    let (en, zh) = match kind {
        Kind::Calls => ("Calls", "通话"),
        Kind::Members => ("Members", "通话成员"),
        Kind::Rooms => ("Rooms", "房间"),
        Kind::Stays => ("Stays", "进房记录"),
        Kind::Deliveries => ("Deliveries", "回调消息"),
        Kind::People => ("People", "联系人"),
        Kind::Cases => ("Follow-up", "回访"),
        Kind::Entries => ("What people added", "人工添加的内容"),
    };
    match language {
        En => en,
        Zh => zh,
    }
}

/// What the sheet of a workbook is called on which it speaks of itself.
pub(super) const fn about_sheet(language: Language) -> &'static str {
    match language {
        En => "About this file",
        Zh => "关于此文件",
    }
}

/// Whether a sheet of a workbook is called like the one on which exports speak of themselves.
pub fn is_about_sheet(name: &str) -> bool {
    Language::ALL.into_iter().any(|language| about_sheet(language) == name)
}

/// A moment, to the second, in a zone.
pub(super) fn moment(ms: i64, zone: &Zone) -> String {
    times::format(ms, zone, TimeFormat::Local, Precision::Second)
}

/// Each restriction of a filter, `Result: cancel, reject`; one line that says so where there is none.
pub(super) fn restrictions(filter: &Filter, zone: &Zone, language: Language) -> Vec<String> {
    let said = restrictions_of(filter, zone);
    if said.is_empty() {
        return vec![match language {
            En => "Everything in the list".to_owned(),
            Zh => "列表中的全部内容".to_owned(),
        }];
    }
    said.into_iter()
        .map(|(en, zh, value)| match language {
            En => format!("{en}: {value}"),
            Zh => format!("{zh}：{value}"),
        })
        .collect()
}

/// What each restriction is called in both languages, and its value.
fn restrictions_of(filter: &Filter, zone: &Zone) -> Vec<(&'static str, &'static str, String)> {
    let Filter {
        from,
        to,
        result,
        user,
        media,
        call_type,
        room,
        room_id_type,
        app,
        product,
        inside,
        verdict,
        family,
        person,
        team,
        tag,
        note,
        answered,
        part,
        hour,
        ours,
        state,
        assignee,
        me: _,
        q,
    } = filter;
    let time = |ms: &Option<i64>| ms.map(|ms| moment(ms, zone));
    // Codes stay codes: they are what the columns hold. A comma between them is followed by a space.
    let codes = |codes: &Option<String>| codes.as_ref().map(|codes| codes.replace(',', ", "));
    let all = [
        ("From", "开始时间", time(from)),
        ("Before", "结束时间（不含）", time(to)),
        ("Result", "结果", codes(result)),
        ("User", "用户", user.clone()),
        ("Person", "联系人", person.clone()),
        ("Team", "团队", team.clone()),
        ("Media", "媒体", media.clone()),
        ("Type", "类型", call_type.clone()),
        ("Answered", "已接听", answered.clone()),
        ("Part in the call", "在通话中的角色", part.clone()),
        ("Hour of the week", "每周时段", hour.clone()),
        ("Tag", "标签", tag.clone()),
        ("With a note", "有备注", note.clone()),
        ("Room", "房间", room.clone()),
        ("Room ID type", "房间 ID 类型", room_id_type.clone()),
        ("Product", "产品", product.clone()),
        ("Somebody inside", "房内有人", inside.clone()),
        ("Verdict", "处理结果", codes(verdict)),
        ("Family", "来源产品", family.clone()),
        ("One of us", "我方", ours.clone()),
        ("State", "状态", codes(state)),
        ("Assigned to", "负责人", assignee.clone()),
        ("App", "应用", app.clone()),
        ("Contains", "包含", q.clone()),
    ];
    // An empty field does not restrict.
    all.into_iter().filter_map(|(en, zh, value)| Some((en, zh, value.filter(|value| !value.is_empty())?))).collect()
}

/// What the record of the period can be relied upon for, sentence by sentence (rules.md section 13).
pub(super) fn reliance(summary: &Summary, zone: &Zone, language: Language) -> Vec<String> {
    let Summary { calls, confirmed, only_callbacks, only_fetched, gaps, gaps_not_fetched, complete_to_ms } = summary;
    let until = complete_to_ms.map(|ms| format!("{} ({})", moment(ms, zone), zone.name()));
    match language {
        En => vec![
            format!(
                "Calls of the period: {calls}. Confirmed by Tencent's records: {confirmed}. Known from callbacks alone: \
                 {only_callbacks}. Known from fetched records alone: {only_fetched}."
            ),
            match until {
                Some(until) => format!("Tencent's records were read until {until}."),
                None => "Nobody has compared this with Tencent's records.".to_owned(),
            },
            format!(
                "Gaps in which no callback could be taken: {gaps}. Of these not fetched afterwards: {gaps_not_fetched}."
            ),
        ],
        Zh => vec![
            format!(
                "该时间范围内的通话：{calls} 次。经腾讯云记录核对：{confirmed} 次；仅来自回调：{only_callbacks} 次；\
                 仅来自拉取的记录：{only_fetched} 次。"
            ),
            match until {
                Some(until) => format!("腾讯云的记录已读取至 {until}。"),
                None => "尚未与腾讯云的通话记录核对。".to_owned(),
            },
            format!("无法接收回调的空缺：{gaps} 处，其中事后未拉取：{gaps_not_fetched} 处。"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_restriction_of_a_filter_is_said() {
        let zone = Zone::read("Asia/Shanghai").expect("a zone");
        let restrictions = |filter: &Filter, language| restrictions(filter, &zone, language);
        assert_eq!(restrictions(&Filter::default(), En), ["Everything in the list"], "none");
        // Each field by itself, whichever there are, so that one which is added cannot be forgotten.
        let all = serde_json::to_value(Filter::default()).expect("a filter is JSON");
        for name in all.as_object().expect("an object").keys() {
            let value = if name == "from" || name == "to" { 1_741_231_146_007_i64.into() } else { "=x".into() };
            let one = serde_json::Value::Object([(name.clone(), value)].into_iter().collect());
            let filter: Filter = serde_json::from_value(one).expect("a filter");
            let [en, zh] = [En, Zh].map(|language| restrictions(&filter, language));
            let value = if name == "from" || name == "to" { "2025-03-06 11:19:06" } else { "=x" };
            assert!(en.len() == 1 && en[0].ends_with(&format!(": {value}")), "{name}: {en:?}");
            assert!(zh.len() == 1 && zh[0].ends_with(&format!("：{value}")), "{name}: {zh:?}");
        }
        let two = Filter { result: Some("cancel,reject".to_owned()), q: Some(String::new()), ..Filter::default() };
        assert_eq!(restrictions(&two, En), ["Result: cancel, reject"], "what is empty does not restrict");
    }

    #[test]
    fn a_record_that_nobody_compared_says_so() {
        let summary = Summary { calls: 3, only_callbacks: 3, ..Summary::default() };
        assert!(reliance(&summary, &Zone::utc(), En)[1].starts_with("Nobody has compared"), "in English");
        let read = Summary { complete_to_ms: Some(1_741_231_146_007), ..summary };
        assert!(reliance(&read, &Zone::utc(), Zh)[1].contains("2025-03-06 03:19:06 (UTC)"), "and until when");
    }
}
