//! Many customers. `src/traffic` has a cast of fourteen; in a million calls of a real team a few colleagues talk to thousands of
//! people, most of whom call now and then. Here some of the cast become customers, another one in each call.

use calltrail::callback::delivery::Delivery;
use sha2::{Digest as _, Sha256};

/// Members of the cast in whose place customers call.
const REPLACED: [&str; 6] = ["carol", "dave", "用户1", "o'brien", "+8613800138000", "tutor=7"];

/// One customer for so many calls.
const CALLS_PER_CUSTOMER: u64 = 50;

/// How many customers a record of so many calls has.
pub(crate) fn customers(calls: u64) -> u64 {
    (calls / CALLS_PER_CUSTOMER).max(10)
}

/// The account id of a customer.
pub(crate) fn account(customer: u64) -> String {
    format!("customer-{customer:06}")
}

/// The `CallId` that a body tells of.
pub(crate) fn call_id(body: &[u8]) -> Option<&str> {
    let (_, rest) = std::str::from_utf8(body).ok()?.split_once("\"CallId\":\"")?;
    Some(rest.split_once('"')?.0)
}

/// The same delivery with customers in it: the same ones in every delivery of one call.
pub(crate) fn with_customers(mut delivery: Delivery, customers: u64) -> Delivery {
    let Some(call_id) = call_id(&delivery.body).map(str::to_owned) else { return delivery };
    let Ok(mut body) = String::from_utf8(delivery.body.clone()) else { return delivery };
    for name in REPLACED {
        let quoted = format!("\"{name}\"");
        if body.contains(&quoted) {
            let customer = account(chosen(&call_id, name, customers));
            body = body.replace(&quoted, &format!("\"{customer}\""));
        }
    }
    delivery.body = body.into_bytes();
    delivery
}

/// A customer, always the same for a name in a call; those with small numbers call more often than the others.
fn chosen(call_id: &str, name: &str, customers: u64) -> u64 {
    let hash = number(&format!("{call_id} {name}"));
    // The smaller one of two dice: small numbers are thrown more often.
    ((hash >> 32) % customers).min((hash & u64::from(u32::MAX)) % customers)
}

/// A number that follows from a text, evenly spread.
pub(crate) fn number(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
