//! Routes: how an object that is known somewhere becomes known elsewhere.
//!
//! From the sources at hand, subgraphs are reached one after another, cheapest first: by a key
//! whose fields the sources reached so far resolve, or, for root types, just by asking.

use std::rc::Rc;

use super::Planner;
use super::cost::{Cost, Level};
use super::demand::{EntryId, SetId};
use super::sources::{Provided, Source};
use crate::supergraph::model::{Graph, TypeId, TypeKind};

/// A source that is there or can be had.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) source: Source,
    /// All requests on the way.
    pub(super) cost: Cost,
    pub(super) how: How,
}

/// How a source comes about.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// It is the source of this index.
    Given(usize),
    /// A new operation on a root type.
    Root,
    /// By a key.
    Entity(Jump),
}

/// A step into a subgraph by a key.
#[derive(Debug, Clone)]
pub(super) struct Jump {
    pub(super) graph: Graph,
    /// The type that has the key in the subgraph entered.
    pub(super) entry_type: TypeId,
    pub(super) key: SetId,
    /// For each key field, the route whose source resolves it.
    pub(super) from: Rc<[(EntryId, usize)]>,
    /// The requests before it.
    pub(super) before: Cost,
    pub(super) level: Level,
}

impl Jump {
    pub(super) fn cost(&self) -> Cost {
        self.before.union(&Cost::one(self.level, self.graph))
    }
}

impl Planner<'_> {
    /// All subgraphs that can be reached for a type; cheapest first after the given ones.
    pub(super) fn routes(&mut self, ty: TypeId, sources: &[Source]) -> Rc<[Route]> {
        let known = (ty, sources.to_vec());
        if let Some(routes) = self.routes.get(&known) {
            return routes.clone();
        }
        let cuts = self.cuts;
        let mut routes: Vec<Route> = sources
            .iter()
            .enumerate()
            .map(|(index, source)| Route {
                source: *source,
                cost: Cost::default(),
                how: How::Given(index),
            })
            .collect();
        if self.model.ty(ty).is_root {
            self.add_roots(ty, sources, &mut routes);
        } else {
            self.add_entities(ty, &mut routes);
        }
        let routes: Rc<[Route]> = routes.into();
        if self.cuts == cuts {
            self.routes.insert(known, routes.clone());
        }
        routes
    }

    fn add_roots(&self, ty: TypeId, sources: &[Source], routes: &mut Vec<Route>) {
        let level = 1 + sources.iter().map(|source| source.level).min().unwrap_or(0);
        for graph in self.model.ty(ty).graphs.keys() {
            if sources.iter().all(|source| source.graph != *graph) {
                routes.push(Route {
                    source: Source {
                        graph: *graph,
                        ty,
                        provided: Provided::default(),
                        level,
                        is_blind: false,
                    },
                    cost: Cost::one(level, *graph),
                    how: How::Root,
                });
            }
        }
    }

    fn add_entities(&mut self, ty: TypeId, routes: &mut Vec<Route>) {
        loop {
            let mut best: Option<(Jump, Source)> = None;
            for graph in 0..self.model.graphs {
                if routes.iter().any(|route| route.source.graph == graph) {
                    continue;
                }
                let Some(jump) = self.jump(ty, graph, routes) else {
                    continue;
                };
                let Some(source) = self.entered(ty, &jump) else {
                    continue;
                };
                let rank = |jump: &Jump| (jump.before.requests(), jump.level, jump.graph);
                if best
                    .as_ref()
                    .is_none_or(|(known, _)| rank(&jump) < rank(known))
                {
                    best = Some((jump, source));
                }
            }
            let Some((jump, source)) = best else { return };
            routes.push(Route {
                source,
                cost: jump.cost(),
                how: How::Entity(jump),
            });
        }
    }

    /// The source that a jump leads to.
    pub(super) fn entered(&self, ty: TypeId, jump: &Jump) -> Option<Source> {
        let model = self.model;
        let is_here = model.ty(ty).graphs.contains_key(&jump.graph);
        let ty = if jump.entry_type == ty
            || model.is_interface_object(jump.entry_type, jump.graph)
            || (model.is_abstract(ty) && !is_here)
        {
            jump.entry_type
        } else if model.is_abstract(ty)
            || model
                .possible_in(jump.entry_type, jump.graph)
                .binary_search(&ty)
                .is_ok()
        {
            ty
        } else {
            return None;
        };
        Some(Source {
            graph: jump.graph,
            ty,
            provided: Provided::default(),
            level: jump.level,
            is_blind: false,
        })
    }

    /// The cheapest way into a subgraph, whether or not it has been reached before.
    pub(super) fn jump(&mut self, ty: TypeId, graph: Graph, routes: &[Route]) -> Option<Jump> {
        let model = self.model;
        let mut best: Option<Jump> = None;
        let entries = std::iter::once(ty).chain(model.ty(ty).interfaces.iter().copied());
        for entry_type in entries {
            if model.ty(entry_type).kind == TypeKind::Union {
                continue;
            }
            let Some(here) = model.ty(entry_type).graphs.get(&graph) else {
                continue;
            };
            // An interface nobody implements there is not among the subgraph's entities.
            if here.possible.is_empty() && !here.is_interface_object {
                continue;
            }
            for key in here.keys.iter().filter(|key| key.is_resolvable) {
                let set = self.demands.of_field_set(model, key.fields);
                let Some(jump) = self.jump_by(ty, graph, entry_type, set, routes) else {
                    continue;
                };
                let rank = |jump: &Jump| (jump.before.requests(), jump.level, jump.from.len());
                if best.as_ref().is_none_or(|known| rank(&jump) < rank(known)) {
                    best = Some(jump);
                }
            }
        }
        best
    }

    fn jump_by(
        &mut self,
        ty: TypeId,
        graph: Graph,
        entry_type: TypeId,
        key: SetId,
        routes: &[Route],
    ) -> Option<Jump> {
        let mut from = Vec::new();
        let mut cost = Cost::default();
        let mut level = 0;
        for id in self.demands.set(key).iter() {
            if self.applies(*id, ty) == Some(false) {
                continue;
            }
            let (index, found, at) = self.cheapest_source(ty, *id, entry_type, graph, routes)?;
            from.push((*id, index));
            cost = cost.union(&found);
            level = level.max(at);
        }
        if from.is_empty() {
            return None;
        }
        let level = level + 1;
        Some(Jump {
            graph,
            entry_type,
            key,
            from: from.into(),
            before: cost,
            level,
        })
    }

    /// Where a key field comes from: the route, all requests it takes, and when it is there.
    fn cheapest_source(
        &mut self,
        ty: TypeId,
        id: EntryId,
        entry_type: TypeId,
        graph: Graph,
        routes: &[Route],
    ) -> Option<(usize, Cost, Level)> {
        let entry = self.demands.entry(id).clone();
        let mut best: Option<(usize, Cost, Level)> = None;
        for (index, route) in routes.iter().enumerate() {
            // An interface object does not know the type; only the interface's own keys help.
            let is_vague = self
                .model
                .is_interface_object(route.source.ty, route.source.graph);
            if route.source.is_blind
                || (is_vague && !self.model.is_abstract(entry_type))
                || (is_vague
                    && route.source.ty != entry_type
                    && !self.model.is_interface_object(entry_type, graph))
            {
                continue;
            }
            let Some(access) = self.access(route.source, &entry.field) else {
                continue;
            };
            if access.requires.is_some() {
                continue;
            }
            let (mut cost, mut level) = (route.cost.clone(), route.source.level);
            if let Some(children) = entry.children {
                let Some(target) = access.target else {
                    continue;
                };
                let Some(child_type) = self.child_type(ty, &entry.field) else {
                    continue;
                };
                let child = Source {
                    graph: route.source.graph,
                    ty: target,
                    provided: access.provided,
                    level,
                    is_blind: false,
                };
                let Some(choice) = self.choose(child_type, children, &[child], self.all_graphs)
                else {
                    continue;
                };
                cost = cost.union(&choice.cost);
                level = level.max(choice.cost.depth());
            }
            let rank = |cost: &Cost, level: Level| (cost.requests(), level);
            if best
                .as_ref()
                .is_none_or(|(_, known, at)| rank(&cost, level) < rank(known, *at))
            {
                best = Some((index, cost, level));
            }
        }
        best
    }
}
