//! Brings a guest's cart into the cart of the user who signed in.

use chrono::{DateTime, Utc};
use events::Cause;
use events::id::{CartId, UserId};
use sea_orm::DatabaseTransaction;

use super::cart_view::load_views;
use super::edit::Edit;
use super::{CartView, Carts, Proof, Warning, WarningCode};
use crate::entity::cart::{self, CartStatus};
use crate::entity::notice;
use crate::error::CartError;
use crate::incoming::UserLoggedIn;

/// Merges a guest's cart into the user's, on the user's own request. Repeating it gives the user's
/// cart again.
///
/// # Errors
/// [`CartError`]; nothing was changed then.
pub async fn cart_merge(
    carts: &Carts,
    cause: &Cause,
    proof: &Proof,
    user_id: UserId,
    cart_id: CartId,
) -> Result<CartView, CartError> {
    let now = carts.clock.now();
    let txn = outbox::begin(&carts.db).await?;
    let guest = Edit::open(carts, &txn, proof.own_cart(cart_id), now)
        .await?
        .ok_or(CartError::NotFound)?;

    // Merged before: the answer is the cart it went into.
    let is_users = guest.cart.user_id.is_some();
    if is_users || guest.cart.status == CartStatus::Merged {
        drop(guest);
        txn.rollback().await?;
        let live = cart::find(&carts.db, cart::live_of_user(user_id.uuid()))
            .await?
            .ok_or(CartError::NotFound)?;
        let views = load_views(&carts.db, &carts.config, now, vec![live]).await?;
        return views.into_iter().next().ok_or(CartError::NotFound);
    }

    let (mut edit, removed) = merge(carts, &txn, cause, guest, user_id, now).await?;
    edit.remember_email(proof);
    edit.tell_buyer().await?;
    edit.warnings.extend(removed);
    let view = edit.save(cause).await?;
    txn.commit().await?;
    Ok(view)
}

/// Merges the guest's cart that was named at login, if it was proved to be theirs and nobody is
/// paying for either cart; what did not fit the user is told later.
///
/// # Errors
/// [`CartError::Database`] or [`CartError::Pricing`].
pub(crate) async fn cart_take_over(
    carts: &Carts,
    txn: &DatabaseTransaction,
    cause: &Cause,
    login: &UserLoggedIn,
) -> Result<(), CartError> {
    let (Some(cart_id), Some(token_hash)) = (login.cart_id, login.cart_token_hash.clone()) else {
        return Ok(());
    };
    let now = cause.now;
    let proof = Proof::of_event(None, Some(token_hash));
    let Some(guest) = Edit::open(carts, txn, proof.own_cart(cart_id), now).await? else {
        return Ok(());
    };
    let (edit, removed) = match merge(carts, txn, cause, guest, login.user_id, now).await {
        Ok(merged) => merged,
        // The guest keeps a cart that is being paid for; one that is over has nothing to give.
        Err(CartError::Locked(_) | CartError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let target = CartId::from_uuid(edit.cart.id);
    notice::insert(
        txn,
        removed
            .into_iter()
            .map(|warning| warning.into_notice(target, now))
            .collect(),
    )
    .await?;
    edit.save(cause).await?;
    Ok(())
}

/// Moves what fits from the guest's cart to the user's, in line order. Without a cart of their own,
/// the user gets the guest's as it is. Returns the user's cart, not yet saved, and what did not fit.
async fn merge<'a>(
    carts: &'a Carts,
    txn: &'a DatabaseTransaction,
    cause: &Cause,
    mut guest: Edit<'a>,
    user_id: UserId,
    now: DateTime<Utc>,
) -> Result<(Edit<'a>, Vec<Warning>), CartError> {
    guest.require_editable().await?;
    let Some(mut users) = Edit::open(carts, txn, cart::live_of_user(user_id.uuid()), now).await?
    else {
        guest.cart.user_id = Some(user_id.uuid());
        guest.cart.token_hash = None;
        return Ok((guest, Vec::new()));
    };
    users.require_editable().await?;

    // Lines.
    let mut removed = Vec::new();
    if users.lines.is_empty() {
        users.cart.currency = guest.cart.currency.clone();
    }
    users.goods.extend(&guest.goods);
    for line in std::mem::take(&mut guest.lines) {
        let variant = guest.goods.of_line(line.variant_id);
        let room = if users.cart.currency == guest.cart.currency {
            users.room()
        } else {
            0
        };
        let moved =
            i32::try_from(room.clamp(0, i64::from(line.quantity))).expect("at most the quantity");
        if moved > 0 {
            users.add_at(variant, moved, (line.unit_price_minor, line.price_version));
        }
        let dropped = line.quantity - moved;
        if dropped > 0 {
            let message = format!(
                "{dropped} of {} did not fit into the cart and were removed",
                variant.sku
            );
            removed.push(Warning {
                code: WarningCode::LineRemoved,
                message,
                field: None,
                line_id: None,
            });
        }
    }

    // What the user's cart does not have yet.
    users.cart.email = users.cart.email.take().or_else(|| guest.cart.email.clone());
    if users.cart.shipping_address.is_none() {
        users.cart.shipping_address = guest.cart.shipping_address.clone();
        users.cart.shipping_method = guest.cart.shipping_method.clone();
    }

    guest.become_status(CartStatus::Merged);
    guest.save(cause).await?;
    Ok((users, removed))
}
