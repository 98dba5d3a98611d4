//! What an access token says.

use serde::{Deserialize, Serialize};

/// The `typ` of an access token (RFC 9068). Another kind of token signed with the same
/// key must never pass for one.
pub const TOKEN_TYPE: &str = "at+jwt";

/// The claims of an access token.
///
/// A claim that occurs twice is an error, not a choice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed it.
    pub iss: String,
    /// Whom it speaks of: the id of the user.
    pub sub: String,
    /// Whom it is for.
    pub aud: Audience,
    /// Until when it holds, in seconds since 1970.
    pub exp: i64,
    /// When it was signed.
    pub iat: i64,
    /// From when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The id of this token.
    pub jti: String,
    /// The permissions, separated by spaces.
    #[serde(default)]
    pub scope: String,
    /// The names of the roles.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The user's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Without the e-mail address, which has no place in a log.
impl std::fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Claims")
            .field("iss", &self.iss)
            .field("sub", &self.sub)
            .field("aud", &self.aud)
            .field("exp", &self.exp)
            .field("jti", &self.jti)
            .finish_non_exhaustive()
    }
}

/// One recipient or several; both forms are in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// A single recipient.
    One(String),
    /// Several recipients.
    Many(Vec<String>),
}

impl Audience {
    /// Whether the token is for this recipient.
    #[must_use]
    pub fn contains(&self, recipient: &str) -> bool {
        match self {
            Self::One(one) => one == recipient,
            Self::Many(many) => many.iter().any(|one| one == recipient),
        }
    }
}
