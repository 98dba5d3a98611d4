//! What the events promise: the form of each payload, who reads which part of it, and which changes
//! keep the promise.
//!
//! - [`schemas`]: one JSON Schema per event and version, from the Rust types.
//! - [`Reads`]: what a consumer reads, from the type it reads events as.
//! - [`breaks`]: what a change of a schema breaks; [`broken_promises`] says it in words.
//! - [`files`]: all of this as the committed files `schema/events/` and `schema/asyncapi.yaml`.

mod asyncapi;
mod compatibility;
mod field;
mod files;
mod reads;
mod schemas;
mod yaml;

pub use compatibility::{Break, Change, breaks, broken_promises};
pub use field::{Field, fields};
pub use files::{Files, baseline_path, files, reader_path, schema_path};
pub use reads::{Mismatch, Reader, Reads, readers_of};
pub use schemas::{envelope_schema, schemas};
