//! What the listener needs of the store: a place to hand a delivery to, and word when it is safe.

use crate::{
    callback::Callback,
    store::{
        Store,
        delivery::{Delivery, Place, Recorded},
    },
};

/// Called once, after the commit that holds the delivery or with the reason why there is none.
pub type Done = Box<dyn FnOnce(Result<Recorded, String>) + Send>;

/// The queue of deliveries that wait for the disk is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Keeps deliveries. It is the store; tests put one in its place that is slow, full or broken.
pub trait Sink: Send + Sync + 'static {
    /// Takes a delivery without waiting for the disk. `done` is called when the delivery is on disk, or cannot be.
    fn record(&self, delivery: Delivery, callback: Callback, place: Place, done: Done) -> Result<(), Full>;
}

impl Sink for Store {
    fn record(&self, delivery: Delivery, callback: Callback, place: Place, done: Done) -> Result<(), Full> {
        let told = move |kept: Result<Recorded, crate::store::Error>| done(kept.map_err(|error| error.to_string()));
        Self::record(self, delivery, callback, place, told).map_err(|_| Full)
    }
}
