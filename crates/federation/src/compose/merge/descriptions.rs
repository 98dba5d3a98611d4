//! Descriptions: the one most subgraphs have, of equals the first.

use apollo_compiler::Node;

use super::{Merger, Source};
use crate::compose::subgraph::Described;

impl Merger<'_> {
    pub(super) fn description(
        &mut self,
        element: &str,
        sources: &[Source<'_, Described>],
    ) -> Option<Node<str>> {
        let mut counted: Vec<(&Node<str>, usize)> = Vec::new();
        for (_, described) in sources {
            let Some(text) = &described.description else {
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            match counted.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => counted.push((text, 1)),
            }
        }
        if counted.len() > 1 {
            let places = self.places(sources, |described| described);
            self.findings.hint(
                "INCONSISTENT_DESCRIPTION",
                format!("`{element}` is described differently by different subgraphs"),
                places,
            );
        }
        let most = counted.iter().map(|(_, count)| *count).max()?;
        counted
            .into_iter()
            .find(|(_, count)| *count == most)
            .map(|(text, _)| text.clone())
    }
}
