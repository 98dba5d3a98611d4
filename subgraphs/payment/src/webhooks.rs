//! `POST /webhooks/<provider>`: where providers tell us what happened.
//!
//! Verify, store, answer; applying follows from the inbox, started at once and repeated by a job.
//! 200 stored or known already, 202 stored but about a charge we do not know (yet), 400 malformed,
//! 401 bad signature, 503 not stored: send it again. Bodies are never logged.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use crate::domain::webhook_receive::{ReceiveError, Received, receive_webhook};
use crate::entity::payment::ProviderName;
use crate::provider::WebhookError;
use crate::state::AppState;
use crate::wake::Wake;

/// The largest webhook that is read.
const MAX_BODY: usize = 64 * 1024;

/// One route per provider that exists here; `apply` works through the inbox.
pub(crate) fn routes(state: &AppState, apply: &Wake) -> Router {
    let mut router = Router::new();
    for name in state.providers.keys().copied() {
        let path = format!("/webhooks/{}", name.as_str().to_ascii_lowercase());
        let handler = post({
            let (state, apply) = (state.clone(), apply.clone());
            move |headers: HeaderMap, body: Bytes| receive(state, apply, name, headers, body)
        });
        router = router.route(&path, handler);
    }
    router.layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn receive(
    state: AppState,
    apply: Wake,
    name: ProviderName,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(provider) = state.provider(name) else {
        return StatusCode::NOT_FOUND;
    };
    match receive_webhook(&state, name, provider.as_ref(), &headers, &body).await {
        Ok(received) => {
            apply.now();
            match received {
                Received::Stored | Received::Duplicate => StatusCode::OK,
                Received::Unknown => StatusCode::ACCEPTED,
            }
        }
        Err(ReceiveError::Refused(WebhookError::BadSignature)) => {
            tracing::warn!(
                provider = name.as_str(),
                "webhook with a bad signature refused"
            );
            StatusCode::UNAUTHORIZED
        }
        Err(ReceiveError::Refused(WebhookError::Malformed)) => {
            tracing::warn!(provider = name.as_str(), "malformed webhook refused");
            StatusCode::BAD_REQUEST
        }
        Err(ReceiveError::Database(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(
                provider = name.as_str(),
                error,
                "webhook could not be stored"
            );
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
