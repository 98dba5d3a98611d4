//! What is done once per operation: parse, measure, validate, plan, compile.
//!
//! The result, a [`CompiledOperation`], is cached by the operation's text and name.

mod compile;
mod measure;
mod parse;
mod plan;
pub(crate) mod program;
pub(crate) mod projection;
mod validate;

use std::num::NonZero;
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use federation::OperationKind;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

pub(crate) use compile::compile;
use program::Program;

use crate::error::GatewayError;
use crate::pipeline::coerce_variables::Variables;

/// Everything decided once about an operation.
pub(crate) struct CompiledOperation {
    pub(crate) document: Valid<ExecutableDocument>,
    pub(crate) operation: Node<Operation>,
    pub(crate) kind: OperationKind,
    pub(crate) program: Program,
    /// Whether `__schema` or `__type` is selected.
    pub(crate) introspects: bool,
    #[cfg(test)]
    pub(crate) plan: federation::Plan,
    #[cfg(test)]
    pub(crate) projection: projection::Projection,
}

/// What identifies a compiled operation: which supergraph it was compiled for, and the SHA-256 of
/// its text and name. A key stays small however large the text of a refused operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OperationKey {
    generation: u64,
    digest: [u8; 32],
}

impl OperationKey {
    /// The key of a document, given as a JSON string.
    pub(crate) fn new(generation: u64, document: &[u8], operation_name: Option<&str>) -> Self {
        let mut digest = Sha256::new();
        digest.update(document.len().to_le_bytes());
        digest.update(document);
        // No name and an empty one are different requests.
        if let Some(name) = operation_name {
            digest.update([1]);
            digest.update(name);
        }
        Self {
            generation,
            digest: digest.finalize().into(),
        }
    }
}

/// Compiled operations, bounded by the memory they take.
pub(crate) struct OperationCache {
    compiled: moka::sync::Cache<OperationKey, Arc<CompiledOperation>>,
    /// Operations that may be compiled at the same time: more would not be done earlier, and each
    /// takes a thread and memory.
    pub(crate) compiling: Arc<Semaphore>,
}

impl OperationCache {
    pub(crate) fn new(max_bytes: u64) -> Self {
        let cache = moka::sync::Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|_: &OperationKey, operation: &Arc<CompiledOperation>| {
                u32::try_from(operation.estimated_bytes()).unwrap_or(u32::MAX)
            })
            .build();
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            compiled: cache,
            compiling: Arc::new(Semaphore::new(2 * cores)),
        }
    }

    pub(crate) fn find(&self, key: &OperationKey) -> Option<Arc<CompiledOperation>> {
        self.compiled.get(key)
    }

    /// Compiles an operation unless it is there; concurrent calls compile it once.
    ///
    /// Refused operations are not kept: anybody could fill the cache with them.
    pub(crate) fn get_or_compile(
        &self,
        key: OperationKey,
        compile: impl FnOnce() -> Result<CompiledOperation, GatewayError>,
    ) -> Result<Arc<CompiledOperation>, GatewayError> {
        self.compiled
            .try_get_with(key, || compile().map(Arc::new))
            .map_err(|error| GatewayError::clone(&error))
    }
}

impl CompiledOperation {
    /// The value of a Boolean variable.
    pub(crate) fn boolean(&self, variables: &Variables, name: &str) -> Option<bool> {
        let declared = &self.operation.variables;
        let number = declared.iter().position(|variable| variable.name == name)?;
        match variables.get(number)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A rough size: the syntax tree and the program grow with the document's fields.
    fn estimated_bytes(&self) -> usize {
        let text: usize = self
            .document
            .sources
            .values()
            .map(|source| source.source_text().len())
            .sum();
        1024 + 20 * text + self.program.estimated_bytes()
    }
}
