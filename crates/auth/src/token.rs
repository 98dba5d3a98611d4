//! Tokens that mean nothing by themselves: refresh tokens, cart and order links.

use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A random token of 256 bits, in base64url. Only its hash is ever stored, and printing
/// it for debugging shows nothing.
#[derive(Clone)]
pub struct OpaqueToken(String);

impl OpaqueToken {
    /// A new random token.
    #[must_use]
    pub fn generate() -> Self {
        let bytes: [u8; 32] = rand::random();
        Self(BASE64URL_NOPAD.encode(&bytes))
    }

    /// The token itself, to be handed to its owner.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token itself, to be handed to its owner.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// What to store of it.
    #[must_use]
    pub fn hash(&self) -> String {
        hash_token(&self.0)
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OpaqueToken(..)")
    }
}

/// What to store of a token: its SHA-256 in lower-case hexadecimal.
///
/// Enough for tokens of full entropy; passwords need a slow hash instead.
#[must_use]
pub fn hash_token(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

/// Whether this is the token of which `stored_hash` was stored, in constant time.
#[must_use]
pub fn matches(token: &str, stored_hash: &str) -> bool {
    let hash = hash_token(token);
    hash.as_bytes().ct_eq(stored_hash.as_bytes()).into()
}

/// The token of this thing for this purpose: always the same, and not to be guessed
/// without the secret (HMAC-SHA256, base64url).
#[must_use]
pub fn derive_token(secret: &[u8], purpose: &str, id: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    // With its length in front, no purpose can run over into the id.
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(id.as_bytes());
    BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{OpaqueToken, derive_token, hash_token, matches};

    #[test]
    fn a_token_has_256_bits_and_is_never_the_same() {
        let (one, other) = (OpaqueToken::generate(), OpaqueToken::generate());
        assert_eq!(one.as_str().len(), 43, "32 bytes in base64url");
        assert_ne!(one.as_str(), other.as_str());
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(
            hash_token("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_token_matches_its_own_hash_only() {
        let token = OpaqueToken::generate();
        assert!(matches(token.as_str(), &token.hash()));
        assert!(!matches(token.as_str(), &OpaqueToken::generate().hash()));
        assert!(!matches(token.as_str(), &token.hash().to_uppercase()));
        assert!(!matches(token.as_str(), ""));
        assert!(
            !matches(&token.hash(), &token.hash()),
            "a stolen hash is no token"
        );
    }

    #[test]
    fn printing_a_token_shows_nothing() {
        let token = OpaqueToken::generate();
        assert_eq!(format!("{token:?}"), "OpaqueToken(..)");
    }

    #[test]
    fn a_derived_token_depends_on_secret_purpose_and_id() {
        let token = derive_token(b"secret", "order", "ord_1");
        assert_eq!(token, derive_token(b"secret", "order", "ord_1"));
        assert_eq!(token.len(), 43);
        let others = [
            derive_token(b"other", "order", "ord_1"),
            derive_token(b"secret", "invoice", "ord_1"),
            derive_token(b"secret", "order", "ord_2"),
            derive_token(b"secret", "orderord", "_1"),
            derive_token(b"secret", "", "orderord_1"),
        ];
        assert!(others.iter().all(|other| *other != token));
    }

    #[test]
    fn a_derived_token_stays_the_same_across_releases() {
        // Links in e-mails that are already sent must keep working.
        assert_eq!(
            derive_token(b"secret", "order", "ord_1"),
            "cnHnS8p-kdvbR2bc7x09WOMc9ymFkKGGSCH2jj9VOVw"
        );
    }
}
