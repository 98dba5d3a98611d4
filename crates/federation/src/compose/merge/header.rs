//! The top of a supergraph: links, roots, the join machinery, and the list of subgraphs.

use std::collections::BTreeMap;

use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, Document, EnumTypeDefinition, EnumValueDefinition,
    OperationType, SchemaDefinition, Value,
};
use apollo_compiler::{Name, Node, name};

use super::{Merger, Source, argument, directive};
use crate::compose::subgraph::Described;

/// A specification that readers of a supergraph know.
struct Specification {
    /// Its URL without the host.
    path: &'static str,
    purpose: Option<&'static str>,
    /// Its directives, with their definitions.
    directives: &'static [(&'static str, &'static str)],
}

const SECURITY: Option<&str> = Some("SECURITY");

const SPECIFICATIONS: &[Specification] = &[
    Specification {
        path: "tag/v0.3",
        purpose: None,
        directives: &[(
            "tag",
            "directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA",
        )],
    },
    Specification {
        path: "inaccessible/v0.2",
        purpose: SECURITY,
        directives: &[(
            "inaccessible",
            "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION",
        )],
    },
    Specification {
        path: "authenticated/v0.1",
        purpose: SECURITY,
        directives: &[(
            "authenticated",
            "directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
        )],
    },
    Specification {
        path: "requiresScopes/v0.1",
        purpose: SECURITY,
        directives: &[(
            "requiresScopes",
            "directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM scalar requiresScopes__Scope",
        )],
    },
    Specification {
        path: "policy/v0.1",
        purpose: SECURITY,
        directives: &[(
            "policy",
            "directive @policy(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM scalar policy__Policy",
        )],
    },
    Specification {
        path: "cost/v0.1",
        purpose: None,
        directives: &[
            (
                "cost",
                "directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
            ),
            (
                "listSize",
                "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
            ),
        ],
    },
];

/// Definitions every supergraph has.
const JOIN: &str = r#"
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
scalar join__DirectiveArguments
scalar join__FieldSet
scalar join__FieldValue
scalar link__Import
enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}
"#;

/// In the order of the types' names.
const OPERATIONS: [OperationType; 3] = [
    OperationType::Query,
    OperationType::Mutation,
    OperationType::Subscription,
];

impl Merger<'_> {
    pub(super) fn header(&mut self, types: &BTreeMap<Name, Definition>) -> Vec<Definition> {
        let schemas: Vec<Source<'_, Described>> = self
            .subgraphs
            .iter()
            .enumerate()
            .map(|(index, subgraph)| (index, &subgraph.schema))
            .collect();
        let mut own = DirectiveList::new();
        self.apply("schema", &schemas, &mut own);

        let mut directives = DirectiveList::new();
        directives.push(link("link/v1.0", None, &[]));
        directives.push(link("join/v0.5", Some("EXECUTION"), &[]));
        let mut machinery = JOIN.to_owned();
        for specification in SPECIFICATIONS {
            let used: Vec<&(&str, &str)> = specification
                .directives
                .iter()
                .filter(|(name, _)| self.used.contains(name))
                .collect();
            // What is not named as its specification is has to be imported.
            let imports: Vec<Value> = used
                .iter()
                .filter(|(name, _)| !specification.path.starts_with(&format!("{name}/")))
                .map(|(name, _)| Value::String(format!("@{name}")))
                .collect();
            if !used.is_empty() {
                directives.push(link(specification.path, specification.purpose, &imports));
            }
            for (_, definition) in used {
                machinery.push_str(definition);
                machinery.push('\n');
            }
        }
        if self.used.contains("oneOf") {
            machinery.push_str("directive @oneOf on INPUT_OBJECT\n");
        }
        for (url, names) in self.composed.links() {
            let imports: Vec<Value> = names
                .into_iter()
                .map(|(name, original)| import(name, original))
                .collect();
            directives.push(link_to(url, None, &imports));
        }
        directives.0.extend(own.0);

        let roots = crate::compose::subgraph::ROOTS
            .into_iter()
            .zip(OPERATIONS)
            .filter_map(|(root, operation)| {
                let (name, _) = types.get_key_value(root)?;
                Some(Node::new((operation, name.clone())))
            })
            .collect();
        let mut definitions = vec![Definition::SchemaDefinition(Node::new(SchemaDefinition {
            description: self.description("schema", &schemas),
            directives,
            root_operations: roots,
        }))];
        definitions.extend(
            Document::parse(machinery, "join.graphql")
                .map(|parsed| parsed.definitions)
                .unwrap_or_default(),
        );
        definitions.push(self.graphs());
        definitions
    }

    fn graphs(&self) -> Definition {
        let values = self.subgraphs.iter().map(|subgraph| {
            let mut directives = DirectiveList::new();
            directives.push(directive(
                name!("join__graph"),
                vec![
                    argument(name!("name"), Value::String(subgraph.name.clone())),
                    argument(name!("url"), Value::String(subgraph.url.clone())),
                ],
            ));
            Node::new(EnumValueDefinition {
                description: None,
                value: subgraph.graph.clone(),
                directives,
            })
        });
        Definition::EnumTypeDefinition(Node::new(EnumTypeDefinition {
            description: None,
            name: name!("join__Graph"),
            directives: DirectiveList::new(),
            values: values.collect(),
        }))
    }
}

fn link(path: &str, purpose: Option<&str>, imports: &[Value]) -> Node<Directive> {
    link_to(
        &format!("https://specs.apollo.dev/{path}"),
        purpose,
        imports,
    )
}

fn link_to(url: &str, purpose: Option<&str>, imports: &[Value]) -> Node<Directive> {
    let mut arguments = vec![argument(name!("url"), Value::String(url.to_owned()))];
    if let Some(purpose) = purpose.and_then(|purpose| Name::new(purpose).ok()) {
        arguments.push(argument(name!("for"), Value::Enum(purpose)));
    }
    if !imports.is_empty() {
        let imports = imports.iter().cloned().map(Node::new).collect();
        arguments.push(argument(name!("import"), Value::List(imports)));
    }
    directive(name!("link"), arguments)
}

fn import(name: &Name, original: &str) -> Value {
    if name == original {
        return Value::String(format!("@{name}"));
    }
    let text = |text: &str| Node::new(Value::String(format!("@{text}")));
    Value::Object(vec![
        (name!("name"), text(original)),
        (name!("as"), text(name)),
    ])
}
