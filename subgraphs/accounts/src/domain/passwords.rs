//! Hashing and comparing passwords: slow on purpose, and kept off the threads that answer requests.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use auth::OpaqueToken;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Argon2Cost;

/// A password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// The parameters are out of range, or a stored hash is damaged.
    #[error("argon2: {0}")]
    Argon2(String),
    /// The thread died.
    #[error("the hashing thread died")]
    Thread(#[from] tokio::task::JoinError),
}

/// Hashes and compares passwords with argon2id, at most as many at once as there are cores.
pub(crate) struct Passwords {
    params: Params,
    slots: Arc<Semaphore>,
    /// The hash of a password nobody has: comparing with it takes as long as with a real one.
    dummy: String,
}

/// The right to hash or compare, one at a time.
pub(crate) struct Slot<'a> {
    passwords: &'a Passwords,
    // Shared with the hashing thread, so that a caller who goes away does not free the core early.
    permit: Arc<OwnedSemaphorePermit>,
}

impl Passwords {
    pub(crate) async fn new(cost: Argon2Cost) -> Result<Self, HashingError> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(|error| HashingError::Argon2(error.to_string()))?;
        let cores = available_parallelism().map_or(1, usize::from);
        let mut passwords = Self {
            params,
            slots: Arc::new(Semaphore::new(cores)),
            dummy: String::new(),
        };
        let dummy = passwords
            .slot()
            .await
            .hash(OpaqueToken::generate().as_str())
            .await?;
        passwords.dummy = dummy;
        Ok(passwords)
    }

    /// Waits for a core.
    pub(crate) async fn slot(&self) -> Slot<'_> {
        let permit = self
            .slots
            .clone()
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Slot {
            passwords: self,
            permit: Arc::new(permit),
        }
    }

    /// Whether a hash was made with other parameters than those in force.
    pub(crate) fn is_outdated(&self, hash: &str) -> bool {
        let current = (
            self.params.m_cost(),
            self.params.t_cost(),
            self.params.p_cost(),
        );
        let Ok(parsed) = PasswordHash::new(hash) else {
            return true;
        };
        let stored = Params::try_from(&parsed)
            .map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
        parsed.algorithm != Algorithm::Argon2id.ident()
            || parsed.version != Some(u32::from(Version::V0x13))
            || stored != Ok(current)
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }
}

impl Slot<'_> {
    /// The PHC string of a password, with a new random salt.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, HashingError> {
        let (argon2, password, permit) = (
            self.passwords.argon2(),
            password.to_owned(),
            self.permit.clone(),
        );
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let hash = argon2
                .hash_password(password.as_bytes())
                .map_err(argon2_error)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether this is the password of a stored hash. Without one, the answer is no, after the time
    /// it would have taken to compare.
    pub(crate) async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool, HashingError> {
        let (argon2, password, permit) = (
            self.passwords.argon2(),
            password.to_owned(),
            self.permit.clone(),
        );
        let has_account = hash.is_some();
        let hash = hash.unwrap_or(&self.passwords.dummy).to_owned();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let hash = PasswordHash::new(&hash)
                .map_err(|error| HashingError::Argon2(error.to_string()))?;
            match argon2.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(has_account),
                Err(Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(argon2_error(error)),
            }
        })
        .await?
    }
}

fn argon2_error(error: Error) -> HashingError {
    HashingError::Argon2(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::Passwords;
    use crate::config::Argon2Cost;

    async fn passwords(memory_kib: u32) -> Passwords {
        let cost = Argon2Cost {
            memory_kib,
            iterations: 1,
            parallelism: 1,
        };
        Passwords::new(cost).await.expect("parameters in range")
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = passwords(8).await;
        let slot = passwords.slot().await;
        let hash = slot.hash("correct horse").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert_ne!(
            hash,
            slot.hash("correct horse").await.expect("hashes"),
            "the salt differs"
        );
        assert!(
            slot.verify("correct horse", Some(&hash))
                .await
                .expect("compares")
        );
        assert!(
            !slot
                .verify("correct horse ", Some(&hash))
                .await
                .expect("compares")
        );
        assert!(
            !slot
                .verify("correct horse", None)
                .await
                .expect("compares with nothing")
        );
    }

    #[tokio::test]
    async fn other_parameters_are_outdated_but_still_match() {
        let (old, new) = (passwords(8).await, passwords(16).await);
        let hash = old
            .slot()
            .await
            .hash("correct horse")
            .await
            .expect("hashes");
        assert!(!old.is_outdated(&hash) && new.is_outdated(&hash));
        assert!(
            new.slot()
                .await
                .verify("correct horse", Some(&hash))
                .await
                .expect("compares")
        );
        assert!(new.is_outdated("not a hash"));
    }

    #[tokio::test]
    async fn impossible_parameters_and_damaged_hashes_are_errors() {
        let cost = Argon2Cost {
            memory_kib: 0,
            iterations: 1,
            parallelism: 1,
        };
        assert!(Passwords::new(cost).await.is_err());
        let passwords = passwords(8).await;
        assert!(
            passwords
                .slot()
                .await
                .verify("x", Some("not a hash"))
                .await
                .is_err()
        );
    }
}
