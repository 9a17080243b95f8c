//! What is kept of a request, packed: one line of JSON with everything but the body, and behind it the body, byte for byte.
//!
//! It is a Zstandard frame, packed with a dictionary that knows how Tencent's messages are written: alone, a message of 300 bytes
//! has nothing to be packed by. Where a frame would be longer, the content stays as it is; it begins with a brace, and no frame
//! does. Other programs find the dictionary in the table of this name (docs/data-files.md shows how to read a body).

use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde::{Deserialize, Serialize};
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::get_frame_content_size;

use crate::store::delivery::Delivery;

/// Never changed: records are packed with it. `benches/dictionary.rs` has trained it.
const DICTIONARY: &[u8] = include_bytes!("../../../migrations/dictionary-1.zstd");
/// It packs a callback in 2 µs to 90 bytes; level 9 takes 12 µs for 78.
const LEVEL: i32 = 3;
/// A longer content stays as it is, so that a frame that claims to hold more is known to be damaged.
const LONGEST: usize = 16 << 20;

static PACKING: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static UNPACKING: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Everything of a request but its body.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    remote: Cow<'a, str>,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    query: Cow<'a, str>,
    headers: Cow<'a, [(String, String)]>,
}

/// A request, unpacked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) remote: String,
    pub(crate) method: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads what [`pack`] has made. What a bit that turned over on disk has made of it must not keep anybody from reading the
    /// rest of the record: what can be read is there, and the digest tells whether that is the body that was sent.
    pub(crate) fn unpack(content: &[u8]) -> Self {
        let unpacked = unpacked(content);
        let whole = unpacked.as_deref().unwrap_or(content);
        let (head, body) = split(whole).unwrap_or((&[], whole));
        Self::read(head, body).unwrap_or_else(|| Self { body: body.to_vec(), ..Self::default() })
    }

    /// Reads what [`pack_without_body`] has made; none where it is damaged, which no digest would tell.
    pub(crate) fn unpack_repeat(content: &[u8]) -> Option<Self> {
        let whole = unpacked(content)?;
        let (head, body) = split(&whole)?;
        Self::read(head, body)
    }

    fn read(head: &[u8], body: &[u8]) -> Option<Self> {
        let Head { remote, method, query, headers } = serde_json::from_slice(head).ok()?;
        Some(Self {
            remote: remote.into_owned(),
            method: method.into_owned(),
            query: query.into_owned(),
            headers: headers.into_owned(),
            body: body.to_vec(),
        })
    }
}

/// The line before the body, and the body. A line break within a text is written as an escape.
fn split(whole: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = whole.split_at_checked(memchr::memchr(b'\n', whole)?)?;
    Some((head, rest.get(1..)?))
}

/// Packs a request.
pub(crate) fn pack(delivery: &Delivery) -> Vec<u8> {
    packed(whole(delivery, &delivery.body), false)
}

/// Packs a request of which the archive has the body already. It has a checksum, because no digest covers it.
pub(crate) fn pack_without_body(delivery: &Delivery) -> Vec<u8> {
    packed(whole(delivery, &[]), true)
}

fn whole(delivery: &Delivery, body: &[u8]) -> Vec<u8> {
    let Delivery { remote, method, query, headers, .. } = delivery;
    write(&Head { remote: remote.into(), method: method.into(), query: query.into(), headers: headers.into() }, body)
}

fn write(head: &Head<'_>, body: &[u8]) -> Vec<u8> {
    let mut whole = serde_json::to_vec(head).unwrap_or_default();
    whole.push(b'\n');
    whole.extend_from_slice(body);
    whole
}

fn packed(whole: Vec<u8>, has_checksum: bool) -> Vec<u8> {
    if whole.len() > LONGEST {
        return whole;
    }
    let frame = COMPRESSOR.with_borrow_mut(|compressor| -> io::Result<Vec<u8>> {
        let compressor = match compressor {
            Some(compressor) => compressor,
            None => compressor.insert(Compressor::with_prepared_dictionary(&PACKING)?),
        };
        compressor.include_checksum(has_checksum)?;
        compressor.compress(&whole)
    });
    match frame {
        Ok(frame) if frame.len() < whole.len() => frame,
        // Without room for the frame it is kept as it is.
        Ok(_) | Err(_) => whole,
    }
}

/// What a frame holds; none where it cannot be read.
fn unpacked(content: &[u8]) -> Option<Cow<'_, [u8]>> {
    if content.first() == Some(&b'{') {
        return Some(Cow::Borrowed(content));
    }
    let length = get_frame_content_size(content).ok().flatten()?;
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
    let whole = DECOMPRESSOR.with_borrow_mut(|decompressor| -> io::Result<Vec<u8>> {
        match decompressor {
            Some(decompressor) => decompressor.decompress(content, length),
            None => {
                decompressor.insert(Decompressor::with_prepared_dictionary(&UNPACKING)?).decompress(content, length)
            }
        }
    });
    whole.ok().map(Cow::Owned)
}

/// Makes the functions `packed` and `dictionary` known to a connection that makes an archive of an earlier version one of this.
pub(crate) fn register(connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    // Without a body it is a repeat.
    connection.create_scalar_function("packed", -1, flags, |context| {
        let text = |place| String::from_utf8_lossy(context.get_raw(place).as_bytes().unwrap_or_default());
        // The body is what matters; headers that cannot be read are no reason to lose it.
        let headers: Vec<(String, String)> = serde_json::from_str(&text(3)).unwrap_or_default();
        let head = Head { remote: text(0), method: text(1), query: text(2), headers: headers.into() };
        let body = (context.len() > 4).then(|| context.get_raw(4).as_bytes().unwrap_or_default());
        Ok(packed(write(&head, body.unwrap_or_default()), body.is_none()))
    })?;
    connection.create_scalar_function("dictionary", 0, flags, |_| Ok(DICTIONARY.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::delivery::Source;
    use crate::traffic;
    use proptest::prelude::*;

    fn request(delivery: &Delivery) -> Request {
        let Delivery { remote, method, query, headers, body, .. } = delivery.clone();
        Request { remote, method, query, headers, body }
    }

    proptest! {
        #[test]
        fn any_request_comes_back_byte_for_byte(
            (remote, method, query) in any::<(String, String, String)>(),
            headers in any::<Vec<(String, String)>>(),
            body in any::<Vec<u8>>(),
        ) {
            let delivery =
                Delivery { received_ms: 0, source: Source::Callback, app: String::new(), remote, method, query, headers, body };
            prop_assert_eq!(Request::unpack(&pack(&delivery)), request(&delivery));
            let repeat = Delivery { body: Vec::new(), ..delivery };
            prop_assert_eq!(Request::unpack_repeat(&pack_without_body(&repeat)), Some(request(&repeat)));
        }

        #[test]
        fn any_bytes_are_a_request(content in any::<Vec<u8>>(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
            Request::unpack(&content);
            let mut frame = pack(&traffic::story(1)[0]);
            let place = place.index(frame.len());
            frame[place] ^= 1_u8 << bit;
            Request::unpack(&frame);
        }
    }

    #[test]
    fn a_callback_takes_a_third_of_what_was_sent_and_random_bytes_no_more() {
        let story = traffic::story(90_000);
        let sent: usize = story.iter().map(|delivery| whole(delivery, &delivery.body).len()).sum();
        let kept: usize = story.iter().map(|delivery| pack(delivery).len()).sum();
        assert!(kept * 3 < sent, "{kept} of {sent} bytes");
        let body: Vec<u8> = (0..999).map(|_| rand::random()).collect();
        let random = Delivery { body, ..story[0].clone() };
        assert!(pack(&random).len() <= whole(&random, &random.body).len());
    }

    #[test]
    fn a_bit_that_turned_over_is_noticed_in_every_repeat_and_in_every_body() {
        let delivery = &traffic::story(1)[0];
        let repeat = pack_without_body(delivery);
        let flips = |frame: &[u8]| {
            let frame = frame.to_vec();
            (0..frame.len() * 8).map(move |bit| {
                let mut frame = frame.clone();
                frame[bit / 8] ^= 1 << (bit % 8);
                frame
            })
        };
        let sound = Request::unpack_repeat(&repeat).unwrap();
        let unnoticed =
            flips(&repeat).filter(|frame| Request::unpack_repeat(frame).is_some_and(|read| read != sound)).count();
        assert_eq!(unnoticed, 0, "of a repeat");
        let kept = flips(&pack(delivery)).filter(|frame| Request::unpack(frame).body == delivery.body).count();
        assert!(kept > 0, "where only the head is damaged, the body is still read");
    }

    #[test]
    fn what_claims_to_be_larger_than_anything_is_not_unpacked() {
        // The head of a frame with a content of 2^40 bytes.
        let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0b1110_0000][..], &(1_u64 << 40).to_le_bytes(), &[1, 0, 0]].concat();
        assert_eq!(Request::unpack(&frame).body, frame, "its bytes are all that is known");
    }
}
