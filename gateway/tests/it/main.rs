//! The gateway in front of real subgraphs, from request to answer.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod answers;
mod binary;
mod clients;
mod connections;
mod exact;
mod failures;
mod floods;
mod foreign_pages;
mod graphiql;
mod hostile;
mod http_requests;
mod http_subgraphs;
mod limits;
mod mutations;
mod passed_on;
mod plans;
mod slow_clients;
mod sse;
mod support;
mod variables;
mod websocket;
mod world;
