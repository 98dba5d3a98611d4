//! Two hundred buyers, ten units.

use frontend_contract_tests::{Buyer, Client, Front, choose_outcome, variant_ids};
use serde_json::json;

use crate::shop::TestShop;

/// What became of one buyer.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Confirmed,
    SoldOut,
}

async fn buy(client: Client, variant: String, name: String) -> anyhow::Result<End> {
    let buyer = Buyer::with_cart(&client, &variant, 1).await?;
    let order = loop {
        let payload = buyer.order_create(&name).await?;
        match payload["userErrors"][0]["code"].as_str() {
            Some("TRY_AGAIN") => continue,
            Some("INSUFFICIENT_STOCK") => return Ok(End::SoldOut),
            Some(_) => anyhow::bail!("refused: {payload}"),
            None => break buyer.order(&payload)?,
        }
    };
    let page = loop {
        let payload = order.payment_initiate(&name).await?;
        match payload["userErrors"][0]["code"].as_str() {
            None => {
                break payload["action"]["redirectUrl"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
            }
            // Payment has not heard of the order, or of its hold, yet; or the verdict was no.
            Some("ORDER_NOT_FOUND" | "ORDER_NOT_PAYABLE") => {
                if order.detail().await?["status"] == "CANCELLED" {
                    return Ok(End::SoldOut);
                }
            }
            Some(_) => anyhow::bail!("refused: {payload}"),
        }
    };
    choose_outcome(&client, &page, "paid").await?;
    order
        .wait_until("confirmation", |order| order["status"] == "CONFIRMED")
        .await?;
    Ok(End::Confirmed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_buyers_share_ten_units() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0003")
        .await
        .expect("variants")[0]
        .clone();
    shop.set_stock(&variant, 10).await;

    let buyers = (0..200).map(|index| {
        tokio::spawn(buy(
            shop.guest.clone(),
            variant.clone(),
            format!("buyer-{index}"),
        ))
    });
    let mut confirmed = 0;
    for end in futures_util::future::join_all(buyers).await {
        match end.expect("no panic").expect("every buyer gets an answer") {
            End::Confirmed => confirmed += 1,
            End::SoldOut => {}
        }
    }

    assert_eq!(confirmed, 10);
    assert_eq!(shop.stock(&variant).await, (0, 0));
    let staff = shop.staff().await;
    let list = staff
        .run(
            Front::Staff,
            "StaffOrders",
            json!({ "filter": { "status": ["CONFIRMED"] } }),
        )
        .await;
    assert_eq!(list.expect("an answer")["orders"]["totalCount"], 10);
    let paid = staff
        .run(
            Front::Staff,
            "StaffOrders",
            json!({ "filter": { "paymentStatus": ["PAID"] } }),
        )
        .await;
    assert_eq!(
        paid.expect("an answer")["orders"]["totalCount"],
        10,
        "nobody was charged without stock"
    );
}
