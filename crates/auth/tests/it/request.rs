//! From the headers of a request to its principal.

use auth::{AuthError, Principal, Role, authenticate, bearer};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::fixture::{Fixture, now};

fn headers(values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        headers.append(AUTHORIZATION, value);
    }
    headers
}

#[test]
fn without_a_header_it_is_nobody() {
    let fixture = Fixture::new();
    let answer = authenticate(&HeaderMap::new(), &fixture.verifier, now());
    assert_eq!(answer, Ok(Principal::anonymous()));
    assert_eq!(bearer(&HeaderMap::new()), None);
}

#[test]
fn the_scheme_may_be_in_any_case() {
    let fixture = Fixture::new();
    let token = fixture.token(&[Role::Customer]);
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let headers = headers(&[&format!("{scheme} {token}")]);
        assert_eq!(bearer(&headers), Some(token.as_str()));
        let principal = authenticate(&headers, &fixture.verifier, now());
        assert_eq!(principal.map(|p| p.is_authenticated()), Ok(true));
    }
}

#[test]
fn a_bad_header_is_an_error_and_never_nobody() {
    let fixture = Fixture::new();
    let token = fixture.token(&[]);
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        &token,
        &format!("Bearer{token}"),
        &format!("Bearer\t{token}"),
        &format!("Bearer {token} {token}"),
        &format!("Bearer {token},"),
        &format!("Bearer \u{e4}{token}"),
        "Bearer nonsense",
        "Bearer null",
    ] {
        let answer = authenticate(&headers(&[value]), &fixture.verifier, now());
        assert_eq!(answer, Err(AuthError::TokenInvalid), "{value:?}");
    }
}

#[test]
fn two_headers_leave_open_who_calls() {
    let fixture = Fixture::new();
    let value = format!("Bearer {}", fixture.token(&[]));
    let twice = headers(&[&value, &value]);
    assert_eq!(bearer(&twice), None);
    assert_eq!(
        authenticate(&twice, &fixture.verifier, now()),
        Err(AuthError::TokenInvalid)
    );
}
