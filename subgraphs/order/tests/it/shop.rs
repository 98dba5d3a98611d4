//! The order service with its neighbors played by the test.

use events::Event;
use events::PostalAddress;
use events::cart::{CartSnapshot, CartSnapshotLine, CheckoutRejected, CheckoutStarted};
use events::id::{CartId, EmailId, OrderId, PaymentId, ProductId, RefundId, UserId, VariantId};
use events::inventory::{
    InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved, Shortage,
};
use events::notification::EmailNotificationSent;
use events::order::CheckoutRequested;
use events::payment::{
    PaymentExpired, PaymentFailed, PaymentInitiated, PaymentRefunded, PaymentSucceeded,
};
use money::{Currency, Money};
use order::Config;
use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph, wait_for};

pub(crate) const ORDER_CREATE: &str = "mutation OrderCreate($input: OrderCreateInput!) {
  orderCreate(input: $input) {
    order {
      id
      status
      paymentStatus
      expiresAt
      total { ...MoneyFields }
      lines { sku name quantity priceAtPurchase { ...MoneyFields } lineTotal { ...MoneyFields } }
    }
    orderToken
    shortages { variantId sku requested available }
    userErrors { field code message }
  }
}
fragment MoneyFields on Money { amount minorAmount currencyCode }";

pub(crate) struct Shop {
    pub(crate) order: TestSubgraph,
}

/// An order that was just created, and who may see it.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) id: OrderId,
    pub(crate) token: String,
}

impl Shop {
    /// A shop whose `orderCreate` waits as long as a slow machine needs.
    pub(crate) async fn open() -> Self {
        let verdict_wait = std::time::Duration::from_secs(20);
        Self::with(Config {
            verdict_wait,
            ..Config::default()
        })
        .await
    }

    /// A shop whose `orderCreate` hardly waits.
    pub(crate) async fn impatient() -> Self {
        let verdict_wait = std::time::Duration::from_millis(20);
        Self::with(Config {
            verdict_wait,
            ..Config::default()
        })
        .await
    }

    async fn with(config: Config) -> Self {
        let build = |deps| order::service(deps, config);
        Self {
            order: TestSubgraph::start::<migrations::order::Migrator>(build).await,
        }
    }

    /// Sends `orderCreate` and returns its payload.
    pub(crate) async fn order_create(&self, caller: &Caller, input: Value) -> Value {
        self.order
            .data(caller, ORDER_CREATE, json!({ "input": input }))
            .await["orderCreate"]
            .take()
    }

    /// Every checkout that the cart was asked for.
    pub(crate) async fn requests(&self) -> Vec<CheckoutRequested> {
        let requested = |event| match event {
            Event::CheckoutRequested(requested) => Some(requested),
            _ => None,
        };
        self.order
            .events()
            .await
            .into_iter()
            .filter_map(requested)
            .collect()
    }

    /// Waits for the checkout request after the first `known` ones.
    pub(crate) async fn request_after(&self, known: usize) -> CheckoutRequested {
        wait_for("a checkout request", || async {
            self.requests().await.into_iter().nth(known)
        })
        .await
    }

    /// Orders `cart`, with the cart and inventory agreeing.
    pub(crate) async fn buy(&self, caller: &Caller, cart: &CartSnapshot, key: &str) -> Placed {
        let known = self.requests().await.len();
        let neighbors = async {
            let request = self.request_after(known).await;
            self.checkout_started(request.order_id, cart).await;
            self.held(request.order_id).await;
        };
        let (payload, ()) = tokio::join!(
            self.order_create(caller, create_input(cart, key)),
            neighbors
        );
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        Placed {
            id: payload["order"]["id"]
                .as_str()
                .expect("an id")
                .parse()
                .expect("an order id"),
            token: payload["orderToken"].as_str().expect("a token").to_owned(),
        }
    }

    /// Pays an order, with inventory agreeing.
    pub(crate) async fn pay(&self, order_id: OrderId) -> PaymentId {
        let payment_id = PaymentId::generate();
        self.initiated(order_id, payment_id).await;
        self.succeeded(order_id, payment_id).await;
        self.reserved(order_id).await;
        payment_id
    }

    /// Buys and pays.
    pub(crate) async fn confirmed(
        &self,
        caller: &Caller,
        cart: &CartSnapshot,
        key: &str,
    ) -> Placed {
        let placed = self.buy(caller, cart, key).await;
        self.pay(placed.id).await;
        assert_eq!(
            self.status(&placed).await,
            ("CONFIRMED".to_owned(), "PAID".to_owned())
        );
        placed
    }

    pub(crate) async fn checkout_started(&self, order_id: OrderId, cart: &CartSnapshot) {
        self.order
            .deliver(
                CheckoutStarted {
                    order_id,
                    cart: cart.clone(),
                },
                2,
            )
            .await;
    }

    pub(crate) async fn checkout_rejected(&self, order_id: OrderId, code: &str) {
        let message = format!("the cart says {code}");
        self.order
            .deliver(
                CheckoutRejected {
                    order_id,
                    code: code.to_owned(),
                    message,
                },
                2,
            )
            .await;
    }

    pub(crate) async fn held(&self, order_id: OrderId) {
        let expires_at = self.order.deps.clock.now() + chrono::TimeDelta::minutes(20);
        self.order
            .deliver(
                InventoryHeld {
                    order_id,
                    expires_at,
                },
                1,
            )
            .await;
    }

    pub(crate) async fn hold_rejected(&self, order_id: OrderId, shortages: Vec<Shortage>) {
        self.order
            .deliver(
                InventoryHoldRejected {
                    order_id,
                    shortages,
                },
                1,
            )
            .await;
    }

    pub(crate) async fn reserved(&self, order_id: OrderId) {
        self.order
            .deliver(
                InventoryReserved {
                    order_id,
                    allocations: Vec::new(),
                },
                2,
            )
            .await;
    }

    pub(crate) async fn commit_rejected(&self, order_id: OrderId) {
        self.order
            .deliver(
                InventoryCommitRejected {
                    order_id,
                    shortages: vec![shortage(1, 0)],
                },
                3,
            )
            .await;
    }

    pub(crate) async fn released(&self, order_id: OrderId, reason: &str) {
        self.order
            .deliver(
                InventoryReleased {
                    order_id,
                    reason: reason.to_owned(),
                },
                2,
            )
            .await;
    }

    pub(crate) async fn initiated(&self, order_id: OrderId, payment_id: PaymentId) {
        let expires_at = self.order.deps.clock.now() + chrono::TimeDelta::minutes(30);
        let amount = total();
        let provider = "DEMO".to_owned();
        self.order
            .deliver(
                PaymentInitiated {
                    payment_id,
                    order_id,
                    provider,
                    amount,
                    expires_at,
                },
                1,
            )
            .await;
    }

    pub(crate) async fn succeeded(&self, order_id: OrderId, payment_id: PaymentId) {
        self.order
            .deliver(self.success(order_id, payment_id), 2)
            .await;
    }

    pub(crate) fn success(&self, order_id: OrderId, payment_id: PaymentId) -> PaymentSucceeded {
        PaymentSucceeded {
            payment_id,
            order_id,
            provider: "DEMO".to_owned(),
            amount: total(),
            gateway_ref: "demo-1".to_owned(),
            paid_at: self.order.deps.clock.now(),
        }
    }

    pub(crate) async fn failed(&self, order_id: OrderId, payment_id: PaymentId) {
        let reason = "declined".to_owned();
        self.order
            .deliver(
                PaymentFailed {
                    payment_id,
                    order_id,
                    reason,
                    retryable: true,
                },
                2,
            )
            .await;
    }

    pub(crate) async fn payment_expired(&self, order_id: OrderId, payment_id: PaymentId) {
        self.order
            .deliver(
                PaymentExpired {
                    payment_id,
                    order_id,
                },
                2,
            )
            .await;
    }

    pub(crate) async fn refunded(&self, order_id: OrderId, payment_id: PaymentId, remaining: i64) {
        let event = PaymentRefunded {
            refund_id: RefundId::generate(),
            payment_id,
            order_id,
            amount: Money::new(total().minor - remaining, Currency::IDR),
            remaining: Money::new(remaining, Currency::IDR),
        };
        self.order.deliver(event, 3).await;
    }

    pub(crate) async fn email_sent(&self, order_id: OrderId) {
        let event = EmailNotificationSent {
            email_id: EmailId::generate(),
            template: "order_confirmation".to_owned(),
            order_id: Some(order_id),
        };
        self.order.deliver(event, 1).await;
    }

    /// Status and payment status, seen with the order's token.
    pub(crate) async fn status(&self, placed: &Placed) -> (String, String) {
        let order = self.detail(placed).await;
        let text = |field: &str| order[field].as_str().expect("a status").to_owned();
        (text("status"), text("paymentStatus"))
    }

    /// The order, seen with its token.
    pub(crate) async fn detail(&self, placed: &Placed) -> Value {
        let query = "query($id: ID!, $token: String) { order(id: $id, orderToken: $token) {
            id number status paymentStatus placedAt cancelReason expiresAt carrier trackingNumber timeline { type }
        } }";
        let variables = json!({ "id": placed.id, "token": placed.token });
        self.order.data(&Caller::Guest, query, variables).await["order"].take()
    }

    /// Types of the events published after the first `known` ones.
    pub(crate) async fn published_after(&self, known: usize) -> Vec<String> {
        self.order
            .envelopes()
            .await
            .into_iter()
            .skip(known)
            .map(|envelope| envelope.event_type)
            .collect()
    }

    pub(crate) async fn run_expiry(&self) {
        self.order.run_job("order.expire").await;
    }
}

/// 2 × 125 000 − 10 000 + 20 000 shipping + 28 600 tax.
pub(crate) fn total() -> Money {
    Money::new(288_600, Currency::IDR)
}

pub(crate) fn guest_cart() -> CartSnapshot {
    CartSnapshot {
        cart_id: CartId::generate(),
        user_id: None,
        email: "buyer@bazaar.test".to_owned(),
        currency: Currency::IDR,
        fingerprint: "first content".to_owned(),
        lines: vec![CartSnapshotLine {
            variant_id: VariantId::from_name("DEMO-0001-A"),
            product_id: ProductId::from_name("demo-product-0001"),
            sku: "DEMO-0001-A".to_owned(),
            name: "Demo product 1, A".to_owned(),
            quantity: 2,
            unit_price: Money::new(125_000, Currency::IDR),
            discount: 10_000,
            tax: 26_400,
        }],
        shipping_address: PostalAddress {
            recipient: "A Buyer".to_owned(),
            line1: "Jalan Demo 1".to_owned(),
            line2: None,
            city: "Jakarta".to_owned(),
            province: None,
            postal_code: "10110".to_owned(),
            country_code: "ID".to_owned(),
            phone: None,
        },
        shipping_method: "REGULAR".to_owned(),
        subtotal: 250_000,
        discount: 10_000,
        shipping: 20_000,
        tax: 28_600,
        total: 288_600,
    }
}

pub(crate) fn cart_of(user_id: UserId) -> CartSnapshot {
    CartSnapshot {
        user_id: Some(user_id),
        ..guest_cart()
    }
}

pub(crate) fn create_input(cart: &CartSnapshot, key: &str) -> Value {
    match cart.user_id {
        Some(_) => json!({ "cartId": cart.cart_id, "idempotencyKey": key }),
        None => {
            json!({ "cartId": cart.cart_id, "cartToken": "the cart token", "idempotencyKey": key })
        }
    }
}

pub(crate) fn shortage(requested: i64, available: i64) -> Shortage {
    Shortage {
        variant_id: VariantId::from_name("DEMO-0001-A"),
        requested,
        available,
    }
}
