//! Events of accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CartId, UserId};

/// Somebody registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistered {
    /// The new user.
    pub user_id: UserId,
    /// The e-mail address, as entered.
    #[schemars(extend("format" = "email"))]
    pub email: String,
    /// The name, if one was given.
    pub name: Option<String>,
    /// BCP 47 language tag for messages.
    pub locale: String,
}

/// A user logged in, perhaps with a guest cart to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserLoggedIn {
    /// The user.
    pub user_id: UserId,
    /// The guest cart to merge into the user's cart.
    pub cart_id: Option<CartId>,
    /// SHA-256 (hex) of the guest cart's token, the proof that the cart was theirs.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub cart_token_hash: Option<String>,
}
