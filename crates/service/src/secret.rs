//! The shop's secret and the keys derived from it.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// A secret of at least 32 bytes. Never printed.
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// Wraps the bytes of a secret.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The key for one purpose: HMAC-SHA256 of the purpose under this secret.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.authenticate(purpose.as_bytes())
    }

    /// HMAC-SHA256 of `message` under this secret.
    pub fn authenticate(&self, message: &[u8]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
