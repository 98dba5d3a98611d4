//! Signing access tokens.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use uuid::Uuid;

use crate::claims::{Audience, Claims, TOKEN_TYPE};
use crate::error::KeyError;
use crate::role::{Role, Scope, scopes_of};
use crate::signing_key::SigningKey;

/// Signs access tokens.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The key to sign with.
    pub key: SigningKey,
    /// Our name, the `iss` of every token.
    pub issuer: String,
    /// The recipient, the `aud` of every token.
    pub audience: String,
    /// How long a token holds.
    pub ttl: TimeDelta,
}

/// Whom a token speaks of.
#[derive(Clone)]
pub struct Subject<'a> {
    /// The id of the user.
    pub user_id: &'a str,
    /// The user's e-mail address.
    pub email: Option<&'a str>,
    /// The user's roles; the permissions follow from them.
    pub roles: &'a [Role],
}

/// Without the e-mail address, which has no place in a log.
impl fmt::Debug for Subject<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Subject")
            .field("user_id", &self.user_id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
}

impl Issuer {
    /// Signs a token for this user, and says when it expires.
    pub fn issue(
        &self,
        subject: &Subject<'_>,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), KeyError> {
        // Tokens count whole seconds; the answer must agree with the token.
        let issued_at = now.timestamp();
        let expires_at = DateTime::from_timestamp(issued_at, 0)
            .and_then(|issued_at| issued_at.checked_add_signed(self.ttl))
            .ok_or(KeyError::Signing)?;
        let expires_at =
            DateTime::from_timestamp(expires_at.timestamp(), 0).ok_or(KeyError::Signing)?;

        let scopes: Vec<&str> = scopes_of(subject.roles)
            .into_iter()
            .map(Scope::as_str)
            .collect();
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: subject.user_id.to_owned(),
            aud: Audience::One(self.audience.clone()),
            exp: expires_at.timestamp(),
            iat: issued_at,
            nbf: Some(issued_at),
            jti: Uuid::now_v7().to_string(),
            scope: scopes.join(" "),
            roles: subject.roles.iter().map(Role::to_string).collect(),
            email: subject.email.map(str::to_owned),
        };
        Ok((self.sign(&claims)?, expires_at))
    }

    /// Signs claims as they are.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let header = Header {
            typ: TOKEN_TYPE,
            alg: "EdDSA",
            kid: self.key.kid(),
        };
        let message = format!("{}.{}", encode(&header)?, encode(claims)?);
        let signature = self.key.sign(message.as_bytes())?;
        Ok(format!("{message}.{signature}"))
    }
}

fn encode(part: &impl Serialize) -> Result<String, KeyError> {
    let json = serde_json::to_vec(part).map_err(|_| KeyError::Signing)?;
    Ok(BASE64URL_NOPAD.encode(&json))
}
