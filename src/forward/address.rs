//! Which addresses deliveries may go to. The address is a person's, never out of a callback; but it must not lead back here, and
//! not into a private network unless somebody says so.

use url::Url;

use crate::subscription::address::{Ours, is_private};

/// Why an address cannot be a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is none of the web.
    #[error("a target begins with https:// or http:// and a host name")]
    NotWeb,
    /// It is Calltrail's own.
    #[error("this address leads back to Calltrail: callbacks would go in a circle")]
    LeadsBack,
    /// It is on this computer or in a private network, and nobody has said that this is meant.
    #[error("this address is on this computer or in a private network")]
    Private,
}

/// An address that may be used.
pub(super) fn fit(url: &str, private: bool, ours: &Ours) -> Result<Url, Unfit> {
    let parsed = Url::parse(url.trim()).map_err(|_| Unfit::NotWeb)?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() || parsed.fragment().is_some() {
        return Err(Unfit::NotWeb);
    }
    if ours.owns(parsed.as_str()) {
        return Err(Unfit::LeadsBack);
    }
    if is_private(&parsed) && !private {
        return Err(Unfit::Private);
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn each_address_is_checked_in_whatever_form_it_is_written() {
        let ours = Ours { token: TOKEN.to_owned(), url: None };
        let own = format!("https://calls.example/hook/{TOKEN}");
        for (url, private, want) in [
            ("https://backend.example/callback?token=x", false, Ok(())),
            (" http://203.0.113.9:8080/a ", false, Ok(())),
            ("backend.example", false, Err(Unfit::NotWeb)),
            ("ftp://backend.example/", false, Err(Unfit::NotWeb)),
            ("https://backend.example/#a", false, Err(Unfit::NotWeb)),
            ("", false, Err(Unfit::NotWeb)),
            (&own, true, Err(Unfit::LeadsBack)),
            ("http://127.0.0.1:9000/", true, Ok(())),
            ("http://127.0.0.1:9000/", false, Err(Unfit::Private)),
            ("http://2130706433/", false, Err(Unfit::Private)),
            ("http://0x7f.1/", false, Err(Unfit::Private)),
            ("http://0177.0.0.1/", false, Err(Unfit::Private)),
            ("http://0/", false, Err(Unfit::Private)),
            ("http://[::1]/", false, Err(Unfit::Private)),
            ("http://[::ffff:10.0.0.1]/", false, Err(Unfit::Private)),
            ("http://[fd00::1]/", false, Err(Unfit::Private)),
            ("http://169.254.169.254/latest/meta-data", false, Err(Unfit::Private)),
            ("http://localhost./", false, Err(Unfit::Private)),
            ("http://desk.local/", false, Err(Unfit::Private)),
            ("http://metadata.google.internal/", false, Err(Unfit::Private)),
        ] {
            assert_eq!(fit(url, private, &ours).map(drop), want, "{url} {private}");
        }
    }
}
