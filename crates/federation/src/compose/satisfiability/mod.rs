//! Can every query be answered?
//!
//! A *state* is a type of the API schema and the sources that may hold an object of it: which
//! subgraphs, and what they provide beyond their own fields. From the roots, every field of every
//! state is followed the way the planner would, by keys and requirements, to the next state.

mod explain;
mod runtime_types;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use apollo_compiler::Name;
use apollo_compiler::ast::OperationType;
use apollo_compiler::schema::ExtendedType;

use super::codes::SATISFIABILITY_ERROR;
use super::error::Findings;
use super::subgraph::Subgraph;
use crate::Supergraph;
use crate::plan::explore::{Explorer, Followed, Reach, Source};
use crate::supergraph::OverrideLabels;
use crate::supergraph::model::TypeId;

/// A place in a query that is looked at.
struct State {
    ty: TypeId,
    sources: Vec<Source>,
    path: Option<Box<Step>>,
}

/// How a state was come to.
#[derive(Clone)]
struct Step {
    before: Option<Box<Step>>,
    operation: OperationType,
    /// What stands in the query: a field, or a type condition.
    text: String,
}

/// Looks into everything the API schema allows to ask.
pub(super) fn check(supergraph: &Supergraph, subgraphs: &[Subgraph], findings: &mut Findings) {
    // Fields on the way to another subgraph must be there before and after.
    let labels = labels(subgraphs);
    let mut settings = vec![OverrideLabels::default()];
    if !labels.is_empty() {
        settings.push(OverrideLabels::new(labels));
    }
    for labels in settings {
        let mut search = Search {
            supergraph,
            subgraphs,
            explorer: Explorer::new(supergraph, &labels),
            seen: BTreeMap::new(),
            open: VecDeque::new(),
            reported: BTreeSet::new(),
            hinted: BTreeSet::new(),
            findings,
        };
        search.run();
    }
}

fn labels(subgraphs: &[Subgraph]) -> BTreeSet<String> {
    subgraphs
        .iter()
        .flat_map(|subgraph| subgraph.types.values())
        .flat_map(|ty| ty.fields.values())
        .filter_map(|field| field.described.get("override")?.text("label"))
        .map(str::to_owned)
        .collect()
}

struct Search<'a> {
    supergraph: &'a Supergraph,
    subgraphs: &'a [Subgraph],
    explorer: Explorer<'a>,
    /// Sets of sources from which a type has been looked at.
    seen: BTreeMap<TypeId, Vec<Vec<Source>>>,
    open: VecDeque<State>,
    /// Fields that have been complained about.
    reported: BTreeSet<(TypeId, Name)>,
    /// Fields that have been hinted at.
    hinted: BTreeSet<(TypeId, Name)>,
    findings: &'a mut Findings,
}

impl Search<'_> {
    fn run(&mut self) {
        let roots = self.supergraph.roots();
        for (operation, root) in [
            (OperationType::Query, Some(&roots.query)),
            (OperationType::Mutation, roots.mutation.as_ref()),
            (OperationType::Subscription, roots.subscription.as_ref()),
        ] {
            let Some(ty) = root.and_then(|root| self.explorer.model().find(root)) else {
                continue;
            };
            self.fields(ty, &[], operation, None);
            while let Some(state) = self.open.pop_front() {
                self.look(&state, operation);
            }
        }
    }

    fn look(&mut self, state: &State, operation: OperationType) {
        let model = self.explorer.model();
        if !model.is_abstract(state.ty) {
            self.fields(state.ty, &state.sources, operation, state.path.as_deref());
            return;
        }

        // An interface object does not know what it is; somebody must tell.
        let is_vague = |source: &Source| model.is_interface_object(source.ty, source.graph);
        let mut sources = state.sources.clone();
        if sources.iter().all(is_vague) {
            let reach = self.explorer.reach(state.ty, &state.sources);
            let telling: Vec<Source> = reach.sources().filter(|source| !is_vague(source)).collect();
            if telling.is_empty() {
                self.fields(state.ty, &state.sources, operation, state.path.as_deref());
                if model
                    .ty(state.ty)
                    .possible
                    .iter()
                    .any(|ty| self.is_public(*ty))
                {
                    self.untold(state, operation);
                }
                return;
            }
            sources.extend(telling);
        }
        let telling: Vec<Source> = sources
            .iter()
            .filter(|source| !is_vague(source))
            .copied()
            .collect();
        // What one of them never returns need not be asked for: it can be chosen.
        let possible = telling
            .iter()
            .map(|source| match model.is_abstract(source.ty) {
                true => model.possible_in(source.ty, source.graph).to_vec(),
                false => vec![source.ty],
            })
            .reduce(|common, possible| {
                common
                    .into_iter()
                    .filter(|ty| possible.contains(ty))
                    .collect()
            });
        for ty in possible.unwrap_or_default() {
            if !self.is_public(ty) {
                continue;
            }
            let narrowed = self.explorer.narrowed(&sources, ty);
            let text = format!("... on {}", model.ty(ty).name);
            self.open(ty, narrowed, operation, state.path.as_deref(), text);
        }
    }

    /// Follows every field clients may ask for.
    fn fields(
        &mut self,
        ty: TypeId,
        sources: &[Source],
        operation: OperationType,
        path: Option<&Step>,
    ) {
        let model = self.explorer.model();
        let name = &model.ty(ty).name;
        let fields: Vec<Name> = match self.supergraph.api_schema().types.get(name) {
            Some(ExtendedType::Object(object)) => object.fields.keys().cloned().collect(),
            Some(ExtendedType::Interface(interface)) => interface.fields.keys().cloned().collect(),
            _ => return,
        };
        let reach = self.explorer.reach(ty, sources);
        for field in fields {
            match self.explorer.follow(&reach, &field) {
                Followed::Leaf => {}
                Followed::Nowhere => self.report(&reach, ty, &field, operation, path),
                Followed::Values(values) => {
                    let Some(target) = model.field(ty, &field).and_then(|field| field.target)
                    else {
                        continue;
                    };
                    runtime_types::check(self, ty, &field, target, &values);
                    self.open(target, values, operation, path, field.to_string());
                }
            }
        }
    }

    fn is_public(&self, ty: TypeId) -> bool {
        let name = &self.explorer.model().ty(ty).name;
        self.supergraph.api_schema().types.contains_key(name)
    }

    /// Puts a state on the list, unless one with no more sources has been there.
    fn open(
        &mut self,
        ty: TypeId,
        mut sources: Vec<Source>,
        operation: OperationType,
        path: Option<&Step>,
        text: String,
    ) {
        sources.sort();
        sources.dedup();
        let seen = self.seen.entry(ty).or_default();
        let is_known = seen
            .iter()
            .any(|known| known.iter().all(|source| sources.contains(source)));
        if is_known {
            return;
        }
        seen.push(sources.clone());
        self.open.push_back(State {
            ty,
            sources,
            path: Some(Box::new(Step {
                before: path.cloned().map(Box::new),
                operation,
                text,
            })),
        });
    }

    fn report(
        &mut self,
        reach: &Reach,
        ty: TypeId,
        field: &Name,
        operation: OperationType,
        path: Option<&Step>,
    ) {
        if !self.reported.insert((ty, field.clone())) {
            return;
        }
        let query = explain::query(operation, path, field);
        let reasons = explain::reasons(self, reach, ty, field);
        let name = &self.explorer.model().ty(ty).name;
        let places = self
            .subgraphs
            .iter()
            .filter_map(|subgraph| {
                let definition = subgraph.field(name, field)?;
                Some(subgraph.place(definition.described.at))
            })
            .collect();
        self.findings.error(
            SATISFIABILITY_ERROR,
            format!("the subgraphs cannot answer\n{query}\n{reasons}"),
            places,
        );
    }

    /// Nobody can tell which of an interface's types it is.
    fn untold(&mut self, state: &State, operation: OperationType) {
        let field = apollo_compiler::name!("__typename");
        if !self.reported.insert((state.ty, field.clone())) {
            return;
        }
        let query = explain::query(operation, state.path.as_deref(), &field);
        let reasons = explain::untold(self, state);
        self.findings.error(
            SATISFIABILITY_ERROR,
            format!("the subgraphs cannot answer\n{query}\n{reasons}"),
            Vec::new(),
        );
    }
}
