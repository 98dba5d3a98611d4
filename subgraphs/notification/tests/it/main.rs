//! The notification service as others meet it: events in, mail and events out, and its GraphQL API.

mod access;
mod email_logs;
mod email_retry;
mod fixture;
mod order_mail;
mod schema;
mod sending;
mod smtp;
