//! When a family tries again (protocol.md 1.5, 5.3, 6.1).

use super::answer::Heard;
use crate::callback::codes::Family;

/// CallKit v1 (page 60130): the seconds before each further try.
const V1: [u32; 6] = [0, 1, 1, 2, 3, 5];
/// RTC Engine: at once, then every 10 seconds, until a minute after the first try has passed.
const RTC: [u32; 6] = [0, 10, 10, 10, 10, 10];
/// Call, Live and Room, where it is switched on in the console. No page says how often; this is the sandbox's choice.
const CHAT: [u32; 3] = [0, 1, 2];

/// The seconds before each further try.
pub(super) const fn waits(family: Family, switched_on: bool) -> &'static [u32] {
    match family {
        Family::CallV1 => &V1,
        Family::Rtc => &RTC,
        _ if switched_on => &CHAT,
        _ => &[],
    }
}

/// Whether this answer is a reason to try again. Call, Live and Room try again only where nobody answered in time.
pub(super) const fn is_due(family: Family, heard: &Heard) -> bool {
    match family {
        Family::CallV1 | Family::Rtc => !heard.is_success(),
        _ => heard.status.is_none(),
    }
}
