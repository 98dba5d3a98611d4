//! Whatever a subgraph answers, the gateway's response is JSON.

#![no_main]

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use gateway::transport::{Subgraph, SubgraphRequest, TransportError};
use gateway::{Config, Gateway};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const QUERY: &str = r#"{"query":"{ products { name inStock reviews { body author { name } } } }"}"#;

/// Answers every request with the fuzzer's bytes.
#[derive(Default)]
struct Fuzzed(Mutex<Bytes>);

impl Subgraph for Fuzzed {
    fn execute(&self, _: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        let answer = self.0.lock().expect("nobody panics with it").clone();
        Box::pin(async move { Ok(answer) })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async move { Err(TransportError::Timeout) })
    }
}

struct Setting {
    subgraph: Arc<Fuzzed>,
    router: axum::Router,
    runtime: Runtime,
}

static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let subgraph = Arc::new(Fuzzed::default());
    let transports: HashMap<String, Arc<dyn Subgraph>> = ["catalog", "inventory", "reviews"]
        .map(|name| (name.to_owned(), subgraph.clone() as Arc<dyn Subgraph>))
        .into();
    let supergraph = include_str!("../../crates/federation/tests/cases/entities/supergraph.graphql");
    let gateway = Gateway::new(supergraph, transports, Config::default());
    Setting {
        subgraph,
        router: Arc::new(gateway.expect("the case's supergraph loads")).router(),
        runtime: tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts"),
    }
});

fuzz_target!(|answer: &[u8]| {
    *SETTING.subgraph.0.lock().expect("nobody panics with it") = Bytes::copy_from_slice(answer);
    let request = http::Request::post("/graphql")
        .header("content-type", "application/json")
        .body(Body::from(QUERY))
        .expect("it is a request");
    SETTING.runtime.block_on(async {
        let response = SETTING.router.clone().oneshot(request).await;
        let body = response.expect("the router does not fail").into_body();
        let text = to_bytes(body, usize::MAX).await.expect("it is all there");
        serde_json::from_slice::<serde_json::Value>(&text).expect("the response is JSON");
    });
});
