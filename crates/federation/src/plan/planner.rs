//! What one planning knows and has found out so far.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use apollo_compiler::Name;

use super::PlanError;
use super::budget::Budget;
use super::demand::{Demands, SetId};
use super::routes::Route;
use super::select::{Answer, GraphSet, Question};
use super::sources::{ProvidedLists, Source};
use crate::supergraph::model::{Graph, Model, TypeId};
use crate::supergraph::{OverrideLabels, RootTypes};

/// Plans one operation; everything found on the way is remembered.
pub(super) struct Planner<'m> {
    pub(super) model: &'m Model,
    pub(super) roots: &'m RootTypes,
    pub(super) labels: &'m OverrideLabels,
    pub(super) demands: Demands,
    pub(super) provided: ProvidedLists,
    pub(super) graph_sets: GraphSets,
    pub(super) all_graphs: GraphSet,
    pub(super) budget: Budget,
    pub(super) choices: HashMap<Question, Answer>,
    pub(super) routes: HashMap<(TypeId, Vec<Source>), Rc<[Route]>>,
    /// Fields whose requirements are being met.
    pub(super) requiring: Vec<(TypeId, Name, Graph)>,
    /// How often a question led back to itself.
    pub(super) cuts: usize,
}

/// Interned sets of subgraphs; index 0 is all of them.
#[derive(Debug, Default)]
pub(super) struct GraphSets {
    sets: Vec<Rc<[Graph]>>,
}

impl GraphSets {
    /// The members; `None` for all subgraphs.
    pub(super) fn get(&self, id: GraphSet) -> Option<Rc<[Graph]>> {
        (id.0 as usize)
            .checked_sub(1)
            .and_then(|index| self.sets.get(index).cloned())
    }

    pub(super) fn intern(&mut self, graphs: Vec<Graph>) -> GraphSet {
        let graphs: Rc<[Graph]> = graphs.into();
        let index = match self.sets.iter().position(|known| *known == graphs) {
            Some(index) => index,
            None => {
                self.sets.push(graphs);
                self.sets.len() - 1
            }
        };
        GraphSet(u32::try_from(index + 1).unwrap_or(0))
    }
}

impl<'m> Planner<'m> {
    pub(super) fn new(
        model: &'m Model,
        roots: &'m RootTypes,
        labels: &'m OverrideLabels,
        limit: Duration,
    ) -> Self {
        Self {
            model,
            roots,
            labels,
            demands: Demands::default(),
            provided: ProvidedLists::default(),
            graph_sets: GraphSets::default(),
            all_graphs: GraphSet::default(),
            budget: Budget::new(limit),
            choices: HashMap::new(),
            routes: HashMap::new(),
            requiring: Vec::new(),
            cuts: 0,
        }
    }

    /// Why a set could not be resolved.
    pub(super) fn failure(&self, ty: TypeId, set: SetId) -> PlanError {
        if self.budget.is_exhausted() {
            return self.budget.error();
        }
        let fields: Vec<String> = self
            .demands
            .set(set)
            .iter()
            .map(|id| self.demands.entry(*id).field.to_string())
            .collect();
        PlanError::Failed {
            message: format!(
                "no subgraphs resolve {{ {} }} of `{}`",
                fields.join(" "),
                self.model.ty(ty).name
            ),
        }
    }

    /// An error for what cannot happen, unless there is a mistake in the planner.
    pub(super) fn bug(&self, message: &str) -> PlanError {
        PlanError::Failed {
            message: message.to_owned(),
        }
    }
}
