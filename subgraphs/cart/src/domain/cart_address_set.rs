//! Sets where the parcel and the messages go.

use events::Cause;
use events::id::CartId;
use service::graphql::AddressInput;

use super::edit::Edit;
use super::email::parse_email;
use super::{CartView, Carts, Proof};
use crate::error::CartError;

/// Sets the shipping address and, if one is given, the e-mail address.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_address_set(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
    email: Option<&str>,
    address: AddressInput,
) -> Result<CartView, CartError> {
    let txn = outbox::begin(&carts.db).await?;
    let now = carts.clock.now();
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;
    edit.require_editable().await?;
    let address = address
        .parse()
        .map_err(|field| CartError::AddressInvalid { field })?;
    edit.cart.shipping_address =
        Some(serde_json::to_string(&address).expect("addresses are plain data"));
    if let Some(email) = email {
        edit.cart.email = Some(parse_email(email).ok_or(CartError::EmailInvalid)?);
    }
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}
