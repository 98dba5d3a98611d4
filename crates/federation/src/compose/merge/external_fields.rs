//! What is declared of a field that is resolved elsewhere must be true there.

use apollo_compiler::ast::FieldDefinition;

use super::defaults::is_same;
use super::{Merger, Source};
use crate::compose::codes::{
    EXTERNAL_ARGUMENT_DEFAULT_MISMATCH, EXTERNAL_ARGUMENT_MISSING, EXTERNAL_ARGUMENT_TYPE_MISMATCH,
    EXTERNAL_TYPE_MISMATCH,
};
use crate::compose::subgraph::FieldDef;

impl Merger<'_> {
    pub(super) fn check_externals(
        &mut self,
        coordinate: &str,
        merged: &FieldDefinition,
        types_differ: bool,
        externals: &[Source<'_, FieldDef>],
    ) {
        for (index, external) in externals {
            let subgraph = &self.subgraphs[*index];
            let place = vec![subgraph.place(external.described.at)];
            let name = &subgraph.name;
            // Where not even those agree that resolve it, any of their types will do.
            let is_compatible = merged.ty == external.ty
                || (types_differ && self.relations.is_subtype(&external.ty, &merged.ty));
            if !is_compatible {
                self.findings.error(
                    EXTERNAL_TYPE_MISMATCH,
                    format!(
                        "`{coordinate}` is of type `{}`, but declared as `@external` of type \
                         `{}` in `{name}`",
                        merged.ty, external.ty
                    ),
                    place.clone(),
                );
            }
            for argument in &merged.arguments {
                let coordinate = format!("{coordinate}({}:)", argument.name);
                let Some(declared) = external.arguments.get(&argument.name) else {
                    self.findings.error(
                        EXTERNAL_ARGUMENT_MISSING,
                        format!("`{coordinate}` is not declared where the field is `@external` in `{name}`"),
                        place.clone(),
                    );
                    continue;
                };
                if !self.relations.is_subtype(&argument.ty, &declared.ty) {
                    self.findings.error(
                        EXTERNAL_ARGUMENT_TYPE_MISMATCH,
                        format!(
                            "`{coordinate}` is of type `{}`, but declared of type `{}` in `{name}`",
                            argument.ty, declared.ty
                        ),
                        place.clone(),
                    );
                }
                let same_default = match (&argument.default_value, &declared.default) {
                    (Some(merged), Some(declared)) => is_same(merged, declared),
                    (None, None) => true,
                    _ => false,
                };
                if !same_default {
                    self.findings.error(
                        EXTERNAL_ARGUMENT_DEFAULT_MISMATCH,
                        format!("`{coordinate}` has another default where the field is `@external` in `{name}`"),
                        place.clone(),
                    );
                }
            }
        }
    }
}
