//! Progressive overrides: which fields have moved to another subgraph already.

use std::collections::BTreeSet;

/// The labels of `@override(label:)` that are in effect.
///
/// `percent(100)` always is; every other label only if it is named here. A plan serves many
/// requests, so a percentage is a decision for whoever rolls it out, not one per request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverrideLabels {
    active: BTreeSet<String>,
}

impl OverrideLabels {
    /// These labels are in effect.
    pub fn new(active: impl IntoIterator<Item = String>) -> Self {
        Self {
            active: active.into_iter().collect(),
        }
    }

    /// Whether a label is in effect.
    pub fn is_active(&self, label: &str) -> bool {
        let percent = label
            .strip_prefix("percent(")
            .and_then(|rest| rest.strip_suffix(')'))
            .and_then(|number| number.trim().parse::<f64>().ok());
        percent.is_some_and(|percent| percent >= 100.0) || self.active.contains(label)
    }
}

#[cfg(test)]
mod tests {
    use super::OverrideLabels;

    #[test]
    fn labels_are_off_unless_named() {
        let labels = OverrideLabels::new(["new-prices".to_owned()]);
        assert!(labels.is_active("new-prices"));
        assert!(labels.is_active("percent(100)"));
        assert!(!labels.is_active("percent(99.5)"));
        assert!(!labels.is_active("percent()"));
        assert!(!OverrideLabels::default().is_active("new-prices"));
    }
}
