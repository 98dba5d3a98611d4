//! Inputs of the mutations.

use async_graphql::{ID, InputObject};
use service::graphql::{AddressInput, CurrencyCode};

use crate::domain::{LineUpdate, NewLine};

/// Units of a variant to put into a cart.
#[derive(InputObject)]
pub(crate) struct CartLineInput {
    /// The variant.
    variant_id: ID,
    /// Units, at least 1.
    quantity: i32,
}

impl From<CartLineInput> for NewLine {
    fn from(input: CartLineInput) -> Self {
        Self {
            variant_id: input.variant_id.parse().ok(),
            quantity: input.quantity,
        }
    }
}

/// How many units a line is to have.
#[derive(InputObject)]
pub(crate) struct CartLineUpdateInput {
    /// The line.
    line_id: ID,
    /// Units; 0 removes the line.
    quantity: i32,
}

impl From<CartLineUpdateInput> for LineUpdate {
    fn from(input: CartLineUpdateInput) -> Self {
        Self {
            line_id: input.line_id.parse().ok(),
            quantity: input.quantity,
        }
    }
}

/// What a new cart is to be like.
#[derive(InputObject)]
pub(crate) struct CartCreateInput {
    /// What to put into it.
    pub(crate) lines: Option<Vec<CartLineInput>>,
    /// Its currency; the shop's own if not given.
    pub(crate) currency_code: Option<CurrencyCode>,
    /// For a signed-in user, who keeps one cart: a repeated request with the same key adds the lines
    /// once. 1 to 200 characters, remembered for 24 hours.
    pub(crate) idempotency_key: Option<String>,
}

/// What to put into a cart.
#[derive(InputObject)]
pub(crate) struct CartLinesAddInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
    /// What to add, all or nothing. A variant that is in the cart already gets more units.
    pub(crate) lines: Vec<CartLineInput>,
    /// A repeated request with the same key adds the lines once. 1 to 200 characters, remembered for
    /// 24 hours.
    pub(crate) idempotency_key: Option<String>,
}

/// New quantities of lines.
#[derive(InputObject)]
pub(crate) struct CartLinesUpdateInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
    /// The new quantities, all or nothing.
    pub(crate) lines: Vec<CartLineUpdateInput>,
}

/// Lines to take out of a cart.
#[derive(InputObject)]
pub(crate) struct CartLinesRemoveInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
    /// The lines; those that are gone already are ignored.
    pub(crate) line_ids: Vec<ID>,
}

/// Which cart to empty.
#[derive(InputObject)]
pub(crate) struct CartClearInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
}

/// Where the parcel and the messages go.
#[derive(InputObject)]
pub(crate) struct CartAddressSetInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
    /// Where messages about the order go. A guest must give it before checkout; for a signed-in user
    /// it is the account's address unless given.
    pub(crate) email: Option<String>,
    /// Where the parcel goes.
    pub(crate) address: AddressInput,
}

/// How the parcel is sent.
#[derive(InputObject)]
pub(crate) struct CartShippingMethodSetInput {
    /// The cart.
    pub(crate) cart_id: ID,
    /// A guest's proof that the cart is theirs.
    pub(crate) cart_token: Option<String>,
    /// Code of one of `Cart.shippingMethods`.
    pub(crate) code: String,
}

/// Which guest's cart to merge into the signed-in user's.
#[derive(InputObject)]
pub(crate) struct CartMergeInput {
    /// The guest's cart.
    pub(crate) cart_id: ID,
    /// The proof that it is theirs.
    pub(crate) cart_token: String,
}
