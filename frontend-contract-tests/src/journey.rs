//! The steps of a checkout, as a storefront makes them.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{Client, Front};

/// An address that is always accepted.
pub const REGULAR_ADDRESS: &str = r#"{
    "recipient": "Ayu Lestari", "line1": "Jl. Sudirman 1", "city": "Jakarta",
    "postalCode": "10220", "countryCode": "ID", "phone": "+62 21 555 0100"
}"#;

/// Somebody who fills a cart and buys it.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// Sends the requests.
    pub client: Client,
    /// The cart.
    pub cart_id: String,
    /// The guest's proof that the cart is theirs; none for a signed-in buyer.
    pub cart_token: Option<String>,
    /// Total of the cart in minor units, as the cart said last.
    pub total: String,
}

/// A buyer's order.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Sends the requests.
    pub client: Client,
    /// The order.
    pub order_id: String,
    /// The proof that the order is theirs.
    pub order_token: Option<String>,
}

/// The id and SKU-sorted variants of a product.
///
/// # Errors
/// If the shop has no such product.
pub async fn variant_ids(client: &Client, slug: &str) -> anyhow::Result<Vec<String>> {
    let data = client
        .run(Front::Spa, "ProductPage", json!({ "slug": slug }))
        .await?;
    let variants = data["product"]["variants"]
        .as_array()
        .with_context(|| format!("no product {slug}"))?;
    let mut variants: Vec<_> = variants.iter().collect();
    variants.sort_by_key(|variant| variant["sku"].as_str().unwrap_or_default().to_owned());
    variants
        .iter()
        .map(|variant| variant["id"].as_str().map(str::to_owned).context("no id"))
        .collect()
}

impl Buyer {
    /// Creates a cart with `quantity` of a variant, and gives it an address and a shipping method.
    ///
    /// # Errors
    /// If the shop refuses a step.
    pub async fn with_cart(
        client: &Client,
        variant_id: &str,
        quantity: u32,
    ) -> anyhow::Result<Self> {
        let lines = json!([{ "variantId": variant_id, "quantity": quantity }]);
        let data = client
            .run(
                Front::Spa,
                "CartCreate",
                json!({ "input": { "lines": lines } }),
            )
            .await?;
        let created = accepted(&data["cartCreate"])?;
        let mut buyer = Self {
            client: client.clone(),
            cart_id: created["cart"]["id"]
                .as_str()
                .context("no cart")?
                .to_owned(),
            cart_token: created["cartToken"].as_str().map(str::to_owned),
            total: String::new(),
        };

        let address: Value = serde_json::from_str(REGULAR_ADDRESS)?;
        let input = buyer.input(json!({ "email": "guest@bazaar.test", "address": address }));
        let data = client.run(Front::Spa, "CartAddressSet", input).await?;
        accepted(&data["cartAddressSet"])?;

        let variables = json!({ "id": buyer.cart_id, "cartToken": buyer.cart_token });
        let data = client
            .run(Front::Spa, "CartShippingMethods", variables)
            .await?;
        let code = data["cart"]["shippingMethods"][0]["code"]
            .as_str()
            .context("no shipping method")?
            .to_owned();
        let data = client
            .run(
                Front::Spa,
                "CartShippingMethodSet",
                buyer.input(json!({ "code": code })),
            )
            .await?;
        let cart = &accepted(&data["cartShippingMethodSet"])?["cart"];
        buyer.total = cart["cost"]["total"]["minorAmount"]
            .as_str()
            .context("no total")?
            .to_owned();
        Ok(buyer)
    }

    /// Variables of a cart mutation: the cart, its token, and what is given.
    pub fn input(&self, mut fields: Value) -> Value {
        fields["cartId"] = json!(self.cart_id);
        fields["cartToken"] = json!(self.cart_token);
        json!({ "input": fields })
    }

    /// Sends `OrderCreate` and returns its payload, whatever it says.
    ///
    /// # Errors
    /// If the answer has top-level errors.
    pub async fn order_create(&self, idempotency_key: &str) -> anyhow::Result<Value> {
        let total = json!({ "minorAmount": self.total, "currencyCode": "IDR" });
        let input =
            self.input(json!({ "idempotencyKey": idempotency_key, "acceptedTotal": total }));
        let mut data = self.client.run(Front::Spa, "OrderCreate", input).await?;
        Ok(data["orderCreate"].take())
    }

    /// Creates the order, trying again with the same key while the shop says `TRY_AGAIN`.
    ///
    /// # Errors
    /// If the shop refuses.
    pub async fn checkout(&self, idempotency_key: &str) -> anyhow::Result<Checkout> {
        loop {
            let payload = self.order_create(idempotency_key).await?;
            if payload["userErrors"][0]["code"] == "TRY_AGAIN" {
                continue;
            }
            return self.order(&payload);
        }
    }

    /// The order in the payload of an `OrderCreate` that was accepted.
    ///
    /// # Errors
    /// If it was refused.
    pub fn order(&self, payload: &Value) -> anyhow::Result<Checkout> {
        let accepted = accepted(payload)?;
        Ok(Checkout {
            client: self.client.clone(),
            order_id: accepted["order"]["id"]
                .as_str()
                .context("no order")?
                .to_owned(),
            order_token: accepted["orderToken"].as_str().map(str::to_owned),
        })
    }
}

impl Checkout {
    /// Sends `PaymentInitiate` with the demo provider and returns its payload, whatever it says.
    ///
    /// # Errors
    /// If the answer has top-level errors.
    pub async fn payment_initiate(&self, idempotency_key: &str) -> anyhow::Result<Value> {
        let input = json!({
            "orderId": self.order_id, "orderToken": self.order_token,
            "provider": "DEMO", "idempotencyKey": idempotency_key,
        });
        let mut data = self
            .client
            .run(Front::Spa, "PaymentInitiate", json!({ "input": input }))
            .await?;
        Ok(data["paymentInitiate"].take())
    }

    /// Opens a payment and chooses `outcome` (`paid`, `declined`, `expired`) on the provider's page.
    ///
    /// # Errors
    /// If the shop or the provider refuses.
    pub async fn pay(&self, idempotency_key: &str, outcome: &str) -> anyhow::Result<()> {
        let payload = self.payment_initiate(idempotency_key).await?;
        let url = accepted(&payload)?["action"]["redirectUrl"]
            .as_str()
            .context("no redirect")?;
        choose_outcome(&self.client, url, outcome).await
    }

    /// The order as its page shows it.
    ///
    /// # Errors
    /// If the shop refuses, or the order is not there.
    pub async fn detail(&self) -> anyhow::Result<Value> {
        let variables = json!({ "id": self.order_id, "orderToken": self.order_token });
        let mut data = self
            .client
            .run(Front::Spa, "OrderDetail", variables)
            .await?;
        ensure!(!data["order"].is_null(), "the order is not visible");
        Ok(data["order"].take())
    }

    /// Waits until the order's page shows what `condition` wants, at most a minute.
    ///
    /// # Errors
    /// If it never does; the message holds the last state.
    pub async fn wait_until(
        &self,
        what: &str,
        condition: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let order = self.detail().await?;
            if condition(&order) {
                return Ok(order);
            }
            ensure!(
                tokio::time::Instant::now() < deadline,
                "waited in vain for {what}: {order:#}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Subscribes to the order's status.
    ///
    /// # Errors
    /// If the shop refuses.
    pub async fn watch(&self) -> anyhow::Result<crate::Subscription> {
        let variables = json!({ "orderId": self.order_id, "orderToken": self.order_token });
        self.client.subscribe("OrderStatusChanged", variables).await
    }
}

/// Sends the form of the demo provider's page.
///
/// # Errors
/// If the page refuses.
pub async fn choose_outcome(client: &Client, page: &str, outcome: &str) -> anyhow::Result<()> {
    let answer = client
        .http()
        .post(page)
        .form(&[("outcome", outcome)])
        .send()
        .await?;
    ensure!(
        answer.status().is_success() || answer.status().is_redirection(),
        "the page says {}",
        answer.status()
    );
    Ok(())
}

/// The payload, if it has no user errors.
///
/// # Errors
/// With the payload, if it has.
pub fn accepted(payload: &Value) -> anyhow::Result<&Value> {
    let refused = payload["userErrors"]
        .as_array()
        .is_none_or(|errors| !errors.is_empty());
    ensure!(!refused, "refused: {payload}");
    Ok(payload)
}
