//! What the fate of an order means for the cart it came from.

use chrono::{DateTime, Utc};
use events::id::OrderId;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction};
use uuid::Uuid;

use super::may_become;
use crate::entity::cart::{self, CartStatus};
use crate::entity::checkout;
use crate::error::CartError;

/// An order came to be: if the cart still has that content, it is locked to this order and no other.
/// It may have been unlocked meanwhile by the end of an earlier order.
///
/// # Errors
/// [`CartError::Database`].
pub async fn order_created(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<(), CartError> {
    let Some(mut cart) = unchanged_cart(txn, order_id, now).await? else {
        return Ok(());
    };
    if cart.status == CartStatus::Checkout || may_become(cart.status, CartStatus::Checkout) {
        cart.status = CartStatus::Checkout;
        cart.order_id = Some(order_id.uuid());
        cart::save(txn, &cart).await?;
    }
    Ok(())
}

/// An order is official: its cart is done, unless the buyer has changed it since.
///
/// # Errors
/// [`CartError::Database`].
pub async fn order_confirmed(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<(), CartError> {
    let Some(checkout) = checkout::find(txn, order_id.uuid()).await? else {
        return Ok(());
    };
    let Some(mut cart) = cart::claim(txn, by_id(checkout.cart_id), now).await? else {
        return Ok(());
    };
    let unchanged = cart.checkout_fingerprint.as_ref() == Some(&checkout.fingerprint);
    if unchanged && may_become(cart.status, CartStatus::Converted) {
        cart.status = CartStatus::Converted;
        cart.order_id = Some(order_id.uuid());
        cart::save(txn, &cart).await?;
    }
    Ok(())
}

/// An order was cancelled or expired: its cart can be filled again, if it is still locked to it.
///
/// # Errors
/// [`CartError::Database`].
pub async fn order_ended(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<(), CartError> {
    let Some(mut cart) = unchanged_cart(txn, order_id, now).await? else {
        checkout::end(txn, order_id.uuid()).await?;
        return Ok(());
    };
    checkout::end(txn, order_id.uuid()).await?;
    if cart.status == CartStatus::Checkout && cart.order_id == Some(order_id.uuid()) {
        // The fingerprint stays: a late payment may still revive the order.
        cart.status = CartStatus::Active;
        cart::save(txn, &cart).await?;
    }
    Ok(())
}

/// The cart of an order that is not over, if it still has the content that was ordered.
async fn unchanged_cart(
    txn: &DatabaseTransaction,
    order_id: OrderId,
    now: DateTime<Utc>,
) -> Result<Option<cart::Model>, CartError> {
    let Some(checkout) = checkout::find(txn, order_id.uuid())
        .await?
        .filter(|checkout| !checkout.is_ended)
    else {
        return Ok(None);
    };
    let same_content =
        by_id(checkout.cart_id).add(cart::Column::CheckoutFingerprint.eq(checkout.fingerprint));
    Ok(cart::claim(txn, same_content, now).await?)
}

fn by_id(cart_id: Uuid) -> Condition {
    Condition::all().add(cart::Column::Id.eq(cart_id))
}
