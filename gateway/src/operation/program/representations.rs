//! How representations are built, decided per type beforehand.

use federation::{Requirement, Rewrite, RewriteSegment, Supergraph};

use super::shapes::{ShapeId, Shapes, Slot};
use super::types::{TypeId, TypeSet, Types};
use crate::json::quoted;

/// How to build a representation of the objects at a position.
#[derive(Debug)]
pub(crate) struct Representation {
    pub(crate) typename: Option<Slot>,
    variants: Vec<Variant>,
    /// Variants by [`TypeId`].
    by_type: Vec<usize>,
    /// For objects whose type name was not fetched: there is only one possible type.
    untyped: usize,
    /// For objects of a type that nothing refers to.
    other: usize,
}

/// The representation of objects of some types.
#[derive(Debug, Default)]
pub(crate) struct Variant {
    /// Whether there is anything beside the type name.
    pub(crate) represents: bool,
    pub(crate) members: Vec<Member>,
    /// Slots that must be filled, though they are not sent.
    pub(crate) required: Vec<Slot>,
}

/// A member of a representation.
#[derive(Debug)]
pub(crate) struct Member {
    key: String,
    /// The key and its colon.
    pub(crate) token: Box<str>,
    pub(crate) source: Source,
}

/// Where a member comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A leaf that was fetched.
    Leaf(Slot),
    /// Part of an object that was fetched, or of the objects of a list.
    Object(Slot, Representation),
    /// A string, as a token.
    Constant(Box<str>),
}

/// What is known about an object's type.
#[derive(Debug, Clone, Copy)]
enum Known {
    Type(TypeId),
    Untyped,
    Other,
}

impl Representation {
    /// The variant for a type; `None` in `type_id` stands for one that nothing refers to.
    pub(crate) fn variant(&self, type_id: Option<Option<TypeId>>) -> &Variant {
        let index = match type_id {
            None => self.untyped,
            Some(None) => self.other,
            Some(Some(id)) => self
                .by_type
                .get(id.0 as usize)
                .copied()
                .unwrap_or(self.other),
        };
        self.variants
            .get(index)
            .expect("there is a variant for every type")
    }

    pub(super) fn size(&self) -> usize {
        self.by_type.len() / 8
            + self
                .variants
                .iter()
                .flat_map(|variant| &variant.members)
                .map(|member| match &member.source {
                    Source::Object(_, nested) => 1 + nested.size(),
                    _ => 1,
                })
                .sum::<usize>()
    }
}

pub(super) struct Builder<'a> {
    pub(super) supergraph: &'a Supergraph,
    pub(super) types: &'a mut Types,
    pub(super) shapes: &'a mut Shapes,
    /// Whether every type gets a variant of its own, since rewrites tell types apart.
    pub(super) every_type: bool,
}

/// A requirement with its type conditions as sets.
enum Required<'a> {
    Field {
        from: &'a str,
        to: &'a str,
        requires: Vec<Required<'a>>,
    },
    Fragment {
        on: TypeSet,
        requires: Vec<Required<'a>>,
    },
}

/// A rewrite with its type conditions as sets.
struct Change<'a> {
    path: Vec<Step<'a>>,
    rewrite: &'a Rewrite,
}

enum Step<'a> {
    Key(&'a str),
    Types(TypeSet),
}

impl Builder<'_> {
    /// Prepares the representations of a group at one of its positions.
    pub(super) fn build(
        &mut self,
        shape: ShapeId,
        requires: &[Requirement],
        rewrites: &[Rewrite],
    ) -> Representation {
        // All types are numbered before any table is made.
        let required = self.required(requires);
        let changes: Vec<Change<'_>> = rewrites
            .iter()
            .map(|rewrite| {
                let (Rewrite::SetValue { path, .. } | Rewrite::RenameKey { path, .. }) = rewrite;
                let path = path
                    .iter()
                    .map(|segment| match segment {
                        RewriteSegment::Key(key) => Step::Key(key),
                        RewriteSegment::TypenameIs(types) => {
                            Step::Types(self.types.closure(self.supergraph, types))
                        }
                    })
                    .collect();
                Change { path, rewrite }
            })
            .collect();

        self.every_type = !changes.is_empty();
        let required: Vec<&Required<'_>> = required.iter().collect();
        let mut representation = self.representation(shape, &required);
        for change in &changes {
            self.apply_to_all(&mut representation, &change.path, change.rewrite);
        }
        representation
    }

    fn required<'r>(&mut self, requires: &'r [Requirement]) -> Vec<Required<'r>> {
        requires
            .iter()
            .map(|requirement| match requirement {
                Requirement::Field { from, to, requires } => Required::Field {
                    from,
                    to,
                    requires: self.required(requires),
                },
                Requirement::Fragment {
                    type_condition,
                    requires,
                } => Required::Fragment {
                    on: self
                        .types
                        .closure(self.supergraph, std::slice::from_ref(type_condition)),
                    requires: self.required(requires),
                },
            })
            .collect()
    }

    fn representation(&mut self, shape: ShapeId, required: &[&Required<'_>]) -> Representation {
        let types = self.types.len();
        let has_fragments = required
            .iter()
            .any(|required| matches!(required, Required::Fragment { .. }));
        if !has_fragments && !self.every_type {
            return Representation {
                typename: None,
                variants: vec![self.variant(shape, required, Known::Untyped)],
                by_type: Vec::new(),
                untyped: 0,
                other: 0,
            };
        }

        let typename = Some(self.shapes.slot(shape, "__typename"));
        let mut variants = vec![
            self.variant(shape, required, Known::Untyped),
            self.variant(shape, required, Known::Other),
        ];
        let mut by_type = Vec::with_capacity(types);
        for id in 0..types {
            let id = TypeId(u32::try_from(id).expect("ids are that small"));
            // Types that no fragment names have the same representation.
            let named = self.every_type
                || required.iter().any(
                    |required| matches!(required, Required::Fragment { on, .. } if on.contains(id)),
                );
            by_type.push(if named {
                variants.push(self.variant(shape, required, Known::Type(id)));
                variants.len() - 1
            } else {
                1
            });
        }
        Representation {
            typename,
            variants,
            by_type,
            untyped: 0,
            other: 1,
        }
    }

    fn variant(&mut self, shape: ShapeId, required: &[&Required<'_>], known: Known) -> Variant {
        // Fields that apply, equal ones together.
        let mut fields: Vec<(&str, &str, Vec<&Required<'_>>)> = Vec::new();
        let mut open: Vec<&Required<'_>> = required.iter().rev().copied().collect();
        let mut variant = Variant::default();
        while let Some(next) = open.pop() {
            match next {
                Required::Fragment { on, requires } => {
                    let applies = match known {
                        Known::Untyped => true,
                        Known::Type(id) => on.contains(id),
                        Known::Other => false,
                    };
                    if applies {
                        open.extend(requires.iter().rev());
                    }
                }
                Required::Field { from, to, requires } => {
                    match fields.iter_mut().find(|(_, known, _)| known == to) {
                        Some((known, _, nested)) if known == from => nested.extend(requires),
                        // The later one counts, but the earlier one has to be there.
                        Some(known) => {
                            variant.required.push(self.shapes.slot(shape, known.0));
                            *known = (from, to, requires.iter().collect());
                        }
                        None => fields.push((from, to, requires.iter().collect())),
                    }
                }
            }
        }

        variant.represents = fields.iter().any(|(_, to, _)| *to != "__typename");
        variant.members = fields
            .into_iter()
            .map(|(from, to, nested)| {
                let source = if nested.is_empty() {
                    Source::Leaf(self.shapes.slot(shape, from))
                } else {
                    let (slot, child) = self.shapes.nested(shape, from);
                    Source::Object(slot, self.representation(child, &nested))
                };
                Member::new(to, source)
            })
            .collect();
        variant
    }

    fn apply_to_all(
        &mut self,
        representation: &mut Representation,
        path: &[Step<'_>],
        rewrite: &Rewrite,
    ) {
        // Which type a variant is for; a representation without a type name matches everything.
        let tells_types = |variant: &Variant| {
            variant
                .members
                .iter()
                .any(|member| member.key == "__typename")
        };
        let mut keys_of: Vec<Vec<Known>> = vec![Vec::new(); representation.variants.len()];
        let mut note = |index: usize, known: Known| {
            if let Some(entry) = keys_of.get_mut(index) {
                entry.push(known);
            }
        };
        note(representation.untyped, Known::Untyped);
        note(representation.other, Known::Other);
        for (id, index) in representation.by_type.iter().enumerate() {
            let id = TypeId(u32::try_from(id).expect("ids are that small"));
            note(*index, Known::Type(id));
        }

        for index in 0..representation.variants.len() {
            let Some(variant) = representation.variants.get_mut(index) else {
                continue;
            };
            let constant = variant
                .members
                .iter()
                .find_map(|member| match &member.source {
                    Source::Constant(token) if member.key == "__typename" => {
                        Some(crate::json::unescape(token).into_owned())
                    }
                    _ => None,
                });
            let names_type = tells_types(variant);
            let matches = |known: Known, types: &TypeSet| match (&constant, known) {
                _ if !names_type => true,
                (Some(name), _) => self.types.find(name).is_some_and(|id| types.contains(id)),
                (None, Known::Type(id)) => types.contains(id),
                (None, Known::Untyped) => true,
                (None, Known::Other) => false,
            };
            let (conditions, rest) = split(path);
            let known = keys_of.get(index).cloned().unwrap_or_default();
            let applies = known
                .iter()
                .any(|known| conditions.iter().all(|types| matches(*known, types)));
            if applies {
                self.apply(variant, rest, rewrite);
            }
        }
    }

    fn apply(&mut self, variant: &mut Variant, path: &[Step<'_>], rewrite: &Rewrite) {
        match (path, rewrite) {
            ([Step::Key(key)], Rewrite::SetValue { value, .. }) => {
                let source = Source::Constant(quoted(value).into());
                match variant.members.iter_mut().find(|member| member.key == *key) {
                    Some(member) => {
                        if let Source::Leaf(slot) | Source::Object(slot, _) = member.source {
                            variant.required.push(slot);
                        }
                        member.source = source;
                    }
                    None => variant.members.push(Member::new(key, source)),
                }
            }
            ([Step::Key(key)], Rewrite::RenameKey { to, .. }) => {
                let Some(at) = variant.members.iter().position(|member| member.key == *key) else {
                    return;
                };
                let member = Member::new(to, variant.members.remove(at).source);
                match variant.members.iter_mut().find(|known| known.key == *to) {
                    Some(known) => *known = member,
                    None => variant.members.push(member),
                }
            }
            ([Step::Key(key), rest @ ..], _) => {
                let nested = variant.members.iter_mut().find(|member| member.key == *key);
                if let Some(Source::Object(_, nested)) = nested.map(|member| &mut member.source) {
                    self.apply_to_all(nested, rest, rewrite);
                }
            }
            _ => {}
        }
    }
}

/// The type conditions at the start of a path, and the rest.
fn split<'p, 'a>(path: &'p [Step<'a>]) -> (Vec<&'p TypeSet>, &'p [Step<'a>]) {
    let conditions: Vec<&TypeSet> = path
        .iter()
        .map_while(|step| match step {
            Step::Types(types) => Some(types),
            Step::Key(_) => None,
        })
        .collect();
    let rest = path.get(conditions.len()..).unwrap_or_default();
    (conditions, rest)
}

impl Member {
    fn new(key: &str, source: Source) -> Self {
        Self {
            key: key.to_owned(),
            token: format!("{}:", quoted(key)).into(),
            source,
        }
    }
}
