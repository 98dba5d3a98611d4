//! A subgraph's schema behind one type, whatever its roots are.

use std::sync::Arc;

use async_graphql::{ObjectType, Request, Response, Schema, ServerError, SubscriptionType};
use auth::Verifier;
use axum::http::HeaderMap;
use clock::Clock;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};

use crate::RequestInfo;
use crate::settle::settle;

type Execute = dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync;
type Stream = dyn Fn(Request) -> BoxStream<'static, Response> + Send + Sync;

/// Executes GraphQL requests of one subgraph, authenticated and with internal errors masked. Used by
/// the HTTP route and, in the embedded shape, directly by the gateway.
#[derive(Clone)]
pub struct Endpoint {
    execute: Arc<Execute>,
    stream: Arc<Stream>,
    sdl: Arc<str>,
    verifier: Arc<Verifier>,
    clock: Clock,
}

impl Endpoint {
    /// Wraps a schema.
    pub fn new<Q, M, S>(schema: Schema<Q, M, S>, verifier: Arc<Verifier>, clock: Clock) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let sdl = crate::graphql::federation_sdl(&schema);
        let streaming = schema.clone();
        Self {
            execute: Arc::new(move |request| {
                let schema = schema.clone();
                settle(async move { schema.execute(request).await }).boxed()
            }),
            stream: Arc::new(move |request| {
                let schema = streaming.clone();
                schema.execute_stream(request).boxed()
            }),
            sdl: sdl.into(),
            verifier,
            clock,
        }
    }

    /// The subgraph's SDL with federation directives.
    pub fn sdl(&self) -> &str {
        &self.sdl
    }

    /// Executes a query or mutation on behalf of the caller in `headers`.
    pub async fn execute(&self, headers: &HeaderMap, request: Request) -> Response {
        mask((self.execute)(request.data(self.request_info(headers))).await)
    }

    /// Executes a subscription; the stream ends when the subscription does.
    pub fn subscribe(&self, headers: &HeaderMap, request: Request) -> BoxStream<'static, Response> {
        (self.stream)(request.data(self.request_info(headers)))
            .map(mask)
            .boxed()
    }

    fn request_info(&self, headers: &HeaderMap) -> RequestInfo {
        let text = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        RequestInfo::new(
            auth::authenticate(headers, &self.verifier, self.clock.now()),
            text("x-request-id").unwrap_or_else(|| "unknown".to_owned()),
            text("traceparent"),
        )
    }
}

/// Replaces every error that carries no code by a masked one. Errors without a path come from
/// parsing and validation and say nothing about our inside.
fn mask(mut response: Response) -> Response {
    for error in &mut response.errors {
        let has_code = error
            .extensions
            .as_ref()
            .is_some_and(|extensions| extensions.get("code").is_some());
        if has_code {
            continue;
        }
        if error.path.is_empty() {
            set_code(error, "GRAPHQL_VALIDATION_FAILED");
        } else if is_input_error(error) {
            set_code(error, "BAD_USER_INPUT");
        } else {
            tracing::error!(message = error.message, path = ?error.path, "internal error");
            error.message = "Internal server error".to_owned();
            set_code(error, "INTERNAL_SERVER_ERROR");
        }
    }
    response
}

/// async-graphql reports an argument it cannot read as a field error that starts like this.
fn is_input_error(error: &ServerError) -> bool {
    error.message.starts_with("Failed to parse \"")
        || error.message.starts_with("Invalid value for argument")
}

fn set_code(error: &mut ServerError, code: &str) {
    error
        .extensions
        .get_or_insert_with(Default::default)
        .set("code", code);
}
