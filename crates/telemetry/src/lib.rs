//! Logs, and the trace a request belongs to.
//!
//! - [`init`]: where log lines go, and which.
//! - [`TraceParent`]: the W3C trace context as it travels in headers and events.
//!
//! Nothing personal is logged: identifiers yes, names, addresses and tokens no.

mod logs;
mod trace_parent;

pub use logs::{Config, DEFAULT_FILTER, Format, TelemetryError, init};
pub use trace_parent::TraceParent;
