//! The demo stock.

use events::Event;
use inventory::demo;
use inventory::entity::{stock_movement, warehouse};
use sea_orm::EntityTrait;

use crate::shop::{Shop, variant};

#[tokio::test]
async fn loading_twice_changes_nothing_and_later_additions_are_taken() {
    let shop = Shop::with(&[("A", 5, 2), ("B", 0, 0)]).await;
    shop.hear(shop.created("o", &[("A", 1)])).await;
    let (spoken, units) = (shop.spoken().await, shop.units("A").await);

    let again = [("A", 500, 500), ("C", 7, 0)]
        .map(|(sku, main, east)| (variant(sku), sku.to_owned(), main, east));
    demo::load(&shop.service.deps.db, shop.now(), again)
        .await
        .expect("loads");

    assert_eq!(shop.units("A").await, units);
    assert_eq!(shop.units("B").await, (0, 0));
    assert_eq!(shop.units("C").await, (7, 0));
    assert_eq!(shop.spoken().await, spoken + 1);
    let rows = warehouse::Entity::find()
        .all(&shop.service.deps.db)
        .await
        .expect("warehouses");
    let mut warehouses: Vec<String> = rows.into_iter().map(|row| row.code).collect();
    warehouses.sort();
    assert_eq!(warehouses, ["EAST", "MAIN"]);
}

#[tokio::test]
async fn a_large_shop_is_loaded_whole() {
    let shop = Shop::with(&[]).await;
    let levels = (0..1_200).map(|n| (variant(&n.to_string()), n.to_string(), n % 7, n % 3));
    demo::load(&shop.service.deps.db, shop.now(), levels)
        .await
        .expect("loads");
    let told = shop.service.events().await;
    assert_eq!(told.len(), 1_200);
    assert!(
        told.iter()
            .all(|event| matches!(event, Event::StockChanged(event) if event.version == 1))
    );
    let movements = stock_movement::Entity::find()
        .all(&shop.service.deps.db)
        .await
        .expect("history");
    assert!(
        movements
            .iter()
            .all(|movement| movement.reason == "opening stock")
    );
    let total: i64 = movements
        .iter()
        .map(|movement| movement.delta_on_hand)
        .sum();
    assert_eq!(total, (0..1_200).map(|n| n % 7 + n % 3).sum::<i64>());
}
