//! An order from a cart snapshot.

use chrono::TimeDelta;
use events::cart::CartSnapshot;
use sea_orm::prelude::DateTimeUtc;
use uuid::Uuid;

use super::status::{OrderStatus, PaymentStatus, StockState};
use crate::config::Config;
use crate::entity::{checkout, order, order_line};
use crate::error::OrderError;

/// The rows of a new order.
#[derive(Debug)]
pub(crate) struct OrderDraft {
    pub(crate) order: order::Model,
    pub(crate) lines: Vec<order_line::Model>,
}

impl OrderDraft {
    /// Copies the snapshot; refuses one that does not add up, because what is sold here must.
    pub(crate) fn from_snapshot(
        checkout: &checkout::Model,
        cart: &CartSnapshot,
        order_token: &str,
        config: &Config,
        now: DateTimeUtc,
    ) -> Result<Self, OrderError> {
        let lines = cart
            .lines
            .iter()
            .zip(0..)
            .map(|(line, position)| {
                let adds_up = line.quantity > 0
                    && line.unit_price.minor >= 0
                    && line.discount >= 0
                    && line.tax >= 0
                    && line.unit_price.currency == cart.currency;
                let line_total = line.unit_price.minor.checked_mul(line.quantity);
                let (true, Some(line_total)) = (adds_up, line_total) else {
                    return Err(OrderError::SnapshotInvalid("a line does not add up"));
                };
                Ok(order_line::Model {
                    id: Uuid::now_v7(),
                    order_id: checkout.id,
                    position,
                    variant_id: line.variant_id.uuid(),
                    product_id: line.product_id.uuid(),
                    sku: line.sku.clone(),
                    name: line.name.clone(),
                    quantity: line.quantity,
                    price_minor: line.unit_price.minor,
                    discount_minor: line.discount,
                    tax_minor: line.tax,
                    line_total_minor: line_total,
                    currency: cart.currency.code().to_owned(),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;

        if lines.is_empty() {
            return Err(OrderError::SnapshotInvalid("it has no lines"));
        }
        if cart.cart_id != checkout.cart_id() {
            return Err(OrderError::SnapshotInvalid("it is of another cart"));
        }
        let subtotal: i128 = lines
            .iter()
            .map(|line| i128::from(line.line_total_minor))
            .sum();
        if subtotal != i128::from(cart.subtotal) {
            return Err(OrderError::SnapshotInvalid(
                "the subtotal is not the sum of the lines",
            ));
        }
        let total =
            subtotal - i128::from(cart.discount) + i128::from(cart.shipping) + i128::from(cart.tax);
        let parts_fit =
            cart.discount >= 0 && cart.shipping >= 0 && cart.tax >= 0 && cart.total >= 0;
        if total != i128::from(cart.total) || !parts_fit {
            return Err(OrderError::SnapshotInvalid(
                "the total is not the sum of its parts",
            ));
        }

        let order = order::Model {
            id: checkout.id,
            version: 1,
            created_at: now,
            updated_at: now,
            number: None,
            placed_at: None,
            user_id: checkout
                .user_id
                .or(cart.user_id.map(|user_id| user_id.uuid())),
            email: cart.email.clone(),
            cart_id: checkout.cart_id,
            fingerprint: cart.fingerprint.clone(),
            order_token_hash: auth::hash_token(order_token),
            status: OrderStatus::Pending,
            payment_status: PaymentStatus::Pending,
            stock_state: StockState::None,
            currency: cart.currency.code().to_owned(),
            subtotal_minor: cart.subtotal,
            discount_minor: cart.discount,
            shipping_minor: cart.shipping,
            tax_minor: cart.tax,
            total_minor: cart.total,
            shipping_address: serde_json::to_string(&cart.shipping_address)
                .expect("addresses are plain data"),
            shipping_method: cart.shipping_method.clone(),
            expires_at: now + later(config.hold_ttl) + later(config.expiry_grace),
            captured_payment_id: None,
            refund_requested_at: None,
            cancel_reason: None,
            shortages: None,
            carrier: None,
            tracking_number: None,
        };
        Ok(Self { order, lines })
    }
}

/// A configured duration, for sums with times.
pub(crate) fn later(duration: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
