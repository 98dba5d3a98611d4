//! From the headers of a request to its principal.

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::error::AuthError;
use crate::principal::Principal;
use crate::verifier::Verifier;

/// The token of the one `Authorization: Bearer <token>` header, if there is one.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    // Two credentials leave open who calls.
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }

    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim_matches(' ');
    let well_formed = scheme.eq_ignore_ascii_case("bearer")
        && !token.is_empty()
        && token.bytes().all(|byte| byte.is_ascii_graphic());
    well_formed.then_some(token)
}

/// Who sends this request: nobody we know without an `Authorization` header, the
/// token's user with one. A header that is no valid token is an error, never nobody.
pub fn authenticate(
    headers: &HeaderMap,
    verifier: &Verifier,
    now: DateTime<Utc>,
) -> Result<Principal, AuthError> {
    if !headers.contains_key(AUTHORIZATION) {
        return Ok(Principal::anonymous());
    }
    let token = bearer(headers).ok_or(AuthError::TokenInvalid)?;
    verifier.verify(token, now)
}
