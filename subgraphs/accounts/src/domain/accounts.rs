use std::sync::Arc;

use auth::{Issuer, SigningKey};
use events::Cause;
use events::id::UserId;
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use service::{Deps, Secret};

use crate::config::Config;
use crate::domain::login_limit::LoginGate;
use crate::domain::passwords::Passwords;
use crate::domain::session::IssuedSession;
use crate::entity::user::{self, UserStatus};
use crate::error::AccountsError;

/// What the operations work with.
pub(crate) struct Accounts {
    pub(crate) db: DatabaseConnection,
    pub(crate) config: Config,
    pub(crate) issuer: Issuer,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) login_gate: LoginGate,
    /// From a refresh token to its successor.
    pub(crate) refresh_secret: [u8; 32],
}

/// Somebody who has just proved who they are.
pub(crate) struct SignedIn {
    pub(crate) user: user::Model,
    pub(crate) session: IssuedSession,
}

impl Accounts {
    pub(crate) async fn new(
        deps: &Deps,
        config: Config,
        key: SigningKey,
    ) -> Result<Self, AccountsError> {
        Ok(Self {
            db: deps.db.clone(),
            issuer: Issuer {
                key,
                issuer: config.issuer.clone(),
                audience: config.audience.clone(),
                ttl: config.access_ttl,
            },
            passwords: Arc::new(Passwords::new(config.argon2).await?),
            login_gate: LoginGate::new(
                config.login_limits,
                Secret::new(deps.secret.derive("accounts.login-gate").to_vec()),
            ),
            refresh_secret: deps.secret.derive("accounts.refresh-token"),
            config,
        })
    }
}

/// Locks the caller's own user for a change. An access token outlives the suspension of its user by
/// some minutes; here it ends at once.
pub(crate) async fn claim_caller(
    txn: &DatabaseTransaction,
    caller: UserId,
    cause: &Cause,
) -> Result<user::Model, AccountsError> {
    let user = user::claim(txn, caller, cause.now).await?;
    user.filter(|user| user.status == UserStatus::Active)
        .ok_or(AccountsError::Unauthenticated)
}

/// The same cause, done by this user: who logs in or registers is nobody yet when the request comes.
pub(crate) fn caused_by(user: UserId, cause: &Cause) -> Cause {
    Cause {
        actor: Some(user.to_string()),
        ..cause.clone()
    }
}
