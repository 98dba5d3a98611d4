//! What can go wrong while finding out who calls.

/// Why a caller is not served.
///
/// The messages are for the caller, and say nothing that helps to forge a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Nobody is signed in, and somebody has to be.
    #[error("you are not signed in")]
    Unauthenticated,
    /// The access token was good once.
    #[error("the access token has expired")]
    TokenExpired,
    /// The access token is not one of ours, or not for us.
    #[error("the access token is invalid")]
    TokenInvalid,
    /// The caller is known and may not do this.
    #[error("this needs the permission {needs}")]
    Forbidden {
        /// The scope that was asked for.
        needs: String,
    },
}

impl AuthError {
    /// The stable code of this error: `UNAUTHENTICATED` or `FORBIDDEN`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated | Self::TokenExpired | Self::TokenInvalid => "UNAUTHENTICATED",
            Self::Forbidden { .. } => "FORBIDDEN",
        }
    }
}

/// Why a key or a set of keys cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a PKCS#8 Ed25519 private key.
    #[error("not an Ed25519 private key in PKCS#8 form")]
    InvalidPrivateKey,
    /// Not a JSON Web Key Set.
    #[error("not a JSON Web Key Set")]
    InvalidKeySet,
    /// The library refused to sign.
    #[error("the token could not be signed")]
    Signing,
}
