//! What the client selected, in a form that answers are cut to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use federation::{Condition, Supergraph};

/// A set of type names.
pub(crate) type TypeSet = Arc<HashSet<String>>;

/// The client's selection: fragments opened, conditions and types resolved.
pub(crate) struct Projection {
    pub(crate) root_type: String,
    pub(crate) fields: Vec<ProjectionField>,
}

/// One selected field. The same response key may occur several times, under different fragments.
pub(crate) struct ProjectionField {
    pub(crate) key: String,
    /// The type and field, for messages.
    pub(crate) coordinate: String,
    /// Only on objects of all of these sets.
    pub(crate) on_types: Vec<TypeSet>,
    /// Only if all of these hold.
    pub(crate) conditions: Vec<Condition>,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
}

/// What kind of value a field has, lists aside.
pub(crate) enum Shape {
    /// `__typename`.
    Typename,
    /// A scalar or an enum.
    Leaf(LeafKind),
    /// An object; of one type, or of one of several.
    Object {
        /// The type, if there is only one.
        type_name: Option<String>,
        /// All types it may have.
        possible: TypeSet,
        fields: Vec<ProjectionField>,
    },
    /// Part of introspection; taken over as it is.
    Introspection,
}

/// What a leaf value must look like.
#[derive(Debug, Clone)]
pub(crate) enum LeafKind {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum(Arc<HashSet<String>>),
    /// A custom scalar: anything.
    Any,
}

impl Projection {
    /// Prepares the projection of a validated operation.
    pub(crate) fn new(
        supergraph: &Supergraph,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> Self {
        let mut builder = Builder {
            supergraph,
            document,
            possible: HashMap::new(),
        };
        let mut fields = Vec::new();
        builder.fields(
            &operation.selection_set,
            &mut Vec::new(),
            &mut Vec::new(),
            &mut fields,
        );
        Self {
            root_type: operation.object_type().to_string(),
            fields,
        }
    }
}

struct Builder<'a> {
    supergraph: &'a Supergraph,
    document: &'a ExecutableDocument,
    possible: HashMap<String, TypeSet>,
}

impl Builder<'_> {
    fn fields(
        &mut self,
        selection_set: &SelectionSet,
        on_types: &mut Vec<TypeSet>,
        conditions: &mut Vec<Condition>,
        fields: &mut Vec<ProjectionField>,
    ) {
        for selection in &selection_set.selections {
            let Some(own_conditions) = conditions_of(selection.directives()) else {
                continue;
            };
            let depth = conditions.len();
            conditions.extend(own_conditions);
            match selection {
                Selection::Field(field) => {
                    let shape = self.shape(field);
                    fields.push(ProjectionField {
                        key: field.response_key().to_string(),
                        coordinate: format!("{}.{}", selection_set.ty, field.name),
                        on_types: on_types.clone(),
                        conditions: conditions.clone(),
                        ty: field.ty().clone(),
                        shape,
                    });
                }
                Selection::InlineFragment(fragment) => {
                    let narrowed = fragment
                        .type_condition
                        .as_ref()
                        .filter(|condition| **condition != selection_set.ty)
                        .map(|condition| self.possible(condition));
                    let narrows = narrowed.is_some();
                    on_types.extend(narrowed);
                    self.fields(&fragment.selection_set, on_types, conditions, fields);
                    if narrows {
                        on_types.pop();
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        let condition = fragment.type_condition();
                        let narrows = *condition != selection_set.ty;
                        if narrows {
                            let possible = self.possible(condition);
                            on_types.push(possible);
                        }
                        self.fields(&fragment.selection_set, on_types, conditions, fields);
                        if narrows {
                            on_types.pop();
                        }
                    }
                }
            }
            conditions.truncate(depth);
        }
    }

    fn shape(&mut self, field: &apollo_compiler::executable::Field) -> Shape {
        match field.name.as_str() {
            "__typename" => return Shape::Typename,
            "__schema" | "__type" => return Shape::Introspection,
            _ => {}
        }
        let type_name = field.ty().inner_named_type();
        let leaf = match self.supergraph.api_schema().types.get(type_name) {
            Some(ExtendedType::Enum(enum_)) => {
                let values = enum_.values.keys().map(ToString::to_string);
                LeafKind::Enum(Arc::new(values.collect()))
            }
            Some(ExtendedType::Scalar(_)) | None => match type_name.as_str() {
                "Int" => LeafKind::Int,
                "Float" => LeafKind::Float,
                "String" => LeafKind::String,
                "Boolean" => LeafKind::Boolean,
                "ID" => LeafKind::Id,
                _ => LeafKind::Any,
            },
            Some(composite) => {
                let mut fields = Vec::new();
                self.fields(
                    &field.selection_set,
                    &mut Vec::new(),
                    &mut Vec::new(),
                    &mut fields,
                );
                return Shape::Object {
                    type_name: matches!(composite, ExtendedType::Object(_))
                        .then(|| type_name.to_string()),
                    possible: self.possible(type_name),
                    fields,
                };
            }
        };
        Shape::Leaf(leaf)
    }

    /// The object types a value of this type may have.
    fn possible(&mut self, type_name: &str) -> TypeSet {
        if let Some(known) = self.possible.get(type_name) {
            return known.clone();
        }
        let types: HashSet<String> = match self.supergraph.api_schema().types.get(type_name) {
            Some(ExtendedType::Union(union_)) => union_
                .members
                .iter()
                .map(|member| member.name.to_string())
                .collect(),
            Some(ExtendedType::Interface(_)) => self
                .supergraph
                .implementers()
                .get(type_name)
                .map(|implementers| {
                    implementers
                        .objects
                        .iter()
                        .map(ToString::to_string)
                        .collect()
                })
                .unwrap_or_default(),
            _ => HashSet::from([type_name.to_owned()]),
        };
        let types = Arc::new(types);
        self.possible.insert(type_name.to_owned(), types.clone());
        types
    }
}

/// The conditions that depend on variables; `None` if the selection never applies.
fn conditions_of(directives: &DirectiveList) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (directive, expected) in [("skip", false), ("include", true)] {
        let Some(value) = directives
            .get(directive)
            .and_then(|found| found.specified_argument_by_name("if"))
        else {
            continue;
        };
        if let Some(variable) = value.as_variable() {
            conditions.push(Condition {
                variable: variable.to_string(),
                expected,
            });
        } else if value.to_bool() != Some(expected) {
            return None;
        }
    }
    Some(conditions)
}
