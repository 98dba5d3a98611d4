//! Reads what is to be compared.

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;

use crate::Supergraph;

/// What clients see of a graph.
#[derive(Debug, Clone)]
pub struct ApiSchema(Valid<Schema>);

/// A text that is neither a supergraph nor a plain schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} is not a valid schema: {message}")]
pub struct ApiSchemaError {
    /// The file, as it was named.
    pub file: String,
    /// The parser's or validator's report.
    pub message: String,
}

impl ApiSchemaError {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        "INVALID_SCHEMA"
    }
}

impl ApiSchema {
    /// Reads supergraph SDL (then what clients see of it) or plain SDL.
    ///
    /// # Errors
    /// If it is neither.
    pub fn read(sdl: &str, file: &str) -> Result<Self, ApiSchemaError> {
        let invalid = |message: String| ApiSchemaError {
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
