//! What the planner could do, step by step, without an operation to plan.
//!
//! Composition proves with this that every query can be planned.

use std::rc::Rc;

use apollo_compiler::Name;

use super::Planner;
use super::budget::Budget;
use super::routes::Route;
use super::select::Way;
use super::sources::Access;
pub(crate) use super::sources::Source;
use crate::Supergraph;
use crate::supergraph::OverrideLabels;
use crate::supergraph::model::{FieldSetId, Graph, Model, TypeId};

/// Follows fields through the subgraphs; everything found on the way is remembered.
pub(crate) struct Explorer<'m> {
    planner: Planner<'m>,
}

/// Where objects are known, and what is needed to know them elsewhere.
pub(crate) struct Reach {
    ty: TypeId,
    given: Vec<Source>,
    routes: Rc<[Route]>,
}

/// What following a field leads to.
pub(crate) enum Followed {
    /// No subgraph resolves it from here.
    Nowhere,
    /// A scalar or enum.
    Leaf,
    /// Its value, as each subgraph sees it that can resolve it.
    Values(Vec<Source>),
}

impl<'m> Explorer<'m> {
    pub(crate) fn new(supergraph: &'m Supergraph, labels: &'m OverrideLabels) -> Self {
        let (model, roots) = (supergraph.model(), supergraph.roots());
        let mut planner = Planner::new(model, roots, labels, std::time::Duration::MAX);
        planner.budget = Budget::endless();
        Self { planner }
    }

    pub(crate) fn model(&self) -> &'m Model {
        self.planner.model
    }

    /// All subgraphs that know an object of this type if the given ones do.
    pub(crate) fn reach(&mut self, ty: TypeId, given: &[Source]) -> Reach {
        self.planner.budget.refill();
        let routes = self.planner.routes(ty, given);
        Reach {
            ty,
            given: given.to_vec(),
            routes,
        }
    }

    /// The subgraphs that resolve a field from there.
    pub(crate) fn follow(&mut self, reach: &Reach, field: &Name) -> Followed {
        self.planner.budget.refill();
        let owners = self.planner.all_graphs;
        let set = self.planner.demands.of_field(field);
        let Some(id) = self.planner.demands.set(set).first().copied() else {
            return Followed::Nowhere;
        };
        let offers = self
            .planner
            .offers(reach.ty, id, &reach.given, &reach.routes, owners);
        if offers.is_empty() {
            return Followed::Nowhere;
        }
        let mut values = Vec::new();
        for way in offers.into_iter().flat_map(|offer| offer.ways) {
            let source = match way {
                Way::Direct(index) => reach.routes.get(index).map(|route| route.source),
                Way::Requires { jump, .. } => self.planner.entered(reach.ty, &jump),
            };
            let Some(source) = source else { continue };
            if let Some(access) = self.planner.access(source, field)
                && let Some(value) = value_of(&access, source)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        match values.is_empty() {
            true => Followed::Leaf,
            false => {
                values.sort();
                Followed::Values(values)
            }
        }
    }

    /// The sources as objects of one of an abstract type's runtime types.
    pub(crate) fn narrowed(&self, sources: &[Source], ty: TypeId) -> Vec<Source> {
        self.planner.all_narrowed(sources, ty)
    }

    /// Whether what a field requires can be had.
    pub(crate) fn is_required_met(&mut self, reach: &Reach, required: FieldSetId) -> bool {
        let set = self.planner.demands.of_field_set(self.model(), required);
        let owners = self.planner.all_graphs;
        self.planner
            .choose(reach.ty, set, &reach.given, owners)
            .is_some()
    }

    /// Whether a field that the subgraph lists is resolved by it.
    pub(crate) fn is_resolvable(&self, graph: Graph, ty: TypeId, field: &str) -> bool {
        self.planner.is_resolvable(graph, ty, field)
    }
}

impl Reach {
    /// All sources, the given ones first; how long they take does not matter.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        self.routes.iter().map(|route| Source {
            level: 1,
            ..route.source
        })
    }
}

fn value_of(access: &Access, source: Source) -> Option<Source> {
    Some(Source {
        graph: source.graph,
        ty: access.target?,
        provided: access.provided,
        level: 1,
        is_blind: false,
    })
}
