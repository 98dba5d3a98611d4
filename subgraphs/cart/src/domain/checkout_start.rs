//! Answers the order's request to check a cart out.

use events::cart::{CartSnapshot, CheckoutRejected, CheckoutStarted};
use events::{Cause, PostalAddress};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::cart_view::load_views;
use super::edit::is_being_paid;
use super::snapshot::take_snapshot;
use super::{CartView, Carts, Proof, may_become};
use crate::entity::cart::{self, CartStatus};
use crate::entity::checkout;
use crate::error::CartError;
use crate::incoming::CheckoutRequested;

/// Why a cart is not checked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefusal {
    /// There is no such cart, or it is not the buyer's.
    #[error("there is no such cart")]
    CartNotFound,
    /// The cart has become an order, or is being paid for with other content.
    #[error("{0}")]
    CartLocked(&'static str),
    /// Nothing to order.
    #[error("the cart is empty")]
    CartEmpty,
    /// No e-mail address.
    #[error("set an e-mail address first")]
    EmailRequired,
    /// No address.
    #[error("set the shipping address first")]
    AddressRequired,
    /// No shipping method, or one that is no longer offered.
    #[error("choose a shipping method first")]
    ShippingMethodRequired,
    /// A line that is not sold at the moment.
    #[error("{sku} is not for sale at the moment")]
    VariantNotPurchasable {
        /// Its SKU.
        sku: String,
    },
    /// Another total than the buyer agreed to.
    #[error("the total is now {currency} {total}", currency = .0.currency, total = .0)]
    CartChanged(money::Money),
}

impl CheckoutRefusal {
    /// The stable code the order passes on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CartNotFound => "CART_NOT_FOUND",
            Self::CartLocked(_) => "CART_LOCKED",
            Self::CartEmpty => "CART_EMPTY",
            Self::EmailRequired => "EMAIL_REQUIRED",
            Self::AddressRequired => "ADDRESS_REQUIRED",
            Self::ShippingMethodRequired => "SHIPPING_METHOD_REQUIRED",
            Self::VariantNotPurchasable { .. } => "VARIANT_NOT_PURCHASABLE",
            Self::CartChanged(_) => "CART_CHANGED",
        }
    }
}

/// Locks the cart to the order and answers with its content, or answers why not. A cart that is
/// checked out already answers again, so that an interrupted checkout can be resumed.
///
/// # Errors
/// [`CartError::Database`] or [`CartError::Pricing`]; a refusal is an answer, not an error.
pub(crate) async fn checkout_start(
    carts: &Carts,
    txn: &DatabaseTransaction,
    cause: &Cause,
    request: &CheckoutRequested,
) -> Result<(), CartError> {
    let order_id = request.order_id;
    let proof = Proof::of_event(request.user_id, request.cart_token_hash.clone());
    let accepted = match cart::claim(txn, proof.own_cart(request.cart_id), cause.now).await? {
        None => Err(CheckoutRefusal::CartNotFound),
        Some(cart) => {
            let being_paid = is_being_paid(txn, &cart).await?;
            let views = load_views(txn, &carts.config, cause.now, vec![cart]).await?;
            let view = views.into_iter().next().ok_or(CartError::NotFound)?;
            check(&view, request, being_paid).map(|snapshot| (view.cart, snapshot))
        }
    };
    match accepted {
        Ok((cart, snapshot)) => {
            let cart = lock(txn, cause, cart, &snapshot.fingerprint, order_id.uuid()).await?;
            outbox::enqueue(
                txn,
                cause,
                cart.version,
                CheckoutStarted {
                    order_id,
                    cart: snapshot,
                },
            )
            .await?;
        }
        Err(refusal) => {
            let rejected = CheckoutRejected {
                order_id,
                code: refusal.code().to_owned(),
                message: refusal.to_string(),
            };
            outbox::enqueue(txn, cause, 1, rejected).await?;
        }
    }
    Ok(())
}

/// Decides whether the cart can become the order, with the most basic reason first.
fn check(
    view: &CartView,
    request: &CheckoutRequested,
    being_paid: bool,
) -> Result<CartSnapshot, CheckoutRefusal> {
    let cart = &view.cart;
    match cart.status {
        CartStatus::Active | CartStatus::Abandoned | CartStatus::Checkout => {}
        CartStatus::Converted => {
            return Err(CheckoutRefusal::CartLocked("the cart has become an order"));
        }
        CartStatus::Expired | CartStatus::Merged => return Err(CheckoutRefusal::CartNotFound),
    }
    if view.lines.is_empty() {
        return Err(CheckoutRefusal::CartEmpty);
    }
    let email = cart
        .email
        .as_deref()
        .ok_or(CheckoutRefusal::EmailRequired)?;
    let address: &PostalAddress = view
        .shipping_address
        .as_ref()
        .ok_or(CheckoutRefusal::AddressRequired)?;
    let method = view
        .shipping_method
        .as_ref()
        .ok_or(CheckoutRefusal::ShippingMethodRequired)?;
    if let Some(line) = view.lines.iter().find(|line| !line.is_purchasable) {
        return Err(CheckoutRefusal::VariantNotPurchasable {
            sku: line.sku.clone(),
        });
    }
    if request
        .accepted_total
        .is_some_and(|accepted| accepted != view.cost.total)
    {
        return Err(CheckoutRefusal::CartChanged(view.cost.total));
    }
    let snapshot = take_snapshot(view, request.user_id, email, address, &method.code);
    if being_paid && cart.checkout_fingerprint.as_ref() != Some(&snapshot.fingerprint) {
        return Err(CheckoutRefusal::CartLocked("the cart is being paid for"));
    }
    Ok(snapshot)
}

/// Locks the cart. A resumed checkout leads to the order of the first one with the same content,
/// so that is the order to remember, unless it is known to be over.
async fn lock(
    txn: &DatabaseTransaction,
    cause: &Cause,
    mut cart: cart::Model,
    fingerprint: &str,
    order_id: Uuid,
) -> Result<cart::Model, CartError> {
    let row = checkout::Model {
        order_id,
        cart_id: cart.id,
        fingerprint: fingerprint.to_owned(),
        is_ended: false,
        created_at: cause.now,
    };
    checkout::store(txn, row).await?;
    let open = checkout::open_of_cart(txn, cart.id, fingerprint).await?;
    let first = open
        .iter()
        .min_by_key(|checkout| (checkout.created_at, checkout.order_id));

    debug_assert!(
        cart.status == CartStatus::Checkout || may_become(cart.status, CartStatus::Checkout)
    );
    cart.status = CartStatus::Checkout;
    cart.order_id = Some(first.map_or(order_id, |checkout| checkout.order_id));
    cart.checkout_fingerprint = Some(fingerprint.to_owned());
    Ok(cart::save(txn, &cart).await?)
}

#[cfg(test)]
mod tests {
    use money::{Currency, Money};

    use super::*;

    #[test]
    fn codes_and_messages_are_stable() {
        let all = [
            CheckoutRefusal::CartNotFound,
            CheckoutRefusal::CartLocked("the cart is being paid for"),
            CheckoutRefusal::CartEmpty,
            CheckoutRefusal::EmailRequired,
            CheckoutRefusal::AddressRequired,
            CheckoutRefusal::ShippingMethodRequired,
            CheckoutRefusal::VariantNotPurchasable {
                sku: "SKU".to_owned(),
            },
            CheckoutRefusal::CartChanged(Money::new(111_000, Currency::IDR)),
        ];
        let listed: Vec<String> = all
            .iter()
            .map(|refusal| format!("{} {refusal}", refusal.code()))
            .collect();
        insta::assert_snapshot!(listed.join("\n"));
    }
}
