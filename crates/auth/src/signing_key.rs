//! The private key that signs access tokens.

use std::fmt;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, EncodingKey};

use crate::error::KeyError;
use crate::key_set::{KeySet, PublicJwk};

/// What precedes the 32 secret bytes of an Ed25519 key in PKCS#8 (RFC 8410 §7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
const SECRET_BYTES: usize = 32;
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// An Ed25519 private key. Printing it for debugging shows its id only.
#[derive(Clone)]
pub struct SigningKey {
    encoding_key: EncodingKey,
    public: PublicJwk,
}

impl SigningKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        let secret: [u8; SECRET_BYTES] = rand::random();
        let der = [PKCS8_PREFIX.as_slice(), &secret].concat();
        Self::from_pkcs8_der(&der).expect("any 32 bytes are an Ed25519 secret")
    }

    /// Reads a key from PKCS#8 DER: the form [`SigningKey::to_pkcs8_der`] writes.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() != PKCS8_PREFIX.len() + SECRET_BYTES || !der.starts_with(&PKCS8_PREFIX) {
            return Err(KeyError::InvalidPrivateKey);
        }
        let encoding_key = EncodingKey::from_ed_der(der);
        let jwk = Jwk::from_encoding_key(&encoding_key, Algorithm::EdDSA)
            .map_err(|_| KeyError::InvalidPrivateKey)?;
        let AlgorithmParameters::OctetKeyPair(parameters) = jwk.algorithm else {
            return Err(KeyError::InvalidPrivateKey);
        };
        let public = PublicJwk::ed25519(parameters.x);
        Ok(Self {
            encoding_key,
            public,
        })
    }

    /// Reads a key from PKCS#8 PEM: the form [`SigningKey::to_pkcs8_pem`] and
    /// `openssl genpkey -algorithm ed25519` write.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        let body: String = pem
            .trim()
            .strip_prefix(PEM_BEGIN)
            .and_then(|rest| rest.strip_suffix(PEM_END))
            .ok_or(KeyError::InvalidPrivateKey)?
            .split_ascii_whitespace()
            .collect();
        let der = BASE64
            .decode(body.as_bytes())
            .map_err(|_| KeyError::InvalidPrivateKey)?;
        Self::from_pkcs8_der(&der)
    }

    /// The key as PKCS#8 DER, to be stored. This is the secret itself.
    #[must_use]
    pub fn to_pkcs8_der(&self) -> Vec<u8> {
        self.encoding_key.as_bytes().to_vec()
    }

    /// The key as PKCS#8 PEM, to be stored. This is the secret itself.
    #[must_use]
    pub fn to_pkcs8_pem(&self) -> String {
        let body = BASE64.encode(self.encoding_key.as_bytes());
        format!("{PEM_BEGIN}\n{body}\n{PEM_END}\n")
    }

    /// The id of the key: the thumbprint of its public half (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The public half, to be published.
    #[must_use]
    pub fn public_jwk(&self) -> PublicJwk {
        self.public.clone()
    }

    /// A key set of this key alone.
    #[must_use]
    pub fn key_set(&self) -> KeySet {
        KeySet::new([self.public_jwk()])
    }

    /// Signs, and writes the signature as base64url.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        jsonwebtoken::crypto::sign(message, &self.encoding_key, Algorithm::EdDSA)
            .map_err(|_| KeyError::Signing)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

/// The thumbprint of an Ed25519 public key: SHA-256 over its required members, sorted.
pub(crate) fn thumbprint(x: &str) -> String {
    use sha2::{Digest, Sha256};
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64URL_NOPAD.encode(&Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::{PKCS8_PREFIX, SigningKey};
    use crate::error::KeyError;

    /// The example key of RFC 8037, appendix A.
    fn example_key() -> SigningKey {
        let secret = BASE64URL_NOPAD
            .decode(b"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
            .expect("base64url");
        let der = [PKCS8_PREFIX.as_slice(), &secret].concat();
        SigningKey::from_pkcs8_der(&der).expect("a sound key")
    }

    #[test]
    fn the_standards_example_has_the_standards_public_key_and_thumbprint() {
        let key = example_key();
        assert_eq!(
            key.public_jwk().x,
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
        );
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_standards_example_is_signed_as_in_the_standard() {
        let signature = example_key()
            .sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")
            .expect("a sound key signs");
        assert_eq!(
            signature,
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn a_key_survives_being_stored() {
        let key = SigningKey::generate();
        let from_der = SigningKey::from_pkcs8_der(&key.to_pkcs8_der()).expect("its own form");
        let from_pem = SigningKey::from_pkcs8_pem(&key.to_pkcs8_pem()).expect("its own form");
        assert_eq!(from_der.kid(), key.kid());
        assert_eq!(from_pem.kid(), key.kid());
        assert_eq!(from_pem.sign(b"x"), key.sign(b"x"));
        assert_ne!(SigningKey::generate().kid(), key.kid());
    }

    #[test]
    fn other_forms_of_keys_are_refused() {
        let der = example_key().to_pkcs8_der();
        let mut other_curve = der.clone();
        other_curve[11] = 0x71;
        for broken in [
            &der[..47],
            &der[1..],
            &[der.as_slice(), &[0]].concat(),
            &other_curve,
            &[],
        ] {
            assert_eq!(
                SigningKey::from_pkcs8_der(broken).err(),
                Some(KeyError::InvalidPrivateKey)
            );
        }
        for broken in [
            "",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        ] {
            assert!(SigningKey::from_pkcs8_pem(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn printing_a_key_shows_its_id_and_no_secret() {
        let key = example_key();
        let printed = format!("{key:?}");
        assert!(printed.contains(key.kid()));
        assert!(!printed.contains("nWGxne"), "{printed}");
        assert_eq!(
            printed,
            format!("SigningKey {{ kid: {:?}, .. }}", key.kid())
        );
    }
}
