//! `GET /.well-known/jwks.json`: the keys that verify our access tokens.

use auth::SigningKey;
use axum::Router;
use axum::http::header;
use axum::routing::get;

/// Verifiers may keep the answer for five minutes.
const CACHE_CONTROL: &str = "public, max-age=300";

pub(crate) fn routes(key: &SigningKey) -> Router {
    let json = key.key_set().to_json();
    Router::new().route(
        "/.well-known/jwks.json",
        get(|| async move {
            (
                [
                    (header::CONTENT_TYPE, "application/json"),
                    (header::CACHE_CONTROL, CACHE_CONTROL),
                ],
                json,
            )
        }),
    )
}
