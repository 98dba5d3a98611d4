//! What becomes of the stock of paid orders.

use chrono::TimeDelta;
use events::Event;
use events::inventory::{
    Allocation, InventoryCommitRejected, InventoryReleased, InventoryReserved, Shortage,
};
use inventory::entity::reservation::State;
use outbox::HandleError;

use crate::shop::{Shop, order, variant};

fn reserved(name: &str, taken: &[(&str, &str, i64)]) -> Event {
    let allocation = |(sku, code, quantity): &(&str, &str, i64)| Allocation {
        variant_id: variant(sku),
        warehouse_code: (*code).to_owned(),
        quantity: *quantity,
    };
    InventoryReserved {
        order_id: order(name),
        allocations: taken.iter().map(allocation).collect(),
    }
    .into()
}

#[tokio::test]
async fn a_payment_takes_the_held_units_off_the_shelf() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    let before = shop.spoken().await;
    shop.hear(shop.paid("o")).await;
    assert_eq!(shop.units("A").await, (7, 0));
    assert_eq!(shop.state("o").await, State::Committed);
    assert_eq!(
        shop.said_since(before).await,
        [reserved("o", &[("A", "MAIN", 2)])]
    );

    // Once, however often it is told, and for good.
    let spoken = shop.spoken().await;
    shop.hear(shop.paid("o")).await;
    shop.after(TimeDelta::days(1)).await;
    assert_eq!(shop.units("A").await, (7, 0));
    assert_eq!(shop.spoken().await, spoken);
}

#[tokio::test]
async fn the_allocations_name_every_warehouse() {
    let shop = Shop::with(&[("A", 1, 9)]).await;
    shop.hear(shop.created("o", &[("A", 3)])).await;
    let before = shop.spoken().await;
    shop.hear(shop.paid("o")).await;
    let mut said = shop.said_since(before).await;
    let Some(Event::InventoryReserved(event)) = said.pop() else {
        panic!("reserved")
    };
    let mut taken: Vec<(String, i64)> = event
        .allocations
        .into_iter()
        .map(|a| (a.warehouse_code, a.quantity))
        .collect();
    taken.sort();
    assert_eq!(taken, [("EAST".to_owned(), 2), ("MAIN".to_owned(), 1)]);
}

#[tokio::test]
async fn an_unpaid_end_does_not_undo_a_payment_that_won_the_race() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    shop.hear(shop.paid("o")).await;
    let before = shop.spoken().await;
    shop.hear(shop.cancelled("o", false)).await;
    shop.hear(shop.expired("o")).await;
    assert_eq!(shop.units("A").await, (7, 0));
    assert_eq!(shop.state("o").await, State::Committed);
    assert_eq!(shop.spoken().await, before);
}

#[tokio::test]
async fn cancelling_a_paid_order_puts_its_goods_back_and_its_payment_cannot_take_them_again() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    shop.hear(shop.paid("o")).await;
    let before = shop.spoken().await;
    shop.hear(shop.cancelled("o", true)).await;
    shop.hear(shop.cancelled("o", true)).await;
    shop.hear(shop.paid("o")).await;
    assert_eq!(shop.units("A").await, (9, 0));
    assert_eq!(shop.state("o").await, State::Released);
    assert_eq!(
        shop.said_since(before).await,
        [Event::from(InventoryReleased {
            order_id: order("o"),
            reason: "cancelled".to_owned()
        })]
    );
}

#[tokio::test]
async fn shipped_goods_do_not_come_back_by_a_cancellation() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    shop.hear(shop.paid("o")).await;
    shop.hear(shop.status("o", "PROCESSING")).await;
    assert_eq!(shop.state("o").await, State::Committed);
    shop.hear(shop.status("o", "SHIPPED")).await;
    shop.hear(shop.status("o", "DELIVERED")).await;
    shop.hear(shop.cancelled("o", true)).await;
    assert_eq!(shop.state("o").await, State::Consumed);
    assert_eq!(shop.units("A").await, (7, 0));
}

#[tokio::test]
async fn a_late_payment_finds_its_stock_again() {
    // Each way a hold can be over, and the state it leaves.
    for way in ["hold expired", "order expired", "cancelled"] {
        let shop = Shop::with(&[("A", 2, 1)]).await;
        shop.hear(shop.created("o", &[("A", 2)])).await;
        match way {
            "hold expired" => shop.after(TimeDelta::minutes(16)).await,
            "order expired" => shop.hear(shop.expired("o")).await,
            _ => shop.hear(shop.cancelled("o", false)).await,
        }
        // Somebody else takes one of the units in between.
        shop.hear(shop.created("other", &[("A", 1)])).await;
        let before = shop.spoken().await;
        shop.hear(shop.paid("o")).await;
        assert_eq!(shop.units("A").await, (1, 1), "{way}");
        assert_eq!(shop.state("o").await, State::Committed, "{way}");
        let said = shop.said_since(before).await;
        let committed: i64 = said
            .iter()
            .filter_map(|event| match event {
                Event::InventoryReserved(event) => {
                    Some(event.allocations.iter().map(|a| a.quantity).sum::<i64>())
                }
                _ => None,
            })
            .sum();
        assert_eq!(committed, 2, "{way}: {said:?}");
        // The new allocation is the one that goes back.
        shop.hear(shop.cancelled("o", true)).await;
        assert_eq!(shop.units("A").await, (3, 1), "{way}");
    }
}

#[tokio::test]
async fn a_late_payment_without_stock_is_refused_once_and_for_good() {
    let shop = Shop::with(&[("A", 2, 0), ("B", 9, 0)]).await;
    shop.hear(shop.created("o", &[("A", 2), ("B", 1)])).await;
    shop.after(TimeDelta::minutes(16)).await;
    shop.hear(shop.created("other", &[("A", 1)])).await;
    let before = shop.spoken().await;
    shop.hear(shop.paid("o")).await;
    let shortages = vec![Shortage {
        variant_id: variant("A"),
        requested: 2,
        available: 1,
    }];
    let refused = Event::from(InventoryCommitRejected {
        order_id: order("o"),
        shortages,
    });
    assert_eq!(shop.said_since(before).await, [refused]);
    assert_eq!(shop.units("A").await, (2, 1));
    assert_eq!(shop.units("B").await, (9, 0));

    // The money is on its way back: stock that turns up now must not change the verdict.
    shop.hear(shop.cancelled("other", false)).await;
    let before = shop.spoken().await;
    shop.hear(shop.paid("o")).await;
    assert_eq!(shop.spoken().await, before);
    assert_eq!(shop.units("A").await, (2, 0));
}

#[tokio::test]
async fn a_payment_for_a_rejected_order_gets_stock_that_came_in_since() {
    let shop = Shop::with(&[("A", 2, 0)]).await;
    shop.hear(shop.created("other", &[("A", 1)])).await;
    shop.hear(shop.created("o", &[("A", 2)])).await;
    assert_eq!(shop.state("o").await, State::Rejected);
    shop.hear(shop.cancelled("other", false)).await;
    shop.hear(shop.paid("o")).await;
    assert_eq!(shop.state("o").await, State::Committed);
    assert_eq!(shop.units("A").await, (0, 0));
}

#[tokio::test]
async fn a_payment_for_an_order_called_off_unseen_waits_for_the_order() {
    let shop = Shop::with(&[("A", 9, 0)]).await;
    shop.hear(shop.cancelled("o", false)).await;
    let paid = shop.service.envelope(shop.paid("o"), 1);
    assert!(matches!(
        shop.try_deliver(&paid).await,
        Err(HandleError::Retry(_))
    ));
    shop.hear(shop.created("o", &[("A", 2)])).await;
    shop.service.deliver_envelope(&paid).await;
    assert_eq!(shop.state("o").await, State::Committed);
    assert_eq!(shop.units("A").await, (7, 0));
}
