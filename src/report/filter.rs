//! The filter of a report: in words, and as the parameters that the API and the command line take.

use super::{labels::Labels, words::Codes};
use crate::{
    export::about::asked,
    language::Language,
    store::filter::{Filter, WeekHour},
    zone::Zone,
};

/// The fields that a filter of calls has, besides its period. Those of other lists restrict no call, so a report has none of them.
pub(super) fn of_calls(filter: Filter) -> Filter {
    Filter {
        room_id_type: None,
        product: None,
        inside: None,
        verdict: None,
        family: None,
        ours: None,
        state: None,
        assignee: None,
        me: None,
        ..filter
    }
}

/// True where the filter asks for something of calls that rooms, stays and cases do not have.
pub(super) fn is_about_calls(filter: &Filter) -> bool {
    let Filter { result, media, call_type, tag, note, answered, part, hour, .. } = filter;
    [result, media, call_type, tag, note, answered, part, hour].into_iter().any(is_given)
}

/// True where the filter asks for something that cases do not have, but rooms and stays do.
pub(super) fn is_about_places(filter: &Filter) -> bool {
    is_given(&filter.room) || is_given(&filter.team)
}

fn is_given(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| !text.is_empty())
}

/// What the filter asks for besides the period, in words: `Result: Missed, Busy`; nothing where it asks for nothing.
pub(super) fn words(filter: &Filter, labels: &Labels, language: Language) -> Vec<String> {
    let asked: Vec<(String, String)> = asked(filter).collect();
    let words = labels.filters.iter().filter_map(|(name, called)| {
        let (_, text) = asked.iter().find(|(asked, _)| asked == name)?;
        Some(format!("{called}{}{}", labels.colon, value(name, text, labels, language)))
    });
    words.collect()
}

fn value(name: &str, text: &str, labels: &Labels, language: Language) -> String {
    if let Some(WeekHour { weekday, hour, zone }) = (name == "hour").then(|| WeekHour::read(text)).flatten() {
        let day = usize::try_from(weekday).ok().and_then(|day| labels.weekdays.get(day)).copied().unwrap_or_default();
        return format!("{day} {hour:02}:00 ({zone})");
    }
    match Codes::of(name) {
        Some(codes) => text.split(',').map(|code| codes.say(code, language)).collect::<Vec<_>>().join(labels.listed),
        None => text.to_owned(),
    }
}

/// The same as parameters of the API, with the period and the zone: `from=…&to=…&result=not_answer&tz=Europe%2FBerlin`.
pub(super) fn parameters(filter: &Filter, zone: &Zone) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(asked(filter));
    text.append_pair("tz", zone.name());
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::labels;

    #[test]
    fn a_filter_is_told_in_words_and_as_parameters() {
        let filter = Filter {
            from: Some(1),
            to: Some(2),
            result: Some("not_answer,call_busy".to_owned()),
            user: Some("=cmd|' /C calc'!A0".to_owned()),
            hour: Some("4-17 Europe/Berlin".to_owned()),
            note: Some("yes".to_owned()),
            state: Some("open".to_owned()),
            q: Some(String::new()),
            ..Filter::default()
        };
        let filter = of_calls(filter);
        let told = |language| words(&filter, labels::of(language), language);
        assert_eq!(
            told(Language::En),
            [
                "Result: Missed, Busy",
                "User: =cmd|' /C calc'!A0",
                "With a note: yes",
                "Hour of the week: Fri 17:00 (Europe/Berlin)"
            ]
        );
        assert_eq!(told(Language::Zh)[0], "结果：未接、忙线");
        let zone = Zone::read("Asia/Shanghai").expect("a zone");
        assert_eq!(
            parameters(&filter, &zone),
            "from=1&to=2&result=not_answer%2Ccall_busy&user=%3Dcmd%7C%27+%2FC+calc%27%21A0&note=yes&hour=4-17+Europe%2FBerlin&tz=Asia%2FShanghai"
        );
        assert!(is_about_calls(&filter) && !is_about_places(&filter));
        assert!(words(&Filter::default(), labels::of(Language::En), Language::En).is_empty(), "nothing is asked for");
    }
}
