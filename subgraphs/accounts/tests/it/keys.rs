use accounts::signing_key;
use auth::KeySet;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use clock::Clock;
use futures_util::future::join_all;
use http_body_util::BodyExt;
use migrations::accounts::Migrator;
use test_support::TestDatabase;
use tower::ServiceExt;

use crate::fixture::{PASSWORD, Shop};

#[tokio::test]
async fn the_key_is_created_once_however_many_start() {
    let database = TestDatabase::create::<Migrator>().await;
    let now = Clock::system().now();
    let keys = join_all((0..8).map(|_| signing_key(&database.db, now))).await;
    let kids: Vec<String> = keys
        .into_iter()
        .map(|key| key.expect("a key").kid().to_owned())
        .collect();
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");

    // A restart finds it again.
    let second = service::connect("test", &database.url)
        .await
        .expect("connects");
    assert_eq!(
        signing_key(&second, now).await.expect("a key").kid(),
        kids[0]
    );
}

#[tokio::test]
async fn the_key_set_is_published_without_secrets_and_verifies_tokens() {
    let shop = Shop::open().await;
    shop.register("budi@bazaar.test").await;
    let tokens = shop.login("budi@bazaar.test", PASSWORD).await;

    let request = Request::get("/.well-known/jwks.json")
        .body(Body::empty())
        .expect("a request");
    let response = shop
        .subgraph
        .service
        .routes
        .clone()
        .oneshot(request)
        .await
        .expect("answers");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "public, max-age=300"
    );
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    assert!(!body.contains("\"d\""), "{body}");

    let keys = KeySet::from_json(&body).expect("a key set");
    let verifier = auth::Verifier::new(keys, "https://bazaar.test", "bazaar");
    assert!(
        verifier
            .verify(&tokens.access, shop.subgraph.deps.clock.now())
            .is_ok()
    );
}
