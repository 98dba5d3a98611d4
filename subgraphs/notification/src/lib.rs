//! notification: the e-mail the shop sends, one per (event, template), with a log of every one.
//!
//! 1. [`consumer`] puts a QUEUED row into `email_logs`, in the transaction that records the event.
//! 2. The job `notification.send` claims due rows, renders and sends them outside any transaction,
//!    and writes down what became of them together with the event that says so.
//! 3. `schema` shows the log to staff and, to a signed-in buyer, their own mail.

pub mod config;
pub mod consumer;
mod domain;
pub mod entity;
pub mod error;
mod incoming;
mod mailer;
mod schema;

pub use config::{Config, ConfigError, Mail};
pub use error::NotificationError;
pub use incoming::reads;

use std::sync::Arc;
use std::time::Duration;

use service::{Deps, Endpoint, Job, Service};
use tokio::sync::Notify;

use crate::consumer::NotificationConsumer;
use crate::domain::email_message::Sender;
use crate::domain::emails_send::{self, Sending};
use crate::mailer::Mailer;

/// The name of the service, its subgraph and its consumer.
pub const NAME: &str = "notification";

/// Builds the service.
///
/// # Errors
/// [`ConfigError`] if the sender's address or the mail server's URL makes no sense, so that the
/// service refuses to start instead of failing at the first mail.
pub fn service(deps: Deps, config: Config) -> Result<Service, ConfigError> {
    let sending = Arc::new(Sending {
        db: deps.db.clone(),
        clock: deps.clock.clone(),
        mailer: Mailer::new(&config)?,
        sender: Sender::new(&config)?,
        retry_delays: config.retry_delays.clone(),
        lease: config.lease,
    });

    // Whoever queues a mail wakes the job; the clock is for retries and for what other replicas
    // queued and lost.
    let queued = Arc::new(Notify::new());
    let send = Job::new("notification.send", Duration::from_secs(1), {
        let queued = queued.clone();
        move || {
            let (sending, queued) = (sending.clone(), queued.clone());
            async move {
                let more = emails_send::emails_send(&sending).await?;
                if more {
                    queued.notify_one();
                }
                Ok(())
            }
        }
    })
    .woken_by(queued.clone());

    let schema = schema::build(&deps, &config, queued.clone());
    Ok(Service {
        name: NAME,
        db: deps.db.clone(),
        endpoint: Endpoint::new(schema, deps.verifier.clone(), deps.clock.clone()),
        routes: axum::Router::new(),
        consumer: Some(Arc::new(NotificationConsumer::new(deps.clock, queued))),
        jobs: vec![send],
    })
}
