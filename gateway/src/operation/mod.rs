//! What is done once per operation: parse, measure, validate, plan, compile.
//!
//! The result, a [`CompiledOperation`], is cached by the operation's text and name.

mod compile;
mod measure;
mod parse;
mod plan;
mod projection;
mod validate;

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use federation::{OperationKind, Plan};
use sha2::{Digest, Sha256};

pub(crate) use compile::compile;
pub(crate) use projection::{LeafKind, Projection, ProjectionField, Shape};

use crate::error::GatewayError;

/// Everything decided once about an operation.
pub(crate) struct CompiledOperation {
    pub(crate) document: Valid<ExecutableDocument>,
    pub(crate) operation: Node<Operation>,
    pub(crate) kind: OperationKind,
    pub(crate) plan: Plan,
    pub(crate) projection: Projection,
    /// Whether `__schema` or `__type` is selected.
    pub(crate) introspects: bool,
}

/// What identifies a compiled operation: which supergraph it was compiled for, and the SHA-256 of
/// its text and name. A key stays small however large the text of a refused operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OperationKey {
    generation: u64,
    digest: [u8; 32],
}

impl OperationKey {
    pub(crate) fn new(generation: u64, document: &str, operation_name: Option<&str>) -> Self {
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
pub(crate) struct OperationCache(moka::sync::Cache<OperationKey, Arc<CompiledOperation>>);

impl OperationCache {
    pub(crate) fn new(max_bytes: u64) -> Self {
        let cache = moka::sync::Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|_: &OperationKey, operation: &Arc<CompiledOperation>| {
                u32::try_from(operation.estimated_bytes()).unwrap_or(u32::MAX)
            })
            .build();
        Self(cache)
    }

    pub(crate) fn find(&self, key: &OperationKey) -> Option<Arc<CompiledOperation>> {
        self.0.get(key)
    }

    /// Compiles an operation unless it is there; concurrent calls compile it once.
    ///
    /// Refused operations are not kept: anybody could fill the cache with them.
    pub(crate) fn get_or_compile(
        &self,
        key: OperationKey,
        compile: impl FnOnce() -> Result<CompiledOperation, GatewayError>,
    ) -> Result<Arc<CompiledOperation>, GatewayError> {
        self.0
            .try_get_with(key, || compile().map(Arc::new))
            .map_err(|error| GatewayError::clone(&error))
    }
}

impl CompiledOperation {
    /// A rough size: the syntax tree and the projection grow with the document's fields.
    fn estimated_bytes(&self) -> usize {
        let text: usize = self
            .document
            .sources
            .values()
            .map(|source| source.source_text().len())
            .sum();
        let plan: usize = self
            .plan
            .fetches
            .iter()
            .map(|fetch| fetch.operation.len() + 512)
            .sum();
        1024 + text + plan + self.projection.field_count() * 512
    }
}
