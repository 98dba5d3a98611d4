//! How long plans take, case by case.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use apollo_compiler::ExecutableDocument;
use federation::{Plan, Supergraph, plan};

/// Plans are made this often; the median counts.
const TIMES: usize = 21;

/// Plans every case of a folder: each a folder with `supergraph.graphql` and `query.graphql`.
#[expect(clippy::print_stdout, reason = "the table is the result")]
pub(crate) fn run(cases: &Path) -> anyhow::Result<()> {
    println!(
        "{:<32} {:>9} {:>6} {:>9}",
        "case", "requests", "chain", "ms"
    );
    let mut folders: Vec<_> = std::fs::read_dir(cases)
        .with_context(|| format!("cannot read {}", cases.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("query.graphql").exists())
        .collect();
    folders.sort();
    for folder in folders {
        let supergraph = std::fs::read_to_string(folder.join("supergraph.graphql"))?;
        let query = std::fs::read_to_string(folder.join("query.graphql"))?;
        let supergraph = Supergraph::parse(&supergraph)?;
        let document =
            ExecutableDocument::parse_and_validate(supergraph.api_schema(), query, "query")
                .map_err(|invalid| anyhow::anyhow!("{}", invalid.errors))?;
        let operation = document.operations.iter().next().context("no operation")?;

        let mut times = Vec::with_capacity(TIMES);
        let mut made = None;
        for _ in 0..TIMES {
            let begun = Instant::now();
            made = Some(plan(
                &supergraph,
                &document,
                operation,
                Duration::from_secs(10),
            )?);
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let made = made.context("no plan")?;
        println!(
            "{:<32} {:>9} {:>6} {:>9.3}",
            folder.file_name().unwrap_or_default().to_string_lossy(),
            made.fetches.len(),
            chain(&made),
            times[TIMES / 2].as_secs_f64() * 1000.0
        );
    }
    Ok(())
}

/// The longest chain of requests.
fn chain(plan: &Plan) -> usize {
    let mut lengths: Vec<usize> = Vec::new();
    for fetch in &plan.fetches {
        let before = fetch.depends_on.iter().map(|id| lengths[id.0]).max();
        lengths.push(before.unwrap_or(0) + 1);
    }
    lengths.into_iter().max().unwrap_or(0)
}
