//! Reads what is to be compared.

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;

use crate::Supergraph;

/// What clients see of a graph.
#[derive(Debug, Clone)]
pub struct ApiSchema(Valid<Schema>);

/// Why a text is not a schema.
#[derive(Debug, thiserror::Error)]
pub enum ApiSchemaError {
    /// Neither a supergraph nor a plain schema.
    #[error("{file} is not a valid schema: {message}")]
    Invalid {
        /// The file, as it was named.
        file: String,
        /// The parser's or validator's report.
        message: String,
    },
    /// A schema without a query type serves nobody.
    #[error("{file} has no query type")]
    NoQuery {
        /// The file, as it was named.
        file: String,
    },
}

impl ApiSchemaError {
    /// A stable code for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "INVALID_SCHEMA",
            Self::NoQuery { .. } => "NO_QUERY_TYPE",
        }
    }
}

impl ApiSchema {
    /// Reads supergraph SDL (then what clients see of it) or plain SDL.
    ///
    /// # Errors
    /// If it is neither.
    pub fn read(sdl: &str, file: &str) -> Result<Self, ApiSchemaError> {
        let invalid = |message: String| ApiSchemaError::Invalid {
            file: file.to_owned(),
            message,
        };

        let plain = Schema::parse(sdl, file).map_err(|found| invalid(found.errors.to_string()))?;
        let schema = if plain.types.contains_key("join__Graph") {
            let supergraph = Supergraph::parse(sdl).map_err(|error| invalid(error.to_string()))?;
            supergraph.api_schema().clone()
        } else {
            plain
                .validate()
                .map_err(|found| invalid(found.errors.to_string()))?
        };

        if schema.schema_definition.query.is_none() {
            return Err(ApiSchemaError::NoQuery {
                file: file.to_owned(),
            });
        }
        Ok(Self(schema))
    }

    /// The schema itself.
    pub fn schema(&self) -> &Valid<Schema> {
        &self.0
    }

    /// Its SDL: types in order of their names, so that a difference between two files means something.
    pub fn sdl(&self) -> String {
        let mut schema = Schema::clone(&self.0);
        schema.types.sort_keys();
        format!("{}\n", schema.to_string().trim_end())
    }
}
