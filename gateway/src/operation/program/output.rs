//! What is written to the client: members in order, keys escaped, slots known.

use std::collections::HashMap;

use apollo_compiler::ast::Type;
use federation::Condition;

use super::conditions::{Applies, ConditionId, Conditions};
use super::shapes::{ShapeId, Shapes, Slot};
use super::types::{TypeId, Types};
use crate::json::{Token, quoted};
use crate::operation::projection::{LeafKind, Projection, ProjectionField, Shape};

/// All objects of the client's selection.
#[derive(Debug)]
pub(crate) struct Output {
    objects: Vec<OutputObject>,
    pub(crate) root: OutputId,
    /// The name of the root type.
    pub(crate) root_type: String,
}

/// An object's number within an [`Output`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OutputId(u32);

/// An object of one type, or of several that have the same members selected.
#[derive(Debug)]
pub(crate) struct OutputObject {
    pub(crate) members: Vec<OutputMember>,
    /// Whether `@skip` and `@include` can change the order of members.
    pub(crate) reorders: bool,
}

/// One member of an object.
#[derive(Debug)]
pub(crate) struct OutputMember {
    pub(crate) key: Box<str>,
    /// The key and its colon.
    pub(crate) token: Token,
    pub(crate) slot: Slot,
    pub(crate) applies: Applies,
    /// Type and field, for messages.
    pub(crate) coordinate: Box<str>,
    pub(crate) ty: OutputType,
    pub(crate) kind: OutputKind,
}

/// Lists and nulls around a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OutputType {
    Named {
        non_null: bool,
    },
    List {
        non_null: bool,
        item: Box<OutputType>,
    },
}

/// What a member's values are, lists aside.
#[derive(Debug)]
pub(crate) enum OutputKind {
    /// The name of the object's type.
    Typename,
    /// Part of introspection, taken over as it is.
    Introspection,
    Leaf(LeafKind),
    Object(OutputObjects),
}

/// The objects a member may have.
#[derive(Debug)]
pub(crate) enum OutputObjects {
    /// Always of the same type.
    One {
        type_name: Box<str>,
        object: OutputId,
    },
    /// Of one of these types; `typename` is where it is told.
    OneOf {
        typename: Slot,
        by_type: Vec<(TypeId, Box<str>, OutputId)>,
        /// The interface or union; an interface object takes itself to be of that type.
        declared: Box<str>,
        /// For objects of unknown type, if nothing selected depends on it: an interface object
        /// does not know its type, nor does everybody have to.
        untyped: Option<OutputId>,
    },
}

impl OutputType {
    fn new(ty: &Type) -> Self {
        match ty {
            Type::Named(_) => Self::Named { non_null: false },
            Type::NonNullNamed(_) => Self::Named { non_null: true },
            Type::List(item) => Self::List {
                non_null: false,
                item: Box::new(Self::new(item)),
            },
            Type::NonNullList(item) => Self::List {
                non_null: true,
                item: Box::new(Self::new(item)),
            },
        }
    }

    pub(crate) fn is_non_null(&self) -> bool {
        match self {
            Self::Named { non_null } | Self::List { non_null, .. } => *non_null,
        }
    }
}

impl Output {
    pub(crate) fn object(&self, id: OutputId) -> &OutputObject {
        self.objects
            .get(id.0 as usize)
            .expect("ids come from this collection")
    }

    pub(super) fn size(&self) -> usize {
        self.objects
            .iter()
            .flat_map(|object| &object.members)
            .map(|member| match &member.kind {
                OutputKind::Object(OutputObjects::OneOf { by_type, .. }) => 1 + by_type.len() / 4,
                _ => 1,
            })
            .sum()
    }
}

pub(super) struct Builder<'a> {
    pub(super) shapes: &'a mut Shapes,
    pub(super) types: &'a mut Types,
    pub(super) conditions: &'a mut Conditions,
    pub(super) objects: Vec<OutputObject>,
    /// Objects by their position and the selections they are made of.
    known: HashMap<(ShapeId, Identity), OutputId>,
}

/// What an object is made of: the addresses of its fields, each with the conditions around it.
type Identity = Vec<(usize, Vec<ConditionId>)>;

/// A field, and the conditions of the fields around it that were merged with others.
#[derive(Clone)]
struct Occurrence<'a> {
    field: &'a ProjectionField,
    around: Vec<ConditionId>,
}

impl<'a> Builder<'a> {
    pub(super) fn build(
        shapes: &'a mut Shapes,
        types: &'a mut Types,
        conditions: &'a mut Conditions,
        projection: &Projection,
    ) -> Output {
        let mut builder = Self {
            shapes,
            types,
            conditions,
            objects: Vec::new(),
            known: HashMap::new(),
        };
        let fields: Vec<Occurrence<'_>> = projection.fields.iter().map(Occurrence::alone).collect();
        let root = builder.object(Shapes::ROOT, &fields, &projection.root_type);
        Output {
            objects: builder.objects,
            root,
            root_type: projection.root_type.clone(),
        }
    }

    /// The members selected on objects of one type.
    fn object(&mut self, shape: ShapeId, selected: &[Occurrence<'_>], type_name: &str) -> OutputId {
        let selected: Vec<&Occurrence<'_>> = selected
            .iter()
            .filter(|occurrence| {
                let on_types = &occurrence.field.on_types;
                on_types.iter().all(|types| types.contains(type_name))
            })
            .collect();
        let identity = selected
            .iter()
            .map(|occurrence| {
                let address = std::ptr::from_ref(occurrence.field).addr();
                (address, occurrence.around.clone())
            })
            .collect();
        let identity = (shape, identity);
        if let Some(id) = self.known.get(&identity) {
            return *id;
        }

        // Equal keys together, in the client's order.
        let mut grouped: Vec<(&str, Vec<(usize, &Occurrence<'_>)>)> = Vec::new();
        let mut index: HashMap<&str, usize> = HashMap::new();
        for (position, occurrence) in selected.iter().enumerate() {
            let key = occurrence.field.key.as_str();
            let at = *index.entry(key).or_insert_with(|| {
                grouped.push((key, Vec::new()));
                grouped.len() - 1
            });
            if let Some((_, group)) = grouped.get_mut(at) {
                group.push((position, occurrence));
            }
        }

        let mut members = Vec::with_capacity(grouped.len());
        for (key, group) in grouped {
            let Some((_, first)) = group.first() else {
                continue;
            };
            let applies = Applies::any(group.iter().map(|(position, occurrence)| {
                let all = self
                    .conditions
                    .all(&occurrence.around, &occurrence.field.conditions);
                (*position, all)
            }));
            let (slot, kind) = self.kind(shape, key, &group, first.field);
            members.push(OutputMember {
                key: key.into(),
                token: Token::new(&format!("{}:", quoted(key))),
                slot,
                applies,
                coordinate: first.field.coordinate.as_str().into(),
                ty: OutputType::new(&first.field.ty),
                kind,
            });
        }
        let reorders = members
            .iter()
            .any(|member| matches!(&member.applies, Applies::AnyOf(ways) if ways.len() > 1));
        let id = OutputId(u32::try_from(self.objects.len()).expect("operations are limited"));
        self.objects.push(OutputObject { members, reorders });
        self.known.insert(identity, id);
        id
    }

    fn kind(
        &mut self,
        shape: ShapeId,
        key: &str,
        group: &[(usize, &Occurrence<'_>)],
        first: &ProjectionField,
    ) -> (Slot, OutputKind) {
        let (type_name, possible) = match &first.shape {
            Shape::Typename => return (self.shapes.slot(shape, key), OutputKind::Typename),
            Shape::Introspection => {
                return (self.shapes.slot(shape, key), OutputKind::Introspection);
            }
            Shape::Leaf(kind) => {
                return (self.shapes.slot(shape, key), OutputKind::Leaf(kind.clone()));
            }
            Shape::Object {
                type_name,
                possible,
                ..
            } => (type_name, possible),
        };
        let (slot, child) = self.shapes.nested(shape, key);

        // What is selected within all fields of this key; within some only under conditions.
        let alone = group.len() == 1;
        let mut nested = Vec::new();
        for (_, occurrence) in group {
            let Shape::Object { fields, .. } = &occurrence.field.shape else {
                continue;
            };
            let around = if alone {
                Vec::new()
            } else {
                self.conditions
                    .all(&occurrence.around, &occurrence.field.conditions)
            };
            nested.extend(fields.iter().map(|field| Occurrence {
                field,
                around: around.clone(),
            }));
        }

        let objects = match type_name {
            Some(type_name) => OutputObjects::One {
                type_name: type_name.as_str().into(),
                object: self.object(child, &nested, type_name),
            },
            None => {
                let typename = self.shapes.slot(child, "__typename");
                let mut names: Vec<&String> = possible.iter().collect();
                names.sort();
                let mut by_type: Vec<(TypeId, Box<str>, OutputId)> = names
                    .into_iter()
                    .map(|name| {
                        let object = self.object(child, &nested, name);
                        (self.types.id(name), name.as_str().into(), object)
                    })
                    .collect();
                by_type.sort_by_key(|(id, ..)| *id);
                // An interface may have no types at all, where it is known as an object only.
                let any = match by_type.first() {
                    Some((.., object)) => *object,
                    None => self.object(child, &nested, ""),
                };
                let names_type = self.objects.get(any.0 as usize).is_some_and(|object| {
                    let mut members = object.members.iter();
                    members.any(|member| matches!(member.kind, OutputKind::Typename))
                });
                let differs = by_type.iter().any(|(.., object)| *object != any);
                let untyped = (!names_type && !differs).then_some(any);
                OutputObjects::OneOf {
                    typename,
                    by_type,
                    declared: first.ty.inner_named_type().as_str().into(),
                    untyped,
                }
            }
        };
        (slot, OutputKind::Object(objects))
    }
}

impl<'a> Occurrence<'a> {
    fn alone(field: &'a ProjectionField) -> Self {
        Self {
            field,
            around: Vec::new(),
        }
    }
}

impl Conditions {
    /// The conditions around a field and its own.
    fn all(&mut self, around: &[ConditionId], own: &[Condition]) -> Vec<ConditionId> {
        let mut all = around.to_vec();
        for condition in own {
            let id = self.id(condition);
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    }
}
