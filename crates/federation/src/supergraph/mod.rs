//! The loaded supergraph: which subgraphs there are, and what clients may ask for.

mod api_schema;
pub(crate) mod model;
mod overrides;
mod upgrade;

use apollo_compiler::ast::{Definition, Document, OperationType};
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

use model::Model;

pub use model::{Authorization, CostDirectives, ListSize};
pub use overrides::OverrideLabels;

/// A subgraph's dense index within its supergraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubgraphId(pub usize);

/// One value of `enum join__Graph`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubgraphInfo {
    /// The subgraph's name, as in its `@join__graph(name:)`.
    pub name: String,
    /// Where it answers; empty when the supergraph does not say.
    pub url: String,
}

/// The names of the root operation types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootTypes {
    /// The query type; every supergraph has one.
    pub query: Name,
    /// The mutation type.
    pub mutation: Option<Name>,
    /// The subscription type.
    pub subscription: Option<Name>,
}

/// Why a supergraph cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SupergraphError {
    /// The text is not GraphQL.
    #[error("the supergraph is not valid GraphQL: {message}")]
    Syntax {
        /// The parser's report, with line and column.
        message: String,
    },
    /// There is no `enum join__Graph`: a plain schema rather than a supergraph.
    #[error("not a supergraph: it has no `enum join__Graph` that lists subgraphs")]
    NoSubgraphs,
    /// What would be shown to clients is not a valid schema.
    #[error("the supergraph's API schema is invalid: {message}")]
    InvalidApiSchema {
        /// The validator's report.
        message: String,
    },
    /// The planner cannot work with it.
    #[error("the query planner cannot use this supergraph: {message}")]
    Planner {
        /// What it objects to.
        message: String,
    },
}

impl SupergraphError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "INVALID_GRAPHQL",
            Self::NoSubgraphs => "NOT_A_SUPERGRAPH",
            Self::InvalidApiSchema { .. } => "INVALID_API_SCHEMA",
            Self::Planner { .. } => "UNSUPPORTED_SUPERGRAPH",
        }
    }
}

/// A supergraph, parsed, checked and ready to plan against.
pub struct Supergraph {
    subgraphs: Vec<SubgraphInfo>,
    roots: RootTypes,
    api_schema: Valid<Schema>,
    implementers: HashMap<Name, Implementers>,
    model: Model,
    override_labels: OverrideLabels,
}

impl Supergraph {
    /// Loads any supergraph SDL: `join` v0.1 to v0.5, linked by `@core` or `@link`.
    pub fn parse(sdl: &str) -> Result<Self, SupergraphError> {
        let document = Document::parse(sdl, "supergraph.graphql").map_err(|invalid| {
            SupergraphError::Syntax {
                message: invalid.errors.to_string(),
            }
        })?;
        Self::from_document(document)
    }

    /// Loads a supergraph that has been parsed, or just composed.
    pub(crate) fn from_document(mut document: Document) -> Result<Self, SupergraphError> {
        let subgraphs = read_subgraphs(&document);
        if subgraphs.is_empty() {
            return Err(SupergraphError::NoSubgraphs);
        }

        let api_schema = api_schema::extract(&document)?;
        let roots = read_roots(&api_schema).ok_or_else(|| SupergraphError::InvalidApiSchema {
            message: "there is no query type".to_owned(),
        })?;
        let implementers = api_schema.implementers_map();

        upgrade::to_current_join_spec(&mut document, &roots);
        let model = model::read(&document, &roots)
            .map_err(|message| SupergraphError::Planner { message })?;

        Ok(Self {
            subgraphs,
            roots,
            api_schema,
            implementers,
            model,
            override_labels: OverrideLabels::default(),
        })
    }

    /// All subgraphs; a [`SubgraphId`] is an index into this.
    pub fn subgraphs(&self) -> &[SubgraphInfo] {
        &self.subgraphs
    }

    /// One subgraph.
    pub fn subgraph(&self, id: SubgraphId) -> Option<&SubgraphInfo> {
        self.subgraphs.get(id.0)
    }

    /// The subgraph of that name.
    pub fn find_subgraph(&self, name: &str) -> Option<SubgraphId> {
        self.subgraphs
            .iter()
            .position(|subgraph| subgraph.name == name)
            .map(SubgraphId)
    }

    /// The root operation types.
    pub fn roots(&self) -> &RootTypes {
        &self.roots
    }

    /// What clients see: no join machinery, nothing `@inaccessible`.
    pub fn api_schema(&self) -> &Valid<Schema> {
        &self.api_schema
    }

    /// Interface name → the types that implement it, in the API schema.
    pub fn implementers(&self) -> &HashMap<Name, Implementers> {
        &self.implementers
    }

    /// Decides which progressive overrides (`@override(label:)`) are in effect.
    pub fn with_override_labels(mut self, labels: OverrideLabels) -> Self {
        self.override_labels = labels;
        self
    }

    /// The progressive overrides in effect.
    pub fn override_labels(&self) -> &OverrideLabels {
        &self.override_labels
    }

    /// Who may read a type; `None` if there is no such object, interface or union.
    pub fn type_authorization(&self, type_name: &str) -> Option<&Authorization> {
        let id = self.model.find(type_name)?;
        Some(&self.model.ty(id).authorization)
    }

    /// Who may read a field.
    pub fn field_authorization(&self, type_name: &str, field: &str) -> Option<&Authorization> {
        let id = self.model.find(type_name)?;
        Some(&self.model.field(id, field)?.authorization)
    }

    /// What a field is said to cost.
    pub fn field_cost(&self, type_name: &str, field: &str) -> Option<&CostDirectives> {
        let id = self.model.find(type_name)?;
        Some(&self.model.field(id, field)?.cost)
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }
}

impl std::fmt::Debug for Supergraph {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Supergraph")
            .field("subgraphs", &self.subgraphs)
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

fn read_subgraphs(document: &Document) -> Vec<SubgraphInfo> {
    let argument = |directive: &apollo_compiler::ast::Directive, name: &str| {
        directive
            .specified_argument_by_name(name)
            .and_then(|value| value.as_str())
            .map(str::to_owned)
    };

    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::EnumTypeDefinition(graphs) if graphs.name == "join__Graph" => Some(graphs),
            _ => None,
        })
        .flat_map(|graphs| &graphs.values)
        .map(|value| {
            let graph = value.directives.get("join__graph");
            SubgraphInfo {
                name: graph
                    .and_then(|graph| argument(graph, "name"))
                    .unwrap_or_else(|| value.value.to_string()),
                url: graph
                    .and_then(|graph| argument(graph, "url"))
                    .unwrap_or_default(),
            }
        })
        .collect()
}

fn read_roots(schema: &Schema) -> Option<RootTypes> {
    Some(RootTypes {
        query: schema.root_operation(OperationType::Query)?.clone(),
        mutation: schema.root_operation(OperationType::Mutation).cloned(),
        subscription: schema.root_operation(OperationType::Subscription).cloned(),
    })
}
