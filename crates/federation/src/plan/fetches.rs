//! Choices → steps: which fetch selects what, and what it waits for.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

use super::cost::Cost;
use super::demand::{EntryId, SetId};
use super::jumps::JumpKey;
use super::positions::{PositionId, Positions};
use super::routes::Route;
use super::select::{Choice, GraphSet, Way, child_source, pick};
use super::selection::{NodeField, NodeId, Nodes};
use super::sources::{Provided, Source};
use super::{Condition, OperationKind, PathSegment, PlanError, Planner, Requirement, conditions};
use crate::supergraph::model::{Graph, TypeId};

/// A step's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct StepId(pub(super) usize);

/// A fetch before it is merged with others.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) graph: Graph,
    pub(super) path: Vec<PathSegment>,
    pub(super) node: NodeId,
    pub(super) entry: StepEntry,
    pub(super) needs: BTreeSet<StepId>,
    /// The fields it was made for.
    pub(super) purposes: Vec<String>,
}

/// How a step gets into its subgraph.
#[derive(Debug)]
pub(super) enum StepEntry {
    Root(OperationKind),
    Entity {
        requires: Vec<Requirement>,
        /// What to send as `__typename`, if not the entity's own.
        typename: Option<Name>,
    },
}

/// Objects of the response that are being completed.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) position: PositionId,
    pub(super) path: Vec<PathSegment>,
    /// Without these, it is not known which objects are meant.
    pub(super) after: BTreeSet<StepId>,
    /// Whether the objects are there does not tell whether these hold.
    pub(super) conditions: Rc<[Condition]>,
}

/// A source and the selections that stand for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) source: Source,
    pub(super) step: StepId,
    pub(super) node: NodeId,
}

/// What is at hand at one place.
pub(super) struct Here<'a> {
    pub(super) place: &'a Place,
    pub(super) ty: TypeId,
    pub(super) given: Vec<At>,
    pub(super) routes: Rc<[Route]>,
    pub(super) reached: Vec<Option<At>>,
}

/// The steps that something comes from.
pub(super) type Supplied = BTreeSet<StepId>;

/// Builds the steps of one operation.
pub(super) struct Builder<'p, 'm> {
    pub(super) planner: &'p mut Planner<'m>,
    pub(super) nodes: Nodes,
    pub(super) steps: Vec<Step>,
    pub(super) positions: Positions,
    pub(super) jumps: HashMap<JumpKey, At>,
    committed: Cost,
    pub(super) kind: OperationKind,
}

impl<'p, 'm> Builder<'p, 'm> {
    /// `committed` are requests that are sent in any case, as far as is known.
    pub(super) fn new(
        planner: &'p mut Planner<'m>,
        kind: OperationKind,
        set: SetId,
        committed: Cost,
    ) -> Self {
        let positions = Positions::new(&planner.demands, set);
        Self {
            planner,
            nodes: Nodes::default(),
            steps: Vec::new(),
            positions,
            jumps: HashMap::new(),
            committed,
            kind,
        }
    }

    /// Builds all steps for a set of root fields.
    ///
    /// With `join`, the fields may become part of that root step. Returns the new steps' range.
    pub(super) fn root(
        &mut self,
        ty: TypeId,
        set: SetId,
        join: Option<StepId>,
    ) -> Result<(), PlanError> {
        let given: Vec<At> = join
            .and_then(|id| Some((id, self.steps.get(id.0)?)))
            .map(|(id, step)| At {
                source: Source {
                    graph: step.graph,
                    ty,
                    provided: Provided::default(),
                    level: 1,
                    is_blind: false,
                },
                step: id,
                node: step.node,
            })
            .into_iter()
            .collect();
        let place = Place {
            position: PositionId::default(),
            path: Vec::new(),
            after: BTreeSet::new(),
            conditions: Rc::new([]),
        };
        let owners = self.planner.all_graphs;
        self.resolve(&place, ty, set, given, owners, &[])?;
        Ok(())
    }

    /// Chooses and builds a set.
    pub(super) fn resolve(
        &mut self,
        place: &Place,
        ty: TypeId,
        set: SetId,
        given: Vec<At>,
        owners: GraphSet,
        conditions: &[Condition],
    ) -> Result<Supplied, PlanError> {
        let sources: Vec<Source> = given.iter().map(|at| at.source).collect();
        let choice = self
            .planner
            .choose(ty, set, &sources, owners)
            .ok_or_else(|| self.planner.failure(ty, set))?;
        self.build(place, ty, given, owners, &choice, conditions)
    }

    /// Builds what has been chosen; returns the steps that supply it.
    fn build(
        &mut self,
        place: &Place,
        ty: TypeId,
        given: Vec<At>,
        owners: GraphSet,
        choice: &Choice,
        conditions: &[Condition],
    ) -> Result<Supplied, PlanError> {
        if !self.planner.budget.spend() || !self.planner.budget.admits(self.nodes.len()) {
            return Err(self.planner.budget.error());
        }
        let model = self.planner.model;
        if model.is_abstract(ty) {
            for at in &given {
                if !model.is_interface_object(at.source.ty, at.source.graph) {
                    self.nodes.select_typename(at.node);
                }
            }
        }
        let sources: Vec<Source> = given.iter().map(|at| at.source).collect();
        let routes = self.planner.routes(ty, &sources);
        let mut here = Here {
            place,
            ty,
            given,
            reached: vec![None; routes.len()],
            routes,
        };

        // First learn the runtime type, if nobody knows it yet.
        if let Some(reveal) = &choice.reveal {
            let at = self.reach(&mut here, reveal.route)?;
            self.nodes.select_typename(at.node);
            let mut place = place.clone();
            place.after.insert(at.step);
            let mut given = here.given;
            given.push(at);
            let mut supplied = self.build(&place, ty, given, owners, &reveal.choice, conditions)?;
            supplied.insert(at.step);
            return Ok(supplied);
        }

        let mut supplied = Supplied::new();
        let mut fields = choice.fields.clone();
        let cost = pick(&mut fields, &self.committed);
        self.committed = self.committed.union(&cost);
        for field in &fields {
            let Some(offer) = field.offer() else { continue };
            supplied.extend(self.field(&mut here, field.entry, &offer.ways, owners, conditions)?);
        }

        for branch in &choice.branches {
            let mut narrow = place.clone();
            narrow.path = self.narrowed_path(&place.path, branch.ty);
            let mut given = Vec::new();
            for at in &here.given {
                let source = if model.is_abstract(branch.ty) {
                    self.planner.narrowed_to_abstract(at.source, branch.ty)
                } else {
                    self.planner.narrowed(at.source, branch.ty)
                };
                let Some(source) = source else { continue };
                let node = match source.is_blind || source.ty == at.source.ty {
                    true => at.node,
                    false => self.nodes.fragment(at.node, source.ty),
                };
                given.push(At {
                    source,
                    node,
                    ..*at
                });
            }
            supplied.extend(self.build(
                &narrow,
                branch.ty,
                given,
                owners,
                &branch.choice,
                conditions,
            )?);
        }
        Ok(supplied)
    }

    /// Selects one field wherever it has been decided to come from.
    fn field(
        &mut self,
        here: &mut Here<'_>,
        id: EntryId,
        ways: &[Way],
        owners: GraphSet,
        conditions: &[Condition],
    ) -> Result<Supplied, PlanError> {
        let mut at = Vec::with_capacity(ways.len());
        for way in ways {
            at.push(match way {
                Way::Direct(route) => self.reach(here, *route)?,
                Way::Requires { jump, set } => {
                    self.requires_step(here, id, jump, *set, conditions)?
                }
            });
        }
        self.field_at(here, id, &at, owners, conditions)
    }

    /// Selects one field in these sources, and everything below it.
    pub(super) fn field_at(
        &mut self,
        here: &Here<'_>,
        id: EntryId,
        sources: &[At],
        owners: GraphSet,
        conditions: &[Condition],
    ) -> Result<Supplied, PlanError> {
        let entry = self.planner.demands.entry(id).clone();
        let key = self.positions.key(here.place.position, &entry);
        let conditions = conditions::both(&entry.conditions, conditions);
        let mut supplied = Supplied::new();
        let mut below = Vec::new();
        let mut ty: Option<Type> = None;
        for at in sources {
            let access = self
                .planner
                .access(at.source, &entry.field)
                .ok_or_else(|| self.planner.bug("a chosen source does not have the field"))?;
            let field = NodeField {
                field: entry.field.clone(),
                arguments: entry.arguments.clone(),
                variables: entry.variables.clone(),
                ty: access.ty.clone(),
                child: None,
            };
            let target = entry.children.and(access.target);
            // Where the objects were selected, the conditions are around this selection already.
            let is_given = here.given.iter().any(|given| given.step == at.step);
            let conditions = match is_given {
                true => conditions.clone(),
                false => conditions::both(&conditions, &here.place.conditions),
            };
            let child = self
                .nodes
                .select(at.node, key.clone(), conditions, field, target);
            supplied.insert(at.step);
            self.note(at, &entry.field, here.ty);
            if let (Some(node), Some(source)) = (child, child_source(&access, at.source)) {
                below.push(At {
                    source,
                    step: at.step,
                    node,
                });
            }
            ty.get_or_insert(access.ty);
        }
        if let (Some(children), Some(ty)) = (entry.children, ty) {
            let child_type = self
                .planner
                .child_type(here.ty, &entry.field)
                .ok_or_else(|| self.planner.bug("a composite field has no type"))?;
            let owners = self.planner.child_owners(here.ty, &entry.field, owners);
            let mut path = here.place.path.clone();
            path.push(PathSegment::Field(key.to_string()));
            path.extend((0..list_depth(&ty)).map(|_| PathSegment::List));
            let conditions = match self.positions.is_ambiguous(here.place.position, &key) {
                true => conditions::both(&conditions, &here.place.conditions),
                false => here.place.conditions.clone(),
            };
            let place = Place {
                position: self.positions.child(here.place.position, &key),
                path,
                after: here.place.after.clone(),
                conditions,
            };
            supplied.extend(self.resolve(&place, child_type, children, below, owners, &[])?);
        }
        Ok(supplied)
    }

    /// Remembers why a step is there.
    fn note(&mut self, at: &At, field: &Name, ty: TypeId) {
        let purpose = format!("{}.{field}", self.planner.model.ty(ty).name);
        if let Some(step) = self.steps.get_mut(at.step.0)
            && self.nodes.get(step.node).ty == self.nodes.get(at.node).ty
            && step.node == at.node
            && !step.purposes.contains(&purpose)
        {
            step.purposes.push(purpose);
        }
    }

    fn narrowed_path(&self, path: &[PathSegment], ty: TypeId) -> Vec<PathSegment> {
        let model = self.planner.model;
        let mut path = path.to_vec();
        if !model.is_abstract(ty) && matches!(path.last(), Some(PathSegment::TypeCondition(_))) {
            path.pop();
        }
        let names = match model.ty(ty).is_hidden {
            false => vec![model.ty(ty).name.to_string()],
            true => model
                .ty(ty)
                .possible
                .iter()
                .map(|ty| model.ty(*ty).name.to_string())
                .collect(),
        };
        path.push(PathSegment::TypeCondition(names));
        path
    }
}

fn list_depth(ty: &Type) -> usize {
    match ty {
        Type::Named(_) | Type::NonNullNamed(_) => 0,
        Type::List(item) | Type::NonNullList(item) => 1 + list_depth(item),
    }
}
