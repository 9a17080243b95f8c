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
    pub fn parse(raw: &str) -> Self {
        let raw = raw.strip_prefix('?').unwrap_or(raw);
        let pairs = form_urlencoded::parse(raw.as_bytes())
            .map(|(key, value)| (key.to_ascii_lowercase(), value.into_owned()))
            .collect();
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
}
