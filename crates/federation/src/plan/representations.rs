//! How a representation is taken from the response: keys, and what `@requires` asks for.

use super::Requirement;
use super::demand::SetId;
use super::fetches::Builder;
use super::positions::PositionId;
use crate::supergraph::model::TypeId;

impl Builder<'_, '_> {
    /// How a field set is taken from the response.
    pub(super) fn requirements(
        &mut self,
        position: PositionId,
        ty: TypeId,
        set: SetId,
    ) -> Vec<Requirement> {
        let model = self.planner.model;
        let mut requirements = Vec::new();
        for id in self.planner.demands.set(set).iter() {
            if self.planner.applies(*id, ty) == Some(false) {
                continue;
            }
            let entry = self.planner.demands.entry(*id).clone();
            // It has been added already, where it is needed.
            if entry.field == "__typename" && model.is_somewhere_blind(ty) {
                continue;
            }
            let key = self.positions.key(position, &entry);
            // The parent of a scoped field is that type.
            let owner = entry
                .scope
                .as_ref()
                .and_then(|scope| scope.named.or_else(|| scope.types.first().copied()))
                .filter(|_| model.field(ty, &entry.field).is_none())
                .unwrap_or(ty);
            let mut requires = Vec::new();
            if let Some(children) = entry.children {
                let child = self.positions.child(position, &key);
                if let Some(child_type) = self.planner.child_type(owner, &entry.field) {
                    if model.is_abstract(child_type) {
                        requires.push(typename_requirement());
                    }
                    requires.extend(self.requirements(child, child_type, children));
                }
            }
            let field = Requirement::Field {
                from: key.to_string(),
                to: entry.field.to_string(),
                requires,
            };
            match entry.scope.filter(|_| model.is_abstract(ty)) {
                None => requirements.push(field),
                Some(scope) => {
                    let types = match scope.named.filter(|ty| !model.ty(*ty).is_hidden) {
                        Some(named) => vec![named],
                        None => scope.types.to_vec(),
                    };
                    requirements.extend(types.into_iter().map(|ty| Requirement::Fragment {
                        type_condition: model.ty(ty).name.to_string(),
                        requires: vec![field.clone()],
                    }));
                }
            }
        }
        requirements
    }
}

/// The entity's own `__typename`.
pub(super) fn typename_requirement() -> Requirement {
    Requirement::Field {
        from: "__typename".to_owned(),
        to: "__typename".to_owned(),
        requires: Vec::new(),
    }
}
