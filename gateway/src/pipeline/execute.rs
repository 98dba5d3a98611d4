//! Runs the plan.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use super::coerce_variables::Variables;
use super::{Outcome, Stopping, project};
use crate::executor::{Execution, Fetched, RequestContext, trigger_request};
use crate::gateway::Gateway;
use crate::operation::CompiledOperation;
use crate::response::{GraphqlError, GraphqlResponse};
use crate::transport::TransportError;

/// Runs a query or mutation.
pub(crate) async fn run(
    gateway: &Arc<Gateway>,
    operation: &CompiledOperation,
    variables: &Variables,
    context: &RequestContext,
) -> Fetched {
    Execution::new(gateway, operation, variables, context)
        .run()
        .await
}

/// Starts a subscription; its follow-up fetches run once per event.
pub(crate) async fn subscribe(
    gateway: &Arc<Gateway>,
    operation: Arc<CompiledOperation>,
    variables: Variables,
    context: RequestContext,
) -> Outcome {
    let Some(trigger) = operation.program.fetches.first() else {
        return Outcome::Events(stream::empty().boxed());
    };

    // The timeout covers the start; events may take as long as they like.
    let subgraph = gateway.subgraph(trigger.subgraph);
    let request = trigger_request(gateway, trigger, &variables, &context);
    let started =
        tokio::time::timeout(subgraph.timeout, subgraph.transport.subscribe(request)).await;
    let events = match started.unwrap_or(Err(TransportError::Timeout)) {
        Ok(events) => events,
        Err(error) => {
            tracing::warn!(
                request.id = context.request_id,
                subgraph = subgraph.name.as_str(),
                code = error.code(),
                %error,
                "subscription cannot start"
            );
            let message = format!(
                "The service `{}` cannot start the subscription.",
                subgraph.name
            );
            let mut shown = GraphqlError::new(error.code(), message);
            shown
                .extensions
                .insert("service".to_owned(), Value::from(subgraph.name.as_str()));
            return Outcome::Response(GraphqlResponse::refused(vec![shown]));
        }
    };

    let shutdown = gateway.shutdown.clone();
    let stopping = shutdown.clone();
    let shared = Arc::new((gateway.clone(), operation, variables, context));
    let responses = events
        .then(move |event| {
            let shared = shared.clone();
            async move {
                let (gateway, operation, variables, context) = &*shared;
                let execution = Execution::new(gateway, operation, variables, context);
                let fetched = execution.run_event(event).await;
                Ok(project::run(gateway, operation, variables, fetched))
            }
        })
        .take_until(shutdown.cancelled_owned())
        .chain(
            stream::once(async move { stopping.is_cancelled().then_some(Err(Stopping)) })
                .filter_map(std::future::ready),
        );
    Outcome::Events(responses.boxed())
}
