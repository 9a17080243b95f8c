//! What is kept: the archive of deliveries, and the projection that follows from it.

pub mod delivery;
pub mod filter;
pub mod rows;
