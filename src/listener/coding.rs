//! Bodies that a relay has compressed: gzip and deflate are unpacked, no further than a body may be long.

use std::io::Read as _;

use flate2::{Decompress, FlushDecompress, Status, bufread::GzDecoder};
use hyper::{
    HeaderMap,
    header::{CONTENT_ENCODING, TRANSFER_ENCODING},
};

use super::refusals::Reason;

/// One gzip may be several in a row (RFC 1952, 2.2). Each costs time, however short it is, and no relay makes many.
const MEMBERS: usize = 16;
/// The longest name of a coding that is told.
const LONGEST_NAME: usize = 40;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// It is not.
    Plain,
    /// `gzip` or `x-gzip`: RFC 1952.
    Gzip,
    /// `deflate`: RFC 1950, or without its frame as some send it.
    Deflate,
}

impl Coding {
    /// The coding that a request names. Several at once, and those that are not read here, are refused.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Reason> {
        let mut transfer = named(headers, TRANSFER_ENCODING);
        if transfer.next().is_some_and(|coding| coding != "chunked") || transfer.next().is_some() {
            return Err(Reason::Encoding);
        }
        // What is called identity is nothing at all.
        let mut codings = named(headers, CONTENT_ENCODING).filter(|coding| coding != "identity");
        match (codings.next().as_deref(), codings.next()) {
            (None, _) => Ok(Self::Plain),
            (Some("gzip" | "x-gzip"), None) => Ok(Self::Gzip),
            (Some("deflate"), None) => Ok(Self::Deflate),
            _ => Err(Reason::Encoding),
        }
    }

    /// The body itself, of at most so many bytes.
    pub(super) fn unpack(self, packed: &[u8], most: usize) -> Result<Vec<u8>, Reason> {
        let unpacked = match self {
            _ if packed.is_empty() => return Ok(Vec::new()),
            Self::Plain => return Ok(packed.to_vec()),
            Self::Gzip => gunzip(packed, most),
            Self::Deflate if is_framed(packed) => inflate(packed, true, most),
            Self::Deflate => inflate(packed, false, most),
        };
        match unpacked {
            // A relay that unpacks and leaves the header in place.
            Err(_) if is_text(packed) => Ok(packed.to_vec()),
            told => told,
        }
    }
}

/// The codings that a request names, for a person; empty when it names none.
pub(super) fn told(headers: &HeaderMap) -> String {
    let transfer = named(headers, TRANSFER_ENCODING).filter(|coding| coding != "chunked");
    let all: Vec<String> = named(headers, CONTENT_ENCODING).chain(transfer).collect();
    let shown = |letter: char| if letter.is_ascii_graphic() && !"\"\\<>&".contains(letter) { letter } else { '?' };
    all.join("+").chars().take(LONGEST_NAME).map(shown).collect()
}

/// The codings of a header in their order, in small letters.
fn named(headers: &HeaderMap, name: hyper::header::HeaderName) -> impl Iterator<Item = String> {
    let values =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let codings = values.flat_map(|value| value.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>());
    codings.filter(|coding| !coding.is_empty())
}

/// A body of Tencent begins like this, and nothing that is packed does.
fn is_text(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{') && std::str::from_utf8(body).is_ok()
}

/// The two bytes that zlib's frame begins with are a multiple of 31 and name the method 8.
fn is_framed(packed: &[u8]) -> bool {
    matches!(packed, [method, flags, ..] if method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0)
}

/// Nothing, or zeros up to the end of a block, as some relays write them: gzip(1) passes over them too.
fn is_padding(rest: &[u8]) -> bool {
    rest.iter().all(|byte| *byte == 0)
}

fn gunzip(packed: &[u8], most: usize) -> Result<Vec<u8>, Reason> {
    let mut unpacked = Vec::new();
    let mut rest = packed;
    for _ in 0..MEMBERS {
        let mut member = GzDecoder::new(rest);
        let room = most.saturating_sub(unpacked.len()).saturating_add(1);
        let read = (&mut member).take(u64::try_from(room).unwrap_or(u64::MAX)).read_to_end(&mut unpacked);
        // Cut off, damaged, or followed by something else.
        read.map_err(|_| Reason::Packing)?;
        if unpacked.len() > most {
            return Err(Reason::TooLarge);
        }
        rest = member.into_inner();
        if is_padding(rest) {
            return Ok(unpacked);
        }
    }
    Err(Reason::Packing)
}

fn inflate(packed: &[u8], is_framed: bool, most: usize) -> Result<Vec<u8>, Reason> {
    let mut inflating = Decompress::new(is_framed);
    let mut unpacked = Vec::new();
    loop {
        let taken = usize::try_from(inflating.total_in()).unwrap_or(usize::MAX);
        let rest = packed.get(taken..).unwrap_or_default();
        let before = unpacked.len();
        unpacked.reserve((most + 1 - before).min(16 * 1024));
        let status =
            inflating.decompress_vec(rest, &mut unpacked, FlushDecompress::None).map_err(|_| Reason::Packing)?;
        if unpacked.len() > most {
            return Err(Reason::TooLarge);
        }
        let consumed = usize::try_from(inflating.total_in()).unwrap_or(usize::MAX);
        match status {
            Status::StreamEnd if is_padding(packed.get(consumed..).unwrap_or_default()) => return Ok(unpacked),
            Status::StreamEnd => return Err(Reason::Packing),
            // Nothing more comes of it: it was cut off.
            _ if consumed == taken && unpacked.len() == before => return Err(Reason::Packing),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write};
    use hyper::header::HeaderValue;

    use super::*;

    const BODY: &[u8] = br#"{"CallbackCommand":"Call.CallbackAfterEndCall"}"#;

    fn coding(lines: &[(hyper::header::HeaderName, &'static [u8])]) -> Result<Coding, Reason> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, HeaderValue::from_bytes(value).expect("legal in HTTP"));
        }
        Coding::of(&headers)
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut packed = write::GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(body).expect("into memory");
        packed.finish().expect("into memory")
    }

    fn zlib(body: &[u8]) -> Vec<u8> {
        let mut packed = write::ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(body).expect("into memory");
        packed.finish().expect("into memory")
    }

    fn raw(body: &[u8]) -> Vec<u8> {
        let mut packed = write::DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(body).expect("into memory");
        packed.finish().expect("into memory")
    }

    #[test]
    fn one_coding_is_read_and_no_more() {
        let content = |value: &'static [u8]| coding(&[(CONTENT_ENCODING, value)]);
        for (value, want) in [
            (b"".as_slice(), Ok(Coding::Plain)),
            (b"identity", Ok(Coding::Plain)),
            (b"Identity, identity", Ok(Coding::Plain)),
            (b"gzip", Ok(Coding::Gzip)),
            (b"GZip", Ok(Coding::Gzip)),
            (b" \tx-gzip ", Ok(Coding::Gzip)),
            (b",gzip", Ok(Coding::Gzip)),
            (b"identity, gzip", Ok(Coding::Gzip)),
            (b"deflate", Ok(Coding::Deflate)),
            (b"gzip, gzip", Err(Reason::Encoding)),
            (b"gzip, deflate", Err(Reason::Encoding)),
            (b"br", Err(Reason::Encoding)),
            (b"zstd", Err(Reason::Encoding)),
            (b"compress", Err(Reason::Encoding)),
            (b"gzip;q=1", Err(Reason::Encoding)),
            (b"*", Err(Reason::Encoding)),
            (b"\xe9", Err(Reason::Encoding)),
        ] {
            assert_eq!(content(value), want, "{:?}", String::from_utf8_lossy(value));
        }
        let twice = [(CONTENT_ENCODING, b"identity".as_slice()), (CONTENT_ENCODING, b"gzip")];
        assert_eq!(coding(&twice), Ok(Coding::Gzip), "two lines are one list");
        assert_eq!(coding(&[(TRANSFER_ENCODING, b"Chunked")]), Ok(Coding::Plain), "hyper takes chunks apart");
        assert_eq!(coding(&[(TRANSFER_ENCODING, b"gzip, chunked")]), Err(Reason::Encoding), "and nothing else");
        assert_eq!(coding(&[(TRANSFER_ENCODING, b"chunked, chunked")]), Err(Reason::Encoding), "nor twice");
    }

    #[test]
    fn what_was_packed_comes_out_as_it_was() {
        for (name, coding, packed) in [
            ("gzip", Coding::Gzip, gzip(BODY)),
            ("gzip in two members", Coding::Gzip, [gzip(&BODY[..9]), gzip(&BODY[9..])].concat()),
            ("gzip with zeros behind it", Coding::Gzip, [gzip(BODY), vec![0; 512]].concat()),
            ("gzip with one zero behind it", Coding::Gzip, [gzip(BODY), vec![0]].concat()),
            ("zlib", Coding::Deflate, zlib(BODY)),
            ("zlib with zeros behind it", Coding::Deflate, [zlib(BODY), vec![0; 512]].concat()),
            ("deflate without a frame", Coding::Deflate, raw(BODY)),
            ("deflate without a frame, with zeros behind it", Coding::Deflate, [raw(BODY), vec![0; 512]].concat()),
            ("plain", Coding::Plain, BODY.to_vec()),
            ("plain, called gzip", Coding::Gzip, BODY.to_vec()),
            ("plain, called deflate", Coding::Deflate, BODY.to_vec()),
        ] {
            assert_eq!(coding.unpack(&packed, 1024).as_deref(), Ok(BODY), "{name}");
            assert_eq!(coding.unpack(&packed, BODY.len()).as_deref(), Ok(BODY), "{name}, exactly as long as it may be");
        }
        for (coding, packed) in [(Coding::Gzip, gzip(b"")), (Coding::Deflate, zlib(b"")), (Coding::Deflate, raw(b""))] {
            assert_eq!(coding.unpack(&packed, 1024).as_deref(), Ok(b"".as_slice()), "nothing, packed");
        }
    }

    #[test]
    fn what_cannot_be_unpacked_is_told_from_what_is_too_large() {
        let long = vec![b' '; 4096];
        type Pack = fn(&[u8]) -> Vec<u8>;
        let codings: [(Coding, Pack); 3] = [(Coding::Gzip, gzip), (Coding::Deflate, zlib), (Coding::Deflate, raw)];
        for (coding, pack) in codings {
            let packed = pack(&long);
            assert_eq!(coding.unpack(&packed, 4095), Err(Reason::TooLarge), "{coding:?}: a byte too long");
            let packed = pack(BODY);
            for cut in 1..packed.len() {
                let told = coding.unpack(&packed[..cut], 1024);
                assert_eq!(told, Err(Reason::Packing), "{coding:?} cut after {cut} of {} bytes", packed.len());
            }
            let followed = [packed.as_slice(), b"garbage"].concat();
            assert_eq!(coding.unpack(&followed, 1024), Err(Reason::Packing), "{coding:?} with something behind it");
            let padded = [packed.as_slice(), b"\0\0\0garbage"].concat();
            assert_eq!(coding.unpack(&padded, 1024), Err(Reason::Packing), "{coding:?} with more than zeros behind it");
        }
        let many = gzip(b"").repeat(MEMBERS + 1);
        assert_eq!(Coding::Gzip.unpack(&many, 1024), Err(Reason::Packing), "more in a row than anybody needs");
        assert_eq!(Coding::Gzip.unpack(b"neither", 1024), Err(Reason::Packing), "not packed, and no callback either");
        let mut damaged = gzip(BODY);
        let last = damaged.len() - 6;
        damaged[last] ^= 1;
        assert_eq!(Coding::Gzip.unpack(&damaged, 1024), Err(Reason::Packing), "its checksum is another one");
    }

    #[test]
    fn a_coding_is_told_so_that_it_can_be_shown() {
        let mut headers = HeaderMap::new();
        assert_eq!(told(&headers), "", "none");
        headers.append(CONTENT_ENCODING, HeaderValue::from_bytes(b"BR, <z>\"\xe9").expect("legal in HTTP"));
        headers.append(TRANSFER_ENCODING, HeaderValue::from_static("gzip, chunked"));
        let shown = told(&headers);
        assert!(shown.starts_with("br+?z??") && shown.ends_with("+gzip"), "nothing that could be markup: {shown}");
        headers.append(CONTENT_ENCODING, HeaderValue::from_bytes(&[b'x'; 500]).expect("legal in HTTP"));
        assert_eq!(told(&headers).len(), LONGEST_NAME, "and not for ever");
    }
}
