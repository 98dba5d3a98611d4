//! `@requires`: what must be brought along is resolved elsewhere.

use super::field_sets::{Purpose, is_sound, report, uses};
use super::provides::first_own_field;
use crate::compose::codes::{REQUIRES_FIELDS_MISSING_EXTERNAL, REQUIRES_UNSUPPORTED_ON_INTERFACE};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Kind, Subgraph};

pub(super) fn check(subgraph: &Subgraph, findings: &mut Findings) {
    for found in uses(subgraph) {
        if found.purpose != Purpose::Requires {
            continue;
        }
        if subgraph.find(&found.base, Kind::Interface).is_some() {
            let message = "interfaces resolve nothing themselves";
            report(
                subgraph,
                &found,
                REQUIRES_UNSUPPORTED_ON_INTERFACE,
                message,
                findings,
            );
            continue;
        }
        if is_sound(subgraph, &found, findings)
            && subgraph.links.federation.is_some()
            && let Some(selections) = &found.selections
            && let Some(own) = first_own_field(subgraph, &found.base, selections)
        {
            let message = format!("`{own}` is not marked `@external`: it is resolved right here");
            report(
                subgraph,
                &found,
                REQUIRES_FIELDS_MISSING_EXTERNAL,
                &message,
                findings,
            );
        }
    }
}
