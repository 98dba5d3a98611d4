//! A plan and a projection, made ready to run.
//!
//! Names are looked up here, once: positions become shapes, response keys become slots, types
//! become numbers, requests become a prefix that variables are appended to.

mod conditions;
mod output;
mod reading;
mod representations;
mod shapes;
mod types;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use federation::{
    EntityGroup, Fetch, FetchKind, OperationKind, PathSegment, Plan, PlanError, Rewrite,
    RewriteSegment, SubgraphId, Supergraph,
};

pub(crate) use conditions::{Applies, ConditionId, Conditions, Holds};
pub(crate) use output::{Output, OutputId, OutputKind, OutputMember, OutputObjects, OutputType};
pub(crate) use reading::{ReadMember, ReadObject};
pub(crate) use representations::{Representation, Source, Variant};
pub(crate) use shapes::{ShapeId, Shapes, Slot};
pub(crate) use types::{TypeSet, Types};

use crate::json::quoted;
use crate::operation::projection::Projection;
use reading::{SubgraphOperation, from_their_start};

/// An operation, ready to run.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) types: Types,
    pub(crate) shapes: Shapes,
    pub(crate) conditions: Conditions,
    /// By the plan's fetch ids.
    pub(crate) fetches: Vec<FetchProgram>,
    pub(crate) output: Output,
    /// Strings that rewrites put into answers, as tokens one after another.
    pub(crate) constants: Bytes,
    /// Whether the answer of the only fetch may be passed on, if it turns out to be as expected.
    pub(crate) passes_through: bool,
    /// How long a response is expected to be.
    pub(crate) output_room: Room,
}

/// How many bytes something took last time, so that next time it is allocated once.
#[derive(Debug, Default)]
pub(crate) struct Room(AtomicUsize);

impl Room {
    /// More is not set aside in advance.
    const MAX: usize = 1 << 20;

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn took(&self, bytes: usize) {
        // An eighth more, since sizes vary.
        self.0
            .store((bytes + bytes / 8).min(Self::MAX), Ordering::Relaxed);
    }
}

/// A fetch, ready to run.
#[derive(Debug)]
pub(crate) struct FetchProgram {
    pub(crate) subgraph: SubgraphId,
    pub(crate) kind: OperationKind,
    /// How many fetches must be done first.
    pub(crate) depends_on: Vec<usize>,
    /// Which fetches wait for this one.
    pub(crate) dependents: Vec<usize>,
    pub(crate) conditions: Vec<ConditionId>,
    pub(crate) query: Arc<str>,
    /// The request body up to its variables' members.
    pub(crate) prefix: Box<[u8]>,
    /// The client's variables: the member's token, and the variable's number.
    pub(crate) variables: Vec<(Box<str>, usize)>,
    pub(crate) target: TargetProgram,
    /// How long a request is expected to be.
    pub(crate) room: Room,
}

/// Where a fetch's answer belongs.
#[derive(Debug)]
pub(crate) enum TargetProgram {
    Root {
        /// Where objects are that it completes; empty for the response itself.
        path: Vec<PathStep>,
        /// The members it fills, and when they are selected.
        keys: Vec<RootKey>,
        read: ReadObject,
        rewrites: Vec<StoreRewrite>,
        /// For error paths: keys that get another name.
        renames: Vec<(String, String)>,
    },
    Entities(Vec<GroupProgram>),
}

/// A member that a root fetch fills.
#[derive(Debug)]
pub(crate) struct RootKey {
    pub(crate) key: String,
    /// `None` if the client has not selected it.
    pub(crate) applies: Option<Applies>,
}

/// A group of entities within a request.
#[derive(Debug)]
pub(crate) struct GroupProgram {
    /// The key of its list in the answer.
    pub(crate) response_key: String,
    /// Its variable's key, colon and opening bracket.
    pub(crate) token: Box<str>,
    /// Without them it is asked for nothing.
    pub(crate) conditions: Vec<ConditionId>,
    pub(crate) places: Vec<EntityPlace>,
    /// For error paths: keys that get another name.
    pub(crate) renames: Vec<(String, String)>,
}

/// A position whose objects a group completes.
#[derive(Debug)]
pub(crate) struct EntityPlace {
    pub(crate) path: Vec<PathStep>,
    pub(crate) representation: Representation,
    pub(crate) read: ReadObject,
    pub(crate) rewrites: Vec<StoreRewrite>,
}

/// A step towards objects; lists are entered without one.
#[derive(Debug)]
pub(crate) enum PathStep {
    Member {
        key: Box<str>,
        slot: Slot,
    },
    /// Only objects of these types.
    Types {
        typename: Slot,
        types: TypeSet,
    },
}

/// A change to what was read.
#[derive(Debug)]
pub(crate) struct StoreRewrite {
    pub(crate) path: Vec<PathStep>,
    pub(crate) change: StoreChange,
}

/// What is done to an object.
#[derive(Debug)]
pub(crate) enum StoreChange {
    /// Puts a constant into a slot.
    Set {
        slot: Slot,
        constant: (usize, usize),
    },
    /// Moves a slot's value.
    Move { from: Slot, to: Slot },
}

impl Program {
    /// Prepares a plan.
    pub(crate) fn new(
        supergraph: &Supergraph,
        plan: &Plan,
        projection: &Projection,
        variables: &[&str],
    ) -> Result<Self, PlanError> {
        let mut builder = Builder {
            supergraph,
            types: Types::default(),
            shapes: Shapes::new(),
            conditions: Conditions::default(),
            constants: Vec::new(),
        };
        // Output comes first: it makes the slots in the client's order.
        let output = output::Builder::build(
            &mut builder.shapes,
            &mut builder.types,
            &mut builder.conditions,
            projection,
        );
        let mut fetches = plan
            .fetches
            .iter()
            .map(|fetch| builder.fetch(fetch, projection, variables))
            .collect::<Result<Vec<_>, _>>()?;
        for index in 0..fetches.len() {
            let waits_for = fetches
                .get(index)
                .map(|fetch| fetch.depends_on.clone())
                .unwrap_or_default();
            for dependency in waits_for {
                if let Some(fetch) = fetches.get_mut(dependency) {
                    fetch.dependents.push(index);
                }
            }
        }
        let passes_through = passes_through(&fetches, &output);
        Ok(Self {
            types: builder.types,
            shapes: builder.shapes,
            conditions: builder.conditions,
            fetches,
            output,
            constants: builder.constants.into(),
            passes_through,
            output_room: Room::default(),
        })
    }

    /// A rough size in bytes.
    pub(crate) fn estimated_bytes(&self) -> usize {
        let fetches: usize = self
            .fetches
            .iter()
            .map(|fetch| {
                let entries = match &fetch.target {
                    TargetProgram::Root { read, .. } => read.size(),
                    TargetProgram::Entities(groups) => groups
                        .iter()
                        .flat_map(|group| &group.places)
                        .map(|place| place.read.size() + place.representation.size())
                        .sum(),
                };
                512 + 2 * fetch.query.len() + 128 * entries
            })
            .sum();
        fetches + 64 * self.shapes.size() + 256 * self.output.size() + self.constants.len()
    }
}

struct Builder<'a> {
    supergraph: &'a Supergraph,
    types: Types,
    shapes: Shapes,
    conditions: Conditions,
    constants: Vec<u8>,
}

impl Builder<'_> {
    fn fetch(
        &mut self,
        fetch: &Fetch,
        projection: &Projection,
        variables: &[&str],
    ) -> Result<FetchProgram, PlanError> {
        let operation = SubgraphOperation::parse(&fetch.operation)
            .map_err(|message| PlanError::Failed { message })?;
        let target = match &fetch.kind {
            FetchKind::Root {
                path,
                keys,
                output_rewrites,
            } => {
                let (path, shape) = self.path(path);
                let read = operation.read(
                    &operation.root(),
                    shape,
                    &mut self.shapes,
                    &from_their_start(output_rewrites),
                );
                let is_root = path.is_empty();
                TargetProgram::Root {
                    rewrites: self.rewrites(output_rewrites, shape),
                    renames: renames(output_rewrites),
                    keys: keys
                        .iter()
                        .map(|key| self.root_key(key, projection, is_root))
                        .collect(),
                    path,
                    read,
                }
            }
            FetchKind::Entities { groups } => TargetProgram::Entities(
                groups
                    .iter()
                    .map(|group| self.group(group, &operation))
                    .collect(),
            ),
        };

        let takes_variables =
            !fetch.variables.is_empty() || matches!(fetch.kind, FetchKind::Entities { .. });
        let mut prefix = format!("{{\"query\":{}", quoted(&fetch.operation));
        if takes_variables {
            prefix.push_str(",\"variables\":{");
        }
        Ok(FetchProgram {
            subgraph: fetch.subgraph,
            kind: fetch.operation_kind,
            depends_on: fetch.depends_on.iter().map(|id| id.0).collect(),
            dependents: Vec::new(),
            conditions: fetch
                .conditions
                .iter()
                .map(|condition| self.conditions.id(condition))
                .collect(),
            query: fetch.operation.as_str().into(),
            prefix: prefix.into_bytes().into(),
            variables: fetch
                .variables
                .iter()
                .filter_map(|name| {
                    let number = variables.iter().position(|variable| variable == name)?;
                    Some((format!("{}:", quoted(name)).into(), number))
                })
                .collect(),
            target,
            room: Room::default(),
        })
    }

    fn root_key(&mut self, key: &str, projection: &Projection, is_root: bool) -> RootKey {
        let occurrences: Vec<_> = projection
            .fields
            .iter()
            .filter(|field| field.key == key)
            .map(|field| {
                let conditions = field.conditions.iter();
                (
                    0,
                    conditions
                        .map(|condition| self.conditions.id(condition))
                        .collect(),
                )
            })
            .collect();
        let applies = if !is_root {
            Some(Applies::Always(0))
        } else if occurrences.is_empty() {
            None
        } else {
            Some(Applies::any(occurrences.into_iter()))
        };
        RootKey {
            key: key.to_owned(),
            applies,
        }
    }

    fn group(&mut self, group: &EntityGroup, operation: &SubgraphOperation) -> GroupProgram {
        let selected = operation.within(&group.response_key);
        let places = group
            .paths
            .iter()
            .map(|path| {
                let (path, shape) = self.path(path);
                let read = operation.read(
                    &selected,
                    shape,
                    &mut self.shapes,
                    &from_their_start(&group.output_rewrites),
                );
                let representation = representations::Builder {
                    supergraph: self.supergraph,
                    types: &mut self.types,
                    shapes: &mut self.shapes,
                    every_type: false,
                }
                .build(shape, &group.requires, &group.input_rewrites);
                EntityPlace {
                    path,
                    representation,
                    read,
                    rewrites: self.rewrites(&group.output_rewrites, shape),
                }
            })
            .collect();
        GroupProgram {
            response_key: group.response_key.clone(),
            token: format!("{}:[", quoted(&group.representations)).into(),
            conditions: group
                .conditions
                .iter()
                .map(|condition| self.conditions.id(condition))
                .collect(),
            places,
            renames: renames(&group.output_rewrites),
        }
    }

    /// The steps of a path, and the position it leads to.
    fn path(&mut self, path: &[PathSegment]) -> (Vec<PathStep>, ShapeId) {
        let mut shape = Shapes::ROOT;
        let mut steps = Vec::with_capacity(path.len());
        for segment in path {
            match segment {
                PathSegment::List => {}
                PathSegment::Field(key) => {
                    let (slot, child) = self.shapes.nested(shape, key);
                    steps.push(PathStep::Member {
                        key: key.as_str().into(),
                        slot,
                    });
                    shape = child;
                }
                PathSegment::TypeCondition(types) => steps.push(PathStep::Types {
                    typename: self.shapes.slot(shape, "__typename"),
                    types: self.types.closure(self.supergraph, types),
                }),
            }
        }
        (steps, shape)
    }

    fn rewrites(&mut self, rewrites: &[Rewrite], shape: ShapeId) -> Vec<StoreRewrite> {
        rewrites
            .iter()
            .filter_map(|rewrite| {
                let (Rewrite::SetValue { path, .. } | Rewrite::RenameKey { path, .. }) = rewrite;
                let (RewriteSegment::Key(last), before) = path.split_last()? else {
                    return None;
                };
                let mut at = shape;
                let mut steps = Vec::with_capacity(before.len());
                for segment in before {
                    match segment {
                        RewriteSegment::Key(key) => {
                            let (slot, child) = self.shapes.nested(at, key);
                            steps.push(PathStep::Member {
                                key: key.as_str().into(),
                                slot,
                            });
                            at = child;
                        }
                        RewriteSegment::TypenameIs(types) => steps.push(PathStep::Types {
                            typename: self.shapes.slot(at, "__typename"),
                            types: self.types.closure(self.supergraph, types),
                        }),
                    }
                }
                let slot = self.shapes.slot(at, last);
                let change = match rewrite {
                    Rewrite::SetValue { value, .. } => {
                        let start = self.constants.len();
                        crate::json::write_string(&mut self.constants, value);
                        StoreChange::Set {
                            slot,
                            constant: (start, self.constants.len()),
                        }
                    }
                    Rewrite::RenameKey { to, .. } => StoreChange::Move {
                        from: slot,
                        to: self.shapes.slot(at, to),
                    },
                };
                Some(StoreRewrite {
                    path: steps,
                    change,
                })
            })
            .collect()
    }
}

/// Old and new keys of all members that are renamed.
fn renames(rewrites: &[Rewrite]) -> Vec<(String, String)> {
    rewrites
        .iter()
        .filter_map(|rewrite| match rewrite {
            Rewrite::RenameKey { path, to } => match path.last() {
                Some(RewriteSegment::Key(from)) => Some((from.clone(), to.clone())),
                _ => None,
            },
            Rewrite::SetValue { .. } => None,
        })
        .collect()
}

/// Whether there is one fetch only, and it asks for what the client asks for, in the same order.
fn passes_through(fetches: &[FetchProgram], output: &Output) -> bool {
    let [fetch] = fetches else { return false };
    let TargetProgram::Root {
        path,
        read,
        rewrites,
        ..
    } = &fetch.target
    else {
        return false;
    };
    path.is_empty()
        && rewrites.is_empty()
        && fetch.kind != OperationKind::Subscription
        && fetch.conditions.is_empty()
        && is_same(read, output, output.root)
}

fn is_same(read: &ReadObject, output: &Output, object: OutputId) -> bool {
    let members = &output.object(object).members;
    members.len() == read.members.len()
        && members.iter().zip(&read.members).all(|(member, read)| {
            member.slot == read.slot
                && matches!(member.applies, Applies::Always(_))
                && match (&member.kind, &read.object) {
                    (OutputKind::Leaf(_) | OutputKind::Typename, None) => true,
                    (OutputKind::Object(OutputObjects::One { object, .. }), Some(read)) => {
                        is_same(read, output, *object)
                    }
                    _ => false,
                }
        })
}
