//! `@interfaceObject`: an interface of other subgraphs, looked up by its key.

use crate::compose::codes::INTERFACE_OBJECT_USAGE_ERROR;
use crate::compose::error::{Findings, enumerated};
use crate::compose::subgraph::{Kind, Subgraph};

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for (name, ty) in &subgraph.types {
        if ty.is_interface_object() && !ty.is_entity() {
            findings.error(
                INTERFACE_OBJECT_USAGE_ERROR,
                format!("`{name}` is an `@interfaceObject` without a `@key`"),
                vec![subgraph.place(ty.described.at)],
            );
        }
    }
}

/// An interface object is an interface somewhere, and its types are not known where it is one.
pub(in crate::compose) fn check_all(subgraphs: &[Subgraph], findings: &mut Findings) {
    for subgraph in subgraphs {
        for (name, ty) in &subgraph.types {
            if !ty.is_interface_object() {
                continue;
            }
            let interfaces: Vec<&Subgraph> = subgraphs
                .iter()
                .filter(|other| other.find(name, Kind::Interface).is_some())
                .collect();
            let place = subgraph.place(ty.described.at);
            if interfaces.is_empty() {
                findings.error(
                    INTERFACE_OBJECT_USAGE_ERROR,
                    format!(
                        "`{name}` is an `@interfaceObject`, but no subgraph has that interface"
                    ),
                    vec![place],
                );
                continue;
            }
            let known: Vec<&str> = interfaces
                .iter()
                .flat_map(|other| other.possible_types(name))
                .filter(|implementation| subgraph.types.contains_key(*implementation))
                .map(|implementation| implementation.as_str())
                .collect();
            if !known.is_empty() {
                findings.error(
                    INTERFACE_OBJECT_USAGE_ERROR,
                    format!(
                        "`{}` declares `{name}` as an `@interfaceObject`, and types that \
                         implement it: {}",
                        subgraph.name,
                        enumerated(known)
                    ),
                    vec![place],
                );
            }
        }
    }
}
