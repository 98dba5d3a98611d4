//! The GraphiQL page, from files that the binary carries.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::gateway::Gateway;

include!(concat!(env!("OUT_DIR"), "/graphiql_files.rs"));

/// Shown when the page was not there at build time.
const MISSING: &str = include_str!("graphiql_missing.html");

/// Nothing from anywhere else, and nobody may frame the page.
const SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /`: the page for browsers, a hint for everything else.
pub(super) async fn root(headers: HeaderMap) -> Response<Body> {
    let is_browser = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"));
    if is_browser {
        let mut response = super::plain(StatusCode::SEE_OTHER, "");
        response
            .headers_mut()
            .insert(header::LOCATION, HeaderValue::from_static("/graphiql/"));
        response
    } else {
        super::plain(
            StatusCode::OK,
            "GraphQL endpoint: /graphql\nGraphiQL: /graphiql/\n",
        )
    }
}

/// `GET /graphiql/`.
pub(super) async fn page(State(_): State<Arc<Gateway>>) -> Response<Body> {
    match find("index.html") {
        Some(page) => file("index.html", page),
        None => file("index.html", MISSING.as_bytes()),
    }
}

/// `GET /graphiql/…`.
pub(super) async fn asset(Path(path): Path<String>) -> Response<Body> {
    match find(&path) {
        Some(contents) => file(&path, contents),
        None => super::plain(StatusCode::NOT_FOUND, "not found\n"),
    }
}

fn find(path: &str) -> Option<&'static [u8]> {
    FILES
        .iter()
        .find(|(name, _)| *name == path)
        .map(|(_, contents)| *contents)
}

fn file(name: &str, contents: &'static [u8]) -> Response<Body> {
    let mut response = Response::new(Body::from(contents));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(SECURITY_POLICY),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    // Bundlers put a hash into the names of assets; the page itself must stay fresh.
    let caching = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff") => "font/woff",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
