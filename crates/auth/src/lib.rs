//! Who is calling, and what they may do.
//!
//! The accounts service signs access tokens with an [`Issuer`]; everybody else checks
//! them with a [`Verifier`] and asks the resulting [`Principal`].
//!
//! - [`Role`], [`Scope`]: which role grants which permission, as one table.
//! - [`SigningKey`], [`KeySet`]: the keys, private and published.
//! - [`Issuer`], [`Verifier`]: access tokens, signed and checked.
//! - [`authenticate`]: from the headers of a request to its principal.
//! - [`OpaqueToken`] and its companions: random tokens of which only a hash is stored.

mod claims;
mod error;
mod issuer;
mod key_set;
mod principal;
mod request;
mod role;
mod signing_key;
mod token;
mod verifier;

pub use claims::{Audience, Claims, TOKEN_TYPE};
pub use error::{AuthError, KeyError};
pub use issuer::{Issuer, Subject};
pub use key_set::{KeySet, PublicJwk};
pub use principal::{Principal, User};
pub use request::{authenticate, bearer};
pub use role::{Role, Scope, UnknownRole, scopes_of};
pub use signing_key::SigningKey;
pub use token::{OpaqueToken, derive_token, hash_token, matches};
pub use verifier::{MAX_TOKEN_BYTES, Verifier};
