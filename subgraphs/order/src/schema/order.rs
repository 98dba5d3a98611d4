//! The `Order` type.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use service::ApiError;
use service::graphql::{Money, PostalAddress};

use super::loaders::{LinesOf, OrderLoader, TimelineOf};
use super::order_line::OrderLine;
use super::user::User;
use crate::domain::status::{CancelReason, OrderStatus, PaymentStatus};
use crate::entity::order;

/// An order the caller may see: whoever hands one out has checked that.
#[derive(Clone)]
pub(crate) struct Order(pub(crate) order::Model);

/// Something that happened to an order.
#[derive(SimpleObject)]
pub(crate) struct OrderTimelineEntry {
    /// What happened. The checkout chain is `OrderCreated`, `PaymentInitiated`, `PaymentSucceeded`,
    /// `InventoryReserved`, `OrderConfirmed`, `EmailNotificationSent`; others are `PaymentFailed`,
    /// `PaymentExpired`, `PaymentRefunded`, `InventoryCommitRejected`, `OrderCancelled`,
    /// `OrderExpired`, `RefundRequested`, `OrderProcessing`, `OrderShipped`, `OrderDelivered`. More
    /// may come; show an unknown one as it is or leave it out.
    #[graphql(name = "type")]
    kind: String,
    /// When it happened.
    occurred_at: DateTime<Utc>,
}

/// An order. It exists from checkout on and becomes official, with a number, once it is paid and its
/// stock is committed.
#[Object]
impl Order {
    /// Identifier.
    async fn id(&self) -> ID {
        self.0.order_id().to_string().into()
    }

    /// The number for people, for example `BZ-2026-000123`; set together with `placedAt` when the order
    /// becomes official.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// Where the order stands.
    async fn status(&self) -> OrderStatus {
        self.0.status
    }

    /// Where its money stands.
    async fn payment_status(&self) -> PaymentStatus {
        self.0.payment_status
    }

    /// Why it was cancelled, if it was.
    async fn cancel_reason(&self) -> Option<CancelReason> {
        self.0.cancel_reason
    }

    /// The buyer, null for a guest.
    async fn user(&self) -> Option<User> {
        self.0.user_id().map(|user_id| User {
            id: user_id.to_string().into(),
        })
    }

    /// Where messages about the order go.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Sum of all `lineTotal`s, before discount and tax.
    async fn subtotal(&self) -> Money {
        self.0.money(self.0.subtotal_minor).into()
    }

    /// Discount on the goods, zero or more.
    async fn discount(&self) -> Money {
        self.0.money(self.0.discount_minor).into()
    }

    /// Shipping, before tax.
    async fn shipping(&self) -> Money {
        self.0.money(self.0.shipping_minor).into()
    }

    /// Tax on goods and shipping.
    async fn tax(&self) -> Money {
        self.0.money(self.0.tax_minor).into()
    }

    /// What the buyer pays: subtotal − discount + shipping + tax.
    async fn total(&self) -> Money {
        self.0.money(self.0.total_minor).into()
    }

    /// Where the parcel goes.
    async fn shipping_address(&self) -> Result<PostalAddress, ApiError> {
        let address: events::PostalAddress =
            serde_json::from_str(&self.0.shipping_address).map_err(ApiError::internal)?;
        Ok(address.into())
    }

    /// Code of the shipping method the buyer chose.
    async fn shipping_method(&self) -> &str {
        &self.0.shipping_method
    }

    /// The carrier, once the order is shipped.
    async fn carrier(&self) -> Option<&str> {
        self.0.carrier.as_deref()
    }

    /// The carrier's tracking number, once the order is shipped.
    async fn tracking_number(&self) -> Option<&str> {
        self.0.tracking_number.as_deref()
    }

    /// What was ordered, with the prices of that moment; at most as many lines as a cart holds units.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<OrderLine>, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<OrderLoader>>();
        let lines = loader
            .load_one(LinesOf(self.0.id))
            .await?
            .unwrap_or_default();
        Ok(lines.into_iter().map(OrderLine).collect())
    }

    /// What happened so far, oldest first: a few entries per payment attempt and step of the order.
    async fn timeline(&self, ctx: &Context<'_>) -> Result<Vec<OrderTimelineEntry>, ApiError> {
        let loader = ctx.data_unchecked::<DataLoader<OrderLoader>>();
        let entries = loader
            .load_one(TimelineOf(self.0.id))
            .await?
            .unwrap_or_default();
        Ok(entries
            .into_iter()
            .map(|entry| OrderTimelineEntry {
                kind: entry.kind,
                occurred_at: entry.occurred_at,
            })
            .collect())
    }

    /// When the order became official.
    async fn placed_at(&self) -> Option<DateTime<Utc>> {
        self.0.placed_at
    }

    /// While it is `PENDING`: unpaid by then, it expires. An open payment moves it.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When the order was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the order last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

impl From<order::Model> for Order {
    fn from(order: order::Model) -> Self {
        Self(order)
    }
}

/// The service's state in a resolver.
pub(crate) fn app<'a>(ctx: &Context<'a>) -> &'a Arc<crate::app::App> {
    ctx.data_unchecked()
}
