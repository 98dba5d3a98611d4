//! A request's way through the gateway, one file per stage, in this order.

pub(crate) mod coerce_variables;
pub(crate) mod execute;
pub(crate) mod identify;
pub(crate) mod pass_through;
pub(crate) mod project;
pub(crate) mod read;
pub(crate) mod respond;

use std::sync::Arc;

use crate::error::{GatewayError, InternalError};
use crate::executor::RequestContext;
use crate::gateway::Gateway;
use crate::operation::CompiledOperation;
use crate::response::GraphqlResponse;
use coerce_variables::Variables;
use federation::OperationKind;
use futures_util::stream::BoxStream;
use read::GraphqlRequest;

/// What a request is answered with.
pub(crate) enum Outcome {
    /// A query or mutation, or a subscription that could not start.
    Response(GraphqlResponse),
    /// The events of a subscription.
    Events(Events),
}

/// The events of a subscription; the last one may be that the gateway stops.
pub(crate) type Events = BoxStream<'static, Result<GraphqlResponse, Stopping>>;

/// The subscription is not over, but has to go on elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopping;

/// Everything between reading a request and sending its answer.
pub(crate) async fn run(
    gateway: &Arc<Gateway>,
    request: GraphqlRequest,
    context: RequestContext,
) -> Result<Outcome, GatewayError> {
    let operation = identify::run(gateway, &request).await?;
    let variables = coerce_variables::run(gateway, &operation, request.variables())?;
    match operation.kind {
        OperationKind::Query => Ok(Outcome::Response(
            answer(gateway, &operation, &variables, &context).await,
        )),
        // A mutation that has begun is finished, even if its client hangs up in the middle.
        OperationKind::Mutation => {
            let (tasks, gateway) = (&gateway.tasks, gateway.clone());
            let task = tasks
                .spawn(async move { answer(&gateway, &operation, &variables, &context).await });
            let response = task
                .await
                .map_err(|_| InternalError::Aborted { stage: "execution" })?;
            Ok(Outcome::Response(response))
        }
        OperationKind::Subscription => {
            Ok(execute::subscribe(gateway, operation, variables, context).await)
        }
    }
}

async fn answer(
    gateway: &Arc<Gateway>,
    operation: &CompiledOperation,
    variables: &Variables,
    context: &RequestContext,
) -> GraphqlResponse {
    let fetched = execute::run(gateway, operation, variables, context).await;
    project::run(gateway, operation, variables, fetched)
}
