//! What the database itself refuses.

use events::id::StockLevelId;
use inventory::entity::{reservation, stock_level};
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, IntoActiveModel, SqlErr};

use crate::shop::Shop;

async fn refuses(shop: &Shop, sql: &str, because: &str) {
    let error = shop
        .service
        .deps
        .db
        .execute_unprepared(sql)
        .await
        .expect_err(sql)
        .to_string();
    assert!(error.to_lowercase().contains(because), "{sql}: {error}");
}

#[tokio::test]
async fn impossible_stock_is_refused() {
    let shop = Shop::with(&[("A", 5, 0)]).await;
    for change in [
        "on_hand = -1",
        "reserved = -1",
        "reserved = on_hand + 1",
        "low_threshold = -1",
    ] {
        refuses(&shop, &format!("UPDATE stock_levels SET {change}"), "check").await;
    }
    let mut twin: stock_level::ActiveModel = shop.levels("A").await.remove(0).into_active_model();
    twin.id = Set(StockLevelId::generate().uuid());
    let error = twin
        .reset_all()
        .insert(&shop.service.deps.db)
        .await
        .expect_err("a second level of one pair");
    assert!(
        matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
        "{error}"
    );
    assert_eq!(shop.units("A").await, (5, 0));
}

#[tokio::test]
async fn the_history_cannot_be_rewritten() {
    let shop = Shop::with(&[("A", 5, 0)]).await;
    refuses(
        &shop,
        "UPDATE stock_movements SET reason = 'never happened'",
        "append-only",
    )
    .await;
    refuses(&shop, "DELETE FROM stock_movements", "append-only").await;
}

#[tokio::test]
async fn impossible_reservations_are_refused() {
    let shop = Shop::with(&[("A", 5, 0)]).await;
    shop.hear(shop.created("o", &[("A", 1)])).await;
    refuses(&shop, "UPDATE reservations SET state = 'LOST'", "check").await;
    refuses(
        &shop,
        "UPDATE reservations SET state = 'COMMITTED'",
        "check",
    )
    .await;
    refuses(&shop, "UPDATE reservations SET demand = NULL", "check").await;
    refuses(&shop, "UPDATE reservation_lines SET quantity = 0", "check").await;
    let mut twin: reservation::ActiveModel = shop
        .reservation("o")
        .await
        .expect("held")
        .into_active_model();
    twin.id = Set(Uuid::now_v7());
    let error = twin
        .reset_all()
        .insert(&shop.service.deps.db)
        .await
        .expect_err("a second reservation of one order");
    assert!(
        matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
        "{error}"
    );
}
