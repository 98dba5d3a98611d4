//! Request → compiled operation: a look into the cache, or the work of compiling once.

use std::sync::Arc;

use federation::OperationKind;

use super::read::GraphqlRequest;
use crate::error::{ClientError, GatewayError, InternalError};
use crate::gateway::Gateway;
use crate::json::unescape;
use crate::operation::{CompiledOperation, OperationKey, compile};

/// There is one supergraph per gateway, for now.
const GENERATION: u64 = 0;

/// Finds or compiles the operation.
pub(crate) async fn run(
    gateway: &Arc<Gateway>,
    request: &GraphqlRequest,
) -> Result<Arc<CompiledOperation>, GatewayError> {
    let (document, name) = (&request.document, &request.operation_name);
    let key = OperationKey::new(GENERATION, document, name.as_deref());
    let operation = match gateway.operations.find(&key) {
        Some(operation) => operation,
        // Compiling takes milliseconds and more; requests being served must not wait for it.
        None => {
            let gateway = gateway.clone();
            let (document, name) = (document.clone(), name.clone());
            let waiting = gateway.operations.compiling.clone().acquire_owned();
            let permit = tokio::time::timeout(gateway.config.timeouts.request, waiting).await;
            let Ok(Ok(permit)) = permit else {
                let stage = "waiting for other operations to be compiled";
                return Err(InternalError::Aborted { stage }.into());
            };
            tokio::task::spawn_blocking(move || {
                // Compiling goes on when the client has gone, so the permit goes along.
                let _permit = permit;
                gateway.operations.get_or_compile(key, || {
                    let text = std::str::from_utf8(&document).unwrap_or_default();
                    let text = unescape(text);
                    compile(&gateway.supergraph, &gateway.config, &text, name.as_deref())
                })
            })
            .await
            .map_err(|_| InternalError::Aborted {
                stage: "compiling the operation",
            })??
        }
    };

    if request.read_only && operation.kind == OperationKind::Mutation {
        return Err(ClientError::OnlyQueriesByGet.into());
    }
    Ok(operation)
}
