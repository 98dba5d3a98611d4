//! A service's HTTP surface when it runs in a process of its own.

use std::convert::Infallible;
use std::sync::Arc;

use async_graphql::Request;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{StreamExt, stream};
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::{Endpoint, Service};

/// The largest request a gateway sends; representations of a large page fit well.
const MAX_BODY: usize = 8 * 1024 * 1024;

#[derive(Clone)]
struct AppState {
    endpoint: Endpoint,
    db: DatabaseConnection,
    gateway_key_hash: Option<Arc<str>>,
}

/// `POST /graphql` (answers, or a stream for `Accept: text/event-stream`), `/health/live`,
/// `/health/ready`, and the service's own routes. With a `gateway_key`, `/graphql` refuses whoever
/// does not send it as `x-bazaar-gateway-key`.
pub fn router(service: &Service, gateway_key: Option<&str>) -> Router {
    let state = AppState {
        endpoint: service.endpoint.clone(),
        db: service.db.clone(),
        gateway_key_hash: gateway_key.map(|key| auth::hash_token(key).into()),
    };
    Router::new()
        .route("/graphql", post(graphql))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route(
            "/health/live",
            get(|| async { Json(serde_json::json!({ "status": "ok" })) }),
        )
        .route("/health/ready", get(ready))
        .with_state(state)
        .merge(service.routes.clone())
}

async fn graphql(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Response {
    if let Some(hash) = &state.gateway_key_hash {
        let sent = headers
            .get("x-bazaar-gateway-key")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !auth::matches(sent, hash) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
    }
    let wants_stream = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    if !wants_stream {
        return Json(state.endpoint.execute(&headers, request).await).into_response();
    }
    let results = state
        .endpoint
        .subscribe(&headers, request)
        .map(|response| Event::default().event("next").json_data(response))
        .chain(stream::once(async {
            Ok(Event::default().event("complete").data(""))
        }))
        .map(|event| {
            Ok::<_, Infallible>(
                event.unwrap_or_else(|_| Event::default().event("complete").data("")),
            )
        });
    Sse::new(results)
        .keep_alive(KeepAlive::default())
        .into_response()
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.db.execute_unprepared("SELECT 1").await {
        Ok(_) => Json(serde_json::json!({ "status": "ok" })).into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(serde_json::json!({ "status": "database unavailable" })),
        )
            .into_response(),
    }
}
