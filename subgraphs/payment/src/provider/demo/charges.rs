//! The demo provider's books.

use events::id::PaymentId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Demo, WebhookBody, WebhookCharge};
use crate::entity::demo_charge::{self, ChargeStatus};
use crate::entity::{demo_refund, demo_webhook};
use crate::provider::{ChargeState, Initiate, ProviderError, Refund};

/// What the buyer, or the bank, decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The buyer pays.
    Paid,
    /// The bank declines.
    Declined,
    /// The buyer lets the time run out.
    Expired,
    /// The money arrives after the charge was closed, as a slow bank transfer does.
    PaidLate,
}

impl Outcome {
    /// The outcome a form names.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "paid" => Some(Self::Paid),
            "declined" => Some(Self::Declined),
            "expired" => Some(Self::Expired),
            "paid_late" => Some(Self::PaidLate),
            _ => None,
        }
    }
}

/// What a charge's row means to the shop.
pub(super) fn state_of(charge: Option<demo_charge::Model>) -> Result<ChargeState, ProviderError> {
    let charge = charge.ok_or_else(|| ProviderError::Rejected {
        code: "unknown_charge".to_owned(),
    })?;
    Ok(match charge.status {
        ChargeStatus::Open => ChargeState::Open,
        ChargeStatus::Paid => ChargeState::Paid {
            amount: charge.amount(),
        },
        ChargeStatus::Declined => ChargeState::Failed {
            reason: "declined".to_owned(),
        },
        ChargeStatus::Expired => ChargeState::Expired,
        ChargeStatus::Cancelled => ChargeState::Cancelled,
    })
}

impl Demo {
    /// Opens a charge, or finds the one that this key opened before.
    pub(super) async fn open_charge(
        &self,
        request: &Initiate,
    ) -> Result<demo_charge::Model, DbErr> {
        let charge = demo_charge::ActiveModel {
            gateway_ref: Set(format!("demo_ch_{}", Uuid::now_v7().simple())),
            idempotency_key: Set(request.idempotency_key.clone()),
            reference: Set(request.payment_id.to_string()),
            description: Set(format!("Order {}", request.order_id)),
            amount_minor: Set(request.amount.minor),
            currency: Set(request.amount.currency.code().to_owned()),
            status: Set(ChargeStatus::Open),
            refunded_minor: Set(0),
            expires_at: Set(request.expires_at),
            created_at: Set(self.clock.now()),
            settled_at: Set(None),
        };
        demo_charge::Entity::insert(charge)
            .on_conflict(
                OnConflict::column(demo_charge::Column::IdempotencyKey)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.db)
            .await?;
        demo_charge::Entity::find()
            .filter(demo_charge::Column::IdempotencyKey.eq(&request.idempotency_key))
            .one(&self.db)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("the charge that was just opened".to_owned()))
    }

    /// The charge; one whose time is over is closed by looking at it.
    pub(super) async fn look_up(
        &self,
        gateway_ref: &str,
    ) -> Result<Option<demo_charge::Model>, DbErr> {
        let now = self.clock.now();
        demo_charge::Entity::update_many()
            .col_expr(
                demo_charge::Column::Status,
                Expr::value(ChargeStatus::Expired),
            )
            .col_expr(demo_charge::Column::SettledAt, Expr::value(now))
            .filter(demo_charge::Column::GatewayRef.eq(gateway_ref))
            .filter(demo_charge::Column::Status.eq(ChargeStatus::Open))
            .filter(demo_charge::Column::ExpiresAt.lte(now))
            .exec(&self.db)
            .await?;
        demo_charge::Entity::find_by_id(gateway_ref)
            .one(&self.db)
            .await
    }

    /// The charge of a payment.
    pub(super) async fn charge_of(
        &self,
        payment_id: PaymentId,
    ) -> Result<Option<demo_charge::Model>, DbErr> {
        let charge = demo_charge::Entity::find()
            .filter(demo_charge::Column::Reference.eq(payment_id.to_string()))
            .one(&self.db)
            .await?;
        match charge {
            Some(charge) => self.look_up(&charge.gateway_ref).await,
            None => Ok(None),
        }
    }

    /// Closes an open charge.
    pub(super) async fn cancel_charge(
        &self,
        gateway_ref: &str,
    ) -> Result<Option<demo_charge::Model>, DbErr> {
        demo_charge::Entity::update_many()
            .col_expr(
                demo_charge::Column::Status,
                Expr::value(ChargeStatus::Cancelled),
            )
            .col_expr(
                demo_charge::Column::SettledAt,
                Expr::value(self.clock.now()),
            )
            .filter(demo_charge::Column::GatewayRef.eq(gateway_ref))
            .filter(demo_charge::Column::Status.eq(ChargeStatus::Open))
            .exec(&self.db)
            .await?;
        demo_charge::Entity::find_by_id(gateway_ref)
            .one(&self.db)
            .await
    }

    /// Sends money back once per key; `false` if there is not that much to send.
    pub(super) async fn refund_charge(&self, request: &Refund) -> Result<bool, DbErr> {
        let txn = outbox::begin(&self.db).await?;
        let refund = demo_refund::ActiveModel {
            refund_key: Set(request.refund_key.clone()),
            gateway_ref: Set(request.gateway_ref.clone()),
            amount_minor: Set(request.amount.minor),
            created_at: Set(self.clock.now()),
        };
        let is_new = demo_refund::Entity::insert(refund)
            .on_conflict(
                OnConflict::column(demo_refund::Column::RefundKey)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await?
            > 0;
        if is_new {
            let refunded = Expr::col(demo_charge::Column::RefundedMinor).add(request.amount.minor);
            let updated = demo_charge::Entity::update_many()
                .col_expr(demo_charge::Column::RefundedMinor, refunded.clone())
                .filter(demo_charge::Column::GatewayRef.eq(&request.gateway_ref))
                .filter(demo_charge::Column::Status.eq(ChargeStatus::Paid))
                .filter(refunded.lte(Expr::col(demo_charge::Column::AmountMinor)))
                .exec(&txn)
                .await?;
            if updated.rows_affected == 0 {
                txn.rollback().await?;
                return Ok(false);
            }
        }
        txn.commit().await?;
        Ok(true)
    }

    /// Settles the charge of a payment, if its state allows, and owes the shop a webhook then; the
    /// charge as it is afterwards, none if there is none.
    ///
    /// # Errors
    /// [`DbErr`] if the database refuses.
    pub async fn settle(
        &self,
        payment_id: PaymentId,
        outcome: Outcome,
    ) -> Result<Option<demo_charge::Model>, DbErr> {
        let now = self.clock.now();
        let Some(charge) = self.charge_of(payment_id).await? else {
            return Ok(None);
        };
        let (from, to, event_type, reason) = match outcome {
            Outcome::Paid => (
                vec![ChargeStatus::Open],
                ChargeStatus::Paid,
                "charge.paid",
                None,
            ),
            Outcome::Declined => {
                let reason = Some("declined".to_owned());
                (
                    vec![ChargeStatus::Open],
                    ChargeStatus::Declined,
                    "charge.declined",
                    reason,
                )
            }
            Outcome::Expired => (
                vec![ChargeStatus::Open],
                ChargeStatus::Expired,
                "charge.expired",
                None,
            ),
            Outcome::PaidLate => {
                let closed = vec![
                    ChargeStatus::Declined,
                    ChargeStatus::Expired,
                    ChargeStatus::Cancelled,
                ];
                (closed, ChargeStatus::Paid, "charge.paid", None)
            }
        };

        // The books and the owed webhook change together.
        let txn = outbox::begin(&self.db).await?;
        let settled = demo_charge::Entity::update_many()
            .col_expr(demo_charge::Column::Status, Expr::value(to))
            .col_expr(demo_charge::Column::SettledAt, Expr::value(now))
            .filter(demo_charge::Column::GatewayRef.eq(&charge.gateway_ref))
            .filter(demo_charge::Column::Status.is_in(from))
            .exec(&txn)
            .await?;
        if settled.rows_affected > 0 {
            let body = WebhookBody {
                id: format!("demo_evt_{}", Uuid::now_v7().simple()),
                event_type: event_type.to_owned(),
                created: now.timestamp(),
                data: WebhookCharge {
                    charge: charge.gateway_ref.clone(),
                    amount: charge.amount_minor,
                    currency: charge.currency.clone(),
                    reason,
                },
            };
            demo_webhook::Entity::insert(demo_webhook::ActiveModel {
                event_id: Set(body.id.clone()),
                body: Set(serde_json::to_string(&body).expect("plain data")),
                attempts: Set(0),
                next_attempt_at: Set(now),
                created_at: Set(now),
                delivered_at: Set(None),
            })
            .exec_without_returning(&txn)
            .await?;
        }
        txn.commit().await?;
        demo_charge::Entity::find_by_id(&charge.gateway_ref)
            .one(&self.db)
            .await
    }
}
