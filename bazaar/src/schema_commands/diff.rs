//! `bazaar schema diff`: what changed between two graphs, and whom it breaks.

use std::path::{Path, PathBuf};

use federation::diff::{Report, Severity};

use super::operation_files;
use super::{Judgement, read_schema};

/// Prints the changes from one graph to another, with the operations they touch.
///
/// # Errors
/// If a file cannot be read or is not what it should be.
#[expect(clippy::print_stdout, reason = "printing is what this command is for")]
pub fn diff(
    old: &Path,
    new: &Path,
    operations: &[PathBuf],
    json: bool,
) -> anyhow::Result<Judgement> {
    let operations = operation_files::read(operations)?;
    let report = Report::new(&read_schema(old)?, &read_schema(new)?, &operations)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", report.text());
    }
    Ok(match report.count(Severity::Breaking) {
        0 => Judgement::Fine,
        _ => Judgement::Refused,
    })
}
