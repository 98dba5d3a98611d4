//! One schema that has all the data: what a gateway's answer has to be.

use std::sync::Mutex;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Field;
use serde_json::{Map, Value};

use super::data::{Identity, World};
use super::execute::{Data, Source, execute};

/// An answer, and what was done to get it.
pub(crate) struct Truth {
    pub answer: Value,
    /// The mutations, in order.
    pub log: Vec<String>,
}

struct Monolith<'a> {
    world: &'a World,
    log: Mutex<Vec<String>>,
}

/// Answers the only operation of a valid text.
pub(crate) fn answer(world: &World, query: &str, variables: &Map<String, Value>) -> Truth {
    let document = ExecutableDocument::parse_and_validate(&world.api, query, "query").unwrap();
    let operation = document.operations.iter().next().unwrap();
    let source = Monolith {
        world,
        log: Mutex::default(),
    };
    let root = world.root(operation.operation_type.name());
    let answer = execute(&world.api, &document, operation, variables, &source, &root);
    Truth {
        answer,
        log: source.log.into_inner().unwrap(),
    }
}

impl Source for Monolith<'_> {
    type Object = Identity;

    fn type_name(&self, object: &Identity) -> String {
        self.world.type_of(*object).to_owned()
    }

    fn resolve(
        &self,
        object: &Identity,
        field: &Field,
        arguments: &Map<String, Value>,
    ) -> Data<Identity> {
        if let Some(entry) = mutation(self.world, *object, field, arguments) {
            self.log.lock().unwrap().push(entry);
        }
        self.world.resolve(*object, &field.name, arguments)
    }
}

/// What is written down of a mutation.
pub(crate) fn mutation(
    world: &World,
    object: Identity,
    field: &Field,
    arguments: &Map<String, Value>,
) -> Option<String> {
    let is_mutation = world.joins.roots.get("mutation") == Some(&world.type_of(object).to_owned());
    is_mutation.then(|| format!("{}{}", field.name, Value::Object(arguments.clone())))
}
