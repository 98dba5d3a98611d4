//! Present prices, totals and warnings.

use events::catalog::ProductUpdated;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, codes, cost, new_lines, product};

const GUEST: &Caller = &Caller::Guest;

#[tokio::test]
async fn a_changed_price_counts_at_once_and_is_reported_until_the_next_change() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 100_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 1), (hat, 1)]).await;
    shop.reprice("Shirt", 120_000, 2).await;

    for _ in 0..2 {
        let view = shop.look(&cart).await;
        assert_eq!(view["lines"][0]["unitPrice"]["minorAmount"], "120000");
        assert_eq!(cost(&view), [170_000, 0, 0, 18_700, 188_700]);
        assert_eq!(
            view["warnings"],
            json!([{
                "code": "PRICE_CHANGED",
                "message": "the price of SHIRT-A changed from IDR 100000 to IDR 120000",
                "field": ["unitPrice"],
                "lineId": view["lines"][0]["id"],
            }])
        );
    }

    // The next change reports it for the last time; a refused one does not count.
    shop.refused(
        GUEST,
        "cartLinesAdd",
        cart.input(json!({ "lines": new_lines(&[(hat, 99)]) })),
    )
    .await;
    let changed = shop.add(&cart, &[(hat, 1)]).await;
    assert_eq!(codes(&changed["warnings"]), ["PRICE_CHANGED"]);
    assert_eq!(
        codes(&shop.look(&cart).await["warnings"]),
        Vec::<String>::new()
    );
    assert_eq!(
        codes(&shop.add(&cart, &[(hat, 1)]).await["warnings"]),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_price_that_came_back_is_not_worth_a_word() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 100_000).await;
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 1)]).await;
    shop.reprice("Shirt", 120_000, 2).await;
    shop.reprice("Shirt", 100_000, 3).await;
    assert_eq!(shop.look(&cart).await["warnings"], json!([]));
}

#[tokio::test]
async fn missing_stock_is_a_warning_and_not_a_refusal() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 100_000).await;
    let cart = shop.guest_cart().await;
    let add = async |expected: &[&str]| {
        let payload = shop
            .mutate(
                GUEST,
                "cartLinesAdd",
                cart.input(json!({ "lines": new_lines(&[(shirt, 1)]) })),
            )
            .await;
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(codes(&payload["warnings"]), expected);
        assert_eq!(
            shop.look(&cart).await["warnings"],
            payload["warnings"],
            "stays until there is stock"
        );
    };
    // Nothing is known of the stock yet.
    add(&[]).await;
    shop.stock("Shirt", 2, 1).await;
    add(&[]).await;
    add(&["NOT_ENOUGH_STOCK"]).await;
    shop.stock("Shirt", 0, 2).await;
    add(&["OUT_OF_STOCK"]).await;
    shop.stock("Shirt", 100, 3).await;
    add(&[]).await;
}

#[tokio::test]
async fn what_is_no_longer_sold_is_reported() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 100_000).await;
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 1)]).await;
    let mut hidden = product("Shirt", 2, 100_000);
    hidden.variants[0].is_published = false;
    shop.subgraph.deliver(ProductUpdated(hidden), 2).await;
    assert_eq!(
        codes(&shop.look(&cart).await["warnings"]),
        ["VARIANT_NOT_PURCHASABLE"]
    );
}

#[tokio::test]
async fn tax_is_per_line_and_totals_are_exact() {
    let shop = Shop::open().await;
    let mut lines = Vec::new();
    for name in ["One", "Two", "Three"] {
        lines.push((shop.sell(name, 105).await, 1));
    }
    let cart = shop.guest_cart().await;
    // 11.55 each, rounded per line; once for all it would be 34.65.
    assert_eq!(cost(&shop.add(&cart, &lines).await), [315, 0, 0, 36, 351]);

    let vectors: [(i64, i32, [i64; 5]); 4] = [
        (100_000, 1, [100_000, 0, 0, 11_000, 111_000]),
        (33_333, 3, [99_999, 0, 0, 11_000, 110_999]),
        (32, 1, [32, 0, 0, 4, 36]),
        (
            21_500_000_000,
            10,
            [215_000_000_000, 0, 0, 23_650_000_000, 238_650_000_000],
        ),
    ];
    for (price, quantity, expected) in vectors {
        let variant = shop.sell(&format!("At {price}"), price).await;
        let cart = shop.guest_cart().await;
        assert_eq!(
            cost(&shop.add(&cart, &[(variant, quantity)]).await),
            expected
        );
    }
}

#[tokio::test]
async fn an_amount_that_does_not_fit_is_masked() {
    let shop = Shop::open().await;
    let variant = shop.sell("Too dear", i64::MAX).await;
    let cart = shop.guest_cart().await;
    let variables = json!({ "input": cart.input(json!({ "lines": new_lines(&[(variant, 2)]) })) });
    let response: Value = shop
        .subgraph
        .execute(GUEST, &crate::fixture::mutation("cartLinesAdd"), variables)
        .await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        "INTERNAL_SERVER_ERROR"
    );
    assert_eq!(response["errors"][0]["message"], "Internal server error");
    assert_eq!(shop.look(&cart).await["totalQuantity"], 0);
}
