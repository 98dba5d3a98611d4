//! Default values: the same everywhere, or none.

use apollo_compiler::Node;
use apollo_compiler::ast::Value;

use super::{Merger, Source};
use crate::compose::codes::Code;
use crate::compose::subgraph::InputDef;

impl Merger<'_> {
    pub(super) fn default(
        &mut self,
        coordinate: &str,
        sources: &[Source<'_, InputDef>],
        mismatch: Code,
    ) -> Option<Node<Value>> {
        let given: Vec<&Node<Value>> = sources
            .iter()
            .filter_map(|(_, source)| source.default.as_ref())
            .collect();
        let first = *given.first()?;
        let places = self.places(sources, |source| &source.described);
        if let Some(other) = given.iter().find(|other| !is_same(first, other)) {
            self.findings.error(
                mismatch,
                format!("`{coordinate}` has different defaults: `{first}` and `{other}`"),
                places,
            );
            return None;
        }
        if given.len() < sources.len() {
            self.findings.hint(
                "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
                format!("the default `{first}` of `{coordinate}` is left out: not all have it"),
                places,
            );
            return None;
        }
        Some(first.clone())
    }
}

/// Whether two values mean the same; the members of an object have no order.
pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.iter().any(|(other, b)| other == name && is_same(a, b)))
        }
        (a, b) => a == b,
    }
}
