//! The world's data: every value a pure function of type, identity, field and arguments.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Selection, Type};
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value, json};

use super::arguments;
use super::execute::Data;
use super::joins::{JoinedField, Joins, Kind};

/// How many entities of a type there are.
const POOL: u64 = 4;

/// Which object this is. It tells the type as well: `identity % number of object types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identity(pub u64);

/// All there is to know.
pub(crate) struct World {
    pub joins: Joins,
    pub api: Valid<Schema>,
    /// All object types; the position of a type is part of its objects' identities.
    objects: Vec<String>,
    /// (type, field) that identify something: their values are unique, and never null.
    identifying: BTreeSet<(String, String)>,
    /// (type, field) that others depend on: they do not fail, or the dependents would as well.
    needed: BTreeSet<(String, String)>,
    /// Another seed, other data.
    pub seed: u64,
    /// Some fields fail.
    fails: bool,
}

impl World {
    /// With `fails`, some fields resolve to an error.
    pub(crate) fn new(sdl: &str, seed: u64, fails: bool) -> Self {
        let supergraph = federation::Supergraph::parse(sdl).unwrap();
        let joins = Joins::read(sdl);
        let objects = joins
            .types
            .iter()
            .filter(|(_, ty)| ty.kind == Kind::Object)
            .map(|(name, _)| name.clone())
            .collect();
        // Where a subgraph promises more than the supergraph, it loses more to a failure.
        let promises_more = joins.types.values().any(|ty| {
            ty.fields.values().any(|field| {
                let ty = &field.definition.ty;
                field.graphs.values().any(|here| here.ty != *ty)
            })
        });
        // Interface objects are asked before the type is known, also for what the type does not need.
        let mut interface_objects = joins.types.values().flat_map(|ty| ty.graphs.values());
        let asks_early = interface_objects.any(|here| here.is_interface_object);
        let mut world = Self {
            joins,
            api: supergraph.api_schema().clone(),
            objects,
            identifying: BTreeSet::new(),
            needed: BTreeSet::new(),
            seed,
            fails: fails && !promises_more && !asks_early,
        };
        world.mark();
        world
    }

    /// Finds out which fields identify, and which are needed by others.
    fn mark(&mut self) {
        let (mut identifying, mut needed) = (BTreeSet::new(), BTreeSet::new());
        for (name, ty) in &self.joins.types {
            let possible = self.joins.possible(name);
            for here in ty.graphs.values() {
                for key in &here.keys {
                    self.mark_set(&possible, key, &mut identifying);
                }
            }
            for field in ty.fields.values() {
                for here in field.graphs.values() {
                    self.mark_set(&possible, &here.requires, &mut needed);
                }
            }
        }
        needed.extend(identifying.iter().cloned());
        self.identifying = identifying;
        self.needed = needed;
    }

    fn mark_set(
        &self,
        types: &BTreeSet<String>,
        set: &[Selection],
        marked: &mut BTreeSet<(String, String)>,
    ) {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    for type_name in types {
                        let Some(definition) = self.joins.types[type_name].fields.get(&*field.name)
                        else {
                            continue;
                        };
                        marked.insert((type_name.clone(), field.name.to_string()));
                        let target = definition.definition.ty.inner_named_type();
                        if self.joins.is_composite(target) {
                            let targets = self.joins.possible(target);
                            self.mark_set(&targets, &field.selection_set, marked);
                        }
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.mark_set(types, &fragment.selection_set, marked);
                }
                Selection::FragmentSpread(_) => panic!("field sets have no named fragments"),
            }
        }
    }

    /// The object of a root type.
    pub(crate) fn root(&self, kind: &str) -> Identity {
        self.identity(&self.joins.roots[kind], 0)
    }

    fn identity(&self, type_name: &str, number: u64) -> Identity {
        let position = self.objects.iter().position(|it| it == type_name).unwrap();
        Identity(number * self.objects.len() as u64 + position as u64)
    }

    /// All entities of an object type.
    pub(crate) fn pool(&self, type_name: &str) -> Vec<Identity> {
        (0..POOL).map(|it| self.identity(type_name, it)).collect()
    }

    pub(crate) fn type_of(&self, identity: Identity) -> &str {
        &self.objects[(identity.0 % self.objects.len() as u64) as usize]
    }

    /// The value of a field.
    pub(crate) fn resolve(
        &self,
        of: Identity,
        field_name: &str,
        arguments: &Map<String, Value>,
    ) -> Data<Identity> {
        let type_name = self.type_of(of);
        let field = &self.joins.types[type_name].fields[field_name];
        let name = (type_name.to_owned(), field_name.to_owned());
        let mut asked = field_name.to_owned();
        if !arguments.is_empty() {
            asked.push_str(&Value::Object(arguments.clone()).to_string());
        }
        let place = Place {
            of,
            field_name,
            is_identifying: self.identifying.contains(&name),
            label: format!("{asked} of {type_name} {}", of.0),
        };
        if self.fails
            && !self.needed.contains(&name)
            && self.hash(&[&place.label, "fails"], 12) == 0
        {
            return Data::Failure;
        }
        let types: Vec<&Type> = std::iter::once(&field.definition.ty)
            .chain(field.graphs.values().map(|here| &here.ty))
            .collect();
        self.value(&place, field, &types, "")
    }

    /// A value of these types at once: a subgraph may promise more than the supergraph.
    fn value(
        &self,
        place: &Place<'_>,
        field: &JoinedField,
        types: &[&Type],
        index: &str,
    ) -> Data<Identity> {
        let label = &place.label;
        let nullable = types.iter().all(|ty| !ty.is_non_null()) && !place.is_identifying;
        if nullable && self.hash(&[label, index, "null"], 6) == 0 {
            return Data::Null;
        }
        if types[0].is_list() {
            let items: Vec<&Type> = types.iter().map(|ty| ty.item_type()).collect();
            let length = if place.is_identifying {
                2
            } else {
                self.hash(&[label, index, "length"], 4)
            };
            return Data::List(
                (0..length)
                    .map(|item| self.value(place, field, &items, &format!("{index}/{item}")))
                    .collect(),
            );
        }
        let type_name = types[0].inner_named_type().as_str();
        if !self.joins.is_composite(type_name) {
            return Data::Leaf(self.leaf(place, type_name, index));
        }
        let targets = self.targets(place, field, type_name);
        let chosen = self.hash(&[label, index, "type"], targets.len() as u64);
        let Some(target) = targets.get(chosen as usize) else {
            assert!(nullable, "no subgraph can answer {label}");
            return Data::Null;
        };
        let number = if self.joins.is_root(target) {
            0
        } else if !self.is_entity(target) {
            self.hash(&[label, index, "number"], 100_000)
        } else if place.is_identifying {
            (place.of.0 / self.objects.len() as u64 + index.len() as u64) % POOL
        } else {
            self.hash(&[label, index, "number"], POOL)
        };
        Data::Object(self.identity(target, number))
    }

    /// The types that every subgraph that resolves the field may answer with.
    fn targets(&self, place: &Place<'_>, field: &JoinedField, type_name: &str) -> Vec<String> {
        let mut targets = self.joins.possible(type_name);
        for (graph, here) in &self.resolving(place, field) {
            let here = here.as_str();
            if !self.joins.is_interface_object(here, graph) {
                let possible = self.joins.possible_in(here, graph);
                targets.retain(|target| possible.contains(target));
            }
        }
        targets.retain(|target| !self.joins.types[target].is_hidden);
        targets.into_iter().collect()
    }

    /// Subgraph → the type it answers a field with. Interface objects answer for their interface.
    fn resolving(&self, place: &Place<'_>, field: &JoinedField) -> BTreeMap<String, String> {
        let own = &self.joins.types[self.type_of(place.of)];
        let of_interfaces = own
            .implements
            .iter()
            .filter_map(|(_, interface)| self.joins.types[interface].fields.get(place.field_name));
        std::iter::once(field)
            .chain(of_interfaces)
            .flat_map(|field| &field.graphs)
            .filter(|(_, here)| !here.is_external)
            .map(|(graph, here)| (graph.clone(), here.ty.inner_named_type().to_string()))
            .collect()
    }

    fn is_entity(&self, type_name: &str) -> bool {
        let has_keys = |name: &str| {
            let graphs = self.joins.types[name].graphs.values();
            graphs.into_iter().any(|here| !here.keys.is_empty())
        };
        let interfaces = &self.joins.types[type_name].implements;
        has_keys(type_name) || interfaces.iter().any(|(_, interface)| has_keys(interface))
    }

    fn leaf(&self, place: &Place<'_>, type_name: &str, index: &str) -> Value {
        let label = &place.label;
        let number = self.hash(&[label, index, "leaf"], 1000);
        let own = place.of.0;
        match type_name {
            "ID" if place.is_identifying => json!(format!("{own}{index}")),
            "Int" if place.is_identifying => json!(own),
            "Float" if place.is_identifying => json!(own as f64 + 0.5),
            "String" if place.is_identifying => {
                json!(format!("{}-{own}{index}", place.field_name))
            }
            "ID" => json!(number.to_string()),
            "Int" => json!(number),
            "Float" => json!(number as f64 / 4.0),
            "Boolean" => json!(number.is_multiple_of(2)),
            "String" if number.is_multiple_of(16) => json!(format!("{label}{index}\"\\\né😀")),
            "String" => json!(format!("{label}{index}")),
            _ => match self.joins.inputs.get(type_name) {
                Some(Definition::EnumTypeDefinition(_)) => {
                    let values = self.enum_values(type_name);
                    json!(values[number as usize % values.len()])
                }
                _ if place.is_identifying => json!(format!("{}-{own}{index}", place.field_name)),
                _ if number.is_multiple_of(4) => {
                    json!({ "of": label, "list": [1.5, null, number] })
                }
                _ => json!(format!("{label}{index}")),
            },
        }
    }

    /// The values that every subgraph knows.
    fn enum_values(&self, type_name: &str) -> Vec<String> {
        let Some(Definition::EnumTypeDefinition(definition)) = self.joins.inputs.get(type_name)
        else {
            return Vec::new();
        };
        let graphs = definition.directives.get_all("join__type").count();
        let is_everywhere = |value: &apollo_compiler::ast::EnumValueDefinition| {
            let told = value.directives.get_all("join__enumValue").count();
            (told == 0 || told == graphs) && !value.directives.has("inaccessible")
        };
        let values = definition
            .values
            .iter()
            .filter(|value| is_everywhere(value));
        values.map(|value| value.value.to_string()).collect()
    }

    /// Whether a part of a representation says of an object what the world says.
    pub(crate) fn agrees(&self, given: &Value, of: Identity, set: &[Selection]) -> bool {
        let type_name = self.type_of(of);
        set.iter().all(|selection| match selection {
            Selection::Field(field) if field.name == "__typename" => {
                given["__typename"] == *type_name
            }
            Selection::Field(field) => {
                let definitions = &self.joins.types[type_name].fields[&*field.name].definition;
                let arguments =
                    arguments::constant_arguments(&self.api, &definitions.arguments, field);
                let data = self.resolve(of, &field.name, &arguments);
                let target = definitions.ty.inner_named_type();
                let is_abstract = self
                    .joins
                    .types
                    .get(target.as_str())
                    .is_some_and(|target| target.kind != Kind::Object);
                given.get(&*field.name).is_some_and(|given| {
                    self.agrees_with(given, &data, &field.selection_set, is_abstract)
                })
            }
            Selection::InlineFragment(fragment) => {
                let applies = fragment
                    .type_condition
                    .as_ref()
                    .is_none_or(|condition| self.joins.possible(condition).contains(type_name));
                !applies || self.agrees(given, of, &fragment.selection_set)
            }
            Selection::FragmentSpread(_) => panic!("field sets have no named fragments"),
        })
    }

    fn agrees_with(
        &self,
        given: &Value,
        data: &Data<Identity>,
        nested: &[Selection],
        is_abstract: bool,
    ) -> bool {
        match data {
            Data::Null => given.is_null(),
            Data::Failure => false,
            Data::Leaf(value) => given == value,
            Data::List(items) => given.as_array().is_some_and(|given| {
                given.len() == items.len()
                    && given
                        .iter()
                        .zip(items)
                        .all(|(given, item)| self.agrees_with(given, item, nested, is_abstract))
            }),
            Data::Object(object) => {
                given.is_object()
                    // A subgraph has to be told what it is given, if it could be several things.
                    && (!is_abstract || given["__typename"] == *self.type_of(*object))
                    && self.agrees(given, *object, nested)
            }
        }
    }

    fn hash(&self, parts: &[&str], below: u64) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.seed;
        for part in parts {
            for byte in part.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        hash ^= hash >> 29;
        hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash ^= hash >> 32;
        hash.checked_rem(below).unwrap_or(0)
    }
}

/// Where a value is.
struct Place<'a> {
    of: Identity,
    field_name: &'a str,
    is_identifying: bool,
    label: String,
}
