//! A cart holds ten units: the API says so, and the database does not let an eleventh in.

use frontend_contract_tests::{Buyer, Front, variant_ids};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::shop::{TestShop, code};

#[tokio::test(flavor = "multi_thread")]
async fn the_eleventh_unit_is_refused_by_the_api_and_by_the_database() {
    let shop = TestShop::start().await;
    let variants = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants");
    let buyer = Buyer::with_cart(&shop.guest, &variants[0], 10)
        .await
        .expect("a full cart");

    let eleventh = buyer.input(json!({ "lines": [{ "variantId": variants[0], "quantity": 1 }] }));
    let data = shop
        .guest
        .run(Front::Spa, "CartLinesAdd", eleventh)
        .await
        .expect("an answer");
    assert_eq!(code(&data["cartLinesAdd"]), "CART_CAPACITY_EXCEEDED");
    let view = json!({ "id": buyer.cart_id, "cartToken": buyer.cart_token });
    let data = shop
        .guest
        .run(Front::Spa, "CartView", view)
        .await
        .expect("an answer");
    assert_eq!(
        (&data["cart"]["totalQuantity"], &data["cart"]["capacity"]),
        (&json!(10), &json!(10))
    );

    // Whatever the code does, the database refuses too.
    let url = format!("sqlite://{}", shop.folder.path().join("cart.db").display());
    let db = sea_orm::Database::connect(url)
        .await
        .expect("the cart's database");
    let error = db
        .execute_unprepared("UPDATE carts SET total_quantity = 11")
        .await
        .expect_err("a CHECK");
    assert!(error.to_string().contains("CHECK"), "{error}");
    db.execute_unprepared("UPDATE cart_lines SET quantity = 11")
        .await
        .expect_err("a CHECK");
}
