//! The published keys: a JSON Web Key Set (RFC 7517).

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize};

use crate::error::KeyError;
use crate::signing_key::thumbprint;

/// A published Ed25519 key (RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// Always `sig`: the key signs, and does nothing else.
    #[serde(rename = "use")]
    pub usage: String,
    /// Always `EdDSA`.
    pub alg: String,
    /// The id by which tokens name the key.
    pub kid: String,
    /// The public key in base64url.
    pub x: String,
}

impl PublicJwk {
    pub(crate) fn ed25519(x: String) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            usage: "sig".to_owned(),
            alg: "EdDSA".to_owned(),
            kid: thumbprint(&x),
            x,
        }
    }
}

/// The keys whose signatures we accept.
///
/// Several keys are normal: the next one is published before it is used, and the last
/// one stays until the last token it signed has expired.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<TrustedKey>,
}

#[derive(Debug, Clone)]
struct TrustedKey {
    public: PublicJwk,
    decoding_key: DecodingKey,
}

/// A key set as others write it, with keys of kinds we do not use among them.
#[derive(Deserialize)]
struct ForeignKeySet {
    keys: Vec<ForeignKey>,
}

#[derive(Deserialize)]
struct ForeignKey {
    kty: String,
    crv: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    x: Option<String>,
}

impl KeySet {
    /// A set of these keys. A key that is not a sound Ed25519 key is left out.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = PublicJwk>) -> Self {
        let keys = keys.into_iter().filter_map(TrustedKey::new).collect();
        Self { keys }
    }

    /// Reads a key set. Keys that cannot sign our tokens (another kind, another use,
    /// without an id) are skipped, as RFC 7517 §5 asks.
    pub fn from_json(json: &str) -> Result<Self, KeyError> {
        let foreign: ForeignKeySet =
            serde_json::from_str(json).map_err(|_| KeyError::InvalidKeySet)?;
        Ok(Self::new(foreign.keys.into_iter().filter_map(public_jwk)))
    }

    /// The key set as JSON, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys: Vec<&PublicJwk> = self.keys.iter().map(|key| &key.public).collect();
        serde_json::json!({ "keys": keys }).to_string()
    }

    /// Adds a key; one with the same id is replaced.
    pub fn insert(&mut self, key: PublicJwk) {
        if let Some(key) = TrustedKey::new(key) {
            self.keys.retain(|other| other.public.kid != key.public.kid);
            self.keys.push(key);
        }
    }

    /// The published keys.
    pub fn keys(&self) -> impl Iterator<Item = &PublicJwk> {
        self.keys.iter().map(|key| &key.public)
    }

    /// Whether the set has a key with this id.
    #[must_use]
    pub fn contains(&self, kid: &str) -> bool {
        self.keys().any(|key| key.kid == kid)
    }

    /// Whether there is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the key with this id made this signature, with the one algorithm that
    /// belongs to the key: what the token asks for has no say in it.
    pub(crate) fn verifies(
        &self,
        kid: &str,
        algorithm: &str,
        message: &str,
        signature: &str,
    ) -> bool {
        self.keys
            .iter()
            .find(|key| key.public.kid == kid && key.public.alg == algorithm)
            .is_some_and(|key| {
                jsonwebtoken::crypto::verify(
                    signature,
                    message.as_bytes(),
                    &key.decoding_key,
                    Algorithm::EdDSA,
                )
                .unwrap_or(false)
            })
    }
}

impl TrustedKey {
    fn new(public: PublicJwk) -> Option<Self> {
        let right_kind = public.kty == "OKP"
            && public.crv == "Ed25519"
            && public.usage == "sig"
            && public.alg == "EdDSA";
        // The length must be checked here: the library takes the first 32 bytes unasked.
        let bytes = BASE64URL_NOPAD.decode(public.x.as_bytes()).ok()?;
        (right_kind && bytes.len() == 32).then(|| Self {
            decoding_key: DecodingKey::from_ed_der(&bytes),
            public,
        })
    }
}

fn public_jwk(key: ForeignKey) -> Option<PublicJwk> {
    Some(PublicJwk {
        kty: key.kty,
        crv: key.crv?,
        usage: key.usage.unwrap_or_else(|| "sig".to_owned()),
        alg: key.alg.unwrap_or_else(|| "EdDSA".to_owned()),
        kid: key.kid?,
        x: key.x?,
    })
}

#[cfg(test)]
mod tests {
    use super::{KeySet, PublicJwk};
    use crate::signing_key::SigningKey;

    #[test]
    fn a_key_set_survives_being_published() {
        let keys = [SigningKey::generate(), SigningKey::generate()];
        let set = KeySet::new(keys.iter().map(SigningKey::public_jwk));
        let read = KeySet::from_json(&set.to_json()).expect("its own form");
        let kids: Vec<&str> = read.keys().map(|key| key.kid.as_str()).collect();
        assert_eq!(kids, [keys[0].kid(), keys[1].kid()]);
        assert!(read.contains(keys[0].kid()) && !read.contains("other"));
    }

    #[test]
    fn a_published_key_has_the_members_others_expect() {
        let key = SigningKey::generate().public_jwk();
        let json = serde_json::to_value(&key).expect("plain data");
        assert_eq!(json["kty"], "OKP");
        assert_eq!(json["crv"], "Ed25519");
        assert_eq!(json["use"], "sig");
        assert_eq!(json["alg"], "EdDSA");
        assert_eq!(json["kid"], key.kid);
        let members = json.as_object().map(serde_json::Map::len);
        assert_eq!(members, Some(6), "and nothing secret");
    }

    #[test]
    fn keys_of_other_kinds_are_skipped() {
        let ours = SigningKey::generate().public_jwk();
        let x = &ours.x;
        let json = serde_json::json!({ "keys": [
            { "kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB" },
            { "kty": "oct", "kid": "secret", "k": "AAAA" },
            { "kty": "OKP", "crv": "X25519", "kid": "exchange", "x": x },
            { "kty": "OKP", "crv": "Ed25519", "kid": "encrypts", "use": "enc", "x": x },
            { "kty": "OKP", "crv": "Ed25519", "kid": "confused", "alg": "HS256", "x": x },
            { "kty": "OKP", "crv": "Ed25519", "kid": "short", "x": "AAAA" },
            { "kty": "OKP", "crv": "Ed25519", "kid": "long", "x": format!("{x}{x}") },
            { "kty": "OKP", "crv": "Ed25519", "kid": "garbled", "x": "!" },
            { "kty": "OKP", "crv": "Ed25519", "x": x },
            { "kty": "OKP", "crv": "Ed25519", "kid": "good", "x": x, "key_ops": ["verify"] },
        ]});
        let set = KeySet::from_json(&json.to_string()).expect("a key set");
        let kids: Vec<&str> = set.keys().map(|key| key.kid.as_str()).collect();
        assert_eq!(kids, ["good"]);
    }

    #[test]
    fn what_is_not_a_key_set_is_refused() {
        for json in ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":[1]}"#] {
            assert!(KeySet::from_json(json).is_err(), "{json:?}");
        }
    }

    #[test]
    fn a_key_with_the_same_id_is_replaced() {
        let key = SigningKey::generate().public_jwk();
        let mut set = KeySet::new([key.clone()]);
        set.insert(PublicJwk {
            x: SigningKey::generate().public_jwk().x,
            ..key.clone()
        });
        assert_eq!(set.keys().count(), 1);
        assert_ne!(set.keys().next().map(|key| &key.x), Some(&key.x));
    }
}
