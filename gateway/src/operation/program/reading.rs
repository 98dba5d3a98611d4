//! What a subgraph's answer looks like, from the text of the operation it was asked.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use apollo_compiler::parser::Parser;
use federation::{Rewrite, RewriteSegment};

use super::shapes::{ShapeId, Shapes, Slot};
use crate::json::quoted;

/// An object of an answer: the members to expect, in the order they were asked for.
#[derive(Debug)]
pub(crate) struct ReadObject {
    pub(crate) shape: ShapeId,
    pub(crate) members: Vec<ReadMember>,
    /// Finds a member that does not come in order; built when there are many.
    lookup: HashMap<Box<str>, usize>,
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct ReadMember {
    /// The key and its colon, as they are usually written.
    pub(crate) token: Box<str>,
    pub(crate) slot: Slot,
    /// What objects in it look like; none for leaves.
    pub(crate) object: Option<ReadObject>,
}

/// More members than a look at each of them is worth.
const MANY: usize = 8;

impl ReadMember {
    /// The key with its quotes.
    pub(crate) fn key_token(&self) -> &str {
        self.token.strip_suffix(':').unwrap_or(&self.token)
    }
}

impl ReadObject {
    /// The member of a key token without escapes.
    pub(crate) fn find(&self, key_token: &str) -> Option<usize> {
        if self.lookup.is_empty() {
            self.members
                .iter()
                .position(|member| member.key_token() == key_token)
        } else {
            self.lookup.get(key_token).copied()
        }
    }

    pub(super) fn size(&self) -> usize {
        self.members
            .iter()
            .map(|member| 1 + member.object.as_ref().map_or(0, ReadObject::size))
            .sum()
    }
}

/// A subgraph operation, parsed.
pub(super) struct SubgraphOperation {
    document: Document,
}

impl SubgraphOperation {
    /// Parses what a plan says is to be sent.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        // The client's document was limited; the plan's operations are not larger by much.
        let document = Parser::new()
            .recursion_limit(2_000)
            .parse_ast(text, "subgraph operation")
            .map_err(|invalid| invalid.errors.to_string())?;
        Ok(Self { document })
    }

    /// What the whole operation selects.
    pub(super) fn root(&self) -> Vec<&Selection> {
        self.document
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::OperationDefinition(operation) => {
                    Some(operation.selection_set.iter().collect())
                }
                _ => None,
            })
            .unwrap_or_default()
    }

    /// What is selected within the root field of that response key.
    pub(super) fn within(&self, response_key: &str) -> Vec<&Selection> {
        self.fields(&self.root())
            .into_iter()
            .filter(|field| field.response_name() == response_key)
            .flat_map(|field| &field.selection_set)
            .collect()
    }

    /// The fields of a selection, fragments opened.
    fn fields<'a>(&'a self, selections: &[&'a Selection]) -> Vec<&'a apollo_compiler::ast::Field> {
        let mut fields = Vec::new();
        let mut open: Vec<&'a Selection> = selections.iter().rev().copied().collect();
        while let Some(selection) = open.pop() {
            match selection {
                Selection::Field(field) => fields.push(&**field),
                Selection::InlineFragment(fragment) => {
                    open.extend(fragment.selection_set.iter().rev());
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragment(&spread.fragment_name) {
                        open.extend(fragment.selection_set.iter().rev());
                    }
                }
            }
        }
        fields
    }

    fn fragment(&self, name: &str) -> Option<&FragmentDefinition> {
        self.document
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::FragmentDefinition(fragment) if fragment.name == name => {
                    Some(&**fragment)
                }
                _ => None,
            })
    }

    /// Prepares reading objects of a selection at a position.
    ///
    /// Rewrites are applied later, to what was read; here they only make room for it.
    pub(super) fn read(
        &self,
        selections: &[&Selection],
        shape: ShapeId,
        shapes: &mut Shapes,
        rewrites: &[(&[RewriteSegment], &Rewrite)],
    ) -> ReadObject {
        let mut grouped: Vec<(&str, Vec<&Selection>)> = Vec::new();
        let mut index: HashMap<&str, usize> = HashMap::new();
        for field in self.fields(selections) {
            let key = field.response_name().as_str();
            let at = *index.entry(key).or_insert_with(|| {
                grouped.push((key, Vec::new()));
                grouped.len() - 1
            });
            if let Some((_, nested)) = grouped.get_mut(at) {
                nested.extend(&field.selection_set);
            }
        }

        // What is set has a slot, too.
        for (path, rewrite) in rewrites {
            if let ([RewriteSegment::Key(key)], Rewrite::SetValue { .. }) =
                (after_types(path), rewrite)
            {
                shapes.slot(shape, key);
            }
        }

        let members: Vec<ReadMember> = grouped
            .iter()
            .map(|(key, nested)| {
                let mut within = Vec::new();
                let mut renamed = Vec::new();
                for (path, rewrite) in rewrites {
                    match (after_types(path), rewrite) {
                        ([RewriteSegment::Key(first)], Rewrite::RenameKey { to, .. })
                            if first == key =>
                        {
                            renamed.push(to.as_str());
                        }
                        ([RewriteSegment::Key(first), rest @ ..], _) if first == key => {
                            within.push((rest, *rewrite));
                        }
                        _ => {}
                    }
                }
                // A member that gets another key needs room under both.
                for to in renamed {
                    if nested.is_empty() {
                        shapes.slot(shape, to);
                    } else {
                        let (_, child) = shapes.nested(shape, to);
                        self.read(nested, child, shapes, &within);
                    }
                }
                let (slot, object) = if nested.is_empty() {
                    (shapes.slot(shape, key), None)
                } else {
                    let (slot, child) = shapes.nested(shape, key);
                    (slot, Some(self.read(nested, child, shapes, &within)))
                };
                ReadMember {
                    token: format!("{}:", quoted(key)).into(),
                    slot,
                    object,
                }
            })
            .collect();
        let lookup = if members.len() > MANY {
            members
                .iter()
                .enumerate()
                .map(|(at, member)| (member.key_token().into(), at))
                .collect()
        } else {
            HashMap::new()
        };
        ReadObject {
            shape,
            members,
            lookup,
        }
    }
}

/// The path from its first key on.
fn after_types(path: &[RewriteSegment]) -> &[RewriteSegment] {
    let types = path
        .iter()
        .take_while(|segment| matches!(segment, RewriteSegment::TypenameIs(_)))
        .count();
    path.get(types..).unwrap_or_default()
}

/// Rewrites with their whole paths, as [`SubgraphOperation::read`] wants them.
pub(super) fn from_their_start(rewrites: &[Rewrite]) -> Vec<(&[RewriteSegment], &Rewrite)> {
    rewrites
        .iter()
        .map(|rewrite| match rewrite {
            Rewrite::SetValue { path, .. } | Rewrite::RenameKey { path, .. } => {
                (path.as_slice(), rewrite)
            }
        })
        .collect()
}
