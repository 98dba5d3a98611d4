//! A cart service with a small catalog, and the operations of the shop's front end.

use cart::Config;
use events::catalog::{ProductCreated, ProductSnapshot, ProductUpdated, VariantSnapshot};
use events::id::{CartId, OrderId, ProductId, UserId, VariantId};
use events::inventory::StockChanged;
use events::order::CheckoutRequested;
use money::{Currency, Money};
use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

/// What the front end selects of a cart, as far as this service has it.
pub(crate) const CART: &str = "
    fragment MoneyFields on Money { amount minorAmount currencyCode }
    fragment CartFields on Cart {
        id currencyCode capacity totalQuantity status email version expiresAt updatedAt
        lines {
            id quantity
            unitPrice { ...MoneyFields } lineTotal { ...MoneyFields }
            variant { id }
        }
        cost {
            subtotal { ...MoneyFields } discount { ...MoneyFields } shipping { ...MoneyFields }
            tax { ...MoneyFields } total { ...MoneyFields }
        }
        shippingAddress { recipient line1 line2 city province postalCode countryCode phone }
        shippingMethod { code }
        shippingMethods { code name price { ...MoneyFields } estimatedDays }
        warnings { code message field lineId }
    }";

/// The service under test.
pub(crate) struct Shop {
    pub(crate) subgraph: TestSubgraph,
}

/// A cart and what its guest needs to use it.
#[derive(Clone)]
pub(crate) struct GuestCart {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(Config::default()).await
    }

    pub(crate) async fn open_with(config: Config) -> Self {
        let subgraph =
            TestSubgraph::start::<migrations::cart::Migrator>(|deps| cart::service(deps, config))
                .await;
        Self { subgraph }
    }

    /// Publishes a product with one variant of this price in rupiah.
    pub(crate) async fn sell(&self, name: &str, price: i64) -> VariantId {
        self.subgraph
            .deliver(ProductCreated(product(name, 1, price)), 1)
            .await;
        variant_id(name)
    }

    /// Tells how many units there are.
    pub(crate) async fn stock(&self, name: &str, total_available: i64, version: i64) {
        let event = StockChanged {
            variant_id: variant_id(name),
            warehouse_code: "MAIN".to_owned(),
            on_hand: total_available,
            reserved: 0,
            total_available,
            version,
        };
        self.subgraph.deliver(event, version).await;
    }

    /// Publishes the product again, at another price.
    pub(crate) async fn reprice(&self, name: &str, price: i64, version: i64) {
        self.subgraph
            .deliver(ProductUpdated(product(name, version, price)), version)
            .await;
    }

    /// Sends a mutation and returns its payload.
    pub(crate) async fn mutate(&self, caller: &Caller, field: &str, input: Value) -> Value {
        let mut data = self
            .subgraph
            .data(caller, &mutation(field), json!({ "input": input }))
            .await;
        data[field].take()
    }

    /// Sends a mutation that must be accepted and returns the cart.
    pub(crate) async fn changed(&self, caller: &Caller, field: &str, input: Value) -> Value {
        let mut payload = self.mutate(caller, field, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{field} was refused");
        assert_eq!(
            payload["warnings"], payload["cart"]["warnings"],
            "one list in two places"
        );
        payload["cart"].take()
    }

    /// Sends a mutation that must be refused; returns the code, and asserts that the cart is as it was.
    pub(crate) async fn refused(&self, caller: &Caller, field: &str, input: Value) -> Value {
        let token = input.get("cartToken").cloned().unwrap_or_default();
        let id = input["cartId"].clone();
        let before = self.view(caller, &id, &token).await;
        let mut payload = self.mutate(caller, field, input).await;
        assert_eq!(
            payload["userErrors"].as_array().map(Vec::len),
            Some(1),
            "{field} was not refused: {payload:#}"
        );
        assert_eq!(
            payload["cart"], before,
            "a refused change shows the cart as it was"
        );
        assert_eq!(
            self.view(caller, &id, &token).await,
            before,
            "a refused change changes nothing"
        );
        payload["userErrors"][0].take()
    }

    /// Creates a guest's empty cart.
    pub(crate) async fn guest_cart(&self) -> GuestCart {
        let payload = self.mutate(&Caller::Guest, "cartCreate", json!({})).await;
        assert_eq!(payload["userErrors"], json!([]));
        GuestCart {
            id: text(&payload["cart"]["id"]),
            token: text(&payload["cartToken"]),
        }
    }

    /// Creates a guest's cart that could be checked out.
    pub(crate) async fn ready_cart(&self, lines: &[(VariantId, i32)]) -> GuestCart {
        let cart = self.guest_cart().await;
        self.add(&cart, lines).await;
        self.changed(
            &Caller::Guest,
            "cartAddressSet",
            cart.input(json!({ "email": "guest@example.com", "address": address() })),
        )
        .await;
        self.changed(
            &Caller::Guest,
            "cartShippingMethodSet",
            cart.input(json!({ "code": "REGULAR" })),
        )
        .await;
        cart
    }

    /// Adds lines, which must be accepted.
    pub(crate) async fn add(&self, cart: &GuestCart, lines: &[(VariantId, i32)]) -> Value {
        self.changed(
            &Caller::Guest,
            "cartLinesAdd",
            cart.input(json!({ "lines": new_lines(lines) })),
        )
        .await
    }

    /// What a guest sees of the cart.
    pub(crate) async fn look(&self, cart: &GuestCart) -> Value {
        self.view(&Caller::Guest, &json!(cart.id), &json!(cart.token))
            .await
    }

    /// What a caller sees of a cart.
    pub(crate) async fn view(&self, caller: &Caller, id: &Value, token: &Value) -> Value {
        let query = format!(
            "query($id: ID!, $cartToken: String) {{ cart(id: $id, cartToken: $cartToken) {{ ...CartFields }} }} {CART}"
        );
        let mut data = self
            .subgraph
            .data(caller, &query, json!({ "id": id, "cartToken": token }))
            .await;
        data["cart"].take()
    }

    /// What a user sees as their cart.
    pub(crate) async fn my_cart(&self, user_id: UserId) -> Value {
        self.cart_of_user(&Caller::Customer(user_id), user_id).await
    }

    /// What a caller sees as a user's cart.
    pub(crate) async fn cart_of_user(&self, caller: &Caller, user_id: UserId) -> Value {
        let query = format!(
            "query($users: [_Any!]!) {{ _entities(representations: $users) {{ ... on User {{ cart {{ ...CartFields }} }} }} }} {CART}"
        );
        let users = json!([{ "__typename": "User", "id": user_id.to_string() }]);
        let mut data = self
            .subgraph
            .data(caller, &query, json!({ "users": users }))
            .await;
        data["_entities"][0]["cart"].take()
    }

    /// Asks for a checkout and returns the cart's answer.
    pub(crate) async fn checkout(&self, request: CheckoutRequested) -> events::Event {
        self.subgraph.deliver(request, 1).await;
        self.subgraph.events().await.pop().expect("an answer")
    }
}

impl GuestCart {
    /// An input with the cart's id and token.
    pub(crate) fn input(&self, mut more: Value) -> Value {
        more["cartId"] = json!(self.id);
        more["cartToken"] = json!(self.token);
        more
    }

    pub(crate) fn cart_id(&self) -> CartId {
        self.id.parse().expect("an identifier")
    }

    /// A checkout request of this guest for a new order.
    pub(crate) fn request(&self) -> CheckoutRequested {
        CheckoutRequested {
            order_id: OrderId::generate(),
            cart_id: self.cart_id(),
            user_id: None,
            cart_token_hash: Some(auth::hash_token(&self.token)),
            accepted_total: None,
        }
    }
}

/// A mutation that selects all of its payload.
pub(crate) fn mutation(field: &str) -> String {
    let name = format!("C{}", &field[1..]);
    let token = if field == "cartCreate" {
        "cartToken"
    } else {
        ""
    };
    format!(
        "mutation($input: {name}Input!) {{ {field}(input: $input) {{
            cart {{ ...CartFields }} {token}
            userErrors {{ field code message max }}
            warnings {{ code message field lineId }}
        }} }} {CART}"
    )
}

pub(crate) fn product(name: &str, version: i64, price: i64) -> ProductSnapshot {
    ProductSnapshot {
        product_id: ProductId::from_name(name),
        version,
        slug: name.to_lowercase(),
        name: name.to_owned(),
        brand: None,
        category_ids: Vec::new(),
        status: "PUBLISHED".to_owned(),
        variants: vec![VariantSnapshot {
            variant_id: variant_id(name),
            sku: sku(name),
            name: "Blue".to_owned(),
            is_published: true,
            price: Money::new(price, Currency::IDR),
            tax_class: "standard".to_owned(),
            weight_grams: 500,
        }],
    }
}

pub(crate) fn variant_id(name: &str) -> VariantId {
    VariantId::from_name(name)
}

pub(crate) fn sku(name: &str) -> String {
    format!("{}-A", name.to_uppercase())
}

pub(crate) fn new_lines(lines: &[(VariantId, i32)]) -> Value {
    lines
        .iter()
        .map(|(id, quantity)| json!({ "variantId": id.to_string(), "quantity": quantity }))
        .collect()
}

pub(crate) fn address() -> Value {
    json!({
        "recipient": "Siti", "line1": "Jalan Merdeka 1", "city": "Jakarta",
        "postalCode": "10110", "countryCode": "id",
    })
}

/// (variant, quantity) of each line.
pub(crate) fn quantities(cart: &Value) -> Vec<(VariantId, i64)> {
    let lines = cart["lines"].as_array().expect("a list of lines");
    lines
        .iter()
        .map(|line| {
            (
                text(&line["variant"]["id"]).parse().expect("an identifier"),
                line["quantity"].as_i64().expect("a number"),
            )
        })
        .collect()
}

/// Codes of a list of warnings.
pub(crate) fn codes(warnings: &Value) -> Vec<String> {
    warnings
        .as_array()
        .expect("a list of warnings")
        .iter()
        .map(|warning| text(&warning["code"]))
        .collect()
}

/// (subtotal, discount, shipping, tax, total) in minor units.
pub(crate) fn cost(cart: &Value) -> [i64; 5] {
    ["subtotal", "discount", "shipping", "tax", "total"].map(|part| {
        text(&cart["cost"][part]["minorAmount"])
            .parse()
            .expect("an integer")
    })
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text, not {value}"))
        .to_owned()
}
