//! Jumps: the steps that lead to the end of a route, made when something is there to fetch.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::demand::{EntryId, SetId};
use super::fetches::{At, Builder, Here, Step, StepEntry, StepId, Supplied};
use super::representations::typename_requirement;
use super::routes::{How, Jump};
use super::selection::NodeId;
use super::sources::Source;
use super::{Condition, OperationKind, PathSegment, PlanError, Requirement, conditions};
use crate::supergraph::model::{Graph, TypeId};

/// What makes two jumps the same.
pub(super) type JumpKey = (
    Vec<NodeId>,
    Vec<PathSegment>,
    Graph,
    TypeId,
    SetId,
    Option<SetId>,
    Rc<[Condition]>,
);

impl Builder<'_, '_> {
    /// The source at the end of a route; makes the steps that lead there.
    pub(super) fn reach(&mut self, here: &mut Here<'_>, index: usize) -> Result<At, PlanError> {
        if let Some(Some(at)) = here.reached.get(index) {
            return Ok(*at);
        }
        let route = here
            .routes
            .get(index)
            .cloned()
            .ok_or_else(|| self.planner.bug("a chosen route is missing"))?;
        let at = match &route.how {
            How::Given(index) => here.given.get(*index).copied(),
            How::Root => Some(self.root_step(here, route.source)),
            How::Entity(jump) => Some(self.entity_step(here, jump)?),
        };
        let at = at.ok_or_else(|| self.planner.bug("a given source is missing"))?;
        if let Some(reached) = here.reached.get_mut(index) {
            *reached = Some(at);
        }
        Ok(at)
    }

    fn root_step(&mut self, here: &Here<'_>, source: Source) -> At {
        // Queries within a mutation's answer are queries.
        let kind = match here.place.path.is_empty() {
            true => self.kind,
            false => OperationKind::Query,
        };
        let needs = match here.place.path.is_empty() {
            true => BTreeSet::new(),
            false => here
                .given
                .iter()
                .map(|at| at.step)
                .chain(here.place.after.iter().copied())
                .collect(),
        };
        let node = self.nodes.add(source.ty);
        let step = StepId(self.steps.len());
        self.steps.push(Step {
            graph: source.graph,
            path: here.place.path.clone(),
            node,
            entry: StepEntry::Root(kind),
            needs,
            purposes: Vec::new(),
        });
        At { source, step, node }
    }

    fn entity_step(&mut self, here: &mut Here<'_>, jump: &Jump) -> Result<At, PlanError> {
        let known = self.jump_key(here, jump, None, Rc::new([]));
        if let Some(at) = self.jumps.get(&known) {
            return Ok(*at);
        }
        let (needs, is_vague) = self.supply_key(here, jump)?;
        let at = self.push_entity(here, jump, Vec::new(), needs, is_vague)?;
        self.jumps.insert(known, at);
        Ok(at)
    }

    pub(super) fn requires_step(
        &mut self,
        here: &mut Here<'_>,
        id: EntryId,
        jump: &Jump,
        required: SetId,
        conditions: &[Condition],
    ) -> Result<At, PlanError> {
        let conditions = conditions::both(&self.planner.demands.entry(id).conditions, conditions);
        let known = self.jump_key(here, jump, Some(required), conditions.clone());
        if let Some(at) = self.jumps.get(&known) {
            return Ok(*at);
        }
        let (mut needs, is_vague) = self.supply_key(here, jump)?;
        let given = here.given.clone();
        let owners = self.planner.all_graphs;
        needs.extend(self.resolve(here.place, here.ty, required, given, owners, &conditions)?);
        let requires = self.requirements(here.place.position, here.ty, required);
        let at = self.push_entity(here, jump, requires, needs, is_vague)?;
        self.jumps.insert(known, at);
        Ok(at)
    }

    fn jump_key(
        &self,
        here: &Here<'_>,
        jump: &Jump,
        required: Option<SetId>,
        conditions: Rc<[Condition]>,
    ) -> JumpKey {
        // Other selections of the same objects may be conditional where these are not.
        (
            here.given.iter().map(|at| at.node).collect(),
            here.place.path.clone(),
            jump.graph,
            jump.entry_type,
            jump.key,
            required,
            conditions,
        )
    }

    /// Selects a key where it comes from; tells whether that is an interface object.
    fn supply_key(
        &mut self,
        here: &mut Here<'_>,
        jump: &Jump,
    ) -> Result<(Supplied, bool), PlanError> {
        let mut needs = here.place.after.clone();
        let mut is_vague = false;
        let owners = self.planner.all_graphs;
        for (id, route) in jump.from.iter() {
            let at = self.reach(here, *route)?;
            if self
                .planner
                .model
                .is_interface_object(at.source.ty, at.source.graph)
            {
                is_vague = true;
            } else {
                self.nodes.select_typename(at.node);
            }
            needs.extend(self.field_at(here, *id, &[at], owners, &[])?);
        }
        Ok((needs, is_vague))
    }

    fn push_entity(
        &mut self,
        here: &Here<'_>,
        jump: &Jump,
        required: Vec<Requirement>,
        needs: Supplied,
        is_vague: bool,
    ) -> Result<At, PlanError> {
        let model = self.planner.model;
        let source = self
            .planner
            .entered(here.ty, jump)
            .ok_or_else(|| self.planner.bug("a jump leads nowhere"))?;
        let typename = (is_vague || model.is_interface_object(jump.entry_type, jump.graph))
            .then(|| model.ty(jump.entry_type).name.clone());
        let mut requires = Vec::new();
        if typename.is_none() {
            requires.push(typename_requirement());
        }
        requires.extend(self.requirements(here.place.position, here.ty, jump.key));
        for requirement in required {
            if !requires.contains(&requirement) {
                requires.push(requirement);
            }
        }
        let node = self.nodes.add(source.ty);
        let step = StepId(self.steps.len());
        self.steps.push(Step {
            graph: jump.graph,
            path: here.place.path.clone(),
            node,
            entry: StepEntry::Entity { requires, typename },
            needs,
            purposes: Vec::new(),
        });
        Ok(At { source, step, node })
    }
}
