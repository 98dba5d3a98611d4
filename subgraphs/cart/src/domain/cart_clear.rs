//! Empties a cart.

use events::Cause;
use events::id::CartId;

use super::edit::Edit;
use super::{CartView, Carts, Proof};
use crate::error::CartError;

/// Removes all lines; address and shipping method stay.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_clear(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
) -> Result<CartView, CartError> {
    let txn = outbox::begin(&carts.db).await?;
    let now = carts.clock.now();
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;
    edit.require_editable().await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    edit.lines.clear();
    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}
