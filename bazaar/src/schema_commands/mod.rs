//! `bazaar schema …`: the committed graph, and what may change in it.

mod baseline;
mod check;
mod diff;
mod files;
mod intended_breaks;
mod operation_files;

pub use baseline::{baseline, write_baseline};
pub use check::check;
pub use diff::diff;
pub use files::{SchemaFiles, compose, schema_files, write};

use std::path::Path;

use anyhow::Context;
use federation::diff::ApiSchema;

/// What a command that judges the graph found; input it cannot read is an error instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Nothing to say against it.
    Fine,
    /// It breaks clients, or the rules.
    Refused,
}

/// Reads a supergraph or a plain schema.
fn read_schema(path: &Path) -> anyhow::Result<ApiSchema> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    Ok(ApiSchema::read(&text, &name)?)
}
