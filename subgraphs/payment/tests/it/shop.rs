//! A payment service with an order to pay.

use std::time::Duration;

use auth::{OpaqueToken, Role};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::TimeDelta;
use events::Event;
use events::id::{CartId, OrderId, PaymentId, UserId};
use events::inventory::InventoryHeld;
use events::order::{OrderCancelled, OrderCreated, OrderTotals};
use money::{Currency, Money};
use payment::entity::{difference, gateway_event, ledger_entry, payment as payments, refund};
use payment::provider::demo::{WEBHOOK_SECRET_PURPOSE, signature};
use payment::{Config, LateUrl};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use service::{Deps, Service};
use test_support::{Caller, TestSubgraph, wait_for};
use tower::ServiceExt;

pub(crate) const TOTAL: i64 = 138_750;

pub(crate) const INITIATE: &str = "mutation($input: PaymentInitiateInput!) {
  paymentInitiate(input: $input) {
    payment { id provider status amount { amount minorAmount currencyCode } expiresAt }
    action { kind redirectUrl clientSecret snapToken }
    userErrors { field code message }
  }
}";

const REFUND: &str = "mutation($input: PaymentRefundInput!) {
  paymentRefund(input: $input) {
    refund { id status amount { amount currencyCode } }
    userErrors { field code message }
  }
}";

pub(crate) struct Shop {
    pub(crate) subgraph: TestSubgraph,
    pub(crate) webhook_base_url: LateUrl,
}

/// An order as the buyer knows it.
#[derive(Clone)]
pub(crate) struct Bought {
    pub(crate) order_id: OrderId,
    pub(crate) buyer: UserId,
    pub(crate) token: String,
}

pub(crate) fn config() -> Config {
    Config {
        public_url: LateUrl::known("http://shop.test".parse().expect("an address")),
        demo_enabled: true,
        order_wait: Duration::from_millis(50),
        provider_retries: vec![Duration::from_millis(1), Duration::from_millis(1)],
        ..Config::default()
    }
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::build(config, payment::service).await
    }

    pub(crate) async fn build(config: Config, build: impl FnOnce(Deps, Config) -> Service) -> Self {
        let webhook_base_url = config.webhook_base_url.clone();
        let subgraph =
            TestSubgraph::start::<migrations::payment::Migrator>(move |deps| build(deps, config))
                .await;
        Self {
            subgraph,
            webhook_base_url,
        }
    }

    pub(crate) fn created(&self, bought: &Bought) -> OrderCreated {
        OrderCreated {
            order_id: bought.order_id,
            cart_id: CartId::generate(),
            user_id: Some(bought.buyer),
            order_token_hash: auth::hash_token(&bought.token),
            email: "buyer@bazaar.test".to_owned(),
            lines: Vec::new(),
            totals: OrderTotals {
                currency: Currency::IDR,
                subtotal: 125_000,
                discount: 0,
                shipping: 0,
                tax: 13_750,
                total: TOTAL,
            },
            expires_at: self.subgraph.deps.clock.now() + TimeDelta::minutes(15),
        }
    }

    pub(crate) fn held(&self, bought: &Bought) -> InventoryHeld {
        let expires_at = self.subgraph.deps.clock.now() + TimeDelta::minutes(15);
        InventoryHeld {
            order_id: bought.order_id,
            expires_at,
        }
    }

    pub(crate) fn cancelled(&self, bought: &Bought) -> OrderCancelled {
        OrderCancelled {
            order_id: bought.order_id,
            cart_id: CartId::generate(),
            reason: "buyer".to_owned(),
            release_committed: false,
        }
    }

    pub(crate) fn somebody(&self) -> Bought {
        Bought {
            order_id: OrderId::generate(),
            buyer: UserId::generate(),
            token: OpaqueToken::generate().into_string(),
        }
    }

    /// An order whose stock is held.
    pub(crate) async fn order(&self) -> Bought {
        let bought = self.somebody();
        self.subgraph.deliver(self.created(&bought), 1).await;
        self.subgraph.deliver(self.held(&bought), 1).await;
        bought
    }

    pub(crate) async fn initiate_as(&self, caller: &Caller, input: Value) -> Value {
        self.subgraph
            .data(caller, INITIATE, json!({ "input": input }))
            .await["paymentInitiate"]
            .take()
    }

    pub(crate) async fn initiate(&self, bought: &Bought, key: &str) -> Value {
        let input =
            json!({ "orderId": bought.order_id, "provider": "DEMO", "idempotencyKey": key });
        self.initiate_as(&Caller::Customer(bought.buyer), input)
            .await
    }

    /// Opens an attempt that must be accepted.
    pub(crate) async fn attempt(&self, bought: &Bought, key: &str) -> PaymentId {
        let answer = self.initiate(bought, key).await;
        assert_eq!(answer["userErrors"], json!([]), "{answer}");
        answer["payment"]["id"]
            .as_str()
            .expect("an id")
            .parse()
            .expect("a payment id")
    }

    /// A paid order.
    pub(crate) async fn paid(&self) -> (Bought, PaymentId) {
        let bought = self.order().await;
        let payment = self.attempt(&bought, "key").await;
        self.pay(payment).await;
        (bought, payment)
    }

    /// Pays at the demo provider's page and lets its webhook arrive.
    pub(crate) async fn pay(&self, payment: PaymentId) {
        self.choose(payment, "paid").await;
        self.webhook_of_charge(payment, "charge.paid", "paid-on-page")
            .await;
        self.wait_for_status(payment, "PAID").await;
    }

    /// Chooses an outcome on the page; its webhook stays where it is, as no address is set.
    pub(crate) async fn choose(&self, payment: PaymentId, outcome: &str) {
        let url = self.row(payment).await.action().expect("an action");
        let payment::provider::PaymentAction::Redirect { url } = url else {
            panic!("a page")
        };
        let (status, _, _) = self.post_form(&url, &format!("outcome={outcome}")).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self
            .subgraph
            .service
            .routes
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20)
            .await
            .expect("a small body");
        (
            parts.status,
            parts.headers,
            String::from_utf8(body.to_vec()).expect("text"),
        )
    }

    pub(crate) async fn get(&self, url: &str) -> (StatusCode, HeaderMap, String) {
        self.send(Request::get(url).body(Body::empty()).expect("a request"))
            .await
    }

    pub(crate) async fn post_form(&self, url: &str, form: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .expect("a request");
        self.send(request).await
    }

    pub(crate) fn sign(&self, body: &str, age: TimeDelta) -> String {
        let secret = self.subgraph.deps.secret.derive(WEBHOOK_SECRET_PURPOSE);
        signature::sign(
            &secret,
            self.subgraph.deps.clock.now() - age,
            body.as_bytes(),
        )
    }

    /// Posts a webhook with this signature.
    pub(crate) async fn post_webhook(&self, signature: Option<&str>, body: String) -> StatusCode {
        let mut request =
            Request::post("/webhooks/demo").header(header::CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            request = request.header("Demo-Signature", signature);
        }
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
            .0
    }

    /// Posts a properly signed webhook.
    pub(crate) async fn webhook(
        &self,
        event_type: &str,
        event_id: &str,
        charge: &str,
        amount: Money,
    ) -> StatusCode {
        let body = webhook_body(event_type, event_id, charge, amount);
        let signature = self.sign(&body, TimeDelta::zero());
        self.post_webhook(Some(&signature), body).await
    }

    /// Posts a properly signed webhook about a payment's charge, over its own amount.
    pub(crate) async fn webhook_of_charge(
        &self,
        payment: PaymentId,
        event_type: &str,
        event_id: &str,
    ) -> StatusCode {
        let row = self.row(payment).await;
        let charge = row.gateway_ref.clone().expect("the provider has answered");
        self.webhook(
            event_type,
            &format!("{event_id}:{payment}"),
            &charge,
            row.amount(),
        )
        .await
    }

    pub(crate) async fn row(&self, payment: PaymentId) -> payments::Model {
        payments::Entity::find_by_id(payment.uuid())
            .one(&self.subgraph.deps.db)
            .await
            .expect("readable")
            .expect("the payment exists")
    }

    pub(crate) async fn attempts(&self, bought: &Bought) -> Vec<payments::Model> {
        payments::Entity::of_orders(&self.subgraph.deps.db, &[bought.order_id.uuid()])
            .await
            .expect("readable")
    }

    /// The status as the table has it.
    pub(crate) async fn status(&self, payment: PaymentId) -> String {
        use sea_orm::ActiveEnum;
        self.row(payment).await.status.into_value()
    }

    pub(crate) async fn wait_for_status(&self, payment: PaymentId, status: &str) {
        wait_for(&format!("{payment} is {status}"), || async {
            (self.status(payment).await == status).then_some(())
        })
        .await;
    }

    /// Types of the events published so far about this order.
    pub(crate) async fn event_types(&self, bought: &Bought) -> Vec<String> {
        let envelopes = self.subgraph.envelopes().await;
        let about = bought.order_id.to_string();
        envelopes
            .into_iter()
            .filter(|envelope| envelope.correlationid == about)
            .map(|envelope| envelope.event_type.trim_end_matches(".v1").to_owned())
            .collect()
    }

    pub(crate) async fn events_of(&self, event_type: &str) -> Vec<Event> {
        let events = self.subgraph.events().await;
        events
            .into_iter()
            .filter(|event| event.event_type() == event_type)
            .collect()
    }

    pub(crate) async fn webhooks(&self) -> Vec<gateway_event::Model> {
        gateway_event::Entity::find()
            .order_by_asc(gateway_event::Column::ReceivedAt)
            .all(&self.subgraph.deps.db)
            .await
            .expect("readable")
    }

    pub(crate) async fn refunds(&self, payment: PaymentId) -> Vec<refund::Model> {
        refund::Entity::find()
            .filter(refund::Column::PaymentId.eq(payment.uuid()))
            .order_by_asc(refund::Column::CreatedAt)
            .all(&self.subgraph.deps.db)
            .await
            .expect("readable")
    }

    pub(crate) async fn differences(&self) -> Vec<difference::Model> {
        difference::Entity::find()
            .all(&self.subgraph.deps.db)
            .await
            .expect("readable")
    }

    pub(crate) async fn ledger(&self, payment: PaymentId) -> Vec<ledger_entry::Model> {
        ledger_entry::Entity::find()
            .filter(ledger_entry::Column::PaymentId.eq(payment.uuid()))
            .all(&self.subgraph.deps.db)
            .await
            .expect("readable")
    }

    pub(crate) fn finance(&self) -> Caller {
        Caller::Staff(UserId::from_name("finance"), vec![Role::Finance])
    }

    pub(crate) async fn refund(&self, payment: PaymentId, minor: Option<i64>, key: &str) -> Value {
        let amount =
            minor.map(|minor| json!({ "minorAmount": minor.to_string(), "currencyCode": "IDR" }));
        self.refund_with(json!({ "paymentId": payment, "amount": amount, "idempotencyKey": key }))
            .await
    }

    pub(crate) async fn refund_with(&self, input: Value) -> Value {
        self.subgraph
            .data(&self.finance(), REFUND, json!({ "input": input }))
            .await["paymentRefund"]
            .take()
    }

    pub(crate) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let routes = self.subgraph.service.routes.clone();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }
}

pub(crate) fn webhook_body(
    event_type: &str,
    event_id: &str,
    charge: &str,
    amount: Money,
) -> String {
    json!({
        "id": event_id,
        "type": event_type,
        "created": 1_700_000_000,
        "data": { "charge": charge, "amount": amount.minor, "currency": amount.currency.code() },
    })
    .to_string()
}

/// The code of the one user error.
pub(crate) fn code(answer: &Value) -> &str {
    let errors = answer["userErrors"].as_array().expect("a list");
    assert_eq!(errors.len(), 1, "{answer}");
    errors[0]["code"].as_str().expect("a code")
}
