//! Operations that ask for too much are refused before anything costly happens.

use http::StatusCode;
use serde_json::json;

use crate::support::{Answer, Shop, config, post, shop, soon};

async fn ask(query: &str) -> Answer {
    soon(shop().send(post(json!({ "query": query }).to_string()))).await
}

fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(answer.code(), code, "{}", answer.text);
}

#[tokio::test]
async fn deep_nesting() {
    for depth in [101, 200, 1_000, 5_000, 10_000] {
        let query = format!("{}__typename{}", "{ a ".repeat(depth), "}".repeat(depth));
        assert_refused(&ask(&query).await, "QUERY_TOO_DEEP");
    }
    for (open, close) in [("[", "]"), ("{a:", "}")] {
        let value = format!("{}1{}", open.repeat(3_000), close.repeat(3_000));
        assert_refused(
            &ask(&format!("{{ product(id: {value}) {{ id }} }}")).await,
            "QUERY_TOO_DEEP",
        );
    }
}

#[tokio::test]
async fn nesting_within_the_limit_is_answered() {
    // Reviews and products refer to each other.
    let answer =
        ask("{ latestReviews { product { reviews { product { reviews { body } } } } } }").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn the_deepest_operation_is_planned() {
    // Planned, but not run: every level would double the data.
    let levels = 49;
    let query = format!(
        "query ($no: Boolean = false) {{ latestReviews @include(if: $no) {{ {}id{} }} }}",
        "product { reviews { ".repeat(levels),
        " }".repeat(2 * levels)
    );
    let answer = ask(&query).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["data"], json!({}));
}

#[tokio::test]
async fn many_aliases() {
    let aliases = |count: usize| {
        let fields: String = (0..count).map(|index| format!("a{index}: name ")).collect();
        format!("{{ product(id: \"1\") {{ {fields} }} }}")
    };
    assert_eq!(ask(&aliases(200)).await.status, StatusCode::OK);
    assert_refused(&ask(&aliases(201)).await, "QUERY_TOO_COMPLEX");
    assert_refused(&ask(&aliases(10_000)).await, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn many_root_fields() {
    let fields: String = (0..51)
        .map(|index| format!("a{index}: __typename "))
        .collect();
    assert_refused(&ask(&format!("{{ {fields} }}")).await, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn many_tokens() {
    assert_refused(
        &ask(&format!("{{ {} }}", "warehouses ".repeat(15_000))).await,
        "QUERY_TOO_COMPLEX",
    );
}

#[tokio::test]
async fn fragments_that_multiply() {
    let mut query = "{ products { ...F0 } }".to_owned();
    for level in 0..40 {
        query.push_str(&format!(
            " fragment F{level} on Product {{ ...F{0} ...F{0} }}",
            level + 1
        ));
    }
    query.push_str(" fragment F40 on Product { id }");
    assert_refused(&ask(&query).await, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn fragment_cycles() {
    assert_refused(
        &ask("{ products { ...A } } fragment A on Product { id ...B } fragment B on Product { ...A }").await,
        "GRAPHQL_VALIDATION_FAILED",
    );
}

#[tokio::test]
async fn introspection_that_multiplies() {
    let mut selection = "name".to_owned();
    for _ in 0..6 {
        selection = format!("fields {{ type {{ {selection} }} }}");
    }
    assert_refused(
        &ask(&format!("{{ __schema {{ types {{ {selection} }} }} }}")).await,
        "QUERY_TOO_DEEP",
    );
}

#[tokio::test]
async fn integers_out_of_range() {
    assert_refused(
        &ask("{ products(first: 99999999999999999999999) { id } }").await,
        "GRAPHQL_VALIDATION_FAILED",
    );
}

#[tokio::test]
async fn arbitrary_documents() {
    for query in [
        "\u{0}",
        "\u{feff}",
        "}}}}",
        "{{{{",
        "query",
        "{ products(first: ) { id } }",
        "\"\"\"",
        "{ a(b: \"\u{1}\") }",
        "type Query { a: Int }",
        "{ ...Missing }",
        "query ($a: Missing) { __typename }",
        "query ($a: Int, $a: Int) { __typename }",
        "{ products @skip { id } }",
        "😀",
        "mutation { nothing }",
        "subscription { never token }",
        "{ products { id @include(if: $undeclared) } }",
        "fragment F on Query { warehouses }",
    ] {
        let answer = ask(query).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{query:?}: {}",
            answer.text
        );
        assert!(!answer.code().is_empty(), "{query:?}");
    }
}

#[tokio::test]
async fn limits_can_be_set() {
    let mut config = config();
    config.limits.depth = 2;
    let asker = Shop::new().gateway(config);
    let query = json!({"query": "{ products { reviews { body } } }"}).to_string();
    assert_refused(&asker.send(post(query)).await, "QUERY_TOO_DEEP");
    let query = json!({"query": "{ products { id } }"}).to_string();
    assert_eq!(asker.send(post(query)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_document_of_ten_megabytes() {
    let answer = ask(&format!("{{ warehouses {} }}", " ".repeat(10_000_000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn variables_of_any_depth() {
    for depth in [200, 5_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for query in [
                "{ warehouses }",
                "query ($id: ID!) { product(id: $id) { id } }",
            ] {
                let body = format!(
                    "{{\"query\":{},\"variables\":{{\"id\":{value}}}}}",
                    json!(query)
                );
                let answer = soon(shop().send(post(body))).await;
                assert_refused(&answer, "BAD_REQUEST");
            }
        }
    }
}

#[tokio::test]
async fn keys_that_come_twice() {
    for body in [
        r#"{"query":"{ warehouses }","query":"{ __typename }"}"#,
        r#"{"query":"{ warehouses }","variables":{},"variables":{"a":1}}"#,
        r#"{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":1,"id":2}}"#,
        r#"{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":1,"\u0069d":2}}"#,
        r#"{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":1,"other":[{"a":1,"a":2}]}}"#,
    ] {
        assert_refused(&soon(shop().send(post(body))).await, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn bodies_that_are_not_utf8() {
    for body in [
        &b"{\"query\":\"{ warehouses \xff }\"}"[..],
        b"{\"query\":\"{ warehouses }\",\"more\":\"\xc3\"}",
        b"\xff\xfe{}",
    ] {
        assert_refused(&soon(shop().send(post(body))).await, "BAD_REQUEST");
    }
}

#[tokio::test]
async fn very_many_new_operations_at_the_same_time() {
    let asker = shop();
    let answers = (0..300).map(|index| {
        let query = format!("{{ a{index}: warehouses }}");
        asker.send(post(json!({ "query": query }).to_string()))
    });
    for answer in soon(futures_util::future::join_all(answers)).await {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test]
async fn the_largest_introspection_within_the_limits() {
    let aliases: String = (0..190).map(|index| format!("a{index}: name ")).collect();
    for selection in [
        format!("{{ __schema {{ types {{ fields {{ args {{ {aliases} }} }} }} }} }}"),
        format!("{{ __schema {{ types {{ fields {{ type {{ fields {{ {aliases} }} }} }} }} }} }}"),
        format!("{{ __schema {{ types {{ fields {{ {aliases} }} }} }} }}"),
    ] {
        let answer = ask(&selection).await;
        assert!(answer.text.len() < 1_000_000, "{}", answer.text.len());
    }
    let roots: String = (0..50)
        .map(|index| {
            format!("s{index}: __schema {{ types {{ name fields {{ name type {{ name }} }} }} }} ")
        })
        .collect();
    let answer = ask(&format!("{{ {roots} }}")).await;
    assert!(answer.text.len() < 1_000_000, "{}", answer.text.len());
}
