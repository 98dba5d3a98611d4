//! Checking access tokens.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::claims::{Claims, TOKEN_TYPE};
use crate::error::AuthError;
use crate::key_set::KeySet;
use crate::principal::{Principal, User};

/// A longer token is refused unread.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

const DEFAULT_LEEWAY: TimeDelta = TimeDelta::seconds(30);
const MAX_LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// Checks access tokens against our keys, our name and our clock.
///
/// Clones share their keys: replacing them in one replaces them in all.
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: Arc<RwLock<Arc<KeySet>>>,
    issuer: String,
    audience: String,
    leeway: TimeDelta,
}

/// The part of a token's header that has a say. Where the token claims its key can be
/// found (`jwk`, `jku`, `x5u`, `x5c`) is not among it: keys come from our set alone.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
    crit: Option<serde::de::IgnoredAny>,
}

impl Verifier {
    /// Accepts tokens of this issuer for this audience, signed by one of these keys.
    #[must_use]
    pub fn new(keys: KeySet, issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            keys: Arc::new(RwLock::new(Arc::new(keys))),
            issuer: issuer.into(),
            audience: audience.into(),
            leeway: DEFAULT_LEEWAY,
        }
    }

    /// Accepts clocks that differ by this much: 30 seconds unless said, 60 at most.
    #[must_use]
    pub fn with_leeway(mut self, leeway: TimeDelta) -> Self {
        self.leeway = leeway.clamp(TimeDelta::zero(), MAX_LEEWAY);
        self
    }

    /// The keys in use.
    #[must_use]
    pub fn keys(&self) -> Arc<KeySet> {
        // The lock guards one pointer, so even a panicking writer leaves it whole.
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Uses these keys from now on.
    pub fn replace_keys(&self, keys: KeySet) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// The key id this token names, if it is none of ours: a reason to fetch the key set
    /// again, but not for every such token, as anybody can invent one.
    #[must_use]
    pub fn unknown_key(&self, token: &str) -> Option<String> {
        let (header, _, _) = take_apart(token)?;
        let header: Header = decode(header)?;
        (!self.keys().contains(&header.kid)).then_some(header.kid)
    }

    /// Checks a token and says who it speaks of.
    ///
    /// # Errors
    /// [`AuthError::TokenExpired`] if the token was good once, else
    /// [`AuthError::TokenInvalid`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Principal, AuthError> {
        // The header: an access token, signed by a key of ours, with nothing we must
        // understand and do not.
        let (header, payload, signature) = take_apart(token).ok_or(AuthError::TokenInvalid)?;
        let message = &token[..header.len() + 1 + payload.len()];
        let header: Header = decode(header).ok_or(AuthError::TokenInvalid)?;
        if !is_access_token(&header.typ) || header.crit.is_some() {
            return Err(AuthError::TokenInvalid);
        }

        // The signature, before anything of the payload is read.
        let keys = self.keys();
        if !keys.verifies(&header.kid, &header.alg, message, signature) {
            return Err(AuthError::TokenInvalid);
        }

        // The claims: from our issuer, for us, about somebody.
        let claims: Claims = decode(payload).ok_or(AuthError::TokenInvalid)?;
        if claims.iss != self.issuer
            || !claims.aud.contains(&self.audience)
            || claims.sub.is_empty()
            || claims.jti.is_empty()
        {
            return Err(AuthError::TokenInvalid);
        }

        // The times. What is not valid yet is checked first: only a token that held once
        // has expired.
        let (now, leeway) = (now.timestamp(), self.leeway.num_seconds());
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(AuthError::TokenInvalid)?;
        if claims
            .nbf
            .is_some_and(|nbf| nbf > now.saturating_add(leeway))
        {
            return Err(AuthError::TokenInvalid);
        }
        if claims.exp <= now.saturating_sub(leeway) {
            return Err(AuthError::TokenExpired);
        }

        // A role we do not know (yet) grants nothing.
        let scopes: BTreeSet<String> = claims
            .scope
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect();
        let roles = claims
            .roles
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        Ok(Principal::user(User {
            user_id: claims.sub,
            email: claims.email,
            roles,
            scopes,
            token_id: claims.jti,
            expires_at,
        }))
    }
}

/// The three parts of a signed token, still encoded.
fn take_apart(token: &str) -> Option<(&str, &str, &str)> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let (header, rest) = token.split_once('.')?;
    let (payload, signature) = rest.split_once('.')?;
    let all_filled = !header.is_empty() && !payload.is_empty() && !signature.is_empty();
    (all_filled && !signature.contains('.')).then_some((header, payload, signature))
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).ok()?;
    serde_json::from_slice(&json).ok()
}

/// `application/at+jwt` is the same type written in full (RFC 9068 §4).
fn is_access_token(typ: &str) -> bool {
    let short = match typ.split_at_checked("application/".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => typ,
    };
    short.eq_ignore_ascii_case(TOKEN_TYPE)
}
