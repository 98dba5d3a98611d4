//! `GET` and `POST /pay/demo/<payment>`: the demo provider's page over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64;
use events::id::PaymentId;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::charges::Outcome;
use super::{Demo, page};
use crate::wake::Wake;

#[derive(Clone)]
struct PageState {
    demo: Arc<Demo>,
    deliver: Wake,
    security_policy: HeaderValue,
}

#[derive(Deserialize)]
struct PageQuery {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct Choice {
    outcome: String,
}

/// The routes; `deliver` posts what the provider owes the shop.
pub(crate) fn routes(demo: Arc<Demo>, deliver: Wake) -> Router {
    let style = BASE64.encode(&Sha256::digest(page::STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let security_policy = HeaderValue::from_str(&policy).expect("base64 and keywords are ASCII");
    Router::new()
        .route("/pay/demo/{payment}", get(show).post(choose))
        .layer(DefaultBodyLimit::max(4 * 1024))
        .with_state(PageState {
            demo,
            deliver,
            security_policy,
        })
}

impl PageState {
    /// The payment, if the address has its token. A wrong token looks like a payment that does not
    /// exist.
    fn admit(&self, payment: &str, token: &str) -> Option<PaymentId> {
        let payment_id = payment.parse().ok()?;
        auth::matches(token, &auth::hash_token(&self.demo.page_token(payment_id)))
            .then_some(payment_id)
    }

    /// The address holds a secret: it must not be stored, framed, or sent along to others.
    fn protect(&self, mut response: Response) -> Response {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            self.security_policy.clone(),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        response
    }
}

async fn show(
    State(state): State<PageState>,
    Path(payment): Path<String>,
    Query(query): Query<PageQuery>,
) -> Response {
    let Some(payment_id) = state.admit(&payment, &query.token) else {
        return not_found();
    };
    match state.demo.charge_of(payment_id).await {
        Ok(Some(charge)) => state.protect(Html(page::render(&charge)).into_response()),
        Ok(None) => not_found(),
        Err(error) => unavailable(&error),
    }
}

async fn choose(
    State(state): State<PageState>,
    Path(payment): Path<String>,
    Query(query): Query<PageQuery>,
    Form(choice): Form<Choice>,
) -> Response {
    let Some(payment_id) = state.admit(&payment, &query.token) else {
        return not_found();
    };
    let Some(outcome) = Outcome::parse(&choice.outcome) else {
        return (
            StatusCode::BAD_REQUEST,
            "outcome must be paid, declined or expired",
        )
            .into_response();
    };
    match state.demo.settle(payment_id, outcome).await {
        Ok(Some(_)) => {
            state.deliver.now();
            // Back to the page, which shows the outcome; a reload does not post again.
            let location = HeaderValue::from_str(&state.demo.page_path(payment_id))
                .expect("ids and tokens are ASCII");
            state.protect((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
        }
        Ok(None) => not_found(),
        Err(error) => unavailable(&error),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "No such payment.").into_response()
}

fn unavailable(error: &sea_orm::DbErr) -> Response {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the demo provider's books cannot be read"
    );
    (StatusCode::SERVICE_UNAVAILABLE, "Please try again.").into_response()
}
