//! A subgraph's schema behind one type, whatever its roots are.

use std::panic::AssertUnwindSafe;
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
use crate::text::holds_nul;

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
                // A panic is caught below `settle`, which must see every poll through.
                let answer = async move { schema.execute(request).await };
                settle(AssertUnwindSafe(answer).catch_unwind())
                    .map(|answer| answer.unwrap_or_else(|_| panicked()))
                    .boxed()
            }),
            stream: Arc::new(move |request| {
                let schema = streaming.clone();
                AssertUnwindSafe(schema.execute_stream(request))
                    .catch_unwind()
                    .map(|answer| answer.unwrap_or_else(|_| panicked()))
                    .boxed()
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
        let holds_nul = holds_nul(&request);
        let answer = mask((self.execute)(request.data(self.request_info(headers))).await);
        if holds_nul { blame_nul(answer) } else { answer }
    }

    /// Executes a subscription; the stream ends when the subscription does.
    pub fn subscribe(&self, headers: &HeaderMap, request: Request) -> BoxStream<'static, Response> {
        let holds_nul = holds_nul(&request);
        (self.stream)(request.data(self.request_info(headers)))
            .map(mask)
            .map(move |answer| if holds_nul { blame_nul(answer) } else { answer })
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

/// async-graphql reports an argument it cannot read as a field error that starts like this; the
/// second form is that of a scalar of the wrong kind, with `(occurred while parsing …)` behind it if
/// it stands inside an input object.
fn is_input_error(error: &ServerError) -> bool {
    error.message.starts_with("Failed to parse \"")
        || error.message.starts_with("Expected input type \"")
        || error.message.starts_with("Invalid value for argument")
}

fn set_code(error: &mut ServerError, code: &str) {
    error
        .extensions
        .get_or_insert_with(Default::default)
        .set("code", code);
}

/// The answer when a resolver panics: this request fails, and nothing else does.
fn panicked() -> Response {
    tracing::error!("a resolver panicked");
    let mut error = ServerError::new("Internal server error", None);
    set_code(&mut error, "INTERNAL_SERVER_ERROR");
    Response::from_errors(vec![error])
}

/// What failed inside after a client had sent the character U+0000 failed because of it: PostgreSQL
/// refuses a statement with such a text. Operations that look at their text answer by themselves.
fn blame_nul(mut response: Response) -> Response {
    let internal = async_graphql::Value::from("INTERNAL_SERVER_ERROR");
    for error in &mut response.errors {
        let code = error.extensions.as_ref().and_then(|all| all.get("code"));
        if code == Some(&internal) {
            error.message = "text must not hold the character U+0000".to_owned();
            set_code(error, "BAD_USER_INPUT");
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, InputObject, Object, Subscription, Variables};
    use auth::KeySet;
    use futures_util::stream;
    use serde_json::{Value, json};

    use super::*;
    use crate::graphql::BigInt;

    struct Query;
    struct Events;

    #[derive(InputObject)]
    struct Filter {
        at_least: Option<BigInt>,
    }

    #[Object]
    impl Query {
        async fn echo(&self, text: String) -> String {
            text
        }

        async fn count(&self, filter: Filter) -> Option<BigInt> {
            filter.at_least
        }

        async fn fails(&self) -> async_graphql::Result<i32> {
            Err("no such table: secrets".into())
        }

        async fn panics(&self) -> i32 {
            let texts = std::collections::BTreeMap::<i32, i32>::new();
            texts[&7]
        }
    }

    #[Subscription]
    impl Events {
        async fn panics(&self) -> futures_util::stream::BoxStream<'static, i32> {
            stream::iter([1, 0]).map(|divisor| 10 / divisor).boxed()
        }
    }

    fn endpoint() -> Endpoint {
        let verifier = Arc::new(Verifier::new(KeySet::default(), "issuer", "audience"));
        let schema = Schema::new(Query, EmptyMutation, Events);
        Endpoint::new(schema, verifier, Clock::system())
    }

    async fn ask(query: &str, variables: Value) -> Value {
        let request = Request::new(query).variables(Variables::from_json(variables));
        let answer = endpoint().execute(&HeaderMap::new(), request).await;
        serde_json::to_value(answer).expect("JSON")
    }

    fn code(answer: &Value) -> &str {
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no code in {answer}"))
    }

    #[tokio::test]
    async fn what_a_client_wrote_wrongly_is_told_and_what_we_did_is_not() {
        let document = "query($filter: Filter!) { count(filter: $filter) }";
        for wrong in [
            json!(true),
            json!(1e300),
            json!("many"),
            json!("9223372036854775808"),
        ] {
            let answer = ask(document, json!({ "filter": { "atLeast": wrong } })).await;
            assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
        }
        let answer = ask("{ fails }", json!({})).await;
        assert_eq!(code(&answer), "INTERNAL_SERVER_ERROR");
        assert_eq!(answer["errors"][0]["message"], "Internal server error");
    }

    #[tokio::test]
    async fn a_fault_over_nul_is_the_clients() {
        let document = "query($text: String!) { echo(text: $text) fails }";
        let answer = ask(document, json!({ "text": "a\0" })).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
        assert!(!answer.to_string().contains("secrets"), "{answer}");
        let answer = ask(document, json!({ "text": "a" })).await;
        assert_eq!(code(&answer), "INTERNAL_SERVER_ERROR", "{answer}");
        let answer = ask(
            "query($text: String!) { echo(text: $text) }",
            json!({ "text": "a\0" }),
        );
        assert_eq!(answer.await["data"]["echo"], "a\0");
    }

    #[tokio::test]
    async fn a_panic_ends_one_request_and_is_masked() {
        let answer = ask("{ panics }", json!({})).await;
        assert_eq!(code(&answer), "INTERNAL_SERVER_ERROR", "{answer}");
        let answer = ask("{ echo(text: \"still here\") }", json!({})).await;
        assert_eq!(answer["data"]["echo"], "still here");

        let request = Request::new("subscription { panics }");
        let answers = endpoint().subscribe(&HeaderMap::new(), request);
        let answers: Vec<_> = answers.collect().await;
        assert_eq!(answers.len(), 2);
        assert!(answers[0].errors.is_empty());
        let last = serde_json::to_value(&answers[1]).expect("JSON");
        assert_eq!(code(&last), "INTERNAL_SERVER_ERROR");
    }
}
