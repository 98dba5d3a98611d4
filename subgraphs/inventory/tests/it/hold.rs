//! Setting stock aside for orders, and giving it back.

use std::sync::Arc;

use chrono::TimeDelta;
use events::Event;
use events::inventory::{
    InventoryHeld, InventoryHoldRejected, InventoryReleased, Shortage, StockChanged,
};
use inventory::entity::reservation::State;
use outbox::{HandleError, Outcome};

use crate::shop::{Shop, order, variant};

#[tokio::test]
async fn an_order_holds_its_stock_and_everybody_is_told() {
    let shop = Shop::with(&[("A", 5, 0)]).await;
    let before = shop.spoken().await;
    let created = shop.created("o", &[("A", 2)]);
    shop.hear(created.clone()).await;

    assert_eq!(shop.units("A").await, (5, 2));
    assert_eq!(shop.state("o").await, State::Held);
    let events = shop.service.events().await.split_off(before);
    assert_eq!(
        events,
        [
            Event::from(InventoryHeld {
                order_id: order("o"),
                expires_at: created.expires_at
            }),
            Event::from(StockChanged {
                variant_id: variant("A"),
                warehouse_code: "MAIN".to_owned(),
                on_hand: 5,
                reserved: 2,
                total_available: 3,
                version: 2,
            }),
            Event::from(events::inventory::LowStock {
                variant_id: variant("A"),
                warehouse_code: "MAIN".to_owned(),
                available: 3,
                threshold: 5,
            }),
        ]
    );
    let envelope = shop.service.envelopes().await.pop().expect("an event");
    assert_eq!(envelope.source, "/bazaar/inventory");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_buyers_of_the_last_ten_units_get_exactly_ten() {
    let shop = Arc::new(Shop::with(&[("A", 7, 3)]).await);
    let buyers: Vec<_> = (0..200)
        .map(|n| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.hear(shop.created(&n.to_string(), &[("A", 1)])).await })
        })
        .collect();
    for buyer in buyers {
        buyer.await.expect("every order is answered");
    }
    assert_eq!(shop.units("A").await, (10, 10));
    let events = shop.service.events().await;
    let held = events
        .iter()
        .filter(|event| matches!(event, Event::InventoryHeld(_)))
        .count();
    let rejected = events
        .iter()
        .filter(|event| matches!(event, Event::InventoryHoldRejected(_)))
        .count();
    assert_eq!((held, rejected), (10, 190));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn orders_that_want_the_same_things_do_not_block_each_other() {
    let shop = Arc::new(Shop::with(&[("A", 20, 20), ("B", 20, 20), ("C", 20, 20)]).await);
    let lines = [
        [("A", 2), ("B", 1), ("C", 1)],
        [("C", 1), ("B", 2), ("A", 1)],
        [("B", 1), ("C", 2), ("A", 1)],
    ];
    let buyers: Vec<_> = (0..60)
        .map(|n: usize| {
            let shop = shop.clone();
            tokio::spawn(async move {
                let name = n.to_string();
                shop.hear(shop.created(&name, &lines[n % 3])).await;
                match n % 4 {
                    0 => shop.hear(shop.cancelled(&name, false)).await,
                    1 => shop.hear(shop.paid(&name)).await,
                    2 => shop.service.run_job("inventory.expire_holds").await,
                    _ => shop.hear(shop.expired(&name)).await,
                }
            })
        })
        .collect();
    for buyer in buyers {
        buyer
            .await
            .expect("every event is handled at the first attempt");
    }
    for sku in ["A", "B", "C"] {
        let (on_hand, reserved) = shop.units(sku).await;
        assert!(
            (0..=40).contains(&on_hand) && (0..=on_hand).contains(&reserved),
            "{sku}: {on_hand} {reserved}"
        );
    }
    let newest = shop
        .service
        .events()
        .await
        .into_iter()
        .filter_map(|event| match event {
            Event::StockChanged(event) if event.variant_id == variant("A") => {
                Some((event.version, event.total_available))
            }
            _ => None,
        });
    let (on_hand, reserved) = shop.units("A").await;
    assert_eq!(
        newest.max().map(|(_, total)| total),
        Some(on_hand - reserved)
    );
}

#[tokio::test]
async fn two_lines_of_one_variant_are_one_demand() {
    let shop = Shop::with(&[("A", 1, 0)]).await;
    let before = shop.spoken().await;
    shop.hear(shop.created("o", &[("A", 1), ("A", 1)])).await;
    let shortages = vec![Shortage {
        variant_id: variant("A"),
        requested: 2,
        available: 1,
    }];
    assert_eq!(
        shop.said_since(before).await,
        [Event::from(InventoryHoldRejected {
            order_id: order("o"),
            shortages
        })]
    );
    assert_eq!(shop.units("A").await, (1, 0));
    assert_eq!(shop.state("o").await, State::Rejected);
}

#[tokio::test]
async fn one_short_variant_leaves_the_others_alone() {
    let shop = Shop::with(&[("A", 9, 0), ("B", 1, 1)]).await;
    let before = shop.spoken().await;
    shop.hear(shop.created("o", &[("A", 2), ("B", 3), ("never-seen", 1)]))
        .await;
    let said = shop.said_since(before).await;
    let [Event::InventoryHoldRejected(rejected)] = said.as_slice() else {
        panic!("rejected: {said:?}")
    };
    let mut shortages = rejected.shortages.clone();
    shortages.sort_by_key(|shortage| shortage.available);
    assert_eq!(
        shortages,
        [
            Shortage {
                variant_id: variant("never-seen"),
                requested: 1,
                available: 0
            },
            Shortage {
                variant_id: variant("B"),
                requested: 3,
                available: 2
            },
        ]
    );
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.units("B").await, (2, 0));
}

#[tokio::test]
async fn an_order_is_split_over_warehouses_by_priority() {
    let shop = Shop::with(&[("A", 3, 4)]).await;
    shop.hear(shop.created("o", &[("A", 5)])).await;
    let mut reserved: Vec<(i64, i64)> = shop
        .levels("A")
        .await
        .iter()
        .map(|level| (level.on_hand, level.reserved))
        .collect();
    reserved.sort();
    assert_eq!(reserved, [(3, 3), (4, 2)]);
}

#[tokio::test]
async fn the_same_order_holds_once() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    let envelope = shop.service.envelope(shop.created("o", &[("A", 2)]), 1);
    assert_eq!(
        shop.service.deliver_envelope(&envelope).await,
        Outcome::Handled
    );
    let spoken = shop.spoken().await;
    assert_eq!(
        shop.service.deliver_envelope(&envelope).await,
        Outcome::Duplicate
    );
    // The same again under another event id.
    shop.hear(shop.created("o", &[("A", 2)])).await;
    assert_eq!(shop.units("A").await, (9, 2));
    assert_eq!(shop.spoken().await, spoken);
}

#[tokio::test]
async fn a_malformed_order_is_parked() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    for lines in [&[("A", 0)][..], &[("A", -1)], &[]] {
        let result = shop.try_hear(shop.created("o", lines)).await;
        assert!(
            matches!(result, Err(HandleError::Permanent(_))),
            "{result:?}"
        );
    }
    assert!(shop.reservation("o").await.is_none());
}

#[tokio::test]
async fn calling_an_order_off_gives_its_stock_back_once() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("cancelled", &[("A", 2)])).await;
    shop.hear(shop.created("expired", &[("A", 3)])).await;
    let before = shop.spoken().await;
    shop.hear(shop.cancelled("cancelled", false)).await;
    shop.hear(shop.expired("expired")).await;
    shop.hear(shop.cancelled("expired", true)).await;
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.state("cancelled").await, State::Released);
    assert_eq!(shop.state("expired").await, State::Released);
    assert_eq!(
        shop.said_since(before).await,
        [
            Event::from(InventoryReleased {
                order_id: order("cancelled"),
                reason: "cancelled".to_owned()
            }),
            Event::from(InventoryReleased {
                order_id: order("expired"),
                reason: "order_expired".to_owned()
            }),
        ]
    );
}

#[tokio::test]
async fn an_order_that_was_called_off_first_holds_nothing_when_it_comes() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    let before = shop.spoken().await;
    shop.hear(shop.cancelled("o", false)).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.state("o").await, State::Released);
    assert_eq!(shop.spoken().await, before);
}

#[tokio::test]
async fn a_hold_ends_at_its_time_and_not_before() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    let before = shop.spoken().await;
    shop.after(TimeDelta::minutes(14)).await;
    assert_eq!(shop.units("A").await, (9, 2));
    shop.after(TimeDelta::minutes(1)).await;
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.state("o").await, State::Expired);
    assert_eq!(
        shop.said_since(before).await,
        [Event::from(InventoryReleased {
            order_id: order("o"),
            reason: "expired".to_owned()
        })]
    );
    // Neither a second look nor the order's own end gives it back twice.
    shop.after(TimeDelta::minutes(1)).await;
    shop.hear(shop.expired("o")).await;
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.state("o").await, State::Expired);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn replicas_that_look_at_once_end_each_hold_once() {
    let shop = Arc::new(Shop::with(&[("A", 200, 0)]).await);
    for n in 0..12 {
        shop.hear(shop.created(&n.to_string(), &[("A", 2)])).await;
    }
    let before = shop.spoken().await;
    shop.service.deps.clock.advance(TimeDelta::minutes(16));
    let looks: Vec<_> = (0..4)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.service.run_job("inventory.expire_holds").await })
        })
        .collect();
    for look in looks {
        look.await.expect("every look succeeds");
    }
    assert_eq!(shop.units("A").await, (200, 0));
    assert_eq!(shop.said_since(before).await.len(), 12);
}

#[tokio::test]
async fn a_payment_under_way_extends_the_hold_three_times_and_never_shortens_it() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    let created = shop.created("o", &[("A", 2)]);
    shop.hear(created.clone()).await;

    shop.hear(shop.initiated("o", 5)).await;
    let shorter = shop.reservation("o").await.expect("held");
    assert_eq!(
        (shorter.expires_at, shorter.extensions),
        (created.expires_at, 0)
    );

    for n in 1..=4 {
        let initiated = shop.initiated("o", 60 * n);
        let before = shop.reservation("o").await.expect("held").expires_at;
        shop.hear(initiated.clone()).await;
        let after = shop.reservation("o").await.expect("held");
        if n <= 3 {
            assert_eq!(
                after.expires_at,
                initiated.expires_at + TimeDelta::minutes(5)
            );
            assert_eq!(i64::from(after.extensions), n);
        } else {
            assert_eq!((after.expires_at, after.extensions), (before, 3));
        }
    }
    shop.after(TimeDelta::minutes(60)).await;
    assert_eq!(shop.units("A").await, (9, 2));
}

#[tokio::test]
async fn a_payment_for_an_order_not_seen_yet_waits() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    for event in [
        Event::from(shop.initiated("o", 60)),
        shop.paid("o").into(),
        shop.status("o", "SHIPPED").into(),
    ] {
        let envelope = shop.service.envelope(event, 1);
        assert!(matches!(
            shop.try_deliver(&envelope).await,
            Err(HandleError::Retry(_))
        ));
    }
    // Nothing is remembered of the failed delivery: it can be handled later.
    let envelope = shop.service.envelope(shop.paid("o"), 1);
    assert!(shop.try_deliver(&envelope).await.is_err());
    shop.hear(shop.created("o", &[("A", 2)])).await;
    assert_eq!(
        shop.service.deliver_envelope(&envelope).await,
        Outcome::Handled
    );
    assert_eq!(shop.units("A").await, (7, 0));
}

#[tokio::test]
async fn low_stock_is_told_once_per_crossing() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let low = async || {
        shop.service
            .events()
            .await
            .iter()
            .filter(|event| matches!(event, Event::LowStock(_)))
            .count()
    };
    shop.hear(shop.created("1", &[("A", 3)])).await;
    assert_eq!(low().await, 0, "five left, the threshold is five");
    shop.hear(shop.created("2", &[("A", 1)])).await;
    assert_eq!(low().await, 1);
    shop.hear(shop.created("3", &[("A", 1)])).await;
    shop.hear(shop.paid("3")).await;
    assert_eq!(
        low().await,
        1,
        "still low, and paying changes nothing for sale"
    );
    shop.hear(shop.cancelled("1", false)).await;
    shop.hear(shop.created("4", &[("A", 3)])).await;
    assert_eq!(low().await, 2, "up and down again");
}
