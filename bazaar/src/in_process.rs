//! Lets the gateway call a subgraph of this process directly.

use async_graphql::{Request, Variables};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};
use gateway::transport::{Subgraph, SubgraphRequest, TransportError};
use serde_json::Value;
use service::Endpoint;

/// A subgraph service in this process.
pub(crate) struct InProcessSubgraph(pub(crate) Endpoint);

impl Subgraph for InProcessSubgraph {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move {
            let answer = self.0.execute(&request.headers, graphql_request(&request));
            let answer = match request.deadline {
                Some(deadline) => tokio::time::timeout_at(deadline.into(), answer)
                    .await
                    .map_err(|_| TransportError::Timeout)?,
                None => answer.await,
            };
            to_bytes(&answer)
        })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        let answers = self
            .0
            .subscribe(&request.headers, graphql_request(&request));
        Box::pin(async move { Ok(answers.map(|answer| to_bytes(&answer)).boxed()) })
    }
}

fn graphql_request(request: &SubgraphRequest) -> Request {
    let variables = Variables::from_json(Value::Object(request.variables()));
    Request::new(&*request.query).variables(variables)
}

fn to_bytes(response: &async_graphql::Response) -> Result<Bytes, TransportError> {
    let json = serde_json::to_vec(response).map_err(|error| TransportError::InvalidAnswer {
        message: error.to_string(),
    })?;
    Ok(json.into())
}
