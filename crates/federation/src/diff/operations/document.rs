//! Puts every operation together with the fragments it uses.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, Document, Selection};
use apollo_compiler::{Name, Node, ast};

/// A file of operations and fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationFile {
    /// Its path, with `/` between folders.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Why operations cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// A file is not GraphQL.
    #[error("{file} is not GraphQL: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// The parser's report.
        message: String,
    },
    /// A fragment is used that is neither in the file nor in its folder.
    #[error("{file}: operation `{operation}` uses fragment `{fragment}`, which does not exist")]
    MissingFragment {
        /// The file.
        file: String,
        /// The operation's name.
        operation: String,
        /// The fragment's name.
        fragment: String,
    },
    /// An operation is valid against neither schema.
    #[error("{file}: operation `{operation}` fits neither the old nor the new graph: {message}")]
    FitsNeither {
        /// The file.
        file: String,
        /// The operation's name.
        operation: String,
        /// What the new schema has against it.
        message: String,
    },
}

impl OperationError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "INVALID_OPERATION_FILE",
            Self::MissingFragment { .. } => "MISSING_FRAGMENT",
            Self::FitsNeither { .. } => "OPERATION_FITS_NEITHER",
        }
    }
}

/// One operation with its fragments.
#[derive(Debug, Clone)]
pub(in crate::diff) struct Operation {
    pub(in crate::diff) file: String,
    /// Empty if it has none.
    pub(in crate::diff) name: String,
    /// Itself and its fragments.
    pub(super) text: String,
}

type Fragments = BTreeMap<Name, Node<ast::FragmentDefinition>>;

pub(super) fn read(files: &[OperationFile]) -> Result<Vec<Operation>, OperationError> {
    let mut parsed = Vec::with_capacity(files.len());
    let mut by_folder: BTreeMap<&str, Fragments> = BTreeMap::new();
    for file in files {
        let document = Document::parse(file.text.as_str(), &file.file).map_err(|found| {
            OperationError::Syntax {
                file: file.file.clone(),
                message: found.errors.to_string(),
            }
        })?;
        by_folder
            .entry(folder(&file.file))
            .or_default()
            .extend(fragments(&document));
        parsed.push((file, document));
    }

    let mut operations = Vec::new();
    for (file, document) in &parsed {
        let own = fragments(document);
        let shared = &by_folder[folder(&file.file)];
        for definition in &document.definitions {
            let Definition::OperationDefinition(operation) = definition else {
                continue;
            };
            let name = operation
                .name
                .as_ref()
                .map_or(String::new(), Name::to_string);
            let mut used = Fragments::new();
            collect(&operation.selection_set, &own, shared, &mut used).map_err(|fragment| {
                OperationError::MissingFragment {
                    file: file.file.clone(),
                    operation: name.clone(),
                    fragment: fragment.to_string(),
                }
            })?;
            let mut text = operation.to_string();
            for fragment in used.values() {
                text.push('\n');
                text.push_str(&fragment.to_string());
            }
            operations.push(Operation {
                file: file.file.clone(),
                name,
                text,
            });
        }
    }
    Ok(operations)
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn fragments(document: &Document) -> Fragments {
    let definitions = document.definitions.iter();
    definitions
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => {
                Some((fragment.name.clone(), fragment.clone()))
            }
            _ => None,
        })
        .collect()
}

/// Collects the fragments that selections use, and those that these use.
fn collect<'a>(
    selections: &'a [Selection],
    own: &Fragments,
    shared: &Fragments,
    used: &mut Fragments,
) -> Result<(), &'a Name> {
    for selection in selections {
        match selection {
            Selection::Field(field) => collect(&field.selection_set, own, shared, used)?,
            Selection::InlineFragment(inline) => {
                collect(&inline.selection_set, own, shared, used)?;
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.fragment_name;
                if used.contains_key(name) {
                    continue;
                }
                let fragment = own.get(name).or_else(|| shared.get(name)).ok_or(name)?;
                used.insert(name.clone(), fragment.clone());
                // The missing one is named by the spread that leads to it.
                collect(&fragment.selection_set, own, shared, used).map_err(|_| name)?;
            }
        }
    }
    Ok(())
}
