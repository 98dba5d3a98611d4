//! `bazaar schema baseline`: the graph that clients were promised.

use std::path::Path;

use anyhow::Context;

use super::{intended_breaks, read_schema};

/// The SDL of the committed graph, as clients see it.
///
/// # Errors
/// If the committed graph cannot be read.
pub fn baseline(folder: &Path) -> anyhow::Result<String> {
    Ok(read_schema(&folder.join("supergraph.graphql"))?.sdl())
}

/// Accepts the committed graph as the new baseline; what was an intended break is done.
///
/// # Errors
/// If the committed graph cannot be read or a file cannot be written.
pub fn write_baseline(folder: &Path) -> anyhow::Result<()> {
    let path = folder.join("baseline.graphql");
    std::fs::write(&path, baseline(folder)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    intended_breaks::clear(&intended_breaks::path(folder))
}
