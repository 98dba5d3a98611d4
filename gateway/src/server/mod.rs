//! The HTTP endpoints.

mod graphiql;
mod listen;
mod patient;
mod websocket;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::IntoResponse as _;
use axum::routing::{any, get};
use http::{HeaderMap, Method, Response, StatusCode, header};
use serde_json::json;

use crate::error::GatewayError;
use crate::gateway::Gateway;
use crate::pipeline::{self, read, respond};

pub use listen::serve;

/// All routes of a gateway.
pub(crate) fn router(gateway: Arc<Gateway>) -> axum::Router {
    let mut router = axum::Router::new()
        .route("/graphql", any(graphql))
        .route("/health/live", get(health))
        .route("/health/ready", get(health));
    if gateway.config.graphiql {
        router = router
            .route("/", get(graphiql::root))
            .route("/graphiql", get(graphiql::page))
            .route("/graphiql/", get(graphiql::page))
            .route("/graphiql/{*path}", get(graphiql::asset));
    }
    router.with_state(gateway)
}

/// A gateway that has started can serve: it decides everything at start.
async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

async fn graphql(State(gateway): State<Arc<Gateway>>, request: Request) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let context = read::context(&gateway, &parts.headers);

    if parts.method == Method::GET && is_websocket(&parts.headers) {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => websocket::accept(gateway, upgrade, &parts.headers, context),
            Err(rejection) => rejection.into_response(),
        };
    }

    let request_id = context.request_id.clone();
    let format = match respond::Format::negotiate(&parts.headers) {
        Ok(format) => format,
        Err(error) => {
            return respond::run(respond::Format::Json, Err(error.into()), &request_id);
        }
    };
    let outcome: Result<_, GatewayError> = async {
        let request = read::run(&gateway, &parts, body).await?;
        pipeline::run(&gateway, request, context).await
    }
    .await;
    respond::run(format, outcome, &request_id)
}

fn is_websocket(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// A plain answer without GraphQL in it.
fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    (status, text).into_response()
}
