//! Takes lines out of a cart.

use events::Cause;
use events::id::{CartId, CartLineId};

use super::edit::Edit;
use super::{CartView, Carts, Proof};
use crate::error::CartError;

/// Removes lines. A line that is gone already is fine, so that the request may be repeated; what is
/// no identifier of a line (`None`) is refused.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_lines_remove(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    cart_id: CartId,
    line_ids: &[Option<CartLineId>],
) -> Result<CartView, CartError> {
    let txn = outbox::begin(&carts.db).await?;
    let now = carts.clock.now();
    let mut edit = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;
    edit.require_editable().await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;

    for (index, line_id) in line_ids.iter().enumerate() {
        let field = || vec!["lineIds".to_owned(), index.to_string()];
        let line_id = line_id
            .ok_or_else(|| CartError::LineNotFound { field: field() })?
            .uuid();
        edit.lines.retain(|line| line.id != line_id);
    }

    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}
