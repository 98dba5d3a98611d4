//! When each step is sent: as early as it can be, or later if that saves a request.
//!
//! A step may wait for a later fetch to the same subgraph if everything that depends on it still
//! comes in time: the longest chain of requests never grows.

use std::collections::BTreeSet;

use super::fetches::{Step, StepEntry};
use crate::supergraph::model::Graph;

/// The level of each step.
pub(super) fn levels(steps: &[Step]) -> Vec<usize> {
    let earliest = earliest(steps);
    let last = earliest.iter().copied().max().unwrap_or(0);
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (index, step) in steps.iter().enumerate() {
        for need in &step.needs {
            if let Some(dependents) = dependents.get_mut(need.0) {
                dependents.push(index);
            }
        }
    }

    // From the last to the first, so that the levels of dependents are settled.
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(earliest[*index]), *index));
    let mut levels = earliest;
    let mut settled: BTreeSet<(Graph, usize)> = BTreeSet::new();
    for index in order {
        let step = &steps[index];
        if matches!(step.entry, StepEntry::Root(_)) {
            continue;
        }
        let latest = dependents[index]
            .iter()
            .map(|dependent| levels[*dependent].saturating_sub(1))
            .min()
            .unwrap_or(last);
        let joinable = settled
            .range((step.graph, levels[index])..=(step.graph, latest))
            .next()
            .map(|(_, level)| *level);
        if let Some(level) = joinable {
            levels[index] = level;
        }
        settled.insert((step.graph, levels[index]));
    }
    levels
}

/// The length of the longest chain of steps before each.
fn earliest(steps: &[Step]) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::with_capacity(steps.len());
    for step in steps {
        let level = step
            .needs
            .iter()
            .filter_map(|id| levels.get(id.0))
            .map(|level| level + 1)
            .max()
            .unwrap_or(0);
        levels.push(level);
    }
    levels
}
