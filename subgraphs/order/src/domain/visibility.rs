//! Who may see an order. To everybody else it does not exist.

use auth::{Principal, Scope};

use crate::entity::order;

/// Whether the caller is the signed-in buyer of the order, or holds its token.
pub(crate) fn is_owner(
    order: &order::Model,
    caller: &Principal,
    order_token: Option<&str>,
) -> bool {
    let signed_in = order
        .user_id()
        .is_some_and(|owner| caller.user_id() == Some(owner.to_string().as_str()));
    signed_in || order_token.is_some_and(|token| auth::matches(token, &order.order_token_hash))
}

/// Whether the caller may see the order: its owner, or staff with `orders:read`.
pub(crate) fn is_visible(
    order: &order::Model,
    caller: &Principal,
    order_token: Option<&str>,
) -> bool {
    is_owner(order, caller, order_token) || caller.has_scope(Scope::ORDERS_READ)
}
