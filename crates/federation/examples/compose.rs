//! Composes the `*.graphql` files of a folder, one subgraph each, and prints the supergraph.
//!
//! `cargo run -p federation --example compose -- FOLDER [URL]`, where `{name}` in the URL stands
//! for the subgraph's name. Errors and hints go to standard error, one a line.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use federation::{SubgraphSdl, compose};

fn main() -> std::io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".to_owned());
    let url = arguments
        .next()
        .unwrap_or_else(|| "http://{name}".to_owned());
    let subgraphs = read(Path::new(&folder), &url)?;

    let begun = std::time::Instant::now();
    let composed = compose(&subgraphs);
    let took = begun.elapsed();
    let mut diagnostics = std::io::stderr().lock();
    match composed {
        Ok(composition) => {
            for hint in &composition.hints {
                writeln!(diagnostics, "hint {hint}")?;
            }
            writeln!(diagnostics, "composed in {took:?}")?;
            writeln!(std::io::stdout().lock(), "{}", composition.supergraph_sdl)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            for error in &errors {
                writeln!(diagnostics, "error {error}\n  fix: {}", error.fix())?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

fn read(folder: &Path, url: &str) -> std::io::Result<Vec<SubgraphSdl>> {
    let mut subgraphs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_none_or(|extension| extension != "graphql")
        {
            continue;
        }
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        subgraphs.push(SubgraphSdl {
            url: url.replace("{name}", &name),
            sdl: std::fs::read_to_string(&path)?,
            name,
        });
    }
    Ok(subgraphs)
}
