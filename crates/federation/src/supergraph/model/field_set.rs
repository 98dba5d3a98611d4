//! Field sets: the arguments of `@key`, `@requires` and `@provides`.

use apollo_compiler::ast::{Definition, Document, Selection};

/// A field set's index within its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FieldSetId(pub(crate) u32);

/// A parsed field set.
#[derive(Debug)]
pub(crate) struct FieldSet {
    /// What it selects.
    pub(crate) selections: Vec<Selection>,
}

impl FieldSet {
    /// Reads a field set; the braces around it are left out in supergraphs.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let document = Document::parse(format!("{{{text}}}"), "field set").ok()?;
        let mut definitions = document.definitions.into_iter();
        match (definitions.next(), definitions.next()) {
            (Some(Definition::OperationDefinition(operation)), None) => Some(Self {
                selections: operation.selection_set.clone(),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldSet;

    #[test]
    fn broken_field_sets_are_refused() {
        for text in [
            "",
            "}",
            "} {",
            "id {",
            "} query {a",
            "id } fragment F on T { a",
        ] {
            assert!(FieldSet::parse(text).is_none(), "{text}");
        }
        assert_eq!(
            FieldSet::parse("id ... on A { b(c: 1) }").map(|set| set.selections.len()),
            Some(2)
        );
    }
}
