//! Text → syntax tree, within limits.

use apollo_compiler::ast::Document;
use apollo_compiler::parser::Parser;

use crate::config::Limits;
use crate::error::ClientError;
use crate::operation::validate::diagnostics;

/// Parses a document.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Document, ClientError> {
    let mut parser = Parser::new()
        .token_limit(limits.tokens)
        .recursion_limit(limits.recursion);
    let result = parser.parse_ast(text, "operation");

    // A document cut short by a limit also has syntax errors, which would mislead.
    if parser.recursion_reached() > limits.recursion {
        return Err(ClientError::TooDeep {
            limit: limits.recursion.min(limits.depth),
        });
    }
    if parser.tokens_reached() > limits.tokens {
        return Err(ClientError::TooComplex {
            what: "tokens",
            limit: limits.tokens,
        });
    }
    result.map_err(|invalid| ClientError::ParseFailed {
        errors: diagnostics(&invalid.errors),
    })
}
