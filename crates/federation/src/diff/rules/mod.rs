//! The comparison, one file for each part of a schema.

mod deprecations;
mod descriptions;
mod directives;
mod enum_values;
mod fields;
mod input_fields;
mod input_values;
mod interfaces;
mod nullability;
mod root_types;
mod scalars;
mod types;
mod union_members;

use super::change::Changes;
use super::{ApiSchema, Change};

/// All changes from one schema to the next, the worst first.
pub fn compare(old: &ApiSchema, new: &ApiSchema) -> Vec<Change> {
    let (old, new) = (old.schema(), new.schema());
    let mut changes = Changes::default();
    root_types::compare(old, new, &mut changes);
    types::compare(old, new, &mut changes);
    directives::compare(old, new, &mut changes);
    changes.sorted()
}
