//! Where an order stands, and the one table of how it may move.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OrderStatus {
    /// Created at checkout, waits for its payment. Not official yet: no number.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// Paid, and its stock is committed. From here on it has a number.
    #[sea_orm(string_value = "CONFIRMED")]
    Confirmed,
    /// The warehouse packs it.
    #[sea_orm(string_value = "PROCESSING")]
    Processing,
    /// With the carrier.
    #[sea_orm(string_value = "SHIPPED")]
    Shipped,
    /// With the buyer.
    #[sea_orm(string_value = "DELIVERED")]
    Delivered,
    /// Given up. A payment that comes late may still revive an order that was never confirmed.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// Not paid in time. A payment that comes late may still revive it.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
}

/// Where the money of an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum)]
// A single payment has more states, and payment's enum of them another name.
#[graphql(name = "OrderPaymentStatus")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PaymentStatus {
    /// Nothing was paid yet.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// The whole amount was paid.
    #[sea_orm(string_value = "PAID")]
    Paid,
    /// The last attempt failed; another one may follow while the order is pending.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// The whole amount went back.
    #[sea_orm(string_value = "REFUNDED")]
    Refunded,
    /// A part of the amount went back.
    #[sea_orm(string_value = "PARTIALLY_REFUNDED")]
    PartiallyRefunded,
}

/// Where the stock of an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum StockState {
    /// Inventory has not answered.
    #[sea_orm(string_value = "NONE")]
    None,
    /// Set aside.
    #[sea_orm(string_value = "HELD")]
    Held,
    /// Committed.
    #[sea_orm(string_value = "RESERVED")]
    Reserved,
    /// There is not enough.
    #[sea_orm(string_value = "REJECTED")]
    Rejected,
    /// Was set aside, and is free again.
    #[sea_orm(string_value = "RELEASED")]
    Released,
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "OrderCancelReason")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CancelReason {
    /// There was not enough stock.
    #[sea_orm(string_value = "hold_rejected")]
    HoldRejected,
    /// The buyer did not want it any more.
    #[sea_orm(string_value = "buyer")]
    Buyer,
    /// The shop's staff cancelled it.
    #[sea_orm(string_value = "staff")]
    Staff,
    /// The buyer changed the cart and checked out again; another order took its place.
    #[sea_orm(string_value = "cart_changed")]
    CartChanged,
    /// The checkout got no answer in time.
    #[sea_orm(string_value = "checkout_timeout")]
    CheckoutTimeout,
    /// The payment came after the stock was gone; the money goes back.
    #[sea_orm(string_value = "stock_lost_after_payment")]
    StockLostAfterPayment,
}

/// Who moves an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The checkout saga, by the events of the other services.
    Saga,
    /// The clock.
    Timer,
    /// The buyer.
    Owner,
    /// Staff that answers customers (`orders:write`).
    Support,
    /// Staff that packs and ships (`orders:fulfil`).
    Warehouse,
    /// Whoever runs the shop.
    Admin,
}

/// Every move there is: from, to, and who may make it.
pub const TRANSITIONS: &[(OrderStatus, OrderStatus, &[Who])] = &[
    (OrderStatus::Pending, OrderStatus::Confirmed, &[Who::Saga]),
    (
        OrderStatus::Pending,
        OrderStatus::Cancelled,
        &[Who::Owner, Who::Support, Who::Saga, Who::Timer],
    ),
    // The saga too: the payment provider's own clock ran out.
    (
        OrderStatus::Pending,
        OrderStatus::Expired,
        &[Who::Timer, Who::Saga],
    ),
    // A late payment whose stock could be held again ...
    (OrderStatus::Expired, OrderStatus::Confirmed, &[Who::Saga]),
    (OrderStatus::Cancelled, OrderStatus::Confirmed, &[Who::Saga]),
    // ... and one whose stock is gone.
    (OrderStatus::Expired, OrderStatus::Cancelled, &[Who::Saga]),
    (
        OrderStatus::Confirmed,
        OrderStatus::Processing,
        &[Who::Warehouse],
    ),
    (
        OrderStatus::Confirmed,
        OrderStatus::Cancelled,
        &[Who::Support],
    ),
    (
        OrderStatus::Processing,
        OrderStatus::Shipped,
        &[Who::Warehouse],
    ),
    (
        OrderStatus::Processing,
        OrderStatus::Cancelled,
        &[Who::Admin],
    ),
    (
        OrderStatus::Shipped,
        OrderStatus::Delivered,
        &[Who::Warehouse],
    ),
];

/// Whether one of `who` may move an order so.
pub fn may_move(from: OrderStatus, to: OrderStatus, who: &[Who]) -> bool {
    TRANSITIONS.iter().any(|(start, end, allowed)| {
        *start == from && *end == to && who.iter().any(|one| allowed.contains(one))
    })
}

impl OrderStatus {
    /// The name in events and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Confirmed => "CONFIRMED",
            Self::Processing => "PROCESSING",
            Self::Shipped => "SHIPPED",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
        }
    }
}

impl CancelReason {
    /// The name in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HoldRejected => "hold_rejected",
            Self::Buyer => "buyer",
            Self::Staff => "staff",
            Self::CartChanged => "cart_changed",
            Self::CheckoutTimeout => "checkout_timeout",
            Self::StockLostAfterPayment => "stock_lost_after_payment",
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn the_table_of_transitions() {
        let mut table = String::new();
        for from in OrderStatus::iter() {
            for to in OrderStatus::iter() {
                let who: Vec<String> = [
                    Who::Saga,
                    Who::Timer,
                    Who::Owner,
                    Who::Support,
                    Who::Warehouse,
                    Who::Admin,
                ]
                .into_iter()
                .filter(|one| may_move(from, to, &[*one]))
                .map(|one| format!("{one:?}"))
                .collect();
                if !who.is_empty() {
                    table.push_str(&format!(
                        "{} -> {}: {}\n",
                        from.as_str(),
                        to.as_str(),
                        who.join(", ")
                    ));
                }
            }
        }
        insta::assert_snapshot!(table, @r"
        PENDING -> CONFIRMED: Saga
        PENDING -> CANCELLED: Saga, Timer, Owner, Support
        PENDING -> EXPIRED: Saga, Timer
        CONFIRMED -> PROCESSING: Warehouse
        CONFIRMED -> CANCELLED: Support
        PROCESSING -> SHIPPED: Warehouse
        PROCESSING -> CANCELLED: Admin
        SHIPPED -> DELIVERED: Warehouse
        CANCELLED -> CONFIRMED: Saga
        EXPIRED -> CONFIRMED: Saga
        EXPIRED -> CANCELLED: Saga
        ");
    }

    #[test]
    fn names_are_what_the_database_stores() {
        use sea_orm::ActiveEnum;
        for status in OrderStatus::iter() {
            assert_eq!(status.to_value(), status.as_str());
        }
        for reason in CancelReason::iter() {
            assert_eq!(reason.to_value(), reason.as_str());
        }
    }
}
