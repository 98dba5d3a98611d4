//! From when and until when a token holds.

use auth::{AuthError, Claims, Principal};
use chrono::{DateTime, TimeDelta, Utc};

use crate::fixture::{Fixture, claims, now};

fn verify_at(
    fixture: &Fixture,
    claims: &Claims,
    at: DateTime<Utc>,
) -> Result<Principal, AuthError> {
    let token = fixture.issuer.sign(claims).expect("signed");
    fixture.verifier.verify(&token, at)
}

#[test]
fn a_token_holds_until_it_expires_give_or_take_the_leeway() {
    let fixture = Fixture::new();
    let expiry = now() + TimeDelta::seconds(600);
    for (seconds, holds) in [(-600, true), (-1, true), (0, true), (29, true), (30, false)] {
        let answer = verify_at(&fixture, &claims(), expiry + TimeDelta::seconds(seconds));
        assert_eq!(answer.is_ok(), holds, "{seconds} s after expiry");
        if let Err(error) = answer {
            assert_eq!(error, AuthError::TokenExpired);
            assert_eq!(error.code(), "UNAUTHENTICATED");
        }
    }
}

#[test]
fn a_token_from_the_future_is_invalid_and_not_expired() {
    let fixture = Fixture::new();
    for (seconds, holds) in [(0, true), (30, true), (31, false), (86_400, false)] {
        let nbf = Some(now().timestamp() + seconds);
        let later = Claims { nbf, ..claims() };
        let answer = verify_at(&fixture, &later, now());
        assert_eq!(answer.is_ok(), holds, "from {seconds} s in the future");
        assert!(holds || answer == Err(AuthError::TokenInvalid));
    }
    let always = Claims {
        nbf: None,
        ..claims()
    };
    assert!(verify_at(&fixture, &always, now()).is_ok());
}

#[test]
fn the_leeway_is_never_more_than_a_minute() {
    let mut fixture = Fixture::new();
    let expiry = now() + TimeDelta::seconds(600);
    let after = |seconds| expiry + TimeDelta::seconds(seconds);

    fixture.verifier = fixture.verifier.with_leeway(TimeDelta::hours(1));
    assert!(verify_at(&fixture, &claims(), after(59)).is_ok());
    assert!(verify_at(&fixture, &claims(), after(60)).is_err());

    fixture.verifier = fixture.verifier.with_leeway(TimeDelta::zero());
    assert!(verify_at(&fixture, &claims(), after(-1)).is_ok());
    assert!(verify_at(&fixture, &claims(), after(0)).is_err());

    fixture.verifier = fixture.verifier.with_leeway(TimeDelta::seconds(-5));
    assert!(verify_at(&fixture, &claims(), after(-1)).is_ok());
}

#[test]
fn times_at_the_limits_do_no_harm() {
    let fixture = Fixture::new();
    for extreme in [i64::MIN, -1, 0, i64::MAX] {
        let odd = Claims {
            exp: extreme,
            nbf: Some(extreme),
            ..claims()
        };
        for at in [DateTime::<Utc>::MIN_UTC, now(), DateTime::<Utc>::MAX_UTC] {
            assert!(verify_at(&fixture, &odd, at).is_err(), "{extreme} at {at}");
        }
    }
}

#[test]
fn the_issuer_says_when_its_token_expires() {
    use auth::Subject;
    let fixture = Fixture::new();
    let subject = Subject {
        user_id: "usr_1",
        email: None,
        roles: &[],
    };
    let half_past = now() + TimeDelta::milliseconds(500);
    let (token, expires_at) = fixture.issuer.issue(&subject, half_past).expect("a token");
    let principal = fixture.verifier.verify(&token, now()).expect("valid");
    assert_eq!(expires_at, now() + TimeDelta::minutes(10));
    assert_eq!(
        principal.as_user().map(|user| user.expires_at),
        Some(expires_at)
    );
}
