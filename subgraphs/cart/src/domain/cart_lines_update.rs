//! Sets how many units lines have.

use events::Cause;
use events::id::{CartId, CartLineId};

use super::edit::Edit;
use super::{CartView, Carts, Proof};
use crate::error::{CartError, item};

/// How many units a line is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineUpdate {
    /// The line; none if what was given is no identifier of one.
    pub line_id: Option<CartLineId>,
    /// Units; 0 removes the line.
    pub quantity: i32,
}

/// Sets all quantities or none, in order. Removing a line that is gone already is fine, so that the
/// request may be repeated.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_lines_update(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
    updates: &[LineUpdate],
) -> Result<CartView, CartError> {
    let txn = outbox::begin(&carts.db).await?;
    let now = carts.clock.now();
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;
    edit.require_editable().await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;

    let mut raised = 0;
    for (index, update) in updates.iter().enumerate() {
        let quantity_field = || item("lines", index, "quantity");
        let line_field = || item("lines", index, "lineId");
        if update.quantity < 0 {
            return Err(CartError::QuantityInvalid {
                allowed: "at least 0",
                field: quantity_field(),
            });
        }
        if update.quantity > edit.cart.capacity {
            return Err(CartError::CapacityExceeded {
                max: edit.cart.capacity,
                field: quantity_field(),
            });
        }
        let line_id = update
            .line_id
            .ok_or_else(|| CartError::LineNotFound {
                field: line_field(),
            })?
            .uuid();
        match edit.lines.iter().position(|line| line.id == line_id) {
            Some(position) if update.quantity == 0 => {
                edit.lines.remove(position);
            }
            Some(position) => {
                if update.quantity > edit.lines[position].quantity {
                    raised = index;
                }
                edit.lines[position].quantity = update.quantity;
            }
            None if update.quantity == 0 => {}
            None => {
                return Err(CartError::LineNotFound {
                    field: line_field(),
                });
            }
        }
    }
    // One line may give what another takes, so only the outcome counts.
    edit.require_room(|| item("lines", raised, "quantity"))?;

    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}
