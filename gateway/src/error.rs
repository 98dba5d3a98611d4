//! What goes wrong: by the client's doing (told), or by ours (masked and logged once).

use federation::{PlanError, SupergraphError};
use http::StatusCode;
use serde_json::{Map, Value};

use crate::response::{GraphqlError, Location};

/// Why a request was not executed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum GatewayError {
    /// The client can change it; it is told.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Nobody outside can change it; it is masked.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// A request that the client has to change.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClientError {
    /// The body or the query string is not a GraphQL request.
    #[error("{message}")]
    MalformedRequest {
        /// What is wrong with it.
        message: String,
    },
    /// A JSON array of requests.
    #[error("Batched requests are not supported; send one operation per request.")]
    BatchingNotSupported,
    /// Only the hash of a document, which nobody has registered here.
    #[error("PersistedQueryNotSupported")]
    PersistedQueryNotSupported,
    /// The HTTP method is neither GET nor POST.
    #[error("Only GET and POST are supported.")]
    MethodNotAllowed,
    /// GET must not change anything.
    #[error("Only queries can be sent by GET; use POST.")]
    OnlyQueriesByGet,
    /// None of the media types the client accepts can be produced.
    #[error("None of the accepted media types can be produced: {available}.")]
    NotAcceptable {
        /// What can be.
        available: &'static str,
    },
    /// The body is not typed as JSON.
    #[error("The request body must be typed as application/json.")]
    UnsupportedMediaType,
    /// The body is too large.
    #[error("The request is larger than {limit} bytes.")]
    BodyTooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body did not come in time.
    #[error("The request body did not arrive in time.")]
    BodyTimeout,
    /// A request that any web page could have caused.
    #[error(
        "This request could have been sent by a foreign web page. Send the header \
         GraphQL-Require-Preflight, or a Content-Type header for JSON."
    )]
    CrossSiteRequest,
    /// The document is not GraphQL.
    #[error("The document cannot be parsed.")]
    ParseFailed {
        /// All syntax errors.
        errors: Vec<Diagnostic>,
    },
    /// The document does not fit the schema.
    #[error("The document is not valid.")]
    ValidationFailed {
        /// All violations.
        errors: Vec<Diagnostic>,
    },
    /// The request does not say which operation to run, or names none that is there.
    #[error("{message}")]
    OperationNotFound {
        /// Which.
        message: String,
    },
    /// The variables do not have the declared types.
    #[error("{message}")]
    BadVariables {
        /// Which one, and why.
        message: String,
    },
    /// Selections are nested too deeply.
    #[error("The operation is nested more than {limit} levels deep.")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The operation asks for too much.
    #[error("The operation has more than {limit} {what}.")]
    TooComplex {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Introspection is switched off.
    #[error("Introspection is switched off.")]
    IntrospectionDisabled,
    /// A WebSocket runs too many operations.
    #[error("More than {limit} operations on one connection.")]
    TooManyOperations {
        /// The limit.
        limit: usize,
    },
}

/// One syntax error or violation, with its places.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub(crate) message: String,
    pub(crate) locations: Vec<Location>,
}

/// A fault of the gateway.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InternalError {
    /// There is no plan for a valid operation.
    #[error(transparent)]
    Planning(#[from] PlanError),
    /// A stage ended without a result.
    #[error("{stage} ended without a result")]
    Aborted {
        /// The stage.
        stage: &'static str,
    },
}

impl ClientError {
    /// The code clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MalformedRequest { .. } => "BAD_REQUEST",
            Self::BatchingNotSupported => "BATCHING_NOT_SUPPORTED",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::MethodNotAllowed | Self::OnlyQueriesByGet => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable { .. } => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::BodyTooLarge { .. } => "PAYLOAD_TOO_LARGE",
            Self::BodyTimeout => "REQUEST_TIMEOUT",
            Self::CrossSiteRequest => "CSRF_PREVENTED",
            Self::ParseFailed { .. } => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed { .. } => "GRAPHQL_VALIDATION_FAILED",
            Self::OperationNotFound { .. } => "OPERATION_RESOLUTION_FAILURE",
            Self::BadVariables { .. } => "BAD_USER_INPUT",
            Self::TooDeep { .. } => "QUERY_TOO_DEEP",
            Self::TooComplex { .. } => "QUERY_TOO_COMPLEX",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::TooManyOperations { .. } => "TOO_MANY_OPERATIONS",
        }
    }

    /// The HTTP status of an answer with this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MethodNotAllowed | Self::OnlyQueriesByGet => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable { .. } => StatusCode::NOT_ACCEPTABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            // Clients take this as part of a conversation: they send the document next.
            Self::PersistedQueryNotSupported => StatusCode::OK,
            Self::MalformedRequest { .. }
            | Self::BatchingNotSupported
            | Self::CrossSiteRequest
            | Self::ParseFailed { .. }
            | Self::ValidationFailed { .. }
            | Self::OperationNotFound { .. }
            | Self::BadVariables { .. }
            | Self::TooDeep { .. }
            | Self::TooComplex { .. }
            | Self::IntrospectionDisabled
            | Self::TooManyOperations { .. } => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the request was well-formed HTTP and JSON, and only its GraphQL is refused.
    ///
    /// Clients that ask for the legacy media type get these with status 200.
    pub fn is_graphql_error(&self) -> bool {
        match self {
            Self::ParseFailed { .. }
            | Self::ValidationFailed { .. }
            | Self::OperationNotFound { .. }
            | Self::BadVariables { .. }
            | Self::TooDeep { .. }
            | Self::TooComplex { .. }
            | Self::IntrospectionDisabled
            | Self::TooManyOperations { .. } => true,
            Self::MalformedRequest { .. }
            | Self::BatchingNotSupported
            | Self::PersistedQueryNotSupported
            | Self::MethodNotAllowed
            | Self::OnlyQueriesByGet
            | Self::NotAcceptable { .. }
            | Self::UnsupportedMediaType
            | Self::BodyTooLarge { .. }
            | Self::BodyTimeout
            | Self::CrossSiteRequest => false,
        }
    }

    fn to_errors(&self) -> Vec<GraphqlError> {
        let extensions = Map::from_iter([("code".to_owned(), Value::from(self.code()))]);
        match self {
            Self::ParseFailed { errors } | Self::ValidationFailed { errors } => errors
                .iter()
                .map(|diagnostic| GraphqlError {
                    message: diagnostic.message.clone(),
                    locations: diagnostic.locations.clone(),
                    path: None,
                    extensions: extensions.clone(),
                })
                .collect(),
            other => vec![GraphqlError {
                message: other.to_string(),
                locations: Vec::new(),
                path: None,
                extensions,
            }],
        }
    }
}

impl InternalError {
    /// The code in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Planning(error) => error.code(),
            Self::Aborted { .. } => "ABORTED",
        }
    }
}

impl GatewayError {
    /// The HTTP status of an answer with this error.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Client(error) => error.status(),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the client is shown. Logs internal errors, so call it once.
    pub(crate) fn to_errors(&self, request_id: &str) -> Vec<GraphqlError> {
        match self {
            Self::Client(error) => error.to_errors(),
            Self::Internal(error) => {
                tracing::error!(request.id = request_id, code = error.code(), %error, "request failed");
                vec![GraphqlError::masked(request_id)]
            }
        }
    }
}

/// Why a gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The supergraph cannot be used.
    #[error(transparent)]
    Supergraph(#[from] SupergraphError),
    /// A subgraph cannot be reached, whatever happens.
    #[error("subgraph `{subgraph}`: {message}")]
    Subgraph {
        /// Its name.
        subgraph: String,
        /// Why.
        message: String,
    },
    /// Settings or transports for a subgraph that the supergraph does not have.
    #[error("the supergraph has no subgraph `{subgraph}`; it has {known}")]
    UnknownSubgraph {
        /// The name.
        subgraph: String,
        /// The names there are.
        known: String,
    },
    /// A setting cannot be used.
    #[error("setting `{setting}`: {message}")]
    Setting {
        /// Its name.
        setting: String,
        /// Why.
        message: String,
    },
}
