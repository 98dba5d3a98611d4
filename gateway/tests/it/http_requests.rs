//! GraphQL over HTTP: media types, methods, statuses.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;

use crate::support::{Answer, post, shop};

const CURRENT: &str = "application/graphql-response+json";
const LEGACY: &str = "application/json";

async fn post_as(accept: Option<&str>, body: &str) -> Answer {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(accept) = accept {
        request = request.header("accept", accept);
    }
    shop()
        .send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

async fn get(query: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(format!("/graphql?{query}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop().send(request.body(Body::empty()).unwrap()).await
}

fn encoded(query: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("query", query)
        .finish()
}

#[tokio::test]
async fn the_media_type_is_what_the_client_accepts() {
    for (accept, media_type) in [
        (
            Some(CURRENT),
            "application/graphql-response+json; charset=utf-8",
        ),
        (Some(LEGACY), "application/json; charset=utf-8"),
        (Some("*/*"), "application/json; charset=utf-8"),
        (None, "application/json; charset=utf-8"),
    ] {
        let answer = post_as(accept, r#"{"query":"{ __typename }"}"#).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(
            answer.json(),
            json!({"data": {"__typename": "Query"}, "extensions": {"bazaar": {"fetches": {}, "fetchMs": {}}}})
        );
    }
}

#[tokio::test]
async fn refused_graphql_is_400_and_200_for_the_legacy_media_type() {
    for (body, code) in [
        (json!({"query": "{"}), "GRAPHQL_PARSE_FAILED"),
        (json!({"query": ""}), "GRAPHQL_PARSE_FAILED"),
        (json!({"query": "{ nothing }"}), "GRAPHQL_VALIDATION_FAILED"),
        (
            json!({"query": "{ products { nothing } }"}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            json!({"query": "{ products }"}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            json!({"query": "{ products { __typename: name } }"}),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            json!({"query": "query A { __typename } query B { __typename }"}),
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (
            json!({"query": "query A { __typename }", "operationName": "B"}),
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (
            json!({"query": "query ($id: ID!) { product(id: $id) { id } }"}),
            "BAD_USER_INPUT",
        ),
        (
            json!({"query": "query ($id: ID!) { product(id: $id) { id } }", "variables": {"id": null}}),
            "BAD_USER_INPUT",
        ),
        (
            json!({"query": "query ($id: ID!) { product(id: $id) { id } }", "variables": {"id": {}}}),
            "BAD_USER_INPUT",
        ),
        (
            json!({"query": "query ($first: Int) { products(first: $first) { id } }", "variables": {"first": "2"}}),
            "BAD_USER_INPUT",
        ),
        (
            json!({"query": "query ($first: Int) { products(first: $first) { id } }", "variables": {"first": 3_000_000_000_u32}}),
            "BAD_USER_INPUT",
        ),
    ] {
        let body = body.to_string();
        for (accept, status) in [
            (Some(CURRENT), StatusCode::BAD_REQUEST),
            (Some(LEGACY), StatusCode::OK),
            (None, StatusCode::BAD_REQUEST),
        ] {
            let answer = post_as(accept, &body).await;
            assert_eq!(answer.status, status, "{body} {accept:?}: {}", answer.text);
            assert_eq!(answer.code(), code, "{body}: {}", answer.text);
            assert!(answer.json().get("data").is_none(), "{body}");
        }
    }
}

#[tokio::test]
async fn validation_errors_tell_where() {
    let answer = post_as(Some(CURRENT), r#"{"query":"{\n  nothing\n}"}"#).await;
    assert_eq!(
        answer.json()["errors"][0]["locations"],
        json!([{"line": 2, "column": 3}])
    );
    assert!(
        answer.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("nothing")
    );
}

#[tokio::test]
async fn malformed_requests_are_400_whatever_the_media_type() {
    for body in [
        "",
        "{",
        "{ \"not a JSON",
        "7",
        "null",
        "\"{ __typename }\"",
        r#"{"qeury":"{ __typename }"}"#,
        r#"{"query":null}"#,
        r#"{"query":7}"#,
        r#"{"query":["{ __typename }"]}"#,
        r#"{"query":{"a":1}}"#,
        r#"{"query":"{ __typename }","operationName":7}"#,
        r#"{"query":"{ __typename }","operationName":["a"]}"#,
        r#"{"query":"{ __typename }","variables":"a"}"#,
        r#"{"query":"{ __typename }","variables":[1]}"#,
        r#"{"query":"{ __typename }","extensions":7}"#,
    ] {
        for accept in [Some(CURRENT), Some(LEGACY), None] {
            let answer = post_as(accept, body).await;
            assert_eq!(
                answer.status,
                StatusCode::BAD_REQUEST,
                "{body}: {}",
                answer.text
            );
            assert_eq!(answer.code(), "BAD_REQUEST", "{body}");
        }
    }
    let answer = post_as(Some(CURRENT), "{\"query\": \"\u{fffd}").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn null_members_are_absent_and_unknown_ones_ignored() {
    let body = r#"{"query":"{ __typename }","operationName":null,"variables":null,"extensions":null,"more":1}"#;
    assert_eq!(post_as(Some(LEGACY), body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn batches_are_refused() {
    let answer = post_as(Some(CURRENT), r#"[{"query":"{ __typename }"}]"#).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.code(), "BATCHING_NOT_SUPPORTED");
}

#[tokio::test]
async fn a_hash_without_a_document_is_answered_as_apq_clients_expect() {
    let body = r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#;
    let answer = post_as(Some(CURRENT), body).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json()["errors"][0]["message"],
        json!("PersistedQueryNotSupported")
    );
    assert_eq!(answer.code(), "PERSISTED_QUERY_NOT_SUPPORTED");
}

#[tokio::test]
async fn other_methods_are_405() {
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder()
            .method(method)
            .uri("/graphql")
            .header("content-type", "application/json")
            .body(Body::from(r#"{"query":"{ __typename }"}"#))
            .unwrap();
        let answer = shop().send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "GET, POST");
    }
}

#[tokio::test]
async fn what_is_not_json_is_415() {
    for content_type in [
        None,
        Some("text/plain"),
        Some("text/plain;charset=UTF-8"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/graphql"),
        Some("application/json; charset=latin1"),
    ] {
        let mut request = Request::post("/graphql").header("accept", CURRENT);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let body = Body::from(r#"{"query":"mutation { stockReserve(id: \"1\") }"}"#);
        let answer = shop().send(request.body(body).unwrap()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type:?}"
        );
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE");
    }
    for content_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/graphql+json",
    ] {
        let request = Request::post("/graphql")
            .header("content-type", content_type)
            .body(Body::from(r#"{"query":"{ __typename }"}"#))
            .unwrap();
        assert_eq!(
            shop().send(request).await.status,
            StatusCode::OK,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_produced_is_406() {
    for accept in [
        "text/html",
        "image/png, application/xml",
        "application/json;q=0",
    ] {
        let answer = post_as(Some(accept), r#"{"query":"{ __typename }"}"#).await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{accept}");
        assert_eq!(answer.code(), "NOT_ACCEPTABLE");
    }
    let answer = post_as(Some(CURRENT), r#"{"query":"subscription { never }"}"#).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let body = format!(
        r#"{{"query":"{{ __typename }}","x":"{}"}}"#,
        "x".repeat(2_000_001)
    );
    let answer = shop().send(post(body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn queries_can_be_sent_by_get() {
    let query = encoded("query Q($id: ID!) { product(id: $id) { name } }");
    let variables = "&variables=%7B%22id%22%3A%221%22%7D&operationName=Q";
    let answer = get(&format!("{query}{variables}"), &[("accept", CURRENT)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        answer.json()["data"],
        json!({"product": {"name": "Product 1"}})
    );

    let answer = get(
        &format!("{query}&variables=nonsense"),
        &[("accept", CURRENT)],
    )
    .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::BAD_REQUEST, "BAD_REQUEST")
    );
    let answer = get("", &[("accept", CURRENT)]).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::BAD_REQUEST, "BAD_REQUEST")
    );
}

#[tokio::test]
async fn mutations_cannot_be_sent_by_get() {
    for accept in [CURRENT, LEGACY] {
        let answer = get(
            &encoded("mutation { stockReserve(id: \"1\") }"),
            &[("accept", accept)],
        )
        .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header("allow"), "POST");
    }
}

#[tokio::test]
async fn a_get_that_any_page_could_cause_is_refused() {
    let query = encoded("{ __typename }");
    for headers in [
        &[][..],
        &[("accept", "*/*")],
        &[("accept", "*/*"), ("content-type", "text/plain")],
    ] {
        let answer = get(&query, headers).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{headers:?}");
        assert_eq!(answer.code(), "CSRF_PREVENTED");
    }
    for header in [
        ("accept", LEGACY),
        ("accept", CURRENT),
        ("content-type", "application/json"),
        ("graphql-require-preflight", "1"),
        ("apollo-require-preflight", "1"),
        ("x-apollo-operation-name", "Q"),
    ] {
        assert_eq!(
            get(&query, &[header]).await.status,
            StatusCode::OK,
            "{header:?}"
        );
    }
}

#[tokio::test]
async fn a_request_has_an_id() {
    let with_id = async |id: &str| {
        let mut request = post(r#"{"query":"{ echoHeader(name: \"x-request-id\") }"}"#);
        request
            .headers_mut()
            .insert("x-request-id", id.parse().unwrap());
        shop().send(request).await
    };
    let answer = with_id("abc-123_x.y").await;
    assert_eq!(answer.header("x-request-id"), "abc-123_x.y");
    assert_eq!(answer.json()["data"], json!({"echoHeader": "abc-123_x.y"}));

    // An id that could forge log lines is replaced.
    for id in ["", "a b", "<script>", &"x".repeat(200)] {
        let answer = with_id(id).await;
        let given = answer.header("x-request-id");
        assert_eq!(given.len(), 36, "{given}");
        assert_eq!(answer.json()["data"], json!({"echoHeader": given}));
    }
}

#[tokio::test]
async fn only_listed_headers_reach_subgraphs() {
    let echo = async |name: &str| {
        let mut request =
            post(json!({"query": format!("{{ echoHeader(name: \"{name}\") }}")}).to_string());
        request
            .headers_mut()
            .insert("authorization", "Bearer t".parse().unwrap());
        request
            .headers_mut()
            .insert("accept-language", "id-ID".parse().unwrap());
        request
            .headers_mut()
            .insert("cookie", "session=1".parse().unwrap());
        shop().send(request).await.json()["data"]["echoHeader"].clone()
    };
    assert_eq!(echo("authorization").await, json!("Bearer t"));
    assert_eq!(echo("accept-language").await, json!("id-ID"));
    assert_eq!(echo("cookie").await, json!(null));
}

#[tokio::test]
async fn health_is_200() {
    for path in ["/health/live", "/health/ready"] {
        let answer = shop()
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json(), json!({"status": "ok"}));
    }
}
