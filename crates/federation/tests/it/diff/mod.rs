//! What changed between two graphs, and whom it breaks.

mod deprecations;
mod input;
mod intended;
mod laws;
mod mistakes;
mod rules;

use federation::diff::{ApiSchema, OperationFile, Operations, Report};

/// A schema from its text.
fn schema(sdl: &str) -> ApiSchema {
    ApiSchema::read(sdl, "test.graphql").unwrap_or_else(|error| panic!("{error}\n{sdl}"))
}

/// Operations from files, each a name and a text.
fn operations(files: &[(&str, &str)]) -> Operations {
    let files: Vec<_> = files
        .iter()
        .map(|(file, text)| OperationFile {
            file: (*file).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    Operations::read(&files).unwrap()
}

/// The report on two schemas and one file of operations.
fn report(old: &str, new: &str, text: &str) -> Report {
    let operations = operations(&[("operations.graphql", text)]);
    Report::new(&schema(old), &schema(new), &operations).unwrap()
}
