//! The ledger balances, whatever happens.

use std::collections::HashMap;

use chrono::DateTime;
use events::id::{OrderId, PaymentId, RefundId};
use payment::domain::ledger::Transaction;
use payment::entity::ledger_entry::{self, Account, Side};
use payment::entity::payment::{Model as Payment, PaymentStatus, ProviderName};
use payment::entity::refund::{Model as Refund, RefundStatus};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::shop::{Shop, TOTAL};

fn time() -> chrono::DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time")
}

fn payment(amount: i64, is_duplicate: bool) -> Payment {
    Payment {
        id: PaymentId::generate().uuid(),
        version: 1,
        created_at: time(),
        updated_at: time(),
        order_id: OrderId::generate().uuid(),
        provider: ProviderName::Demo,
        amount_minor: amount,
        currency: "IDR".to_owned(),
        status: if is_duplicate {
            PaymentStatus::DuplicateCapture
        } else {
            PaymentStatus::Paid
        },
        gateway_ref: None,
        action: None,
        failure_reason: None,
        refund_requested_minor: 0,
        refunded_minor: 0,
        expires_at: time(),
        paid_at: None,
        cancel_requested_at: None,
        checked_at: None,
    }
}

fn refund(payment: &Payment, amount: i64) -> Refund {
    Refund {
        id: RefundId::generate().uuid(),
        version: 1,
        created_at: time(),
        updated_at: time(),
        payment_id: payment.id,
        order_id: payment.order_id,
        refund_key: "key".to_owned(),
        body_hash: String::new(),
        amount_minor: amount,
        currency: "IDR".to_owned(),
        status: RefundStatus::Succeeded,
        reason: String::new(),
        failure_reason: None,
        attempts: 1,
        next_attempt_at: time(),
    }
}

/// Debits minus credits of each account.
fn balances(entries: &[ledger_entry::Model]) -> HashMap<Account, i64> {
    let mut balances = HashMap::new();
    for entry in entries {
        let sign = if entry.side == Side::Debit { 1 } else { -1 };
        *balances.entry(entry.account).or_default() += sign * entry.amount_minor;
    }
    balances
}

/// Each transaction by itself has equal debits and credits, of positive amounts.
fn assert_balanced(entries: &[ledger_entry::Model]) {
    let mut sums: HashMap<&str, i64> = HashMap::new();
    for entry in entries {
        assert!(entry.amount_minor > 0, "{entry:?}");
        let sign = if entry.side == Side::Debit { 1 } else { -1 };
        *sums.entry(&entry.transaction_key).or_default() += sign * entry.amount_minor;
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
}

proptest! {
    #[test]
    fn every_account_shows_what_it_should(
        captures in prop::collection::vec(
            (1..1_000_000_000_i64, any::<bool>(), prop::collection::vec(1..100_u8, 0..5)),
            1..20,
        )
    ) {
        let mut entries = Vec::new();
        let mut expected: HashMap<Account, i64> = HashMap::new();
        for (amount, is_duplicate, shares) in captures {
            let payment = payment(amount, is_duplicate);
            let owner = if is_duplicate { Account::DuplicateCaptures } else { Account::OrderPayments };
            entries.extend(Transaction::capture(&payment).entries(payment.id, time()));
            let mut left = amount;
            for share in shares {
                let part = left * i64::from(share) / 100;
                if part > 0 {
                    entries.extend(Transaction::refund(&payment, &refund(&payment, part)).entries(payment.id, time()));
                    left -= part;
                }
            }
            *expected.entry(Account::ProviderReceivable).or_default() += left;
            *expected.entry(owner).or_default() -= left;
        }
        assert_balanced(&entries);
        prop_assert_eq!(balances(&entries), expected);
    }
}

#[test]
fn no_sequence_of_refunds_unbalances_the_books_or_exceeds_the_capture() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let shop = runtime.block_on(Shop::open());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..Default::default()
    });
    // Amounts around what there is, under few keys, so that keys repeat and sums exceed.
    let asked = prop::collection::vec((1..TOTAL, 0..4_u8), 1..7);
    runner
        .run(&asked, |asked| {
            runtime.block_on(async {
                let (_, payment) = shop.paid().await;
                for (amount, key) in asked {
                    shop.refund(payment, Some(amount), &format!("key-{key}"))
                        .await;
                }
                let row = shop.row(payment).await;
                let entries = shop.ledger(payment).await;
                let done: i64 = shop
                    .refunds(payment)
                    .await
                    .iter()
                    .map(|refund| refund.amount_minor)
                    .sum();
                assert_eq!(row.refunded_minor, done);
                assert!(done <= TOTAL);
                assert_balanced(&entries);
                assert_eq!(balances(&entries)[&Account::OrderPayments], done - TOTAL);
            });
            Ok(())
        })
        .expect("the law holds");
}
