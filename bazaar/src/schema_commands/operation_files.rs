//! The folders of operations that clients send.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use federation::diff::{OperationFile, Operations};

/// Reads all `.graphql` files of these folders and the folders in them.
pub(super) fn read(folders: &[PathBuf]) -> anyhow::Result<Operations> {
    let mut files = Vec::new();
    for folder in folders {
        collect(folder, &mut files)?;
    }
    files.sort_by(|one: &OperationFile, other| one.file.cmp(&other.file));
    let operations = Operations::read(&files)?;
    ensure!(
        folders.is_empty() || !operations.is_empty(),
        "there are no operations in the folders"
    );
    Ok(operations)
}

fn collect(folder: &Path, files: &mut Vec<OperationFile>) -> anyhow::Result<()> {
    let context = || format!("cannot read {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "graphql") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            files.push(OperationFile {
                file: path.display().to_string().replace('\\', "/"),
                text,
            });
        }
    }
    Ok(())
}
