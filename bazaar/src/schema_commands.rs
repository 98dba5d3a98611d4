//! `bazaar schema …`: the committed graph and the code that makes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use federation::SubgraphSdl;
use service::Service;

use crate::{event_contracts, services};

/// The files of the committed graph, by path below the schema folder.
pub type SchemaFiles = BTreeMap<PathBuf, String>;

/// Composes the supergraph of these services.
///
/// # Errors
/// Every composition error, one a line.
pub fn compose(services: &[Service]) -> anyhow::Result<String> {
    let subgraphs: Vec<SubgraphSdl> = services
        .iter()
        .map(|service| SubgraphSdl {
            name: service.name.to_owned(),
            url: format!("http://{}:4001/graphql", service.name),
            sdl: service.endpoint.sdl().to_owned(),
        })
        .collect();
    federation::compose(&subgraphs).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the subgraphs do not compose:\n{}", lines.join("\n"))
    })
}

/// What the schema folder has to hold: every subgraph's SDL, the supergraph, and the contracts of
/// the events.
///
/// # Errors
/// If the subgraphs do not compose.
pub async fn schema_files() -> anyhow::Result<SchemaFiles> {
    let services = services::build_for_schema().await?;
    let mut files = SchemaFiles::new();
    for service in &services {
        let path = Path::new("subgraphs").join(format!("{}.graphql", service.name));
        files.insert(path, with_final_newline(service.endpoint.sdl()));
    }
    files.insert(
        PathBuf::from("supergraph.graphql"),
        with_final_newline(&compose(&services)?),
    );
    let readers = event_contracts::readers(&services)?;
    files.extend(events::contract::files(&readers));
    Ok(files)
}

/// Writes the schema folder.
///
/// # Errors
/// If the subgraphs do not compose, an event breaks a promise or a file cannot be written.
pub async fn write(folder: &Path) -> anyhow::Result<()> {
    let readers = event_contracts::readers(&services::build_for_schema().await?)?;
    event_contracts::keep_promises(folder, &readers)?;
    for (path, text) in schema_files().await? {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Compares the schema folder with the code.
///
/// # Errors
/// Names the first file that is missing or stale.
pub async fn check(folder: &Path) -> anyhow::Result<()> {
    for (path, text) in schema_files().await? {
        let path = folder.join(path);
        match std::fs::read_to_string(&path) {
            Ok(committed) if committed == text => {}
            Ok(_) => bail!("{} is stale: run `make schema`", path.display()),
            Err(error) => bail!("{}: {error}: run `make schema`", path.display()),
        }
    }
    Ok(())
}

fn with_final_newline(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
