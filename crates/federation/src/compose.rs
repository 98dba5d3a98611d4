//! Composition: the SDLs of all subgraphs in, one supergraph SDL out.
//!
//! The merge itself is done by `graphql-composition`. What it leaves out is added afterwards:
//! a `@join__type` per subgraph on root types and unions, without which readers of the supergraph
//! take a root field or a union to exist nowhere, and the definitions of the join directives.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, Document, OperationType};
use apollo_compiler::{Name, name};

use crate::Supergraph;
use crate::isolate::isolate;

/// One subgraph as composition needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubgraphSdl {
    /// The name used in plans, errors and configuration.
    pub name: String,
    /// Where the subgraph answers; may be a placeholder when it runs in process.
    pub url: String,
    /// Its federation SDL, as the subgraph prints it.
    pub sdl: String,
}

/// Why subgraphs do not compose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompositionError {
    /// Nothing to compose.
    #[error("no subgraphs to compose")]
    NoSubgraphs,
    /// Two subgraphs have the same name.
    #[error("two subgraphs are named `{name}`")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A subgraph's SDL cannot be parsed.
    #[error("subgraph `{subgraph}`: {message}")]
    Syntax {
        /// The subgraph.
        subgraph: String,
        /// The parser's report, with line and column.
        message: String,
    },
    /// The subgraphs contradict each other, or break a rule of federation.
    #[error("{message}")]
    Conflict {
        /// What is wrong, naming types, fields and subgraphs.
        message: String,
    },
    /// Composition finished with something that is not a usable supergraph.
    #[error("composition failed: {message}")]
    Internal {
        /// What went wrong.
        message: String,
    },
}

impl CompositionError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSubgraphs => "NO_SUBGRAPHS",
            Self::DuplicateName { .. } => "DUPLICATE_SUBGRAPH_NAME",
            Self::Syntax { .. } => "INVALID_GRAPHQL",
            Self::Conflict { .. } => "COMPOSITION_CONFLICT",
            Self::Internal { .. } => "COMPOSITION_FAILED",
        }
    }
}

/// Composes subgraphs into a supergraph SDL.
///
/// The output depends on the set of subgraphs only, not on their order.
pub fn compose(subgraphs: &[SubgraphSdl]) -> Result<String, Vec<CompositionError>> {
    // Same input in another order, same output.
    let mut sorted: Vec<&SubgraphSdl> = subgraphs.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    if sorted.is_empty() {
        return Err(vec![CompositionError::NoSubgraphs]);
    }

    // Names and syntax first, all problems at once.
    let mut errors = Vec::new();
    for pair in sorted.windows(2) {
        if let [first, second] = pair
            && first.name == second.name
        {
            errors.push(CompositionError::DuplicateName {
                name: first.name.clone(),
            });
        }
    }
    let mut roots_by_subgraph = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    let mut specifications = BTreeMap::new();
    for subgraph in &sorted {
        match Document::parse(subgraph.sdl.as_str(), &subgraph.name) {
            Ok(document) => {
                roots_by_subgraph.insert(subgraph.name.as_str(), defined_roots(&document));
                check_kinds(&subgraph.name, &document, &mut kinds, &mut errors);
                collect_specifications(&document, &mut specifications);
            }
            Err(invalid) => errors.push(CompositionError::Syntax {
                subgraph: subgraph.name.clone(),
                message: invalid.errors.to_string(),
            }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }

    // Merge, then complete.
    let merged = isolate("composition", || merge(&sorted))
        .map_err(|message| vec![CompositionError::Internal { message }])??;
    let supergraph =
        complete(&merged, &roots_by_subgraph, &specifications).map_err(|error| vec![error])?;

    // What no gateway could load must not leave this function.
    Supergraph::parse(&supergraph).map_err(|error| {
        vec![CompositionError::Internal {
            message: error.to_string(),
        }]
    })?;
    Ok(supergraph)
}

fn merge(subgraphs: &[&SubgraphSdl]) -> Result<String, Vec<CompositionError>> {
    let mut ingested = graphql_composition::Subgraphs::default();
    for subgraph in subgraphs {
        ingested
            .ingest_str(&subgraph.sdl, &subgraph.name, Some(&subgraph.url))
            .map_err(|error| {
                vec![CompositionError::Syntax {
                    subgraph: subgraph.name.clone(),
                    message: error.to_string(),
                }]
            })?;
    }

    let graph = graphql_composition::compose(&mut ingested)
        .into_result()
        .map_err(|diagnostics| {
            diagnostics
                .iter_errors()
                .map(|message| CompositionError::Conflict {
                    message: message.to_owned(),
                })
                .collect::<Vec<_>>()
        })?;
    graphql_composition::render_federated_sdl(&graph)
        // v0.4 is the first version with `overrideLabel`, which the merge may print.
        .map(|sdl| {
            sdl.replacen(
                "specs.apollo.dev/join/v0.3",
                "specs.apollo.dev/join/v0.4",
                1,
            )
        })
        .map_err(|error| {
            vec![CompositionError::Internal {
                message: error.to_string(),
            }]
        })
}

/// The same name must be the same kind of type everywhere; the merge does not look at that.
fn check_kinds<'a>(
    subgraph: &'a str,
    document: &Document,
    kinds: &mut BTreeMap<String, (&'static str, &'a str)>,
    errors: &mut Vec<CompositionError>,
) {
    for definition in &document.definitions {
        let kind = match definition {
            Definition::ScalarTypeDefinition(_) | Definition::ScalarTypeExtension(_) => "scalar",
            Definition::ObjectTypeDefinition(object)
                if object.directives.has("interfaceObject") =>
            {
                "interface"
            }
            Definition::ObjectTypeExtension(object) if object.directives.has("interfaceObject") => {
                "interface"
            }
            Definition::ObjectTypeDefinition(_) | Definition::ObjectTypeExtension(_) => "type",
            Definition::InterfaceTypeDefinition(_) | Definition::InterfaceTypeExtension(_) => {
                "interface"
            }
            Definition::UnionTypeDefinition(_) | Definition::UnionTypeExtension(_) => "union",
            Definition::EnumTypeDefinition(_) | Definition::EnumTypeExtension(_) => "enum",
            Definition::InputObjectTypeDefinition(_) | Definition::InputObjectTypeExtension(_) => {
                "input"
            }
            _ => continue,
        };
        let Some(name) = definition.name() else {
            continue;
        };
        let (known, elsewhere) = *kinds.entry(name.to_string()).or_insert((kind, subgraph));
        if known != kind {
            errors.push(CompositionError::Conflict {
                message: format!(
                    "`{name}` is of kind {known} in subgraph `{elsewhere}` and of kind {kind} in \
                     subgraph `{subgraph}`"
                ),
            });
        }
    }
}

/// Scalar name → its `@specifiedBy`, which the merge drops; the first subgraph that has one wins.
fn collect_specifications(
    document: &Document,
    specifications: &mut BTreeMap<String, Node<Directive>>,
) {
    for definition in &document.definitions {
        let (name, directives) = match definition {
            Definition::ScalarTypeDefinition(scalar) => (&scalar.name, &scalar.directives),
            Definition::ScalarTypeExtension(scalar) => (&scalar.name, &scalar.directives),
            _ => continue,
        };
        if let Some(specification) = directives.get("specifiedBy") {
            specifications
                .entry(name.to_string())
                .or_insert_with(|| specification.clone());
        }
    }
}

/// Which root operations a subgraph takes part in.
fn defined_roots(document: &Document) -> BTreeSet<&'static str> {
    // A subgraph may rename its roots; the federation SDL of async-graphql never does.
    let mut names: BTreeMap<&'static str, String> = BTreeMap::from([
        ("Query", "Query".to_owned()),
        ("Mutation", "Mutation".to_owned()),
        ("Subscription", "Subscription".to_owned()),
    ]);
    for definition in &document.definitions {
        let root_operations = match definition {
            Definition::SchemaDefinition(schema) => &schema.root_operations,
            Definition::SchemaExtension(schema) => &schema.root_operations,
            _ => continue,
        };
        for root in root_operations {
            names.insert(root_name(root.0), root.1.to_string());
        }
    }

    names
        .into_iter()
        .filter(|(_, type_name)| {
            document.definitions.iter().any(|definition| {
                let (name, fields) = match definition {
                    Definition::ObjectTypeDefinition(object) => (&object.name, &object.fields),
                    Definition::ObjectTypeExtension(object) => (&object.name, &object.fields),
                    _ => return false,
                };
                name == type_name.as_str()
                    && fields.iter().any(|field| !field.name.starts_with('_'))
            })
        })
        .map(|(root, _)| root)
        .collect()
}

fn root_name(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// Adds what the merge leaves out, and prints.
fn complete(
    merged: &str,
    roots_by_subgraph: &BTreeMap<&str, BTreeSet<&'static str>>,
    specifications: &BTreeMap<String, Node<Directive>>,
) -> Result<String, CompositionError> {
    let mut document = Document::parse(merged, "supergraph.graphql").map_err(|invalid| {
        CompositionError::Internal {
            message: invalid.errors.to_string(),
        }
    })?;
    let graphs = join_graph_values(&document);

    // One @join__type per subgraph on each root type.
    for definition in &mut document.definitions {
        let Definition::ObjectTypeDefinition(object) = definition else {
            continue;
        };
        if !matches!(object.name.as_str(), "Query" | "Mutation" | "Subscription") {
            continue;
        }
        let object = object.make_mut();
        let mut directives: Vec<Node<Directive>> = Vec::new();
        for (subgraph, roots) in roots_by_subgraph {
            let already_there = |value: &Name| {
                let mut told = object.directives.get_all("join__type");
                told.any(|directive| graph_of(directive) == Some(value))
            };
            if roots.contains(object.name.as_str())
                && let Some(value) = graphs.get(*subgraph)
                && !already_there(value)
            {
                directives.push(join_type(value.clone()));
            }
        }
        object.directives.0.splice(0..0, directives);
    }

    // One on each union as well.
    for definition in &mut document.definitions {
        if let Definition::UnionTypeDefinition(union_) = definition
            && !union_.directives.has("join__type")
        {
            let members = union_.directives.get_all("join__unionMember");
            let graphs: BTreeSet<Name> = members.filter_map(|it| graph_of(it).cloned()).collect();
            let directives: Vec<_> = graphs.into_iter().map(join_type).collect();
            union_.make_mut().directives.0.splice(0..0, directives);
        }
    }

    // And one per subgraph on an interface that is an interface object somewhere.
    for definition in &mut document.definitions {
        let Definition::InterfaceTypeDefinition(interface) = definition else {
            continue;
        };
        let known: BTreeSet<Name> = interface
            .directives
            .get_all("join__type")
            .filter_map(|directive| graph_of(directive).cloned())
            .collect();
        let of_fields: BTreeSet<Name> = interface
            .fields
            .iter()
            .flat_map(|field| field.directives.get_all("join__field"))
            .filter_map(|directive| graph_of(directive).cloned())
            .collect();
        let missing = of_fields.difference(&known).cloned().map(join_type);
        interface.make_mut().directives.0.extend(missing);
    }

    // Where custom scalars are specified.
    for definition in &mut document.definitions {
        if let Definition::ScalarTypeDefinition(scalar) = definition
            && let Some(specification) = specifications.get(scalar.name.as_str())
            && !scalar.directives.has("specifiedBy")
        {
            scalar.make_mut().directives.0.push(specification.clone());
        }
    }

    // Definitions of the machinery, so that validating readers accept the file. What the merge
    // prints of them is not repeatable, although it repeats them.
    let machinery = Document::parse(MACHINERY, "join.graphql").map_err(|invalid| {
        CompositionError::Internal {
            message: invalid.errors.to_string(),
        }
    })?;
    let key = |definition: &Definition| match definition {
        Definition::DirectiveDefinition(directive) => Some(format!("@{}", directive.name)),
        other => other.name().map(ToString::to_string),
    };
    let replaced: BTreeSet<Option<String>> = machinery
        .definitions
        .iter()
        .map(key)
        .chain([Some("@join__owner".to_owned())])
        .collect();
    document.definitions.retain(|definition| {
        matches!(
            definition,
            Definition::SchemaDefinition(_) | Definition::SchemaExtension(_)
        ) || !replaced.contains(&key(definition))
    });
    let after_schema = usize::from(matches!(
        document.definitions.first(),
        Some(Definition::SchemaDefinition(_) | Definition::SchemaExtension(_))
    ));
    document
        .definitions
        .splice(after_schema..after_schema, machinery.definitions);

    Ok(document.to_string())
}

fn graph_of(directive: &Directive) -> Option<&Name> {
    directive.specified_argument_by_name("graph")?.as_enum()
}

fn join_type(graph: Name) -> Node<Directive> {
    Node::new(Directive {
        name: name!("join__type"),
        arguments: vec![Node::new(apollo_compiler::ast::Argument {
            name: name!("graph"),
            value: Node::new(apollo_compiler::ast::Value::Enum(graph)),
        })],
    })
}

/// Subgraph name → its value in `enum join__Graph`.
fn join_graph_values(document: &Document) -> BTreeMap<String, Name> {
    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => Some(graphs),
            _ => None,
        })
        .flat_map(|graphs| &graphs.values)
        .filter_map(|value| {
            let name = value
                .directives
                .get("join__graph")?
                .specified_argument_by_name("name")?
                .as_str()?
                .to_owned();
            Some((name, value.value.clone()))
        })
        .collect()
}

/// The directives and types a supergraph of join v0.4 refers to.
const MACHINERY: &str = r#"
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
scalar join__FieldSet
scalar link__Import
enum link__Purpose {
  "`SECURITY` features provide metadata necessary to securely resolve fields."
  SECURITY
  "`EXECUTION` features provide metadata necessary for operation execution."
  EXECUTION
}
"#;
