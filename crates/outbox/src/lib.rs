//! Transactional outbox and inbox: how services tell each other things without losing any.
//!
//! 1. A domain operation writes its change and its events in one transaction: [`begin`],
//!    [`enqueue`], commit.
//! 2. A [`relay`] reads committed rows in order and hands them to a [`Transport`]; a row counts as
//!    published only when the transport says that it is safe.
//! 3. A [`Consumer`] handles an event in a transaction that also records `(consumer, event id)` in
//!    the inbox, so that a second delivery has no second effect ([`consume`]).
//!
//! In the embedded shape the transport is [`InProcessBroker`]: the queue of a consumer is a table in
//! the consumer's own database, so a crash at any point loses nothing. Retries wait as
//! [`RetryPolicy`] says, then the delivery is parked for an operator.

mod broker;
mod consume;
pub mod entity;
pub mod migration;
mod parking;
mod relay;
mod transaction;
mod wake;

pub use broker::{InProcessBroker, Transport, TransportError};
pub use consume::{Consumer, HandleError, Outcome, RetryPolicy, consume, run_consumer};
pub use parking::{ParkedDelivery, parked, replay};
pub use relay::{RelayError, backlog, publish_pending, purge_published, run_relay};
pub use transaction::{EnqueueError, begin, enqueue};
