//! The contracts of the events: what the services' consumers read, and what was promised to them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use events::contract::{Reader, baseline_path, broken_promises, schemas};
use serde_json::Value;
use service::Service;

/// What every consumer reads.
///
/// # Errors
/// If a service has a consumer that is not listed here.
pub(crate) fn readers(services: &[Service]) -> anyhow::Result<Vec<Reader>> {
    services
        .iter()
        .filter(|service| service.consumer.is_some())
        .map(|service| {
            let reads = match service.name {
                "cart" => cart::reads(),
                "catalog" => catalog::reads(),
                "inventory" => inventory::reads(),
                "notification" => notification::reads(),
                "order" => order::reads(),
                "payment" => payment::reads(),
                other => bail!("{other} consumes events, and nobody says which"),
            };
            Ok(reads.reader())
        })
        .collect()
}

/// Compares the events with what was promised of them in the schema folder.
///
/// # Errors
/// Every broken promise, one a line.
pub(crate) fn keep_promises(folder: &Path, readers: &[Reader]) -> anyhow::Result<()> {
    let broken = broken_promises(&promised(folder)?, &schemas(), readers);
    if broken.is_empty() {
        return Ok(());
    }
    bail!(
        "this needs a new version of the event, see docs/how-to/change-an-event.md\n{}",
        broken.join("\n")
    );
}

fn promised(folder: &Path) -> anyhow::Result<BTreeMap<String, Value>> {
    let folder = folder.join(baseline_path("any").parent().expect("it lies in a folder"));
    let mut promised = BTreeMap::new();
    if !folder.exists() {
        return Ok(promised);
    }
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let Some(event) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        let text = std::fs::read_to_string(&path)?;
        let schema = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        promised.insert(event.to_owned(), schema);
    }
    Ok(promised)
}
