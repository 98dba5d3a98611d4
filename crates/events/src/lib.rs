//! The events that subgraphs tell each other, and their envelope.
//!
//! An event is past tense, owned by the subgraph that publishes it, and versioned in its type:
//! `order.created.v1`. It is public API: fields are added, never repurposed. One file per owner;
//! [`Event`] lists them all. A consumer reads an event as an enum of its own ([`Envelope::read`]), so
//! that it is one `match` and depends on no more than it uses; [`contract`] tells who uses what.

pub mod accounts;
pub mod cart;
pub mod catalog;
pub mod contract;
mod envelope;
mod event;
pub mod id;
pub mod inventory;
pub mod notification;
pub mod order;
pub mod payment;
mod postal_address;

pub use envelope::{Cause, Envelope, EnvelopeError};
pub use event::Event;
pub use postal_address::PostalAddress;
