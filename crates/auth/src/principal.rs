//! The caller, as far as we know them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::error::AuthError;
use crate::role::Role;

/// Who calls: nobody we know, or a user. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Principal {
    user: Option<Arc<User>>,
}

/// A caller with a valid access token.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The id of the user.
    pub user_id: String,
    /// The user's e-mail address.
    pub email: Option<String>,
    /// The user's roles.
    pub roles: Vec<Role>,
    /// What the token permits.
    pub scopes: BTreeSet<String>,
    /// The id of the token.
    pub token_id: String,
    /// Until when the token holds.
    pub expires_at: DateTime<Utc>,
}

/// Without the e-mail address, which has no place in a log.
impl fmt::Debug for User {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("User")
            .field("user_id", &self.user_id)
            .field("roles", &self.roles)
            .field("scopes", &self.scopes)
            .field("token_id", &self.token_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Principal {
    /// Nobody we know.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { user: None }
    }

    /// This user.
    #[must_use]
    pub fn user(user: User) -> Self {
        Self {
            user: Some(Arc::new(user)),
        }
    }

    /// Everything we know of the caller, if anything.
    #[must_use]
    pub fn as_user(&self) -> Option<&User> {
        self.user.as_deref()
    }

    /// Whether we know who calls.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        self.user.is_some()
    }

    /// The id of the user.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.as_user().map(|user| user.user_id.as_str())
    }

    /// The user's e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.as_user().and_then(|user| user.email.as_deref())
    }

    /// What the caller's token permits.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.as_user()
            .into_iter()
            .flat_map(|user| user.scopes.iter().map(String::as_str))
    }

    /// Whether the caller has this permission.
    #[must_use]
    pub fn has_scope(&self, scope: impl AsRef<str>) -> bool {
        self.as_user()
            .is_some_and(|user| user.scopes.contains(scope.as_ref()))
    }

    /// Whether the caller has this role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.as_user()
            .is_some_and(|user| user.roles.contains(&role))
    }

    /// Whether the caller works for the shop.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.as_user()
            .is_some_and(|user| user.roles.iter().any(|role| role.is_staff()))
    }

    /// The id of the user, or an error for nobody.
    pub fn require_user(&self) -> Result<&str, AuthError> {
        self.user_id().ok_or(AuthError::Unauthenticated)
    }

    /// An error unless the caller has this permission.
    pub fn require_scope(&self, scope: impl AsRef<str>) -> Result<(), AuthError> {
        self.require_user()?;
        if self.has_scope(&scope) {
            Ok(())
        } else {
            Err(AuthError::Forbidden {
                needs: scope.as_ref().to_owned(),
            })
        }
    }
}
