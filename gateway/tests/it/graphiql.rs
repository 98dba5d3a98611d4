//! The GraphiQL page.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::{Answer, Shop, config, shop};

async fn get(path: &str, accept: &str) -> Answer {
    shop()
        .send(
            Request::get(path)
                .header("accept", accept)
                .body(Body::empty())
                .unwrap(),
        )
        .await
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    for path in ["/graphiql", "/graphiql/"] {
        let answer = get(path, "text/html").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("http"), "{policy}");
        assert!(answer.text.contains("GraphiQL"), "{}", answer.text);
    }
}

#[tokio::test]
async fn browsers_are_led_to_the_page() {
    let answer = get("/", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/graphiql/")
    );
    let answer = get("/", "*/*").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("/graphql"));
}

#[tokio::test]
async fn files_that_are_not_there_are_404() {
    for path in [
        "/graphiql/nothing.js",
        "/graphiql/../Cargo.toml",
        "/graphiql/%2e%2e/Cargo.toml",
    ] {
        assert_eq!(
            get(path, "*/*").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_can_be_switched_off() {
    let asker = Shop::new().gateway(gateway::Config {
        graphiql: false,
        ..config()
    });
    let answer = asker
        .send(Request::get("/graphiql/").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
