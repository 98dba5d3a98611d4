//! Address, e-mail and shipping method.

use events::catalog::ProductUpdated;
use events::id::{UserId, VariantId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, address, cost, product};

const GUEST: &Caller = &Caller::Guest;

fn with(field: &str, value: Value) -> Value {
    let mut address = address();
    address[field] = value;
    address
}

#[tokio::test]
async fn the_address_is_trimmed_and_kept() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let input = cart.input(
        json!({ "email": " guest@example.com ", "address": with("recipient", json!("  Siti ")) }),
    );
    let view = shop.changed(GUEST, "cartAddressSet", input).await;
    assert_eq!(view["email"], "guest@example.com");
    assert_eq!(
        view["shippingAddress"],
        json!({
            "recipient": "Siti", "line1": "Jalan Merdeka 1", "line2": null, "city": "Jakarta", "province": null,
            "postalCode": "10110", "countryCode": "ID", "phone": null,
        })
    );
    assert_eq!(
        shop.look(&cart).await["shippingAddress"],
        view["shippingAddress"]
    );

    // Without an e-mail address the one that is there stays.
    let view = shop
        .changed(
            GUEST,
            "cartAddressSet",
            cart.input(json!({ "address": address() })),
        )
        .await;
    assert_eq!(view["email"], "guest@example.com");
}

#[tokio::test]
async fn bad_fields_are_named() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let bad = [
        ("recipient", json!("  ")),
        ("line1", json!("x".repeat(201))),
        ("line2", json!("a\u{0007}b")),
        ("city", json!("")),
        ("province", json!("x".repeat(101))),
        ("postalCode", json!("")),
        ("countryCode", json!("IDN")),
        ("countryCode", json!("1D")),
        ("phone", json!("0".repeat(31))),
    ];
    for (field, value) in bad {
        let input =
            cart.input(json!({ "email": "guest@example.com", "address": with(field, value) }));
        let error = shop.refused(GUEST, "cartAddressSet", input).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (
                &json!("ADDRESS_INVALID"),
                &json!(["input", "address", field])
            )
        );
    }
    for email in ["", "nobody", "a@b", "a b@example.com"] {
        let input = cart.input(json!({ "email": email, "address": address() }));
        let error = shop.refused(GUEST, "cartAddressSet", input).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("EMAIL_INVALID"), &json!(["input", "email"]))
        );
    }
}

#[tokio::test]
async fn a_user_may_choose_another_address_for_messages() {
    let shop = Shop::open().await;
    let caller = Caller::Customer(UserId::generate());
    let cart = shop.changed(&caller, "cartCreate", json!({})).await;
    let input =
        json!({ "cartId": cart["id"], "email": "office@example.com", "address": address() });
    assert_eq!(
        shop.changed(&caller, "cartAddressSet", input).await["email"],
        "office@example.com"
    );
}

#[tokio::test]
async fn a_method_needs_an_address_and_changes_the_cost() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 2)]).await;
    let offered: Vec<_> = view["shippingMethods"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|method| {
            (
                method["code"].clone(),
                method["price"]["minorAmount"].clone(),
                method["estimatedDays"].clone(),
            )
        })
        .collect();
    assert_eq!(
        offered,
        [
            (json!("REGULAR"), json!("20000"), json!(3)),
            (json!("EXPRESS"), json!("45000"), json!(1)),
            (json!("PICKUP"), json!("0"), json!(0)),
        ]
    );

    let choose = |code: &str| cart.input(json!({ "code": code }));
    assert_eq!(
        shop.refused(GUEST, "cartShippingMethodSet", choose("REGULAR"))
            .await["code"],
        "ADDRESS_REQUIRED"
    );
    shop.changed(
        GUEST,
        "cartAddressSet",
        cart.input(json!({ "address": address() })),
    )
    .await;
    for code in ["", "regular", "TELEPORT"] {
        let error = shop
            .refused(GUEST, "cartShippingMethodSet", choose(code))
            .await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("SHIPPING_METHOD_INVALID"), &json!(["input", "code"]))
        );
    }

    let view = shop
        .changed(GUEST, "cartShippingMethodSet", choose("REGULAR"))
        .await;
    assert_eq!(view["shippingMethod"]["code"], "REGULAR");
    assert_eq!(cost(&view), [250_000, 0, 20_000, 29_700, 299_700]);
    assert_eq!(
        cost(
            &shop
                .changed(GUEST, "cartShippingMethodSet", choose("EXPRESS"))
                .await
        ),
        [250_000, 0, 45_000, 32_450, 327_450]
    );
    assert_eq!(
        cost(
            &shop
                .changed(GUEST, "cartShippingMethodSet", choose("PICKUP"))
                .await
        ),
        [250_000, 0, 0, 27_500, 277_500]
    );

    // An empty cart ships nothing.
    shop.changed(GUEST, "cartShippingMethodSet", choose("EXPRESS"))
        .await;
    let view = shop
        .changed(GUEST, "cartClear", cart.input(json!({})))
        .await;
    assert_eq!(
        (&view["shippingMethod"]["code"], cost(&view)),
        (&json!("EXPRESS"), [0; 5])
    );
}

#[tokio::test]
async fn a_heavy_cart_costs_more_to_ship() {
    let shop = Shop::open().await;
    let mut anvil = product("Anvil", 1, 100_000);
    anvil.variants[0].weight_grams = 2_600;
    shop.subgraph.deliver(ProductUpdated(anvil), 1).await;
    let cart = shop.ready_cart(&[(VariantId::from_name("Anvil"), 1)]).await;
    assert_eq!(cost(&shop.look(&cart).await)[2], 20_000);
    // 5 200 g: 200 g above what is included.
    assert_eq!(
        cost(&shop.add(&cart, &[(VariantId::from_name("Anvil"), 1)]).await)[2],
        24_000
    );
}
