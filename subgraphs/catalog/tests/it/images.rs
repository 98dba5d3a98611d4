use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use catalog::Config;
use serde_json::json;
use test_support::{Caller, TestSubgraph};
use tower::ServiceExt;

use crate::fixture::shop;

async fn get(shop: &TestSubgraph, path: &str) -> (StatusCode, axum::http::HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = shop
        .service
        .routes
        .clone()
        .oneshot(request)
        .await
        .expect("an answer");
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    (
        parts.status,
        parts.headers,
        String::from_utf8(body.to_vec()).expect("text"),
    )
}

#[tokio::test]
async fn a_picture_is_drawn_for_every_name() {
    let shop = shop().await;
    let (status, headers, body) = get(&shop, "/images/demo-product-0001.svg").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        headers[header::CONTENT_TYPE],
        "image/svg+xml; charset=utf-8"
    );
    assert_eq!(
        headers[header::CACHE_CONTROL],
        "public, max-age=31536000, immutable"
    );
    assert!(body.starts_with("<svg "));
    assert_eq!(get(&shop, "/images/demo-product-0001.svg").await.2, body);
    for bad in [
        "/images/a.png",
        "/images/.svg",
        "/images/A.svg",
        "/images/%3Cscript%3E.svg",
        "/images/..%2Fx.svg",
        "/images/",
    ] {
        assert_eq!(get(&shop, bad).await.0, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn pictures_have_addresses_below_the_shop() {
    let config = || Config {
        public_url: "https://shop.example".to_owned(),
        ..Config::default()
    };
    let shop = TestSubgraph::start::<migrations::catalog::Migrator>(|deps| {
        catalog::service(deps, config())
    })
    .await;
    catalog::demo::load(&shop.deps.db, &config(), shop.deps.clock.now())
        .await
        .expect("the data loads");
    let query =
        "{ product(slug: \"demo-product-0001\") { images { url alt } primaryImage { url } } }";
    let product = &shop.data(&Caller::Guest, query, json!({})).await["product"];
    assert_eq!(
        product["primaryImage"]["url"],
        "https://shop.example/images/demo-product-0001.svg"
    );
    let path = product["images"][1]["url"]
        .as_str()
        .expect("an address")
        .strip_prefix("https://shop.example");
    assert_eq!(
        get(&shop, path.expect("below the shop")).await.0,
        StatusCode::OK
    );
}
