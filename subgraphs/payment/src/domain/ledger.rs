//! Booking money: double entry, every transaction balanced by construction.

use chrono::{DateTime, Utc};
use money::Money;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait};
use uuid::Uuid;

use crate::entity::ledger_entry::{self, Account, Side};
use crate::entity::payment::{self, PaymentStatus};
use crate::entity::refund;

/// Moves one amount from one account to another; being one amount, it cannot be out of balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Booked once under this key.
    pub key: String,
    /// The account that is debited.
    pub debit: Account,
    /// The account that is credited.
    pub credit: Account,
    /// How much.
    pub amount: Money,
}

/// The account a payment's money belongs to.
fn owner_of(status: PaymentStatus) -> Account {
    match status {
        PaymentStatus::DuplicateCapture => Account::DuplicateCaptures,
        _ => Account::OrderPayments,
    }
}

impl Transaction {
    /// A payment's money arrived; `payment` has its status after the capture.
    pub fn capture(payment: &payment::Model) -> Self {
        Self {
            key: format!("capture:{}", payment.payment_id()),
            debit: Account::ProviderReceivable,
            credit: owner_of(payment.status),
            amount: payment.amount(),
        }
    }

    /// A refund of `payment` was done.
    pub fn refund(payment: &payment::Model, refund: &refund::Model) -> Self {
        Self {
            key: format!("refund:{}", refund.refund_id()),
            debit: owner_of(payment.status),
            credit: Account::ProviderReceivable,
            amount: refund.amount(),
        }
    }

    /// Its two lines.
    pub fn entries(&self, payment_id: Uuid, now: DateTime<Utc>) -> [ledger_entry::Model; 2] {
        [(self.debit, Side::Debit), (self.credit, Side::Credit)].map(|(account, side)| {
            ledger_entry::Model {
                id: Uuid::now_v7(),
                transaction_key: self.key.clone(),
                account,
                side,
                amount_minor: self.amount.minor,
                currency: self.amount.currency.code().to_owned(),
                payment_id,
                created_at: now,
            }
        })
    }

    /// Writes it into the ledger, once per key.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn book(
        &self,
        txn: &DatabaseTransaction,
        payment_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let rows = self
            .entries(payment_id, now)
            .map(|entry| ledger_entry::ActiveModel {
                id: Set(entry.id),
                transaction_key: Set(entry.transaction_key),
                account: Set(entry.account),
                side: Set(entry.side),
                amount_minor: Set(entry.amount_minor),
                currency: Set(entry.currency),
                payment_id: Set(entry.payment_id),
                created_at: Set(entry.created_at),
            });
        let once = [
            ledger_entry::Column::TransactionKey,
            ledger_entry::Column::Account,
            ledger_entry::Column::Side,
        ];
        ledger_entry::Entity::insert_many(rows)
            .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
        Ok(())
    }
}
