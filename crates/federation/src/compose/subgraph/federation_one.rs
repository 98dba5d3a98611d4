//! Federation 1 as federation 2 sees it: what used to go without saying is said.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::{Kind, ROOTS, Subgraph};
use crate::compose::codes::{EXTENSION_WITH_NO_BASE, TYPE_WITH_ONLY_UNUSED_EXTERNAL};
use crate::compose::error::Findings;
use crate::compose::rules::field_sets::{Purpose, used_fields};
use crate::compose::rules::is_external_used;

/// Brings all subgraphs to the same rules.
pub(in crate::compose) fn upgrade(subgraphs: &mut [Subgraph], findings: &mut Findings) {
    check_extensions(subgraphs, findings);
    for subgraph in subgraphs.iter_mut() {
        own_extension_keys(subgraph);
        if subgraph.links.federation.is_none() {
            relax_interfaces(subgraph);
            drop_vain_directives(subgraph);
            drop_unused_externals(subgraph, findings);
            forget_extensions(subgraph);
        }
    }
    share(subgraphs);
}

/// An extension extends something.
fn check_extensions(subgraphs: &[Subgraph], findings: &mut Findings) {
    let mut defined: BTreeSet<&Name> = BTreeSet::new();
    for subgraph in subgraphs {
        for (name, ty) in &subgraph.types {
            if ty.is_defined {
                defined.insert(name);
            }
        }
    }
    for subgraph in subgraphs {
        for (name, ty) in &subgraph.types {
            if !ty.is_defined && !defined.contains(name) && !ROOTS.contains(&name.as_str()) {
                findings.error(
                    EXTENSION_WITH_NO_BASE,
                    format!("`{name}` is extended, but no subgraph defines it"),
                    vec![subgraph.place(ty.described.at)],
                );
            }
        }
    }
}

/// The key fields of an extension used to be marked `@external`, although it has them.
fn own_extension_keys(subgraph: &mut Subgraph) {
    let is_federation_one = subgraph.links.federation.is_none();
    let keys = used_fields(subgraph, |found| {
        found.purpose == Purpose::Key
            && (found.applied.on_extension
                || (is_federation_one
                    && subgraph
                        .types
                        .get(&found.base)
                        .is_some_and(|ty| ty.is_extension)))
    });
    for (ty, field) in keys {
        if let Some(field) = subgraph
            .types
            .get_mut(&ty)
            .and_then(|ty| ty.fields.get_mut(&field))
        {
            field.described.remove("external");
        }
    }
}

/// `extend type` was the usual way to write an entity of others; only `@extends` says more.
fn forget_extensions(subgraph: &mut Subgraph) {
    for ty in subgraph.types.values_mut() {
        if !ty.described.has("extends") {
            for applied in &mut ty.described.directives {
                applied.on_extension = false;
            }
        }
    }
}

/// On interfaces these directives had no effect.
fn relax_interfaces(subgraph: &mut Subgraph) {
    for ty in subgraph.types.values_mut() {
        if ty.kind != Kind::Interface {
            continue;
        }
        ty.described.remove("key");
        for field in ty.fields.values_mut() {
            for known in ["external", "requires", "provides"] {
                field.described.remove(known);
            }
        }
    }
}

/// `@provides` on leaves, and tags where nothing is resolved.
fn drop_vain_directives(subgraph: &mut Subgraph) {
    let composite: BTreeSet<Name> = subgraph
        .types
        .iter()
        .filter(|(_, ty)| ty.kind.is_composite())
        .map(|(name, _)| name.clone())
        .collect();
    for ty in subgraph.types.values_mut() {
        for field in ty.fields.values_mut() {
            if !composite.contains(field.ty.inner_named_type()) {
                field.described.remove("provides");
            }
            if field.described.has("external") {
                field.described.remove("tag");
            }
        }
    }
}

/// External fields nobody asks for are not there at all.
fn drop_unused_externals(subgraph: &mut Subgraph, findings: &mut Findings) {
    let used = used_fields(subgraph, |_| true);
    let mut unused: Vec<(Name, Name)> = Vec::new();
    for (name, ty) in &subgraph.types {
        for (field_name, field) in &ty.fields {
            if field.described.has("external")
                && !is_external_used(subgraph, &used, name, ty, field_name)
            {
                unused.push((name.clone(), field_name.clone()));
            }
        }
    }
    for (ty, field) in &unused {
        if let Some(ty) = subgraph.types.get_mut(ty) {
            ty.fields.shift_remove(field);
        }
    }
    // A type that is left with nothing is not there either, unless somebody needs it.
    let emptied: BTreeSet<&Name> = unused.iter().map(|(ty, _)| ty).collect();
    for name in emptied {
        if !subgraph.types[name].fields.is_empty() {
            continue;
        }
        let is_needed = subgraph.types.values().any(|ty| {
            ty.members.contains(name)
                || ty
                    .fields
                    .values()
                    .any(|field| field.ty.inner_named_type() == name)
        });
        if is_needed {
            findings.error(
                TYPE_WITH_ONLY_UNUSED_EXTERNAL,
                format!("`{name}` has nothing but external fields that are not used"),
                vec![subgraph.place(subgraph.types[name].described.at)],
            );
        } else {
            subgraph.types.shift_remove(name);
        }
    }
}

/// Value types, and fields that others resolve too, were shared without a word.
fn share(subgraphs: &mut [Subgraph]) {
    // (type, field) → subgraphs that resolve it; types → subgraphs that have it.
    let mut resolving: BTreeMap<(Name, Name), usize> = BTreeMap::new();
    let mut having: BTreeMap<Name, usize> = BTreeMap::new();
    for subgraph in subgraphs.iter() {
        let provided = used_fields(subgraph, |found| found.purpose == Purpose::Provides);
        for (name, ty) in &subgraph.types {
            if ty.kind != Kind::Object {
                continue;
            }
            *having.entry(name.clone()).or_default() += 1;
            for (field_name, field) in &ty.fields {
                let pair = (name.clone(), field_name.clone());
                if !field.described.has("external") || provided.contains(&pair) {
                    *resolving.entry(pair).or_default() += 1;
                }
            }
        }
    }
    let Some(shareable) = shareable() else { return };
    for subgraph in subgraphs
        .iter_mut()
        .filter(|subgraph| subgraph.links.federation.is_none())
    {
        for (name, ty) in &mut subgraph.types {
            if ty.kind != Kind::Object || name == "Subscription" {
                continue;
            }
            let is_entity = ty.is_entity();
            for (field_name, field) in &mut ty.fields {
                let others = match is_entity {
                    true => resolving
                        .get(&(name.clone(), field_name.clone()))
                        .copied()
                        .unwrap_or(0),
                    false => having.get(name).copied().unwrap_or(0),
                };
                if others > 1
                    && !field.described.has("external")
                    && !field.described.has("shareable")
                {
                    field.described.directives.push(shareable.clone());
                }
            }
        }
    }
}

fn shareable() -> Option<super::Applied> {
    Some(super::Applied {
        known: Some("shareable"),
        directive: apollo_compiler::Node::new(apollo_compiler::ast::Directive::new(
            Name::new("shareable").ok()?,
        )),
        on_extension: false,
        part: 0,
    })
}
