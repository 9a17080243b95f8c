//! Who decides in our place about a command that asks for permission: somebody may want another backend to.

use std::{future::Future, pin::Pin, sync::Arc};

use hyper::body::Bytes;

use crate::{callback::Callback, store::delivery::Delivery};

/// What is answered instead of "allow": a JSON object; nothing where there is none.
pub type Deciding = Pin<Box<dyn Future<Output = Option<Bytes>> + Send>>;

/// Asks whoever decides; `None` where nobody does. It must return at once: the asking is in the future, which is dropped when it
/// takes too long.
pub type Decide = Arc<dyn Fn(&Delivery, &Callback) -> Option<Deciding> + Send + Sync>;
