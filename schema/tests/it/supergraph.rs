//! The committed supergraph is what the committed subgraphs compose to.

use std::fs;

use federation::SubgraphSdl;

use crate::committed::{folder, subgraphs};

#[test]
fn the_supergraph_is_composed_of_the_committed_subgraphs() {
    let sources: Vec<SubgraphSdl> = subgraphs()
        .into_iter()
        .map(|subgraph| SubgraphSdl {
            url: format!("http://{}:4001/graphql", subgraph.name),
            name: subgraph.name,
            sdl: subgraph.sdl,
        })
        .collect();
    let composed = federation::compose(&sources)
        .unwrap_or_else(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("the subgraphs do not compose:\n{}", lines.join("\n"));
        })
        .supergraph_sdl;
    let committed =
        fs::read_to_string(folder().join("supergraph.graphql")).expect("the supergraph");
    let difference = composed
        .trim_end()
        .lines()
        .zip(committed.trim_end().lines())
        .enumerate()
        .find(|(_, (composed, committed))| composed != committed);
    if let Some((line, (composed, committed))) = difference {
        panic!(
            "schema/supergraph.graphql is stale, run `make schema`; line {}:\n  composed:  \
             {composed}\n  committed: {committed}",
            line + 1
        );
    }
    assert_eq!(
        composed.trim_end().lines().count(),
        committed.trim_end().lines().count(),
        "schema/supergraph.graphql is stale, run `make schema`"
    );
}
