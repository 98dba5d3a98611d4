//! Laws that hold for every sequence of facts.

use chrono::{DateTime, TimeDelta};
use events::id::VariantId;
use proptest::prelude::*;
use sea_orm::Iterable;
use uuid::Uuid;

use super::*;
use crate::domain::status::TRANSITIONS;

/// A step of a random story: what a payment event told, if it was one, and the fact.
#[derive(Debug, Clone)]
struct Step {
    attempt: Option<(u128, AttemptState, Option<i64>)>,
    fact: Fact,
    /// Seconds that pass before it.
    pause: i64,
}

fn order() -> order::Model {
    let start = DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time");
    order::Model {
        id: Uuid::from_u128(1),
        version: 1,
        created_at: start,
        updated_at: start,
        number: None,
        placed_at: None,
        user_id: None,
        email: "buyer@bazaar.test".to_owned(),
        cart_id: Uuid::from_u128(2),
        fingerprint: "f".to_owned(),
        order_token_hash: String::new(),
        status: OrderStatus::Pending,
        payment_status: PaymentStatus::Pending,
        stock_state: StockState::None,
        currency: "IDR".to_owned(),
        subtotal_minor: 100,
        discount_minor: 0,
        shipping_minor: 0,
        tax_minor: 0,
        total_minor: 100,
        shipping_address: "{}".to_owned(),
        shipping_method: "REGULAR".to_owned(),
        expires_at: start + TimeDelta::minutes(20),
        captured_payment_id: None,
        refund_requested_at: None,
        cancel_reason: None,
        shortages: None,
        carrier: None,
        tracking_number: None,
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let shortages = || {
        vec![Shortage {
            variant_id: VariantId::from_name("v"),
            requested: 2,
            available: 1,
        }]
    };
    let told = prop_oneof![
        Just(Fact::StockHeld),
        Just(Fact::HoldRejected(shortages())),
        Just(Fact::StockReserved),
        Just(Fact::StockReserved),
        Just(Fact::CommitRejected(shortages())),
        Just(Fact::StockReleased),
        Just(Fact::Tick),
        Just(Fact::VerdictMissing),
        Just(Fact::CartChanged),
        Just(Fact::BuyerCancels),
        staff_move(),
    ]
    .prop_map(|fact| (None, fact));
    let paid = (0..3u128, payment())
        .prop_map(|(id, (state, remaining, fact))| (Some((id, state, remaining)), fact));
    let step =
        (prop_oneof![3 => told, 2 => paid], 0..400i64).prop_map(|((attempt, fact), pause)| Step {
            attempt,
            fact,
            pause,
        });
    prop::collection::vec(step, 1..30)
}

fn staff_move() -> impl Strategy<Value = Fact> {
    let statuses: Vec<OrderStatus> = OrderStatus::iter().collect();
    let roles = vec![
        vec![Who::Warehouse],
        vec![Who::Support],
        vec![Who::Warehouse, Who::Support, Who::Admin],
    ];
    (
        prop::sample::select(statuses),
        prop::sample::select(roles),
        any::<bool>(),
    )
        .prop_map(|(to, who, tracked)| Fact::StaffMoves {
            to,
            who,
            carrier: None,
            tracking_number: tracked.then(|| "T-1".to_owned()),
        })
}

fn payment() -> impl Strategy<Value = (AttemptState, Option<i64>, Fact)> {
    let start = order().created_at;
    prop_oneof![
        Just((
            AttemptState::Open,
            None,
            Fact::PaymentOpened {
                extend_to: start + TimeDelta::minutes(40)
            }
        )),
        Just((AttemptState::Succeeded, None, Fact::PaymentsChanged)),
        Just((AttemptState::Succeeded, None, Fact::PaymentsChanged)),
        Just((AttemptState::Failed, None, Fact::PaymentsChanged)),
        Just((AttemptState::Expired, None, Fact::PaymentExpired)),
        Just((AttemptState::Refunded, Some(40), Fact::PaymentsChanged)),
        Just((AttemptState::Refunded, Some(0), Fact::PaymentsChanged)),
    ]
}

/// Merges what an event told about an attempt, as `payment_news` does.
fn merge(
    payments: &mut Vec<order_payment::Model>,
    (id, state, remaining): (u128, AttemptState, Option<i64>),
) {
    let id = Uuid::from_u128(100 + id);
    let now = order().created_at;
    if let Some(known) = payments.iter_mut().find(|payment| payment.id == id) {
        known.state = known.state.merged_with(state);
        known.refund_remaining_minor = match (known.refund_remaining_minor, remaining) {
            (Some(known), Some(told)) => Some(known.min(told)),
            (known, told) => told.or(known),
        };
    } else {
        payments.push(order_payment::Model {
            id,
            version: 1,
            created_at: now,
            updated_at: now,
            order_id: order().id,
            state,
            expires_at: None,
            refund_remaining_minor: remaining,
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_sequence_of_facts_leaves_the_table(steps in steps()) {
        let mut order = order();
        let mut payments = Vec::new();
        let mut now = order.created_at;
        let (mut confirmations, mut refunds) = (0, 0);
        let (mut heard_paid, mut heard_reserved) = (false, false);

        for step in steps {
            now += TimeDelta::seconds(step.pause);
            if let Some(attempt) = step.attempt {
                merge(&mut payments, attempt);
            }
            heard_paid |= payments.iter().any(|payment| payment.state == AttemptState::Succeeded);
            heard_reserved |= matches!(step.fact, Fact::StockReserved);

            let before = order.clone();
            let by_people = matches!(step.fact, Fact::BuyerCancels | Fact::StaffMoves { .. });
            let effects = match apply(&mut order, &payments, &step.fact, now) {
                Ok(effects) => effects,
                Err(error) => {
                    prop_assert!(by_people, "{:?} gave {error:?}", step.fact);
                    order = before;
                    continue;
                }
            };

            let legal = TRANSITIONS.iter().any(|(from, to, _)| (*from, *to) == (before.status, order.status));
            prop_assert!(legal || before.status == order.status, "{:?} -> {:?}", before.status, order.status);

            // Whoever waits is told of every change.
            let announced = effects.iter().any(|effect| matches!(
                effect, Effect::Confirmed | Effect::Cancelled { .. } | Effect::Expired | Effect::StatusChanged
            ));
            prop_assert_eq!(announced, before.status != order.status);

            if effects.contains(&Effect::Confirmed) {
                confirmations += 1;
                order.number = Some("BZ-2026-000001".to_owned());
                order.placed_at = Some(now);
                prop_assert!(heard_paid && heard_reserved);
                prop_assert_ne!(order.payment_status, PaymentStatus::Refunded);
                prop_assert!(refunds == 0);
            }
            refunds += effects.iter().filter(|effect| matches!(effect, Effect::RefundRequested(_))).count();
            prop_assert!(confirmations <= 1 && refunds <= 1);

            let official = matches!(
                order.status,
                OrderStatus::Confirmed | OrderStatus::Processing | OrderStatus::Shipped | OrderStatus::Delivered
            );
            prop_assert!(!official || order.number.is_some());
            // Paid and committed means confirmed, at once, unless the money was sent back.
            if order.is_paid() && order.stock_state == StockState::Reserved {
                prop_assert!(order.number.is_some());
            }
            // A paid order is given up only together with its money.
            if before.is_paid() && before.status != OrderStatus::Cancelled && order.status == OrderStatus::Cancelled {
                prop_assert!(order.refund_requested_at.is_some() || order.payment_status == PaymentStatus::Refunded);
            }
            prop_assert!(order.expires_at >= before.expires_at);
        }
    }

    #[test]
    fn a_fact_heard_twice_changes_nothing_more(steps in steps()) {
        let mut order = order();
        let mut payments = Vec::new();
        let now = order.created_at;
        for step in steps {
            if matches!(step.fact, Fact::StaffMoves { .. }) {
                continue;
            }
            if let Some(attempt) = step.attempt {
                merge(&mut payments, attempt);
            }
            let mut once = order.clone();
            let Ok(effects) = apply(&mut once, &payments, &step.fact, now) else { continue };
            if effects.contains(&Effect::Confirmed) {
                once.number = Some("BZ-2026-000001".to_owned());
                once.placed_at = Some(now);
            }
            let mut twice = once.clone();
            let again = apply(&mut twice, &payments, &step.fact, now).expect("it was fine before");
            prop_assert_eq!(&twice, &once, "after a second {:?}", step.fact);
            prop_assert_eq!(again, Vec::new());
            order = once;
        }
    }

    /// The chain's facts in every order lead to the same end.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        facts in Just(vec![0, 1, 2, 3]).prop_shuffle()
    ) {
        let mut order = order();
        let mut payments = Vec::new();
        for fact in facts {
            let (attempt, fact) = match fact {
                0 => (None, Fact::StockHeld),
                1 => (Some((0, AttemptState::Open, None)), Fact::PaymentOpened { extend_to: order.created_at }),
                2 => (Some((0, AttemptState::Succeeded, None)), Fact::PaymentsChanged),
                _ => (None, Fact::StockReserved),
            };
            if let Some(attempt) = attempt {
                merge(&mut payments, attempt);
            }
            let now = order.created_at;
            let effects = apply(&mut order, &payments, &fact, now).expect("facts never fail");
            if effects.contains(&Effect::Confirmed) {
                order.number = Some("BZ-2026-000001".to_owned());
            }
        }
        prop_assert_eq!(order.status, OrderStatus::Confirmed);
        prop_assert_eq!(order.payment_status, PaymentStatus::Paid);
        prop_assert_eq!(order.stock_state, StockState::Reserved);
    }
}
