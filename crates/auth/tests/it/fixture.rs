//! An issuer, its verifier, a fixed clock, and the tools of a forger.

use auth::{Audience, Claims, Issuer, KeySet, Principal, Role, SigningKey, Subject, Verifier};
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://accounts.example";
pub(crate) const AUDIENCE: &str = "shop";

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a day in 2026")
}

pub(crate) struct Fixture {
    pub(crate) issuer: Issuer,
    pub(crate) verifier: Verifier,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let key = SigningKey::generate();
        let verifier = Verifier::new(KeySet::new([key.public_jwk()]), ISSUER, AUDIENCE);
        let issuer = Issuer {
            key,
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            ttl: TimeDelta::minutes(10),
        };
        Self { issuer, verifier }
    }

    pub(crate) fn token(&self, roles: &[Role]) -> String {
        let subject = Subject {
            user_id: "usr_1",
            email: Some("ani@example.com"),
            roles,
        };
        self.issuer.issue(&subject, now()).expect("a token").0
    }

    pub(crate) fn principal(&self, roles: &[Role]) -> Principal {
        self.verifier
            .verify(&self.token(roles), now())
            .expect("a valid token")
    }

    /// The header our tokens have.
    pub(crate) fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.issuer.key.kid() })
    }

    /// Any header and payload, truly signed with our key.
    pub(crate) fn signed(&self, header: &Value, payload: &str) -> String {
        let message = message(header, payload);
        let key = EncodingKey::from_ed_der(&self.issuer.key.to_pkcs8_der());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA)
            .expect("a sound key signs");
        format!("{message}.{signature}")
    }
}

/// The claims of a valid token, for `now()`.
pub(crate) fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        sub: "usr_1".to_owned(),
        aud: Audience::One(AUDIENCE.to_owned()),
        exp: now().timestamp() + 600,
        iat: now().timestamp(),
        nbf: Some(now().timestamp()),
        jti: "token-1".to_owned(),
        scope: String::new(),
        roles: vec!["CUSTOMER".to_owned()],
        email: None,
    }
}

pub(crate) fn claims_json() -> Value {
    serde_json::to_value(claims()).expect("plain data")
}

pub(crate) fn message(header: &Value, payload: &str) -> String {
    let encode = |part: &str| BASE64URL_NOPAD.encode(part.as_bytes());
    format!("{}.{}", encode(&header.to_string()), encode(payload))
}
