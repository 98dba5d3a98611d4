//! How somebody proves that a cart is theirs.

use auth::Principal;
use events::id::{CartId, UserId};
use sea_orm::{ColumnTrait, Condition};

use crate::entity::cart::Column;

/// Who asks for a cart: a signed-in user, whoever holds the cart's token, or nobody in particular.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// The signed-in user.
    pub user_id: Option<UserId>,
    /// The signed-in user's e-mail address.
    pub email: Option<String>,
    /// SHA-256 (hex) of the token that was shown; empty, which no token has, if none was.
    token_hash: String,
}

impl Proof {
    /// What a request proves.
    pub fn of(principal: &Principal, token: Option<&str>) -> Self {
        Self {
            user_id: principal.user_id().and_then(|id| id.parse().ok()),
            email: principal.email().map(str::to_owned),
            token_hash: token.map(auth::hash_token).unwrap_or_default(),
        }
    }

    /// What an event says was proved.
    pub fn of_event(user_id: Option<UserId>, token_hash: Option<String>) -> Self {
        Self {
            user_id,
            email: None,
            token_hash: token_hash.unwrap_or_default(),
        }
    }

    /// The cart, if it is theirs. The proof is part of the question to the database, so a cart that
    /// does not exist and one of somebody else take the same way and the same work.
    pub(crate) fn own_cart(&self, cart_id: CartId) -> Condition {
        let mut proven = Condition::any().add(Column::TokenHash.eq(self.token_hash.as_str()));
        if let Some(user_id) = self.user_id {
            proven = proven.add(Column::UserId.eq(user_id.uuid()));
        }
        Condition::all()
            .add(Column::Id.eq(cart_id.uuid()))
            .add(proven)
    }
}
