//! `bazaar schema check`: is the committed graph what the code says, and may it change so?

use std::path::{Path, PathBuf};

use anyhow::ensure;
use federation::diff::{Report, Severity, judge, undated_deprecations};

use super::{Judgement, files, intended_breaks, operation_files, read_schema};

/// Compares the schema folder with the code, and the graph with its baseline.
///
/// # Errors
/// If a file cannot be read or is not what it should be; the list of intended breaks is such a file.
#[expect(clippy::print_stdout, reason = "printing is what this command is for")]
#[expect(clippy::print_stderr, reason = "what is refused is said apart")]
pub async fn check(folder: &Path, operations: &[PathBuf]) -> anyhow::Result<Judgement> {
    if let Some(stale) = files::find_stale(folder).await? {
        eprintln!("error: {stale}");
        return Ok(Judgement::Refused);
    }

    let baseline = folder.join("baseline.graphql");
    ensure!(
        baseline.exists(),
        "{} does not exist: accept the graph with `bazaar schema baseline --write`",
        baseline.display()
    );
    let new = read_schema(&folder.join("supergraph.graphql"))?;
    let operations = operation_files::read(operations)?;
    let report = Report::new(&read_schema(&baseline)?, &new, &operations)?;

    let list = intended_breaks::path(folder);
    let verdict = judge(&report.changes(), &intended_breaks::read(&list)?);
    let undated = undated_deprecations(&new);
    if !verdict.unintended.is_empty() {
        println!("{}", report.text());
    }
    for change in &verdict.unintended {
        eprintln!(
            "error: {} ({}) breaks clients and is not in {}",
            change.coordinate,
            change.kind.code(),
            list.display()
        );
    }
    for deprecation in &undated {
        eprintln!("error: {deprecation}");
    }
    let errors: Vec<String> = verdict.errors.iter().map(ToString::to_string).collect();
    ensure!(
        errors.is_empty(),
        "{}:\n{}",
        list.display(),
        errors.join("\n")
    );

    if !verdict.unintended.is_empty() || !undated.is_empty() {
        return Ok(Judgement::Refused);
    }
    println!(
        "the graph breaks nobody: since the baseline {} intended breaks, {} dangerous and {} safe \
         changes, {} operations",
        verdict.intended.len(),
        report.count(Severity::Dangerous),
        report.count(Severity::Safe),
        report.operations
    );
    Ok(Judgement::Fine)
}
