//! Selects, for each field, the subgraphs that resolve it.
//!
//! An *offer* is one way to resolve a field with everything below it. Offers are found bottom up
//! and remembered; the picks at one place share requests wherever they can.

use std::rc::Rc;

use super::Planner;
use super::cost::Cost;
use super::demand::{EntryId, SetId};
use super::routes::{Jump, Route};
use super::sources::{Access, Source};
use crate::supergraph::model::{Graph, TypeId, TypeKind};

/// How the entries of one set are resolved on one type.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    pub(super) cost: Cost,
    /// The levels of all fields added up: of equal costs, the one that answers earlier is better.
    pub(super) delay: u32,
    pub(super) fields: Vec<FieldChoice>,
    /// Entries that are resolved for some runtime types only.
    pub(super) branches: Vec<Branch>,
    /// All of the above happens after this route has revealed the runtime type.
    pub(super) reveal: Option<Reveal>,
}

/// How one entry is resolved.
#[derive(Debug, Clone)]
pub(super) struct FieldChoice {
    pub(super) entry: EntryId,
    pub(super) offers: Rc<[Offer]>,
    pub(super) picked: usize,
}

/// The part of a choice that is about narrower types.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) ty: TypeId,
    pub(super) choice: Rc<Choice>,
}

/// A look into a subgraph that knows the runtime type.
#[derive(Debug, Clone)]
pub(super) struct Reveal {
    pub(super) route: usize,
    pub(super) choice: Rc<Choice>,
}

/// One way to resolve a field.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// Usually one; several where no subgraph has everything below the field.
    pub(super) ways: Vec<Way>,
    pub(super) cost: Cost,
    /// As [`Choice::delay`].
    pub(super) delay: u32,
}

/// One subgraph's part in an offer.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// The source at the end of this route resolves the field.
    Direct(usize),
    /// A new fetch brings along what the field requires.
    Requires { jump: Jump, set: SetId },
}

impl FieldChoice {
    pub(super) fn offer(&self) -> Option<&Offer> {
        self.offers.get(self.picked)
    }
}

/// What a choice depends on.
pub(super) type Question = (TypeId, SetId, Vec<Source>, GraphSet);

/// What is known of a question.
#[derive(Debug)]
pub(super) enum Answer {
    /// It is being looked into; asked again now, it leads in a circle.
    Open,
    Known(Option<Rc<Choice>>),
}

/// An interned set of subgraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct GraphSet(pub(super) u32);

impl Planner<'_> {
    /// The cheapest way found to resolve a set; `None` if something in it cannot be resolved.
    ///
    /// `owners` are the subgraphs that could have answered for the object itself.
    pub(super) fn choose(
        &mut self,
        ty: TypeId,
        set: SetId,
        sources: &[Source],
        owners: GraphSet,
    ) -> Option<Rc<Choice>> {
        if !self.budget.spend() {
            return None;
        }
        let question: Question = (ty, set, sources.to_vec(), owners);
        match self.choices.get(&question) {
            Some(Answer::Known(choice)) => return choice.clone(),
            Some(Answer::Open) => {
                self.cuts += 1;
                return None;
            }
            None => {}
        }
        let cuts = self.cuts;
        self.choices.insert(question.clone(), Answer::Open);
        let choice = if self.model.is_abstract(ty) {
            self.choose_abstract(ty, set, sources, owners)
        } else {
            self.choose_object(ty, set, sources, owners)
        };
        let choice = choice.map(Rc::new);
        // A failure may be due to a cut cycle; asked again from elsewhere, it may succeed.
        if choice.is_some() || self.cuts == cuts {
            self.choices.insert(question, Answer::Known(choice.clone()));
        } else {
            self.choices.remove(&question);
        }
        choice
    }

    fn choose_object(
        &mut self,
        ty: TypeId,
        set: SetId,
        sources: &[Source],
        owners: GraphSet,
    ) -> Option<Choice> {
        let routes = self.routes(ty, sources);
        let mut fields = Vec::new();
        for id in self.demands.set(set).iter() {
            if self.applies(*id, ty) == Some(false) {
                continue;
            }
            let offers = self.offers(ty, *id, sources, &routes, owners);
            if offers.is_empty() {
                return None;
            }
            fields.push(FieldChoice {
                entry: *id,
                offers: offers.into(),
                picked: 0,
            });
        }
        let cost = pick(&mut fields, &Cost::default());
        Some(Choice {
            cost,
            delay: delay(&fields),
            fields,
            ..Choice::default()
        })
    }

    /// Whether an entry is for this type: always, never, or (`None`) for some runtime types.
    pub(super) fn applies(&self, id: EntryId, ty: TypeId) -> Option<bool> {
        let Some(scope) = &self.demands.entry(id).scope else {
            return Some(true);
        };
        let possible = &self.model.ty(ty).possible;
        let mut any = false;
        let mut all = true;
        for ty in possible {
            let includes = scope.includes(*ty);
            any |= includes;
            all &= includes;
        }
        match (any, all) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        }
    }

    /// All ways to resolve an entry, none of which needs more than the others know.
    pub(super) fn offers(
        &mut self,
        ty: TypeId,
        id: EntryId,
        sources: &[Source],
        routes: &[Route],
        owners: GraphSet,
    ) -> Vec<Offer> {
        let entry = self.demands.entry(id).clone();
        let mut offers = Vec::new();
        // Subgraphs that have the field, but not everything below it.
        let mut partial: Vec<(usize, Source)> = Vec::new();
        let mut given: Vec<(usize, Source)> = Vec::new();
        let child = entry.children.and_then(|children| {
            let child_type = self.child_type(ty, &entry.field)?;
            let owners = self.child_owners(ty, &entry.field, owners);
            Some((child_type, children, owners))
        });

        for (index, route) in routes.iter().enumerate() {
            let Some(access) = self.access(route.source, &entry.field) else {
                continue;
            };
            if access.requires.is_some() {
                offers.extend(self.requires_offer(ty, id, &access, route, sources, routes, child));
                continue;
            }
            let Some((child_type, children, child_owners)) = child else {
                offers.push(Offer {
                    ways: vec![Way::Direct(index)],
                    cost: route.cost.clone(),
                    delay: u32::from(route.source.level),
                });
                continue;
            };
            let Some(source) = child_source(&access, route.source) else {
                continue;
            };
            match self.choose(child_type, children, &[source], child_owners) {
                Some(choice) => {
                    offers.push(Offer {
                        ways: vec![Way::Direct(index)],
                        cost: route.cost.union(&choice.cost),
                        delay: u32::from(route.source.level).saturating_add(choice.delay),
                    });
                    if index < sources.len() {
                        given.push((index, source));
                    }
                }
                None => partial.push((index, source)),
            }
        }

        // Writing or subscribing twice is not reading twice.
        let may_repeat = !self.model.ty(ty).is_root || self.is_query(ty);
        if let Some(child) = child
            && may_repeat
        {
            if offers.is_empty() && partial.len() > 1 {
                offers.extend(self.joint_offer(child, &partial, routes));
            } else if given.len() > 1 {
                offers.extend(self.joint_offer(child, &given, routes));
            }
        }
        offers
    }

    /// Several subgraphs resolve the field together; as few of them as will do.
    fn joint_offer(
        &mut self,
        (child_type, children, owners): (TypeId, SetId, GraphSet),
        parts: &[(usize, Source)],
        routes: &[Route],
    ) -> Option<Offer> {
        let mut parts = parts.to_vec();
        let all = |parts: &[(usize, Source)]| -> Vec<Source> {
            parts.iter().map(|(_, source)| *source).collect()
        };
        let mut choice = self.choose(child_type, children, &all(&parts), owners)?;
        for index in (0..parts.len()).rev() {
            if parts.len() == 1 {
                break;
            }
            let mut fewer = parts.clone();
            fewer.remove(index);
            if let Some(found) = self.choose(child_type, children, &all(&fewer), owners)
                && found.cost.requests() <= choice.cost.requests()
            {
                parts = fewer;
                choice = found;
            }
        }
        let cost = parts.iter().fold(choice.cost.clone(), |cost, (index, _)| {
            routes
                .get(*index)
                .map_or(cost.clone(), |route| cost.union(&route.cost))
        });
        Some(Offer {
            ways: parts.iter().map(|(index, _)| Way::Direct(*index)).collect(),
            cost,
            delay: choice.delay,
        })
    }

    /// The supergraph's type of a field.
    pub(super) fn child_type(&self, ty: TypeId, field: &str) -> Option<TypeId> {
        self.model.field(ty, field)?.target
    }

    fn is_query(&self, ty: TypeId) -> bool {
        self.model.ty(ty).name == self.roots.query
    }

    /// The subgraphs that could have answered for a field's value.
    pub(super) fn child_owners(&mut self, ty: TypeId, field: &str, owners: GraphSet) -> GraphSet {
        if !self.model.has_partial_unions {
            return self.all_graphs;
        }
        let known = self.graph_sets.get(owners);
        let model = self.model;
        let found: Vec<Graph> = model
            .field(ty, field)
            .map(|definition| definition.graphs.keys().copied().collect())
            .unwrap_or_default();
        let found: Vec<Graph> = found
            .into_iter()
            .filter(|graph| {
                let is_entity = model
                    .ty(ty)
                    .graphs
                    .get(graph)
                    .is_some_and(|here| here.keys.iter().any(|key| key.is_resolvable));
                self.is_resolvable(*graph, ty, field)
                    && (model.ty(ty).is_root
                        || is_entity
                        || known.as_ref().is_none_or(|known| known.contains(graph)))
            })
            .collect();
        self.graph_sets.intern(found)
    }

    /// Whether a type is an interface or union that some subgraph here knows as such.
    pub(super) fn is_union(&self, ty: TypeId) -> bool {
        self.model.ty(ty).kind == TypeKind::Union
    }
}

/// The source below a field.
pub(super) fn child_source(access: &Access, source: Source) -> Option<Source> {
    Some(Source {
        graph: source.graph,
        ty: access.target?,
        provided: access.provided,
        level: source.level,
        is_blind: false,
    })
}

/// Picks one offer per field so that few requests are needed; returns all of them.
///
/// Fields without a choice come first, so that the others can join their requests. Then each
/// pick is looked at again, knowing all others.
pub(super) fn pick(fields: &mut [FieldChoice], committed: &Cost) -> Cost {
    /// Looking again is quadratic.
    const MAX_REVISED: usize = 64;

    let mut order: Vec<usize> = (0..fields.len()).collect();
    order.sort_by_key(|index| fields[*index].offers.len());
    let mut used = committed.clone();
    for index in &order {
        let field = &mut fields[*index];
        field.picked = cheapest(&field.offers, &used);
        if let Some(offer) = field.offer() {
            used = used.union(&offer.cost);
        }
    }
    let open: Vec<usize> = order
        .into_iter()
        .filter(|index| fields[*index].offers.len() > 1)
        .collect();
    if !open.is_empty() && fields.len() <= MAX_REVISED {
        for index in open {
            let others = total(fields, Some(index), committed);
            let field = &mut fields[index];
            field.picked = cheapest(&field.offers, &others);
        }
    }
    total(fields, None, &Cost::default())
}

fn total(fields: &[FieldChoice], without: Option<usize>, start: &Cost) -> Cost {
    fields
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != without)
        .filter_map(|(_, field)| field.offer())
        .fold(start.clone(), |cost, offer| cost.union(&offer.cost))
}

/// When the fields of a choice are there, added up.
pub(super) fn delay(fields: &[FieldChoice]) -> u32 {
    fields
        .iter()
        .filter_map(FieldChoice::offer)
        .fold(0, |sum, offer| sum.saturating_add(offer.delay))
}

fn cheapest(offers: &[Offer], used: &Cost) -> usize {
    offers
        .iter()
        .enumerate()
        .min_by_key(|(index, offer)| {
            (
                used.missing(&offer.cost),
                offer.cost.depth().max(used.depth()),
                offer.ways.len(),
                offer.delay,
                offer.cost.requests(),
                *index,
            )
        })
        .map_or(0, |(index, _)| index)
}
