//! The gateway in front of real subgraphs, from request to answer.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod answers;
mod binary;
mod exact;
mod failures;
mod graphiql;
mod hostile;
mod http_requests;
mod http_subgraphs;
mod limits;
mod mutations;
mod plans;
mod sse;
mod support;
mod websocket;
mod world;
