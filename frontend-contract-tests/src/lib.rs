//! The operations the front ends really send, and a client that sends them as a browser does: over
//! HTTP, and over WebSocket for subscriptions. It knows nothing of the shop's inside.

mod client;
mod journey;
mod operations;
mod subscription;

pub use client::{Client, Session};
pub use journey::{Buyer, Checkout, REGULAR_ADDRESS, accepted, choose_outcome, variant_ids};
pub use operations::{Front, document};
pub use subscription::Subscription;
