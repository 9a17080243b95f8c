//! The query string of a callback, parsed once: keys in any case, values percent-decoded, never an error.

/// The parameters of one request, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Lower-case key and decoded value.
    pairs: Vec<(String, String)>,
}

/// The kept HTTP headers of a request; names are compared without regard to case.
pub type Headers = [(String, String)];

impl Query {
    /// Reads a raw query string, with or without its question mark. What cannot be decoded is kept as far as it can be.
    ///
    /// Tencent appends `?SdkAppid=...` to the address that it was given, also where that has a query of its own. What follows such
    /// a second question mark is a parameter too, unless there is one of that name already.
    pub fn parse(raw: &str) -> Self {
        let raw = raw.trim_start_matches('?');
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes())
            .map(|(key, value)| (key.to_ascii_lowercase(), value.into_owned()))
            .collect();
        let appended: Vec<_> = pairs.iter().flat_map(|(key, value)| appended(key, value)).collect();
        for (key, value) in appended {
            if !pairs.iter().any(|(known, value)| *known == key && !value.is_empty()) {
                pairs.push((key, value));
            }
        }
        Self { pairs }
    }

    /// The first value of a key, whatever its case; Tencent prints `SdkAppid`, `SdkAppId` and `sdkappid`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.all(key).next()
    }

    /// Every value of a key, in the order sent.
    pub fn all<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let key = key.to_ascii_lowercase();
        self.pairs.iter().filter(move |(name, _)| *name == key).map(|(_, value)| value.as_str())
    }

    /// The first value of a key that is not empty.
    pub(crate) fn word(&self, key: &str) -> Option<&str> {
        self.all(key).map(str::trim).find(|value| !value.is_empty())
    }
}

/// The names of applications, users' addresses and signatures may be appended. A command may not: it is part of what tells one
/// delivery from another, and must be read as it was when the delivery came.
const MAY_BE_APPENDED: [&str; 6] = ["sdkappid", "clientip", "optplatform", "contenttype", "sign", "requesttime"];

/// The parameters that were appended to one with a question mark, or with `&amp;` as a web page writes it.
fn appended(key: &str, value: &str) -> impl Iterator<Item = (String, String)> {
    let text = if value.is_empty() { key.to_owned() } else { format!("{key}={value}") };
    let escaped = text.strip_prefix("amp;").map(str::to_owned);
    let behind: Vec<String> = text.split('?').skip(1).map(str::to_owned).collect();
    let named = |text: String| text.split_once('=').map(|(key, value)| (key.to_ascii_lowercase(), value.to_owned()));
    escaped.into_iter().chain(behind).filter_map(named).filter(|(key, _)| MAY_BE_APPENDED.contains(&key.as_str()))
}

/// `ClientIP`: the address of the client whose action is reported; empty when the query has none.
pub fn client_ip(query: &Query) -> &str {
    query.get("ClientIP").unwrap_or_default()
}

/// `OptPlatform` (`iOS`, `Android`, `Web`, `miniProgram`, `RESTAPI`, ...) as sent; empty when the query has none.
pub fn platform(query: &Query) -> &str {
    query.get("OptPlatform").unwrap_or_default()
}

/// Every value of a header, whatever the case of its name.
pub(crate) fn header_values<'a>(headers: &'a Headers, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_every_spelling_that_tencent_prints() {
        for raw in [
            "SdkAppid=1400&ClientIP=127.0.0.1",
            "sdkappid=1400&clientip=127.0.0.1",
            "?SDKAppID=1400&CLIENTIP=127.0.0.1",
        ] {
            let query = Query::parse(raw);
            assert_eq!(query.get("SdkAppId"), Some("1400"), "{raw}: the key is the same in any case");
            assert_eq!(client_ip(&query), "127.0.0.1", "{raw}: and so is the client's address");
            assert_eq!(platform(&query), "", "{raw}: a missing platform is empty, not an error");
        }
    }

    #[test]
    fn values_are_decoded_and_repeated_keys_are_all_there() {
        let query = Query::parse("a=%E5%BC%A0+x&A=2&b&=&%zz=%ff");
        assert_eq!(query.all("a").collect::<Vec<_>>(), ["张 x", "2"], "two spellings of one key are one key");
        assert_eq!(query.get("b"), Some(""), "a key without a value is there and empty");
        assert_eq!(query.word("b"), None, "an empty value is not a word");
    }

    #[test]
    fn what_was_appended_to_a_query_is_read() {
        for raw in [
            "from=tunnel?SdkAppid=1400&CallbackCommand=Call.X&ClientIP=192.0.2.1",
            "from=tunnel&x?SdkAppid=1400&ClientIP=192.0.2.1",
            "from=tunnel%3FSdkAppid=1400&ClientIP=192.0.2.1",
            "from=tunnel%3fsdkappid%3D1400&clientip=192.0.2.1",
            "??SdkAppid=1400&ClientIP=192.0.2.1",
            "from?SdkAppid=1400&ClientIP=192.0.2.1",
            "a=b?c=d?SdkAppid=1400&ClientIP=192.0.2.1",
            "SdkAppid=&from=tunnel?SdkAppid=1400&ClientIP=192.0.2.1",
            "from=a&amp;SdkAppid=1400&amp;ClientIP=192.0.2.1",
            "url=http://x/?SdkAppid=7&SdkAppid=1400&ClientIP=192.0.2.1",
        ] {
            let query = Query::parse(raw);
            assert_eq!(query.all("SdkAppid").filter(|app| !app.is_empty()).collect::<Vec<_>>(), ["1400"], "{raw}");
            assert_eq!(client_ip(&query), "192.0.2.1", "{raw}");
        }
        let query = Query::parse("a=b?CallbackCommand=Call.X?command=y?c=d");
        assert_eq!(query.word("CallbackCommand"), None, "a command tells deliveries apart and is not appended");
        assert_eq!(
            (query.get("a"), query.get("c")),
            (Some("b?CallbackCommand=Call.X?command=y?c=d"), None),
            "as before"
        );
    }
}
