//! What mutations answer.

use std::marker::PhantomData;

use async_graphql::{SimpleObject, TypeName};
use service::ApiError;

use super::cart::Cart;
use super::user_error::CartUserError;
use super::warning::CartWarning;
use crate::domain::{CartView, Created};
use crate::error::CartError;

/// A mutation that answers with the changed cart and nothing else; gives the payload's name.
pub(crate) trait Change: Send + Sync + 'static {
    const PAYLOAD: &'static str;
}

pub(crate) enum LinesAdd {}
impl Change for LinesAdd {
    const PAYLOAD: &'static str = "CartLinesAddPayload";
}
pub(crate) enum LinesUpdate {}
impl Change for LinesUpdate {
    const PAYLOAD: &'static str = "CartLinesUpdatePayload";
}
pub(crate) enum LinesRemove {}
impl Change for LinesRemove {
    const PAYLOAD: &'static str = "CartLinesRemovePayload";
}
pub(crate) enum Clear {}
impl Change for Clear {
    const PAYLOAD: &'static str = "CartClearPayload";
}
pub(crate) enum AddressSet {}
impl Change for AddressSet {
    const PAYLOAD: &'static str = "CartAddressSetPayload";
}
pub(crate) enum ShippingMethodSet {}
impl Change for ShippingMethodSet {
    const PAYLOAD: &'static str = "CartShippingMethodSetPayload";
}
pub(crate) enum Merge {}
impl Change for Merge {
    const PAYLOAD: &'static str = "CartMergePayload";
}

/// The answer to a change of a cart: the whole cart, so that a client has no need to ask again.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct ChangePayload<C: Change> {
    /// The whole cart as it is now; if the change was refused, as it was before. Null if it is not the
    /// caller's.
    cart: Option<Cart>,
    /// Why nothing was changed; empty if the change was made.
    user_errors: Vec<CartUserError>,
    /// What the buyer should know; the same as `cart.warnings`.
    warnings: Vec<CartWarning>,
    #[graphql(skip)]
    change: PhantomData<fn() -> C>,
}

impl<C: Change> TypeName for ChangePayload<C> {
    fn type_name() -> std::borrow::Cow<'static, str> {
        C::PAYLOAD.into()
    }
}

impl<C: Change> ChangePayload<C> {
    /// The change was made.
    pub(crate) fn done(view: CartView) -> Self {
        Self::of(Some(view), Vec::new())
    }

    /// The change was refused, and the cart is still as in `view`.
    pub(crate) fn refused(error: CartError, view: Option<CartView>) -> Result<Self, ApiError> {
        Ok(Self::of(view, vec![error.try_into()?]))
    }

    fn of(view: Option<CartView>, user_errors: Vec<CartUserError>) -> Self {
        let warnings = view
            .iter()
            .flat_map(|view| view.warnings.iter().cloned().map(CartWarning::from))
            .collect();
        Self {
            cart: view.map(Cart),
            user_errors,
            warnings,
            change: PhantomData,
        }
    }
}

/// The answer to `cartCreate`: the whole cart, and a guest's token for it.
#[derive(SimpleObject)]
pub(crate) struct CartCreatePayload {
    /// The whole cart; null if it was refused.
    cart: Option<Cart>,
    /// For a guest: the secret that proves in every later request that the cart is theirs. It is shown
    /// only here. Null for a signed-in user, who needs none.
    cart_token: Option<String>,
    /// Why there is no new cart; empty if there is one.
    user_errors: Vec<CartUserError>,
    /// What the buyer should know; the same as `cart.warnings`.
    warnings: Vec<CartWarning>,
}

impl CartCreatePayload {
    /// From the outcome of the operation.
    pub(crate) fn of(outcome: Result<Created, CartError>) -> Result<Self, ApiError> {
        Ok(match outcome {
            Ok(created) => Self {
                warnings: created
                    .view
                    .warnings
                    .iter()
                    .cloned()
                    .map(CartWarning::from)
                    .collect(),
                cart: Some(Cart(created.view)),
                cart_token: created.token.map(auth::OpaqueToken::into_string),
                user_errors: Vec::new(),
            },
            Err(error) => Self {
                cart: None,
                cart_token: None,
                user_errors: vec![error.try_into()?],
                warnings: Vec::new(),
            },
        })
    }
}
