//! Interfaces and unions: asked as a whole where that works, by runtime type where it does not.

use std::collections::BTreeMap;

use super::Planner;
use super::cost::Cost;
use super::demand::{EntryId, SetId};
use super::select::{Branch, Choice, FieldChoice, GraphSet, Reveal, delay, pick};
use super::sources::Source;
use crate::supergraph::model::TypeId;

impl Planner<'_> {
    pub(super) fn choose_abstract(
        &mut self,
        ty: TypeId,
        set: SetId,
        sources: &[Source],
        owners: GraphSet,
    ) -> Option<Choice> {
        // A subgraph may be more precise than the supergraph.
        if let [source] = sources
            && !self.model.is_abstract(source.ty)
        {
            let entries = self.entries_for(set, source.ty);
            let choice = self.choose(source.ty, entries, sources, owners)?;
            return Some(Choice {
                cost: choice.cost.clone(),
                delay: choice.delay,
                branches: vec![Branch {
                    ty: source.ty,
                    choice,
                }],
                ..Choice::default()
            });
        }

        let is_revealed = sources
            .iter()
            .any(|source| !self.model.is_interface_object(source.ty, source.graph));
        let by_type = self.by_type(ty, set, sources, owners, is_revealed);
        if is_revealed || by_type.is_some() {
            return by_type;
        }
        self.revealed(ty, set, sources, owners)
    }

    /// Asks interface objects after another subgraph has told the runtime types.
    fn revealed(
        &mut self,
        ty: TypeId,
        set: SetId,
        sources: &[Source],
        owners: GraphSet,
    ) -> Option<Choice> {
        let routes = self.routes(ty, sources);
        let mut best: Option<Choice> = None;
        for (index, route) in routes.iter().enumerate() {
            let source = route.source;
            if self.model.is_interface_object(source.ty, source.graph) {
                continue;
            }
            let mut sources = sources.to_vec();
            sources.push(source);
            let Some(choice) = self.choose(ty, set, &sources, owners) else {
                continue;
            };
            let cost = route.cost.union(&choice.cost);
            let rank = |cost: &Cost| (cost.requests(), cost.depth());
            if best
                .as_ref()
                .is_none_or(|known| rank(&cost) < rank(&known.cost))
            {
                best = Some(Choice {
                    cost,
                    delay: choice.delay,
                    reveal: Some(Reveal {
                        route: index,
                        choice,
                    }),
                    ..Choice::default()
                });
            }
        }
        best
    }

    /// The object types a value may have, as far as its sources know.
    fn runtime_types(&self, ty: TypeId, sources: &[Source], owners: GraphSet) -> Vec<TypeId> {
        let model = self.model;
        let mut types = model.ty(ty).possible.clone();
        for source in sources {
            if !model.is_interface_object(source.ty, source.graph) {
                let here = model.possible_in(source.ty, source.graph);
                types.retain(|ty| here.binary_search(ty).is_ok());
            }
        }
        // Subgraphs that could answer as well must agree on a union's members.
        if self.is_union(ty)
            && let Some(owners) = self.graph_sets.get(owners)
        {
            for graph in owners.iter() {
                let here = model.possible_in(ty, *graph);
                if !here.is_empty() {
                    types.retain(|ty| here.binary_search(ty).is_ok());
                }
            }
        }
        types
    }

    fn by_type(
        &mut self,
        ty: TypeId,
        set: SetId,
        sources: &[Source],
        owners: GraphSet,
        is_revealed: bool,
    ) -> Option<Choice> {
        let runtime = self.runtime_types(ty, sources, owners);
        let routes = self.routes(ty, sources);
        let mut fields = Vec::new();
        let mut cost = Cost::default();
        // Entries by the narrower type they are asked on.
        let mut narrower: BTreeMap<TypeId, Vec<EntryId>> = BTreeMap::new();

        for id in self.demands.set(set).iter() {
            let scope = self.demands.entry(*id).scope.clone();
            let wanted: Vec<TypeId> = match &scope {
                Some(scope) => runtime
                    .iter()
                    .copied()
                    .filter(|ty| scope.includes(*ty))
                    .collect(),
                None => runtime.clone(),
            };
            let is_whole = wanted.len() == runtime.len()
                && (is_revealed || scope.as_ref().is_none_or(|scope| scope.named == Some(ty)));
            if wanted.is_empty() && scope.is_some() {
                continue;
            }

            // As a whole, if all runtime types are asked the same.
            if is_whole {
                let offers = self.offers(ty, *id, sources, &routes, owners);
                let least = offers.iter().map(|offer| offer.cost.requests()).min();
                let is_enough = match least {
                    Some(0) => true,
                    Some(least) => self
                        .cost_by_object(&wanted, *id, sources, owners, is_revealed)
                        .is_none_or(|each| each.requests() >= least),
                    None => false,
                };
                if is_enough {
                    fields.push(FieldChoice {
                        entry: *id,
                        offers: offers.into(),
                        picked: 0,
                    });
                    continue;
                }
            }
            if !is_revealed || wanted.is_empty() {
                return None;
            }
            // Somebody must be able to tell for every type; which one it is, nobody knows before.
            if scope.is_none()
                && sources.len() > 1
                && !self.is_choosable_alone(ty, *id, sources, owners)
            {
                return None;
            }

            // As another interface, if that is what the operation says.
            if let Some(named) = scope.and_then(|scope| scope.named)
                && named != ty
                && self.model.is_abstract(named)
                && !is_whole
                && self.is_choosable(named, *id, sources, owners)
            {
                narrower.entry(named).or_default().push(*id);
                continue;
            }
            for object in wanted {
                narrower.entry(object).or_default().push(*id);
            }
        }

        cost = cost.union(&pick(&mut fields, &Cost::default()));
        let mut delay = delay(&fields);
        let mut branches = Vec::new();
        for (narrow, entries) in narrower {
            let set = self.demands.intern(entries);
            let sources = self.all_narrowed(sources, narrow);
            let choice = self.choose(narrow, set, &sources, owners)?;
            cost = cost.union(&choice.cost);
            delay = delay.saturating_add(choice.delay);
            branches.push(Branch { ty: narrow, choice });
        }
        Some(Choice {
            cost,
            delay,
            fields,
            branches,
            ..Choice::default()
        })
    }

    /// The sources as values of a narrower type.
    pub(super) fn all_narrowed(&self, sources: &[Source], ty: TypeId) -> Vec<Source> {
        sources
            .iter()
            .filter_map(|source| {
                if self.model.is_abstract(ty) {
                    self.narrowed_to_abstract(*source, ty)
                } else {
                    self.narrowed(*source, ty)
                }
            })
            .collect()
    }

    fn is_choosable(
        &mut self,
        ty: TypeId,
        id: EntryId,
        sources: &[Source],
        owners: GraphSet,
    ) -> bool {
        let narrowed = self.all_narrowed(sources, ty);
        if narrowed.len() != sources.len() {
            return false;
        }
        let single = self.demands.intern(vec![id]);
        self.choose(ty, single, &narrowed, owners).is_some()
    }

    /// Whether one of the sources answers an entry for all runtime types it knows.
    fn is_choosable_alone(
        &mut self,
        ty: TypeId,
        id: EntryId,
        sources: &[Source],
        owners: GraphSet,
    ) -> bool {
        let single = self.demands.intern(vec![id]);
        sources
            .iter()
            .any(|source| self.choose(ty, single, &[*source], owners).is_some())
    }

    /// What an entry costs if every runtime type is asked by itself.
    fn cost_by_object(
        &mut self,
        types: &[TypeId],
        id: EntryId,
        sources: &[Source],
        owners: GraphSet,
        is_revealed: bool,
    ) -> Option<Cost> {
        if !is_revealed || types.is_empty() {
            return None;
        }
        let single = self.demands.intern(vec![id]);
        let mut cost = Cost::default();
        for ty in types {
            let sources = self.all_narrowed(sources, *ty);
            cost = cost.union(&self.choose(*ty, single, &sources, owners)?.cost);
        }
        Some(cost)
    }

    /// The entries of a set that apply to an object type.
    fn entries_for(&mut self, set: SetId, ty: TypeId) -> SetId {
        let entries: Vec<EntryId> = self
            .demands
            .set(set)
            .iter()
            .copied()
            .filter(|id| self.applies(*id, ty) != Some(false))
            .collect();
        self.demands.intern(entries)
    }
}
