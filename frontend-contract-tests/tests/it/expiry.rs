//! Buyers who do not pay: stock goes back.

use chrono::TimeDelta;
use frontend_contract_tests::{Buyer, choose_outcome, variant_ids};

use crate::shop::{TestShop, code};

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_expires_releases_the_hold() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let before = shop.stock(&variant).await;
    let buyer = Buyer::with_cart(&shop.guest, &variant, 3)
        .await
        .expect("a cart");
    let order = buyer.checkout("expired-order").await.expect("an order");
    order
        .pay("payment", "expired")
        .await
        .expect("let it expire");

    order
        .wait_until("the expiry", |order| order["status"] == "EXPIRED")
        .await
        .expect("expired");
    wait_for_stock(&shop, &variant, before).await;

    // The cart is there again and can be bought.
    let again = buyer.checkout("second-try").await.expect("a new order");
    assert_ne!(again.order_id, order.order_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_who_vanishes_loses_the_hold_by_the_clock() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let before = shop.stock(&variant).await;
    let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");
    let order = buyer.checkout("abandoned").await.expect("an order");
    assert_eq!(shop.stock(&variant).await, (before.0, before.1 + 1));

    shop.shop.clock().advance(TimeDelta::minutes(21));
    order
        .wait_until("the expiry", |order| order["status"] == "EXPIRED")
        .await
        .expect("expired");
    wait_for_stock(&shop, &variant, before).await;
    let late = order.payment_initiate("too-late").await.expect("an answer");
    assert_eq!(code(&late), "ORDER_NOT_PAYABLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_payment_revives_the_order_or_is_refunded() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0002")
        .await
        .expect("variants")[0]
        .clone();
    shop.set_stock(&variant, 2).await;

    // Two orders expire while their payment pages are still open.
    let mut late = Vec::new();
    for name in ["first", "second"] {
        let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
            .await
            .expect("a cart");
        let order = buyer.checkout(name).await.expect("an order");
        let payload = order.payment_initiate(name).await.expect("an answer");
        let page = payload["action"]["redirectUrl"]
            .as_str()
            .expect("a page")
            .to_owned();
        late.push((order, page));
    }
    shop.shop.clock().advance(TimeDelta::minutes(30));
    for (order, _) in &late {
        order
            .wait_until("the expiry", |order| order["status"] == "EXPIRED")
            .await
            .expect("expired");
    }
    wait_for_stock(&shop, &variant, (2, 0)).await;
    shop.set_stock(&variant, 1).await;

    // The provider was told to call both off, but takes the money after all; there is stock for one.
    for (_, page) in &late {
        choose_outcome(&shop.guest, page, "paid_late")
            .await
            .expect("the provider takes late money");
    }
    let mut ends = Vec::new();
    for (order, _) in &late {
        let settled = |order: &serde_json::Value| {
            order["status"] == "CONFIRMED"
                || (order["status"] == "CANCELLED" && order["paymentStatus"] == "REFUNDED")
        };
        let order = order.wait_until("an end", settled).await.expect("settled");
        ends.push(order["status"].as_str().expect("a status").to_owned());
    }
    ends.sort();
    assert_eq!(ends, ["CANCELLED", "CONFIRMED"]);
    wait_for_stock(&shop, &variant, (0, 0)).await;
}

async fn wait_for_stock(shop: &TestShop, variant: &str, expected: (i64, i64)) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let stock = shop.stock(variant).await;
        if stock == expected {
            return;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "stock is {stock:?}, expected {expected:?}"
        );
    }
}
