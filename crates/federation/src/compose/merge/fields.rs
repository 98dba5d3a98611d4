//! Fields of objects and interfaces, and which subgraph resolves them how.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{Argument, Directive, DirectiveList, FieldDefinition, Type, Value};
use apollo_compiler::{Name, Node, name};

use super::overrides::Overridden;
use super::{Merger, Source, argument, directive};
use crate::compose::codes::{EXTERNAL_MISSING_ON_BASE, FIELD_TYPE_MISMATCH};
use crate::compose::rules::field_sets::without_braces;
use crate::compose::subgraph::{Described, FieldDef};

/// The type that fields are merged for.
pub(super) struct Parent<'a> {
    pub(super) name: &'a Name,
    /// The subgraphs that know the type.
    pub(super) subgraphs: BTreeSet<usize>,
}

impl Merger<'_> {
    pub(super) fn field(
        &mut self,
        parent: &Parent<'_>,
        name: &Name,
        sources: &[Source<'_, FieldDef>],
    ) -> Option<FieldDefinition> {
        let coordinate = format!("{}.{name}", parent.name);
        let overridden = self.overridden(parent, &coordinate, name, sources);
        let (externals, resolving): (Vec<_>, Vec<_>) = sources
            .iter()
            .copied()
            .partition(|(_, source)| source.described.has("external"));
        if resolving.is_empty() {
            let places = self.places(sources, |field| &field.described);
            let names = self.names(sources);
            self.findings.error(
                EXTERNAL_MISSING_ON_BASE,
                format!("`{coordinate}` is `@external` in {names}, and resolved nowhere"),
                places,
            );
            return None;
        }

        let (ty, types_differ) = self.field_type(&coordinate, &resolving)?;
        let arguments = self.arguments(&coordinate, &resolving);
        let described: Vec<Source<'_, Described>> = resolving
            .iter()
            .map(|(index, field)| (*index, &field.described))
            .collect();
        let mut directives = DirectiveList::new();
        self.join_fields(parent, sources, &overridden, types_differ, &mut directives);
        self.apply(&coordinate, &described, &mut directives);
        let merged = FieldDefinition {
            description: self.description(&coordinate, &described),
            name: name.clone(),
            arguments,
            ty,
            directives,
        };
        self.check_externals(&coordinate, &merged, types_differ, &externals);
        self.check_sharing(parent, name, sources, &overridden);
        Some(merged)
    }

    /// The widest type, and whether there are several.
    fn field_type(
        &mut self,
        coordinate: &str,
        sources: &[Source<'_, FieldDef>],
    ) -> Option<(Type, bool)> {
        let types: Vec<&Type> = sources.iter().map(|(_, field)| &field.ty).collect();
        let types_differ = types.windows(2).any(|pair| pair[0] != pair[1]);
        let widest = self.relations.widest(&types).cloned();
        if types_differ {
            let told = self.told_types(sources, |field| &field.ty);
            let places = self.places(sources, |field| &field.described);
            match &widest {
                Some(ty) => self.findings.hint(
                    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
                    format!("`{coordinate}` is of type `{ty}`: {told}"),
                    places,
                ),
                None => self.findings.error(
                    FIELD_TYPE_MISMATCH,
                    format!("`{coordinate}` is of different types: {told}"),
                    places,
                ),
            }
        }
        Some((widest?, types_differ))
    }

    /// `@join__field` for each subgraph, unless it goes without saying.
    fn join_fields(
        &self,
        parent: &Parent<'_>,
        sources: &[Source<'_, FieldDef>],
        overridden: &BTreeMap<usize, Overridden>,
        types_differ: bool,
        directives: &mut DirectiveList,
    ) {
        let is_plain = |field: &FieldDef| {
            ["external", "requires", "provides"]
                .iter()
                .all(|known| !field.described.has(known))
        };
        let goes_without_saying = sources.len() == parent.subgraphs.len()
            && !types_differ
            && overridden.is_empty()
            && sources.iter().all(|(_, field)| is_plain(field));
        if goes_without_saying {
            return;
        }
        for (index, field) in sources {
            let fate = overridden.get(index);
            if fate == Some(&Overridden::Gone) {
                continue;
            }
            directives.push(self.join_field(*index, field, fate, types_differ, sources));
        }
    }

    fn join_field(
        &self,
        index: usize,
        field: &FieldDef,
        fate: Option<&Overridden>,
        types_differ: bool,
        sources: &[Source<'_, FieldDef>],
    ) -> Node<Directive> {
        let mut arguments: Vec<Node<Argument>> =
            vec![argument(name!("graph"), Value::Enum(self.graph(index)))];
        let mut text = |name: Name, value: &str| {
            arguments.push(argument(name, Value::String(value.to_owned())));
        };
        for (name, known) in [
            (name!("requires"), "requires"),
            (name!("provides"), "provides"),
        ] {
            if let Some(fields) = field
                .described
                .get(known)
                .and_then(|applied| applied.text("fields"))
            {
                text(name, without_braces(fields));
            }
        }
        if types_differ {
            text(name!("type"), &field.ty.to_string());
        }
        let applied = field.described.get("override");
        if let Some(from) = applied.and_then(|applied| applied.text("from")) {
            text(name!("override"), from);
        }
        let label = applied.and_then(|applied| {
            // A label without a field to take over decides nothing.
            let from = applied.text("from")?;
            let is_there = sources.iter().any(|(other, field)| {
                self.subgraphs[*other].name == from && !field.described.has("external")
            });
            applied.text("label").filter(|_| is_there)
        });
        match (label, fate) {
            (Some(label), _) => text(name!("overrideLabel"), label),
            (None, Some(Overridden::Until(label))) => text(name!("overrideLabel"), label),
            _ => {}
        }
        if field.described.has("external") {
            arguments.push(argument(name!("external"), Value::Boolean(true)));
        }
        if fate == Some(&Overridden::Used) {
            arguments.push(argument(name!("usedOverridden"), Value::Boolean(true)));
        }
        directive(name!("join__field"), arguments)
    }
}
