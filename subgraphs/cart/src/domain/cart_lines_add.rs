//! Puts units of variants into a cart.

use events::Cause;
use events::id::{CartId, VariantId};

use super::edit::Edit;
use super::{CartView, Carts, Proof, find_view, idempotency};
use crate::error::{CartError, item};

/// Units of a variant to put into a cart.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NewLine {
    /// The variant; none if what was given is no identifier of one.
    pub variant_id: Option<VariantId>,
    /// Units, at least 1.
    pub quantity: i32,
}

/// Adds all lines or none. A variant that is in the cart already gets more units.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_lines_add(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
    lines: &[NewLine],
    idempotency_key: Option<&str>,
) -> Result<CartView, CartError> {
    let now = carts.clock.now();
    let txn = outbox::begin(&carts.db).await?;
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;

    if !idempotency::is_first(&txn, edit.cart.id, idempotency_key, &lines, now).await? {
        drop(edit);
        txn.rollback().await?;
        return find_view(carts, cart_id, proof)
            .await?
            .ok_or(CartError::NotFound);
    }

    edit.require_editable().await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    add_lines(&mut edit, lines).await?;
    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}

/// Adds lines to a cart that is being changed.
pub(crate) async fn add_lines(edit: &mut Edit<'_>, lines: &[NewLine]) -> Result<(), CartError> {
    let quantity_of = |index| item("lines", index, "quantity");
    let variant_of = |index| item("lines", index, "variantId");

    // What is wrong whatever the cart holds.
    for (index, line) in lines.iter().enumerate() {
        if line.quantity < 1 {
            return Err(CartError::QuantityInvalid {
                allowed: "at least 1",
                field: quantity_of(index),
            });
        }
        let max = edit.cart.capacity;
        if line.quantity > max || i64::try_from(index).is_ok_and(|index| index >= i64::from(max)) {
            return Err(CartError::CapacityExceeded {
                max,
                field: quantity_of(index),
            });
        }
    }

    // The variants.
    let variants: Vec<VariantId> = lines.iter().filter_map(|line| line.variant_id).collect();
    edit.load_goods(variants).await?;
    for (index, line) in lines.iter().enumerate() {
        let known = line
            .variant_id
            .and_then(|id| edit.goods.variant(id.uuid()).cloned());
        let Some(variant) = known else {
            return Err(CartError::VariantNotFound {
                field: variant_of(index),
            });
        };
        if !variant.is_published {
            return Err(CartError::VariantNotPurchasable {
                sku: variant.sku,
                field: variant_of(index),
            });
        }
        if variant.currency != edit.cart.currency {
            let cart = edit.cart.currency.clone();
            return Err(CartError::CurrencyMismatch {
                cart,
                other: variant.currency,
                field: variant_of(index),
            });
        }
        edit.add(&variant, line.quantity);
        edit.require_room(|| quantity_of(index))?;
    }
    Ok(())
}
