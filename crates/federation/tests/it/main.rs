//! Tests of composition, loading and planning against whole schemas.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod compose;
mod compositions;
mod diff;
mod oracle;
mod plans;
mod properties;
mod supergraph;
mod support;
