//! The committed graph and the code that makes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
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
    federation::compose(&subgraphs)
        .map(|composition| composition.supergraph_sdl)
        .map_err(|errors| {
            let lines: Vec<String> = errors
                .iter()
                .map(|error| format!("{error}\n  {}", error.fix()))
                .collect();
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

/// The first file of the schema folder that is missing or not what the code says, and what is wrong
/// with it.
///
/// # Errors
/// If the subgraphs do not compose.
pub(super) async fn find_stale(folder: &Path) -> anyhow::Result<Option<String>> {
    for (path, text) in schema_files().await? {
        let path = folder.join(path);
        let what = match std::fs::read_to_string(&path) {
            Ok(committed) if committed == text => continue,
            Ok(_) => format!("{} is stale", path.display()),
            Err(error) => format!("{}: {error}", path.display()),
        };
        return Ok(Some(format!("{what}: run `make schema`")));
    }
    Ok(None)
}

fn with_final_newline(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
