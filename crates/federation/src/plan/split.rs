//! Takes an operation apart at its root.

use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{
    DirectiveList, InlineFragment, Operation, Selection, SelectionSet,
};
use apollo_compiler::{ExecutableDocument, Name, Node};

/// Response key → the selections that fill it, without introspection and `__typename`.
///
/// Fragments at the root are opened; their `@skip` and `@include` stay around each field.
pub(super) fn root_fields(
    document: &ExecutableDocument,
    operation: &Operation,
) -> IndexMap<Name, Vec<Selection>> {
    let mut fields = IndexMap::default();
    collect(
        document,
        &operation.selection_set,
        &mut Vec::new(),
        &mut fields,
    );
    fields
}

fn collect(
    document: &ExecutableDocument,
    selection_set: &SelectionSet,
    around: &mut Vec<DirectiveList>,
    fields: &mut IndexMap<Name, Vec<Selection>>,
) {
    for selection in &selection_set.selections {
        let directives = selection.directives();
        if never_applies(directives) {
            continue;
        }
        let nested = match selection {
            Selection::Field(field) => {
                if field.name.starts_with("__") {
                    continue;
                }
                let wrapped = around
                    .iter()
                    .rev()
                    .fold(selection.clone(), |inner, directives| {
                        let mut set = SelectionSet::new(selection_set.ty.clone());
                        set.selections.push(inner);
                        Selection::InlineFragment(Node::new(InlineFragment {
                            type_condition: None,
                            directives: directives.clone(),
                            selection_set: set,
                        }))
                    });
                fields
                    .entry(field.response_key().clone())
                    .or_default()
                    .push(wrapped);
                continue;
            }
            Selection::InlineFragment(fragment) => &fragment.selection_set,
            Selection::FragmentSpread(spread) => match spread.fragment_def(document) {
                Some(fragment) => &fragment.selection_set,
                None => continue,
            },
        };

        let conditional = !directives.is_empty();
        if conditional {
            around.push(directives.clone());
        }
        collect(document, nested, around, fields);
        if conditional {
            around.pop();
        }
    }
}

/// `@skip(if: true)` or `@include(if: false)`, written out.
fn never_applies(directives: &DirectiveList) -> bool {
    let literal = |name: &str| {
        directives
            .get(name)
            .and_then(|directive| directive.specified_argument_by_name("if"))
            .and_then(|value| value.to_bool())
    };
    literal("skip") == Some(true) || literal("include") == Some(false)
}
