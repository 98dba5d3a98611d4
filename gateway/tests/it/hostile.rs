//! Subgraphs that answer anything but what they were asked for: a typed error at the right place, in time.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use gateway::transport::{Subgraph, SubgraphRequest, TransportError};
use gateway::{Config, Gateway, SubgraphConfig, Timeouts};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Asker, Canned, Shop, config, post, shop_with, soon};

const INVALID: &str = "SUBGRAPH_INVALID_RESPONSE";
const UNAVAILABLE: &str = "SUBGRAPH_UNAVAILABLE";
const TIMEOUT: &str = "SUBGRAPH_TIMEOUT";

pub(crate) const QUERY: &str = "{ product(id: \"1\") { name weight } warehouses }";

fn assert_refused(response: &Value, code: &str, what: &str) {
    assert_eq!(
        response["data"],
        json!({"product": null, "warehouses": ["MAIN", "EAST"]}),
        "{what}"
    );
    let errors = response["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{what}: {errors:?}");
    assert_eq!(
        errors[0]["extensions"],
        json!({"code": code, "service": "catalog"}),
        "{what}"
    );
    assert_eq!(errors[0]["path"], json!(["product"]), "{what}");
}

// ---- what is said -----------------------------------------------------------------------------------

#[tokio::test]
async fn texts_that_are_no_answer() {
    let deep = 100_000;
    let product = |inner: &str| format!("{{\"data\":{{\"product\":{inner}}}}}");
    let texts: Vec<Vec<u8>> = vec![
        b"\xef\xbb\xbf{\"data\":{\"product\":null}}".to_vec(),
        product("{\"name\":\"a\",\"name\":\"b\"}").into(),
        product("{\"name\":\"a\",\"n\\u0061me\":\"b\"}").into(),
        b"{\"data\":{\"product\":null},\"data\":{\"product\":null}}".to_vec(),
        b"{\"errors\":null,\"errors\":null,\"data\":{\"product\":null}}".to_vec(),
        product("{\"name\":\"a\",\"weight\":01}").into(),
        product("{\"name\":\"a\",\"weight\":1.}").into(),
        product("{\"name\":\"a\",\"other\":nul}").into(),
        product("{\"name\":\"\\ud800\"}").into(),
        product("{\"name\":\"\\x\"}").into(),
        product("{\"name\":\"line\nbreak\"}").into(),
        product("{\"name\":\"a\"},").into(),
        product("{\"name\":\"a\"}}").into(),
        format!("{} {{}}", product("null")).into(),
        [
            b"{\"data\":{\"product\":{\"name\":\"",
            &b"\xff\xfe"[..],
            b"\"}}}",
        ]
        .concat(),
        [
            b"{\"data\":{\"product\":{\"zzz\":\"",
            &b"\xc3"[..],
            b"\"}}}",
        ]
        .concat(),
        product(&"[".repeat(deep)).into(),
        product(&format!("{}1{}", "[".repeat(deep), "]".repeat(deep))).into(),
        product(&format!(
            "{{\"zzz\":{}1{}}}",
            "{\"a\":".repeat(deep),
            "}".repeat(deep)
        ))
        .into(),
        format!("{{\"errors\":{}{}}}", "[".repeat(deep), "]".repeat(deep)).into(),
        format!(
            "{{\"extensions\":{}{}}}",
            "[".repeat(deep),
            "]".repeat(deep)
        )
        .into(),
    ];
    for text in texts {
        let shown = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        let text = Bytes::from(text);
        let catalog = Arc::new(Canned(Box::new(move |_| Ok(text.clone()))));
        let response = soon(shop_with("catalog", catalog).ask(QUERY)).await;
        assert_refused(&response, INVALID, &shown);
    }
}

#[tokio::test]
async fn data_with_errors_is_used() {
    let answer = json!({
        "data": {"product": {"name": "n", "weight": null}},
        "errors": [{"message": "no weight", "path": ["product", "weight"], "extensions": {"code": "NO_WEIGHT"}}],
    });
    let response = shop_with("catalog", Canned::json(answer)).ask(QUERY).await;
    assert_eq!(
        response["data"]["product"],
        json!({"name": "n", "weight": null})
    );
    assert_eq!(
        response["errors"],
        json!([{"message": "no weight", "path": ["product", "weight"], "extensions": {"code": "NO_WEIGHT"}}])
    );
}

#[tokio::test]
async fn entities_that_are_not_those_asked_for() {
    let query = "{ product(id: \"1\") { name shippingCost } }";
    for (entities, cost, code) in [
        // A null entity is one nobody knows.
        (json!([null]), Value::Null, None),
        (json!([{}]), Value::Null, None),
        // Unknown members and another type name change nothing.
        (
            json!([{"__typename": "Author", "zzz": 1, "shippingCost": 7}]),
            json!(7),
            None,
        ),
        (json!([7]), Value::Null, None),
        (json!([[{"shippingCost": 7}]]), Value::Null, None),
        (json!([{"shippingCost": "7"}]), Value::Null, Some(INVALID)),
        (
            json!([{"shippingCost": 7}, {"shippingCost": 8}]),
            Value::Null,
            Some(INVALID),
        ),
        (json!([]), Value::Null, Some(INVALID)),
        (json!("x"), Value::Null, Some(INVALID)),
    ] {
        let answer = Canned::json(json!({"data": {"_entities": entities}}));
        let response = shop_with("inventory", answer).ask(query).await;
        assert_eq!(
            response["data"],
            json!({"product": {"name": "Product 1", "shippingCost": cost}}),
            "{entities}"
        );
        assert_eq!(
            response["errors"][0]["extensions"]["code"].as_str(),
            code,
            "{entities}"
        );
    }
}

#[tokio::test]
async fn many_wrong_values_are_bounded_work() {
    // Each is null where none may be, under a path of its own.
    let products: Vec<Value> = (0..100_000)
        .map(|_| json!({"id": 1.5, "name": 7}))
        .collect();
    let answer = Canned::json(json!({"data": {"products": products}}));
    let response = soon(shop_with("catalog", answer).ask("{ products { id name } }")).await;
    assert_eq!(response["data"], Value::Null);
    assert!(response["errors"].as_array().unwrap().len() <= 1000);
}

#[tokio::test]
async fn responses_that_multiply() {
    // Two entities refer to each other twice, so every level doubles the response.
    let link =
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])"#;
    let sdls = [
        (
            "left",
            "type Query { left: Left } type Left @key(fields: \"id\") { id: ID! rights: [Right] } type Right @key(fields: \"id\") { id: ID! }",
        ),
        (
            "right",
            "type Query { right: Right } type Right @key(fields: \"id\") { id: ID! lefts: [Left] } type Left @key(fields: \"id\") { id: ID! }",
        ),
    ];
    let supergraph = compose(&sdls.map(|(name, sdl)| SubgraphSdl {
        name: name.to_owned(),
        url: format!("http://{name}.invalid/"),
        sdl: format!("{link} {sdl}"),
    }))
    .unwrap_or_else(|errors| panic!("{errors:#?}"))
    .supergraph_sdl;

    let calls = Arc::new(AtomicUsize::new(0));
    let answering = |root: &'static str, field: &'static str, other: &'static str| {
        let calls = calls.clone();
        let answer: super::support::AnswerAs = Box::new(move |request| {
            calls.fetch_add(1, Ordering::SeqCst);
            let other = json!({"__typename": other, "id": "1"});
            let entity = json!({"id": "1", field: [other, other]});
            let data = if request.query.contains("_entities") {
                json!({ "_entities": [entity] })
            } else {
                json!({ root: entity })
            };
            Ok(json!({ "data": data }).to_string().into())
        });
        Arc::new(Canned(answer)) as Arc<dyn Subgraph>
    };
    let subgraphs = HashMap::from([
        ("left".to_owned(), answering("left", "rights", "Right")),
        ("right".to_owned(), answering("right", "lefts", "Left")),
    ]);
    let mut config = config();
    config.limits.response_bytes = 1_000_000;
    let gateway = Gateway::new(&supergraph, subgraphs, config).unwrap();

    let levels = 20;
    let query = format!(
        "{{ left {{ {}id{} }} }}",
        "rights { lefts { ".repeat(levels),
        " } }".repeat(levels)
    );
    let response = soon(Asker::new(gateway).ask(&query)).await;
    assert_eq!(response["data"], Value::Null);
    assert_eq!(
        response["errors"],
        json!([{
            "message": "The response is larger than 1000000 bytes.",
            "extensions": {"code": "RESPONSE_TOO_LARGE"},
        }])
    );
    assert_eq!(calls.load(Ordering::SeqCst), 2 * levels);
}

// ---- how it is said ---------------------------------------------------------------------------------

/// Serves whatever `speak` writes once a request has been read.
pub(crate) async fn speaking<F>(
    speak: impl Fn(TcpStream) -> F + Send + Sync + 'static,
) -> SocketAddr
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            // The body is small and ends with the request's last brace.
            while !request.ends_with(b"}") {
                let mut buffer = [0; 4096];
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => break,
                    Ok(count) => request.extend_from_slice(&buffer[..count]),
                }
            }
            tokio::spawn(speak(stream));
        }
    });
    address
}

async fn ask_over_http(address: SocketAddr, change: impl FnOnce(&mut Config)) -> Value {
    let shop = Shop::new();
    let mut transports = shop.transports();
    transports.remove("catalog");
    let settings = SubgraphConfig {
        url: Some(format!("http://{address}/graphql")),
        ..SubgraphConfig::default()
    };
    let mut config = Config {
        subgraphs: BTreeMap::from([("catalog".to_owned(), settings)]),
        ..config()
    };
    change(&mut config);
    let gateway = Gateway::new(&shop.supergraph(), transports, config).unwrap();
    soon(Asker::new(gateway).ask(QUERY)).await
}

pub(crate) const GOOD: &str = "{\"data\":{\"product\":{\"name\":\"n\",\"weight\":7}}}";

pub(crate) fn head(status: &str, headers: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn statuses_and_encodings() {
    for (status, headers, body, code) in [
        (
            "301 Moved Permanently",
            "location: http://127.0.0.1:9/\r\n",
            GOOD,
            UNAVAILABLE,
        ),
        (
            "307 Temporary Redirect",
            "location: /other\r\n",
            "",
            UNAVAILABLE,
        ),
        ("304 Not Modified", "", "", UNAVAILABLE),
        ("503 Service Unavailable", "", GOOD, UNAVAILABLE),
        ("204 No Content", "", "", INVALID),
        ("200 OK", "", "", INVALID),
        // Nothing but plain bytes was accepted, so a bomb is not even unpacked.
        ("200 OK", "content-encoding: gzip\r\n", GOOD, INVALID),
    ] {
        let answer = format!("{}{body}", head(status, headers, body.len()));
        let address = speaking(move |mut stream| {
            let answer = answer.clone();
            async move { stream.write_all(answer.as_bytes()).await }
        })
        .await;
        let response = ask_over_http(address, |_| {}).await;
        assert_refused(&response, code, status);
    }
}

#[tokio::test]
async fn answers_without_end() {
    // Announced, and not announced.
    for head in [
        head("200 OK", "", 100 * 1024 * 1024),
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let address = speaking(move |mut stream| {
            let head = head.clone();
            async move {
                stream.write_all(head.as_bytes()).await?;
                stream
                    .write_all(b"{\"data\":{\"product\":{\"name\":\"")
                    .await?;
                let block = vec![b'x'; 1024 * 1024];
                for _ in 0..100 {
                    stream.write_all(&block).await?;
                }
                Ok(())
            }
        })
        .await;
        let response = ask_over_http(address, |_| {}).await;
        assert_refused(&response, INVALID, "100 MB");
    }
}

#[tokio::test]
async fn answers_that_break_off() {
    for resets in [false, true] {
        let address = speaking(move |mut stream| async move {
            let answer = format!("{}{}", head("200 OK", "", GOOD.len()), &GOOD[..20]);
            stream.write_all(answer.as_bytes()).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            if resets {
                // Closing with unread bytes of the other side resets the connection.
                stream.set_zero_linger()?;
            }
            drop(stream);
            Ok(())
        })
        .await;
        let response = ask_over_http(address, |_| {}).await;
        assert_refused(&response, INVALID, "broken off");
    }
    // Nothing at all.
    let address = speaking(|stream| async move {
        drop(stream);
        Ok(())
    })
    .await;
    assert_refused(&ask_over_http(address, |_| {}).await, UNAVAILABLE, "closed");
}

#[tokio::test]
async fn the_deadline_covers_the_whole_body() {
    let address = speaking(|mut stream| async move {
        stream
            .write_all(head("200 OK", "", GOOD.len()).as_bytes())
            .await?;
        for byte in GOOD.bytes() {
            stream.write_all(&[byte]).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    })
    .await;
    let response = ask_over_http(address, |config| {
        config.timeouts = Timeouts {
            subgraph: Duration::from_millis(200),
            ..Timeouts::default()
        };
    })
    .await;
    assert_refused(&response, TIMEOUT, "one byte per second");
}

#[tokio::test]
async fn connections_are_kept_and_closed_ones_replaced() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            let answered = Arc::new(AtomicUsize::new(0));
            let service = hyper::service::service_fn(move |request: http::Request<_>| {
                let answered = answered.clone();
                async move {
                    let body: hyper::body::Incoming = request.into_body();
                    body.collect().await.unwrap();
                    let mut response =
                        http::Response::new(Full::new(Bytes::from_static(GOOD.as_bytes())));
                    // The first connection ends after its third answer.
                    if number == 0 && answered.fetch_add(1, Ordering::SeqCst) == 2 {
                        let close = http::HeaderValue::from_static("close");
                        response.headers_mut().insert("connection", close);
                    }
                    Ok::<_, std::convert::Infallible>(response)
                }
            });
            let io = hyper_util::rt::TokioIo::new(stream);
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(io, service));
        }
    });

    let shop = Shop::new();
    let mut transports = shop.transports();
    transports.remove("catalog");
    let settings = SubgraphConfig {
        url: Some(format!("http://{address}/graphql")),
        ..SubgraphConfig::default()
    };
    let config = Config {
        subgraphs: BTreeMap::from([("catalog".to_owned(), settings)]),
        ..config()
    };
    let asker = Asker::new(Gateway::new(&shop.supergraph(), transports, config).unwrap());
    for _ in 0..6 {
        let response = soon(asker.ask(QUERY)).await;
        assert_eq!(response["data"]["product"]["weight"], json!(7));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn http2_without_being_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = hyper::service::service_fn(
                |request: http::Request<hyper::body::Incoming>| async move {
                    assert_eq!(request.version(), http::Version::HTTP_2);
                    request.into_body().collect().await.unwrap();
                    Ok::<_, std::convert::Infallible>(http::Response::new(Full::new(
                        Bytes::from_static(GOOD.as_bytes()),
                    )))
                },
            );
            let io = hyper_util::rt::TokioIo::new(stream);
            let executor = hyper_util::rt::TokioExecutor::new();
            tokio::spawn(
                hyper::server::conn::http2::Builder::new(executor).serve_connection(io, service),
            );
        }
    });
    let response = ask_over_http(address, |config| {
        for settings in config.subgraphs.values_mut() {
            settings.http2 = true;
        }
    })
    .await;
    assert_eq!(
        response["data"]["product"],
        json!({"name": "n", "weight": 7})
    );
}

// ---- identical queries ------------------------------------------------------------------------------

/// Answers when two calls have come, or after a while.
struct Slow(Arc<AtomicUsize>);

impl Subgraph for Slow {
    fn execute(&self, _: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(Bytes::from_static(GOOD.as_bytes()))
        })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async { Err(TransportError::Timeout) })
    }
}

async fn calls_of(tokens: [&'static str; 2], shares: bool) -> usize {
    let calls = Arc::new(AtomicUsize::new(0));
    let shop = Shop::new();
    let mut transports: HashMap<_, _> = shop.transports();
    transports.insert("catalog".to_owned(), Arc::new(Slow(calls.clone())));
    let config = Config {
        share_identical_queries: shares,
        ..config()
    };
    let asker = Asker::new(Gateway::new(&shop.supergraph(), transports, config).unwrap());
    let answers = tokens.map(|token| {
        let asker = asker.clone();
        async move {
            let mut request =
                post(json!({"query": "{ product(id: \"1\") { name weight } }"}).to_string());
            let headers = request.headers_mut();
            headers.insert("authorization", token.parse().unwrap());
            headers.insert("x-request-id", format!("r-{token}").parse().unwrap());
            asker.send(request).await.json()
        }
    });
    for answer in soon(futures_util::future::join_all(answers)).await {
        assert_eq!(answer["data"]["product"]["name"], json!("n"));
    }
    calls.load(Ordering::SeqCst)
}

#[tokio::test]
async fn identical_queries_share_a_call_but_not_across_credentials() {
    assert_eq!(calls_of(["a", "a"], true).await, 1);
    assert_eq!(calls_of(["a", "b"], true).await, 2);
    assert_eq!(calls_of(["a", "a"], false).await, 2);
}

/// Its first call never ends.
struct FirstHangs(Arc<AtomicUsize>);

impl Subgraph for FirstHangs {
    fn execute(&self, _: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        if self.0.fetch_add(1, Ordering::SeqCst) == 0 {
            return Box::pin(std::future::pending());
        }
        let answer = json!({"data": {"_entities": [{"inStock": true}]}});
        Box::pin(async move { Ok(answer.to_string().into()) })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async { Err(TransportError::Timeout) })
    }
}

#[tokio::test]
async fn what_follows_a_mutation_is_not_answered_by_a_call_from_before() {
    let calls = Arc::new(AtomicUsize::new(0));
    let asker = shop_with("inventory", Arc::new(FirstHangs(calls.clone())));
    let query = "{ product(id: \"1\") { inStock } }";
    let before = tokio::spawn({
        let asker = asker.clone();
        async move { asker.ask(query).await }
    });
    while calls.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    // The same question to inventory, but after a change.
    let renamed = "mutation { productRename(id: \"1\", name: \"n\") { inStock } }";
    let response = soon(asker.ask(renamed)).await;
    assert_eq!(
        response["data"],
        json!({"productRename": {"inStock": true}})
    );
    before.abort();
}
