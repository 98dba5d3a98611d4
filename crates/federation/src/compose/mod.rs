//! Composition: the SDLs of all subgraphs in, one supergraph SDL out.
//!
//! [`compose()`] reads every subgraph, checks each by itself (`rules/`), merges them (`merge/`),
//! checks the whole, and proves that every query can be answered (`satisfiability/`).

mod codes;
mod error;
mod inaccessible;
mod merge;
mod rules;
mod satisfiability;
mod subgraph;

use std::collections::BTreeMap;

use apollo_compiler::Name;

pub use error::{CompositionError, CompositionHint, Place};

use crate::Supergraph;
use crate::isolate::isolate;
use codes::{
    COMPOSITION_FAILED, DUPLICATE_SUBGRAPH_NAME, INVALID_GRAPHQL, INVALID_SUBGRAPH_NAME,
    NO_SUBGRAPHS,
};
use error::Findings;
use subgraph::Subgraph;

/// One subgraph as composition needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubgraphSdl {
    /// The name used in plans, errors and configuration.
    pub name: String,
    /// Where the subgraph answers; may be a placeholder when it runs in process.
    pub url: String,
    /// Its federation SDL, as the subgraph prints it.
    pub sdl: String,
}

/// Subgraphs that compose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The supergraph.
    pub supergraph_sdl: String,
    /// What may not be as it was meant.
    pub hints: Vec<CompositionHint>,
}

/// Composes subgraphs into a supergraph SDL.
///
/// The output depends on the set of subgraphs only, not on their order.
pub fn compose(subgraphs: &[SubgraphSdl]) -> Result<Composition, Vec<CompositionError>> {
    // A panic on some SDL must not take down whoever composes.
    isolate("composition", || run(subgraphs)).unwrap_or_else(|message| {
        Err(vec![CompositionError::new(
            COMPOSITION_FAILED,
            message,
            Vec::new(),
        )])
    })
}

fn run(subgraphs: &[SubgraphSdl]) -> Result<Composition, Vec<CompositionError>> {
    let mut findings = Findings::default();
    let read = read(subgraphs, &mut findings);
    findings = settled(findings)?;

    // Each by itself.
    for subgraph in &read {
        rules::check(subgraph, &mut findings);
    }
    findings = settled(findings)?;

    // What they need to know of each other, and the whole.
    rules::check_interface_objects(&read, &mut findings);
    rules::check_interfaces(&read, &mut findings);
    let document = merge::merge(&read, &mut findings);
    findings = settled(findings)?;
    inaccessible::check(&document, &read, &mut findings);
    findings = settled(findings)?;
    let supergraph_sdl = document.to_string();
    let supergraph = Supergraph::from_document(document).map_err(|error| {
        vec![CompositionError::new(
            INVALID_GRAPHQL,
            format!("together, the subgraphs are no valid schema: {error}"),
            Vec::new(),
        )]
    })?;
    satisfiability::check(&supergraph, &read, &mut findings);
    let findings = settled(findings)?;
    Ok(Composition {
        supergraph_sdl,
        hints: findings.hints,
    })
}

/// Goes on if nothing is wrong so far.
fn settled(findings: Findings) -> Result<Findings, Vec<CompositionError>> {
    match findings.errors.is_empty() {
        true => Ok(findings),
        false => Err(findings.errors),
    }
}

/// Reads all subgraphs, sorted by name.
fn read(sources: &[SubgraphSdl], findings: &mut Findings) -> Vec<Subgraph> {
    let mut sorted: Vec<&SubgraphSdl> = sources.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    if sorted.is_empty() {
        findings.error(NO_SUBGRAPHS, "there are no subgraphs", Vec::new());
    }
    let mut graphs: BTreeMap<String, usize> = BTreeMap::new();
    for source in &sorted {
        *graphs.entry(graph_text(&source.name)).or_default() += 1;
    }
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut read = Vec::new();
    for (index, source) in sorted.iter().enumerate() {
        let place = error::Place {
            subgraph: source.name.clone(),
            position: None,
        };
        if index > 0 && sorted[index - 1].name == source.name {
            findings.error(
                DUPLICATE_SUBGRAPH_NAME,
                format!("two subgraphs are named `{}`", source.name),
                vec![place],
            );
            continue;
        }
        // Names that differ in nothing an enum value can show are numbered.
        let mut text = graph_text(&source.name);
        if graphs.get(&text).is_some_and(|count| *count > 1) {
            let number = numbers.entry(text.clone()).or_default();
            *number += 1;
            text = format!("{text}_{number}");
        }
        let is_named = !source.name.is_empty() && source.name != "_";
        let Some(graph) = Name::new(&text).ok().filter(|_| is_named) else {
            findings.error(
                INVALID_SUBGRAPH_NAME,
                format!("`{}` cannot be a subgraph's name", source.name),
                vec![place],
            );
            continue;
        };
        read.extend(subgraph::read(source, graph, findings));
    }
    if findings.errors.is_empty() {
        subgraph::upgrade(&mut read, findings);
    }
    read
}

/// A subgraph's value in `enum join__Graph`.
fn graph_text(name: &str) -> String {
    let mut text: String = name
        .chars()
        .map(|character| match character.is_ascii_alphanumeric() {
            true => character.to_ascii_uppercase(),
            false => '_',
        })
        .collect();
    if !text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        text.insert(0, '_');
    }
    text
}
