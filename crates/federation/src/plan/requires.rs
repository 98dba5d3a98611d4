//! Fields with `@requires`: a fetch of their own that brings along what they need.

use super::Planner;
use super::cost::Cost;
use super::demand::{EntryId, SetId};
use super::routes::Route;
use super::select::{GraphSet, Offer, Way};
use super::sources::{Access, Source};
use crate::supergraph::model::TypeId;

impl Planner<'_> {
    /// The offer to enter a field's subgraph with what the field requires.
    #[expect(
        clippy::too_many_arguments,
        reason = "all of them say where and what for"
    )]
    pub(super) fn requires_offer(
        &mut self,
        ty: TypeId,
        id: EntryId,
        access: &Access,
        route: &Route,
        sources: &[Source],
        routes: &[Route],
        child: Option<(TypeId, SetId, GraphSet)>,
    ) -> Option<Offer> {
        let field = self.demands.entry(id).field.clone();
        let set = self.demands.of_requires(self.model, access.requires?, ty);
        let graph = route.source.graph;

        // What is required may itself require something, but never the field it is for.
        let this = (ty, field, graph);
        if self.requiring.contains(&this) {
            self.cuts += 1;
            return None;
        }
        self.requiring.push(this);
        let required = self.choose(ty, set, sources, self.all_graphs);
        self.requiring.pop();
        let required = required?;

        let mut jump = self.jump(ty, graph, routes)?;
        jump.level = jump.level.max(required.cost.depth() + 1);
        let mut cost = required
            .cost
            .union(&jump.before)
            .union(&Cost::one(jump.level, graph));
        let mut delay = u32::from(jump.level);
        if let Some((child_type, children, owners)) = child {
            let source = Source {
                graph,
                ty: access.target?,
                provided: access.provided,
                level: jump.level,
                is_blind: false,
            };
            let below = self.choose(child_type, children, &[source], owners)?;
            cost = cost.union(&below.cost);
            delay = delay.saturating_add(below.delay);
        }
        Some(Offer {
            ways: vec![Way::Requires { jump, set }],
            cost,
            delay,
        })
    }
}
