//! The documents in `operations/`, one operation a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A front end with operations of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Front {
    /// The single-page shop.
    Spa,
    /// The back office.
    Staff,
    /// Partners, by persisted id only.
    Partner,
}

impl Front {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Spa, Self::Staff, Self::Partner];

    /// The folder of its operations.
    pub fn folder(self) -> PathBuf {
        let name = match self {
            Self::Spa => "spa",
            Self::Staff => "staff",
            Self::Partner => "partner",
        };
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("operations")
            .join(name)
    }

    /// The names of its operations, sorted.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn operations(self) -> anyhow::Result<Vec<String>> {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(self.folder())? {
            let path = entry?.path();
            if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
                && stem != "fragments"
            {
                names.insert(stem.to_owned());
            }
        }
        Ok(names.into_iter().collect())
    }
}

/// The whole document of an operation: itself and the fragments it uses, as a client would send it.
///
/// # Errors
/// If there is no such file, or it uses a fragment that does not exist.
pub fn document(front: Front, operation: &str) -> anyhow::Result<String> {
    let folder = front.folder();
    let mut document = fs::read_to_string(folder.join(format!("{operation}.graphql")))
        .with_context(|| format!("no operation {operation} of {front:?}"))?;
    let library = fs::read_to_string(folder.join("fragments.graphql")).unwrap_or_default();
    let mut included = BTreeSet::new();
    loop {
        let missing: Vec<String> = spreads(&document)
            .into_iter()
            .filter(|name| !included.contains(name))
            .collect();
        if missing.is_empty() {
            return Ok(document);
        }
        for name in missing {
            let fragment = library
                .split("\n\n")
                .find(|text| text.trim_start().starts_with(&format!("fragment {name} ")))
                .with_context(|| {
                    format!("{operation} uses fragment {name}, which does not exist")
                })?;
            document.push('\n');
            document.push_str(fragment.trim());
            document.push('\n');
            included.insert(name);
        }
    }
}

/// Names of the fragments spread in a document; `... on Type` is not one.
fn spreads(document: &str) -> BTreeSet<String> {
    document
        .split("...")
        .skip(1)
        .map(|rest| {
            rest.trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        })
        .filter(|name| !name.is_empty() && name != "on")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_brings_its_fragments_once() {
        let document = document(Front::Spa, "CartCreate").expect("exists");
        assert_eq!(document.matches("fragment CartFields").count(), 1);
        assert_eq!(document.matches("fragment MoneyFields").count(), 1);
    }

    #[test]
    fn every_operation_can_be_put_together() {
        for front in Front::ALL {
            for operation in front.operations().expect("a folder") {
                document(front, &operation).expect("complete");
            }
        }
    }
}
