//! Selections → the text of a subgraph operation.

use apollo_compiler::Name;
use apollo_compiler::executable::Operation;

use super::conditions;
use super::conflicts::Aliases;
use super::selection::{NodeId, Nodes};
use super::{Condition, OperationKind};
use crate::supergraph::model::{Model, TypeId};

/// Prints the operations of one plan.
pub(super) struct Printer<'a> {
    pub(super) model: &'a Model,
    pub(super) operation: &'a Operation,
    pub(super) nodes: &'a Nodes,
}

/// An operation in the making.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) body: String,
    /// The client's variables it uses.
    pub(super) variables: Vec<String>,
}

impl Text {
    fn uses(&mut self, variable: &str) {
        if !self.variables.iter().any(|known| known == variable) {
            self.variables.push(variable.to_owned());
        }
    }
}

impl Printer<'_> {
    /// A selection set with its braces. `hoisted` conditions are decided before it is sent.
    pub(super) fn selections(
        &self,
        id: NodeId,
        aliases: &Aliases,
        hoisted: &[Condition],
        text: &mut Text,
    ) {
        text.body.push('{');
        self.members(id, aliases, hoisted, text);
        text.body.push('}');
    }

    fn fragment(
        &self,
        ty: TypeId,
        id: NodeId,
        aliases: &Aliases,
        hoisted: &[Condition],
        text: &mut Text,
    ) {
        text.body.push_str("...on ");
        text.body.push_str(&self.model.ty(ty).name);
        self.selections(id, aliases, hoisted, text);
    }

    /// What is between the braces of a selection set.
    pub(super) fn members(
        &self,
        id: NodeId,
        aliases: &Aliases,
        hoisted: &[Condition],
        text: &mut Text,
    ) {
        let node = self.nodes.get(id);
        let mut is_first = true;
        for ((key, conditions), field) in &node.fields {
            if !std::mem::take(&mut is_first) {
                text.body.push(' ');
            }
            let own: Vec<Condition> = conditions
                .iter()
                .filter(|condition| !hoisted.contains(condition))
                .cloned()
                .collect();
            for condition in &own {
                text.uses(&condition.variable);
            }
            let (on_field, around) = conditions::beyond_one_each(&own);
            for condition in &around {
                text.body.push_str("...");
                conditions::print(condition, &mut text.body);
                text.body.push('{');
            }

            let alias = aliases
                .names
                .get(&(id, key.clone(), conditions.clone()))
                .unwrap_or(key);
            if *alias != field.field {
                text.body.push_str(alias);
                text.body.push_str(": ");
            }
            text.body.push_str(&field.field);
            if !field.arguments.is_empty() {
                text.body.push('(');
                text.body.push_str(&field.arguments);
                text.body.push(')');
            }
            for variable in field.variables.iter() {
                text.uses(variable);
            }
            for condition in on_field {
                conditions::print(condition, &mut text.body);
            }
            if let Some(child) = field.child {
                self.selections(child, aliases, &[], text);
            }
            for _ in around {
                text.body.push('}');
            }
        }
        for (ty, fragment) in &node.fragments {
            let child = self.nodes.get(*fragment);
            if child.fields.is_empty() && child.fragments.is_empty() {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                text.body.push(' ');
            }
            self.fragment(*ty, *fragment, aliases, hoisted, text);
        }
        // Everything asked for here comes from elsewhere.
        if is_first {
            text.body.push_str("__typename");
        }
    }

    /// A variable's name that the client does not use.
    pub(super) fn free_variable(&self, wanted: String) -> String {
        let mut name = wanted;
        while self
            .operation
            .variables
            .iter()
            .any(|variable| *variable.name == *name)
        {
            name.insert(0, '_');
        }
        name
    }

    /// Puts the operation's head before its selections.
    pub(super) fn operation(
        &self,
        kind: OperationKind,
        representations: &[String],
        text: &Text,
    ) -> String {
        let mut declarations: Vec<String> = representations
            .iter()
            .map(|name| format!("${name}:[_Any!]!"))
            .collect();
        for definition in &self.operation.variables {
            if !text.variables.iter().any(|name| *name == *definition.name) {
                continue;
            }
            let mut declaration = format!("${}:{}", definition.name, definition.ty);
            if let Some(default) = &definition.default_value {
                declaration.push('=');
                declaration.push_str(&default.serialize().no_indent().to_string());
            }
            declarations.push(declaration);
        }
        if declarations.is_empty() && kind == OperationKind::Query {
            return text.body.clone();
        }
        let keyword = kind.as_str();
        if declarations.is_empty() {
            return format!("{keyword}{}", text.body);
        }
        format!("{keyword}({}){}", declarations.join(", "), text.body)
    }

    /// The response keys at the root of a selection set.
    pub(super) fn root_keys(&self, id: NodeId) -> Vec<String> {
        let node = self.nodes.get(id);
        let mut keys: Vec<String> = Vec::new();
        let typename = |key: &Name| key == "__typename";
        for (key, _) in node.fields.keys().filter(|(key, _)| !typename(key)) {
            if !keys.iter().any(|known| *known == **key) {
                keys.push(key.to_string());
            }
        }
        keys
    }
}
