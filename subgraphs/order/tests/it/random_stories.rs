//! Events in any order and more than once, through the real tables.

use events::id::{OrderId, PaymentId};
use events::inventory::{
    InventoryCommitRejected, InventoryHeld, InventoryHoldRejected, InventoryReleased,
    InventoryReserved,
};
use events::payment::{
    PaymentExpired, PaymentFailed, PaymentInitiated, PaymentRefunded, PaymentSucceeded,
};
use events::{Envelope, Event};
use money::{Currency, Money};
use order::domain::status::{OrderStatus, PaymentStatus, StockState, TRANSITIONS};
use order::entity::{order as orders, order_event};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use test_support::Caller;

use crate::shop::{Shop, guest_cart, shortage, total};

/// What may happen, by number; the second number is the attempt of a payment event.
fn event(
    shop: &Shop,
    order_id: OrderId,
    attempts: &[PaymentId],
    (what, attempt): (u8, usize),
) -> Event {
    let payment_id = attempts[attempt];
    let now = shop.order.deps.clock.now();
    let provider = "DEMO".to_owned();
    match what {
        0 => InventoryHeld {
            order_id,
            expires_at: now,
        }
        .into(),
        1 => InventoryHoldRejected {
            order_id,
            shortages: vec![shortage(2, 1)],
        }
        .into(),
        2 | 3 => InventoryReserved {
            order_id,
            allocations: Vec::new(),
        }
        .into(),
        4 => InventoryCommitRejected {
            order_id,
            shortages: vec![shortage(2, 1)],
        }
        .into(),
        5 => InventoryReleased {
            order_id,
            reason: "expired".to_owned(),
        }
        .into(),
        6 => PaymentInitiated {
            payment_id,
            order_id,
            provider,
            amount: total(),
            expires_at: now,
        }
        .into(),
        7 | 8 => {
            let gateway_ref = "demo".to_owned();
            PaymentSucceeded {
                payment_id,
                order_id,
                provider,
                amount: total(),
                gateway_ref,
                paid_at: now,
            }
            .into()
        }
        9 => PaymentFailed {
            payment_id,
            order_id,
            reason: "declined".to_owned(),
            retryable: true,
        }
        .into(),
        10 => PaymentExpired {
            payment_id,
            order_id,
        }
        .into(),
        _ => {
            let refund_id = events::id::RefundId::generate();
            let remaining = Money::new(0, Currency::IDR);
            PaymentRefunded {
                refund_id,
                payment_id,
                order_id,
                amount: total(),
                remaining,
            }
            .into()
        }
    }
}

#[test]
fn events_in_any_order_and_twice_keep_to_the_table() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let shop = runtime.block_on(Shop::impatient());
    // Positions beyond the number of events deliver the first ones for the second time.
    let stories = prop::collection::vec((0..12u8, 0..2usize), 2..12).prop_flat_map(|told| {
        let count = told.len();
        (
            Just(told),
            Just((0..count + count / 2).collect::<Vec<usize>>()).prop_shuffle(),
        )
    });

    TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    })
    .run(&stories, |(told, order_of_arrival)| {
        runtime.block_on(async {
            let known = shop.requests().await.len();
            let cart = guest_cart();
            shop.order_create(&Caller::Guest, crate::shop::create_input(&cart, "story"))
                .await;
            let order_id = shop.request_after(known).await.order_id;
            shop.checkout_started(order_id, &cart).await;

            let attempts = [PaymentId::generate(), PaymentId::generate()];
            let envelopes: Vec<Envelope> = told
                .iter()
                .map(|what| {
                    shop.order
                        .envelope(event(&shop, order_id, &attempts, *what), 1)
                })
                .collect();
            let mut numbers = Vec::new();
            for position in order_of_arrival {
                shop.order
                    .deliver_envelope(&envelopes[position % envelopes.len()])
                    .await;
                let order = find(&shop, order_id).await;
                check_standing(&order)?;
                numbers.extend(order.number);
            }
            numbers.dedup();
            prop_assert!(numbers.len() <= 1, "{numbers:?}");
            check_history(&shop, order_id).await
        })
    })
    .expect("the laws hold");
}

async fn find(shop: &Shop, order_id: OrderId) -> orders::Model {
    orders::Entity::find_by_id(order_id.uuid())
        .one(&shop.order.deps.db)
        .await
        .expect("readable")
        .expect("it exists")
}

/// Confirmed exactly when paid and reserved.
fn check_standing(order: &orders::Model) -> Result<(), TestCaseError> {
    let paid = matches!(
        order.payment_status,
        PaymentStatus::Paid | PaymentStatus::Refunded | PaymentStatus::PartiallyRefunded
    );
    let reserved = order.stock_state == StockState::Reserved;
    prop_assert_eq!(
        order.status == OrderStatus::Confirmed,
        paid && reserved,
        "{:?}",
        order
    );
    prop_assert_eq!(
        order.number.is_some(),
        order.status == OrderStatus::Confirmed
    );
    Ok(())
}

/// The history is an unbroken chain of moves that the table has, and ends where the order is.
async fn check_history(shop: &Shop, order_id: OrderId) -> Result<(), TestCaseError> {
    let moves = order_event::Entity::find()
        .filter(order_event::Column::OrderId.eq(order_id.uuid()))
        .filter(order_event::Column::FromStatus.is_not_null())
        .order_by_asc(order_event::Column::Id)
        .all(&shop.order.deps.db)
        .await
        .expect("readable");
    let mut standing = OrderStatus::Pending;
    for one in moves {
        let (from, to) = (
            one.from_status.expect("filtered"),
            one.to_status.expect("the table checks it"),
        );
        prop_assert_eq!(from, standing);
        prop_assert!(
            TRANSITIONS
                .iter()
                .any(|(start, end, _)| (*start, *end) == (from, to)),
            "{from:?} -> {to:?}"
        );
        standing = to;
    }
    prop_assert_eq!(find(shop, order_id).await.status, standing);
    Ok(())
}
