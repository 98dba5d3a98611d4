//! Sets how the parcel is sent.

use events::Cause;
use events::id::CartId;

use super::edit::Edit;
use super::{CartView, Carts, Proof};
use crate::error::CartError;

/// Sets the shipping method; needs an address first.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_shipping_method_set(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
    code: &str,
) -> Result<CartView, CartError> {
    let txn = outbox::begin(&carts.db).await?;
    let now = carts.clock.now();
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;
    edit.require_editable().await?;
    if edit.cart.shipping_address.is_none() {
        return Err(CartError::AddressRequired);
    }
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    edit.cart.shipping_method = Some(code.trim().to_owned());
    let view = edit.save(cause).await?;
    // The view finds the method only if it is offered for what the cart holds.
    if view.shipping_method.is_none() {
        return Err(CartError::ShippingMethodInvalid);
    }
    txn.commit().await?;
    Ok(view)
}
