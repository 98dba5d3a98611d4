//! A small shop: an inventory service with stock, and the events others would send it.

use auth::Role;
use chrono::{DateTime, TimeDelta, Utc};
use events::catalog::{ProductSnapshot, ProductUpdated, VariantSnapshot};
use events::id::{CartId, OrderId, PaymentId, ProductId, UserId, VariantId};
use events::order::{
    OrderCancelled, OrderCreated, OrderExpired, OrderStatusChanged, OrderTotals, OrderedLine,
};
use events::payment::{PaymentInitiated, PaymentSucceeded};
use events::{Envelope, Event};
use inventory::entity::{reservation, stock_level};
use inventory::{Config, demo};
use money::{Currency, Money};
use outbox::{HandleError, Outcome};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use test_support::{Caller, TestSubgraph};

/// The inventory on a database of its own.
pub(crate) struct Shop {
    pub(crate) service: TestSubgraph,
}

/// The variant with this SKU.
pub(crate) fn variant(sku: &str) -> VariantId {
    VariantId::from_name(sku)
}

/// The order with this name.
pub(crate) fn order(name: &str) -> OrderId {
    OrderId::from_name(name)
}

/// Somebody who keeps the goods.
pub(crate) fn keeper() -> Caller {
    Caller::Staff(UserId::from_name("keeper"), vec![Role::Warehouse])
}

impl Shop {
    /// A shop with this stock: SKU, units in MAIN, units in EAST.
    pub(crate) async fn with(stock: &[(&str, i64, i64)]) -> Self {
        let service = TestSubgraph::start::<migrations::inventory::Migrator>(|deps| {
            inventory::service(deps, Config::default())
        })
        .await;
        let levels = stock
            .iter()
            .map(|(sku, main, east)| (variant(sku), (*sku).to_owned(), *main, *east));
        demo::load(&service.deps.db, service.deps.clock.now(), levels)
            .await
            .expect("stock can be loaded");
        Self { service }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.service.deps.clock.now()
    }

    /// Units (on hand, reserved) of a variant over all warehouses.
    pub(crate) async fn units(&self, sku: &str) -> (i64, i64) {
        let levels = self.levels(sku).await;
        (
            levels.iter().map(|level| level.on_hand).sum(),
            levels.iter().map(|level| level.reserved).sum(),
        )
    }

    /// The levels of a variant.
    pub(crate) async fn levels(&self, sku: &str) -> Vec<stock_level::Model> {
        stock_level::Entity::find()
            .filter(stock_level::Column::VariantId.eq(variant(sku).uuid()))
            .all(&self.service.deps.db)
            .await
            .expect("levels can be read")
    }

    /// The reservation of an order.
    pub(crate) async fn reservation(&self, name: &str) -> Option<reservation::Model> {
        reservation::Entity::find()
            .filter(reservation::Column::OrderId.eq(order(name).uuid()))
            .one(&self.service.deps.db)
            .await
            .expect("reservations can be read")
    }

    /// The state of an order's reservation.
    pub(crate) async fn state(&self, name: &str) -> reservation::State {
        self.reservation(name).await.expect("a reservation").state
    }

    /// What the inventory said since `from` events ago, without the stock changes.
    pub(crate) async fn said_since(&self, from: usize) -> Vec<Event> {
        let all = self.service.events().await;
        all.into_iter()
            .skip(from)
            .filter(|event| !matches!(event, Event::StockChanged(_)))
            .collect()
    }

    /// How many events there are so far.
    pub(crate) async fn spoken(&self) -> usize {
        self.service.events().await.len()
    }

    /// Delivers an event; panics unless it is handled.
    pub(crate) async fn hear(&self, event: impl Into<Event>) {
        self.service.deliver(event, 1).await;
    }

    /// Delivers an event and returns what the handler said.
    pub(crate) async fn try_hear(&self, event: impl Into<Event>) -> Result<Outcome, HandleError> {
        let envelope = self.service.envelope(event, 1);
        self.try_deliver(&envelope).await
    }

    /// Delivers an envelope and returns what the handler said.
    pub(crate) async fn try_deliver(&self, envelope: &Envelope) -> Result<Outcome, HandleError> {
        let consumer = self
            .service
            .service
            .consumer
            .clone()
            .expect("the inventory consumes events");
        outbox::consume(&self.service.deps.db, consumer.as_ref(), envelope).await
    }

    /// Lets the hold of every order run out that is due after this long.
    pub(crate) async fn after(&self, time: TimeDelta) {
        self.service.deps.clock.advance(time);
        self.service.run_job("inventory.expire_holds").await;
    }

    /// `order.created`, with a hold of 15 minutes.
    pub(crate) fn created(&self, name: &str, lines: &[(&str, i64)]) -> OrderCreated {
        let line = |(sku, quantity): &(&str, i64)| OrderedLine {
            variant_id: variant(sku),
            product_id: ProductId::from_name(sku),
            sku: (*sku).to_owned(),
            name: (*sku).to_owned(),
            quantity: *quantity,
            price_at_purchase: rupiah(1_000),
        };
        OrderCreated {
            order_id: order(name),
            cart_id: CartId::from_name(name),
            user_id: None,
            order_token_hash: String::new(),
            email: "buyer@bazaar.test".to_owned(),
            lines: lines.iter().map(line).collect(),
            totals: OrderTotals {
                currency: Currency::IDR,
                subtotal: 1_000,
                discount: 0,
                shipping: 0,
                tax: 0,
                total: 1_000,
            },
            expires_at: self.now() + TimeDelta::minutes(15),
        }
    }

    /// `payment.initiated`, which the provider gives up on after `minutes`.
    pub(crate) fn initiated(&self, name: &str, minutes: i64) -> PaymentInitiated {
        PaymentInitiated {
            payment_id: PaymentId::generate(),
            order_id: order(name),
            provider: "DEMO".to_owned(),
            amount: rupiah(1_000),
            expires_at: self.now() + TimeDelta::minutes(minutes),
        }
    }

    /// `payment.succeeded`.
    pub(crate) fn paid(&self, name: &str) -> PaymentSucceeded {
        PaymentSucceeded {
            payment_id: PaymentId::from_name(name),
            order_id: order(name),
            provider: "DEMO".to_owned(),
            amount: rupiah(1_000),
            gateway_ref: name.to_owned(),
            paid_at: self.now(),
        }
    }

    /// `order.cancelled`.
    pub(crate) fn cancelled(&self, name: &str, release_committed: bool) -> OrderCancelled {
        OrderCancelled {
            order_id: order(name),
            cart_id: CartId::from_name(name),
            reason: "buyer".to_owned(),
            release_committed,
        }
    }

    /// `order.expired`.
    pub(crate) fn expired(&self, name: &str) -> OrderExpired {
        OrderExpired {
            order_id: order(name),
            cart_id: CartId::from_name(name),
        }
    }

    /// `order.status_changed`.
    pub(crate) fn status(&self, name: &str, to: &str) -> OrderStatusChanged {
        OrderStatusChanged {
            order_id: order(name),
            number: Some("1".to_owned()),
            email: "buyer@bazaar.test".to_owned(),
            from: "PROCESSING".to_owned(),
            to: to.to_owned(),
            carrier: None,
            tracking_number: None,
        }
    }

    /// `catalog.product_updated` of a product with one variant.
    pub(crate) fn product(&self, sku: &str, name: &str, version: i64) -> ProductUpdated {
        ProductUpdated(ProductSnapshot {
            product_id: ProductId::from_name(sku),
            version,
            slug: sku.to_lowercase(),
            name: name.to_owned(),
            brand: None,
            category_ids: Vec::new(),
            status: "PUBLISHED".to_owned(),
            variants: vec![VariantSnapshot {
                variant_id: variant(sku),
                sku: sku.to_owned(),
                name: name.to_owned(),
                is_published: true,
                price: rupiah(1_000),
                tax_class: "standard".to_owned(),
                weight_grams: 100,
            }],
        })
    }
}

fn rupiah(amount: i64) -> Money {
    Money::new(amount, Currency::IDR)
}
