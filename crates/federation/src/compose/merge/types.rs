//! One type out of several: for values the widest, for inputs the narrowest.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

use crate::compose::subgraph::{Kind, Subgraph};

/// Which named types are subtypes of which, in any subgraph.
pub(super) struct Relations {
    /// (narrower, wider).
    pairs: BTreeSet<(Name, Name)>,
}

impl Relations {
    pub(super) fn of(subgraphs: &[Subgraph]) -> Self {
        let mut pairs = BTreeSet::new();
        for (name, ty) in subgraphs.iter().flat_map(|subgraph| &subgraph.types) {
            for interface in &ty.interfaces {
                pairs.insert((name.clone(), interface.clone()));
            }
            if ty.kind == Kind::Union {
                for member in &ty.members {
                    pairs.insert((member.clone(), name.clone()));
                }
            }
        }
        Self { pairs }
    }

    /// Whether each value of one type is a value of the other.
    pub(super) fn is_subtype(&self, narrow: &Type, wide: &Type) -> bool {
        match (narrow, wide) {
            (Type::Named(narrow) | Type::NonNullNamed(narrow), Type::Named(wide))
            | (Type::NonNullNamed(narrow), Type::NonNullNamed(wide)) => {
                narrow == wide || self.pairs.contains(&(narrow.clone(), wide.clone()))
            }
            (Type::List(narrow) | Type::NonNullList(narrow), Type::List(wide))
            | (Type::NonNullList(narrow), Type::NonNullList(wide)) => self.is_subtype(narrow, wide),
            _ => false,
        }
    }

    /// The type that all others are subtypes of.
    pub(super) fn widest<'t>(&self, types: &[&'t Type]) -> Option<&'t Type> {
        types
            .iter()
            .find(|wide| types.iter().all(|narrow| self.is_subtype(narrow, wide)))
            .copied()
    }

    /// The type that is a subtype of all others.
    pub(super) fn narrowest<'t>(&self, types: &[&'t Type]) -> Option<&'t Type> {
        types
            .iter()
            .find(|narrow| types.iter().all(|wide| self.is_subtype(narrow, wide)))
            .copied()
    }
}
