//! Limits that need only the syntax tree; checked before anything costly looks at it.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};

use crate::config::Limits;
use crate::error::ClientError;

/// Checks every operation of the document.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), ClientError> {
    let mut measurer = Measurer {
        fragments: HashMap::new(),
        measured: HashMap::new(),
    };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            measurer.fragments.insert(fragment.name.as_str(), fragment);
        }
    }

    for definition in &document.definitions {
        // Fragments that no operation uses are measured too: validation will look at them.
        let (selections, is_operation) = match definition {
            Definition::OperationDefinition(operation) => (&operation.selection_set, true),
            Definition::FragmentDefinition(fragment) => (&fragment.selection_set, false),
            _ => continue,
        };
        let size = measurer.selections(selections);
        if size.depth > limits.depth {
            return Err(ClientError::TooDeep {
                limit: limits.depth,
            });
        }
        let counts = [
            ("aliases", size.aliases, limits.aliases),
            ("fields", size.fields, limits.fields),
            (
                "root fields",
                if is_operation { size.root_fields } else { 0 },
                limits.root_fields,
            ),
        ];
        for (what, count, limit) in counts {
            if count > limit {
                return Err(ClientError::TooComplex { what, limit });
            }
        }
    }
    Ok(())
}

/// The size of a selection with all its fragments opened.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    aliases: usize,
    fields: usize,
    root_fields: usize,
}

struct Measurer<'a> {
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// `None` while a fragment is being measured: cycles end there, validation reports them.
    measured: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measurer<'a> {
    fn selections(&mut self, selections: &'a [Selection]) -> Size {
        let mut total = Size::default();
        for selection in selections {
            let size = match selection {
                Selection::Field(field) => {
                    let nested = self.selections(&field.selection_set);
                    Size {
                        depth: nested.depth.saturating_add(1),
                        aliases: nested
                            .aliases
                            .saturating_add(usize::from(field.alias.is_some())),
                        fields: nested.fields.saturating_add(1),
                        root_fields: 1,
                    }
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(spread.fragment_name.as_str()),
            };
            total = Size {
                depth: total.depth.max(size.depth),
                aliases: total.aliases.saturating_add(size.aliases),
                fields: total.fields.saturating_add(size.fields),
                root_fields: total.root_fields.saturating_add(size.root_fields),
            };
        }
        total
    }

    fn fragment(&mut self, name: &str) -> Size {
        let Some((&name, &fragment)) = self.fragments.get_key_value(name) else {
            return Size::default();
        };
        if let Some(known) = self.measured.get(name) {
            return known.unwrap_or_default();
        }
        self.measured.insert(name, None);
        let size = self.selections(&fragment.selection_set);
        self.measured.insert(name, Some(size));
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, limits: &Limits) -> &'static str {
        let document = Document::parse(text, "operation").unwrap();
        check(&document, limits).map_or_else(|error| error.code(), |()| "OK")
    }

    #[test]
    fn depth_counts_through_fragments() {
        let limits = Limits {
            depth: 3,
            ..Limits::default()
        };
        assert_eq!(
            code("{ a { ...F } } fragment F on T { b { c } }", &limits),
            "OK"
        );
        assert_eq!(
            code("{ a { ...F } } fragment F on T { b { c { d } } }", &limits),
            "QUERY_TOO_DEEP"
        );
    }

    #[test]
    fn fragments_that_multiply_are_counted_without_being_opened() {
        let mut text = "{ ...F0 }".to_owned();
        for level in 0..60 {
            text.push_str(&format!(
                " fragment F{level} on Q {{ ...F{0} ...F{0} }}",
                level + 1
            ));
        }
        text.push_str(" fragment F60 on Q { a }");
        assert_eq!(code(&text, &Limits::default()), "QUERY_TOO_COMPLEX");
    }

    #[test]
    fn fragment_cycles_end() {
        assert_eq!(
            code("{ ...A } fragment A on Q { a ...A }", &Limits::default()),
            "OK"
        );
    }

    #[test]
    fn aliases_and_root_fields_are_limited() {
        let limits = Limits {
            aliases: 2,
            root_fields: 3,
            ..Limits::default()
        };
        assert_eq!(code("{ a: x b: x }", &limits), "OK");
        assert_eq!(code("{ a: x b: x c: x }", &limits), "QUERY_TOO_COMPLEX");
        assert_eq!(code("{ a b c d }", &limits), "QUERY_TOO_COMPLEX");
    }
}
