//! What somebody speaks to this port that is not HTTP/1, told from the first bytes, so that a person can be told the remedy.

/// So many first bytes of a connection tell it.
pub(super) const FIRST: usize = 16;

/// The beginning of PROXY protocol version 2.
const PROXY_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// What ends a connection of HTTP/2 politely: empty settings, and GOAWAY with `HTTP_1_1_REQUIRED` (RFC 9113, 6.8).
pub(super) const HTTP_1_1_REQUIRED: &[u8] = b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0d";

/// Another protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// `https` to a port that speaks plain `http`.
    Tls,
    /// A proxy that tells its client's address in the PROXY protocol, which is not read: whoever reaches the port could name any
    /// address in it.
    Proxy,
    /// HTTP/2 without asking for it first (h2c).
    Http2,
    /// SSH.
    Ssh,
    /// A SOCKS proxy is looked for here.
    Socks,
}

impl Protocol {
    /// The protocol that a connection begins with, if it is one of these.
    pub(super) fn of(first: &[u8]) -> Option<Self> {
        match first {
            // A handshake record, of a version 3.x of SSL, as TLS still calls itself.
            [0x16] | [0x16, 0x03, ..] => Some(Self::Tls),
            // The hello of SSL 2, which old clients wrap theirs in.
            [0x80..=0xff, _, 0x01, 0x03, ..] => Some(Self::Tls),
            _ if first.starts_with(b"PROXY ") || first.starts_with(PROXY_V2) => Some(Self::Proxy),
            _ if first.starts_with(b"PRI * HTTP/2") => Some(Self::Http2),
            _ if first.starts_with(b"SSH-") => Some(Self::Ssh),
            [0x04, 0x01 | 0x02, ..] | [0x05, 0x01..=0x09, ..] => Some(Self::Socks),
            _ => None,
        }
    }

    /// The code that the API shows.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Proxy => "proxy_protocol",
            Self::Http2 => "http2",
            Self::Ssh => "ssh",
            Self::Socks => "socks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_protocol() {
        for (first, want) in [
            (b"\x16\x03\x01\x02\x00\x01".as_slice(), Some("tls")),
            (b"\x16", Some("tls")),
            (b"\x80\x2e\x01\x03\x01", Some("tls")),
            (b"PROXY TCP4 192.0.", Some("proxy_protocol")),
            (b"PROXY UNKNOWN\r\n", Some("proxy_protocol")),
            (b"\r\n\r\n\0\r\nQUIT\n\x21\x11", Some("proxy_protocol")),
            (b"PRI * HTTP/2.0\r\n", Some("http2")),
            (b"SSH-2.0-OpenSSH", Some("ssh")),
            (b"\x05\x01\x00", Some("socks")),
            (b"\x04\x01\x00\x50", Some("socks")),
            (b"POST /hook/ HTTP", None),
            (b"PROPFIND / HTTP/", None),
            (b"PROXYX / HTTP/1.", None),
            (b"\x16\x00", None),
            (b"\r\n\r\nPOST / ", None),
            (b"\0\0\0\x85\xffSMB", None),
            (b"", None),
        ] {
            assert_eq!(Protocol::of(first).map(Protocol::code), want, "{}", first.escape_ascii());
        }
    }
}
