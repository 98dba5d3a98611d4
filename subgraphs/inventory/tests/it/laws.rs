//! Laws that hold whatever happens, in whatever order.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use events::Event;
use events::id::VariantId;
use inventory::entity::reservation::State;
use inventory::entity::{
    reservation, reservation_line, stock_level, stock_movement, variant_stock, warehouse,
};
use proptest::prelude::*;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use crate::shop::{Shop, keeper, variant};

const SKUS: [&str; 2] = ["A", "B"];

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    Created { order: u8, a: i64, b: i64 },
    Initiated { order: u8, minutes: i64 },
    Paid { order: u8 },
    Cancelled { order: u8, committed: bool },
    Expired { order: u8 },
    Shipped { order: u8 },
    TimePasses { minutes: i64 },
    Adjusted { sku: usize, east: bool, delta: i64 },
    EastOpen { open: bool },
}

fn happening() -> impl Strategy<Value = Happening> {
    let order = 0u8..5;
    prop_oneof![
        4 => (order.clone(), 0i64..4, 0i64..4).prop_map(|(order, a, b)| Happening::Created { order, a, b: b + i64::from(a == 0) }),
        1 => (order.clone(), 1i64..60).prop_map(|(order, minutes)| Happening::Initiated { order, minutes }),
        3 => order.clone().prop_map(|order| Happening::Paid { order }),
        2 => (order.clone(), any::<bool>()).prop_map(|(order, committed)| Happening::Cancelled { order, committed }),
        1 => order.clone().prop_map(|order| Happening::Expired { order }),
        1 => order.prop_map(|order| Happening::Shipped { order }),
        1 => (1i64..40).prop_map(|minutes| Happening::TimePasses { minutes }),
        2 => (0usize..2, any::<bool>(), -3i64..4).prop_map(|(sku, east, delta)| Happening::Adjusted { sku, east, delta }),
        1 => any::<bool>().prop_map(|open| Happening::EastOpen { open }),
    ]
}

async fn let_happen(shop: &Shop, step: usize, happening: &Happening) {
    let event: Event = match happening {
        Happening::Created { order, a, b } => {
            let lines: Vec<(&str, i64)> = [("A", *a), ("B", *b)]
                .into_iter()
                .filter(|(_, units)| *units > 0)
                .collect();
            shop.created(&order.to_string(), &lines).into()
        }
        Happening::Initiated { order, minutes } => {
            shop.initiated(&order.to_string(), *minutes).into()
        }
        Happening::Paid { order } => shop.paid(&order.to_string()).into(),
        Happening::Cancelled { order, committed } => {
            shop.cancelled(&order.to_string(), *committed).into()
        }
        Happening::Expired { order } => shop.expired(&order.to_string()).into(),
        Happening::Shipped { order } => shop.status(&order.to_string(), "SHIPPED").into(),
        Happening::TimePasses { minutes } => return shop.after(TimeDelta::minutes(*minutes)).await,
        Happening::Adjusted { sku, east, delta } => {
            let input = json!({
                "variantId": variant(SKUS[*sku]), "warehouseCode": if *east { "EAST" } else { "MAIN" },
                "delta": delta, "reason": "count", "idempotencyKey": step.to_string(),
            });
            let adjust = "mutation ($input: StockAdjustInput!) { stockAdjust(input: $input) { userErrors { code } } }";
            shop.service
                .data(&keeper(), adjust, json!({ "input": input }))
                .await;
            return;
        }
        Happening::EastOpen { open } => {
            let warehouses = shop
                .service
                .data(&keeper(), "{ warehouses { nodes { id code } } }", json!({}))
                .await;
            let east = warehouses["warehouses"]["nodes"]
                .as_array()
                .expect("a list")
                .iter()
                .find(|w| w["code"] == "EAST");
            let input = json!({ "id": east.expect("EAST")["id"], "isActive": open });
            let update = "mutation ($input: WarehouseUpdateInput!) { warehouseUpdate(input: $input) { userErrors { code } } }";
            shop.service
                .data(&keeper(), update, json!({ "input": input }))
                .await;
            return;
        }
    };
    // Events for orders that are not known yet are refused, to be tried again; that is fine here.
    let _ = shop.try_hear(event).await;
}

async fn check_laws(shop: &Shop) {
    let db = &shop.service.deps.db;
    let levels = stock_level::Entity::find().all(db).await.expect("levels");
    let movements = stock_movement::Entity::find()
        .order_by_asc(stock_movement::Column::Seq)
        .all(db)
        .await
        .expect("history");
    let reservations = reservation::Entity::find()
        .all(db)
        .await
        .expect("reservations");
    let lines = reservation_line::Entity::find()
        .all(db)
        .await
        .expect("lines");
    let active: Vec<_> = warehouse::Entity::find().all(db).await.expect("warehouses");

    for level in &levels {
        // Never negative, never more set aside than there is.
        assert!(
            level.reserved >= 0 && level.reserved <= level.on_hand,
            "{level:?}"
        );

        // The sum of the history is the level, and its last line says so.
        let history: Vec<_> = movements
            .iter()
            .filter(|m| (m.variant_id, m.warehouse_id) == (level.variant_id, level.warehouse_id))
            .collect();
        assert_eq!(
            history.iter().map(|m| m.delta_on_hand).sum::<i64>(),
            level.on_hand
        );
        assert_eq!(
            history.iter().map(|m| m.delta_reserved).sum::<i64>(),
            level.reserved
        );
        let (mut on_hand, mut reserved) = (0, 0);
        for movement in &history {
            on_hand += movement.delta_on_hand;
            reserved += movement.delta_reserved;
            assert_eq!(
                (movement.balance_after, movement.reserved_after),
                (on_hand, reserved),
                "{movement:?}"
            );
        }
        assert_eq!(history.last().map_or(1, |m| m.level_version), level.version);

        // What is set aside is what open holds say.
        let held: i64 = lines
            .iter()
            .filter(|line| {
                (line.variant_id, line.warehouse_id) == (level.variant_id, level.warehouse_id)
            })
            .filter(|line| {
                reservations
                    .iter()
                    .any(|r| r.id == line.reservation_id && r.state == State::Held)
            })
            .map(|line| line.quantity)
            .sum();
        assert_eq!(held, level.reserved);
    }

    // The world knows: the newest event of a variant has its total and its version.
    let mut told: BTreeMap<VariantId, Vec<(i64, i64)>> = BTreeMap::new();
    for event in shop.service.events().await {
        if let Event::StockChanged(event) = event {
            told.entry(event.variant_id)
                .or_default()
                .push((event.version, event.total_available));
        }
    }
    let versions: HashMap<_, _> = variant_stock::Entity::find()
        .all(db)
        .await
        .expect("versions")
        .into_iter()
        .map(|row| (VariantId::from_uuid(row.variant_id), row.version))
        .collect();
    for (variant_id, told) in told {
        assert!(
            told.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "versions only grow"
        );
        let total: i64 = levels
            .iter()
            .filter(|level| level.variant_id == variant_id.uuid())
            .filter(|level| {
                active
                    .iter()
                    .any(|w| w.id == level.warehouse_id && w.is_active)
            })
            .map(|level| level.on_hand - level.reserved)
            .sum();
        assert_eq!(told.last().copied(), Some((versions[&variant_id], total)));
    }

    // An order gets one verdict about its payment.
    for reservation in &reservations {
        let verdicts = shop
            .service
            .events()
            .await
            .into_iter()
            .filter(|event| match event {
                Event::InventoryReserved(event) => event.order_id.uuid() == reservation.order_id,
                Event::InventoryCommitRejected(event) => {
                    event.order_id.uuid() == reservation.order_id
                }
                _ => false,
            })
            .count();
        assert_eq!(verdicts, usize::from(reservation.payment_id.is_some()));
    }
}

#[test]
fn the_books_balance_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = ProptestConfig {
        cases: 24,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Default::default()
    };
    proptest!(config, |(happenings in prop::collection::vec(happening(), 1..40))| {
        runtime.block_on(async {
            let shop = Shop::with(&[("A", 4, 2), ("B", 3, 0)]).await;
            for (step, happening) in happenings.iter().enumerate() {
                let_happen(&shop, step, happening).await;
            }
            check_laws(&shop).await;
        });
    });
}
