//! `paymentInitiate`: a buyer begins to pay an order.
//!
//! An order has at most one open attempt. Asking again with a new key while it is open answers that
//! same attempt if the provider is the same; with another provider the open one is closed there
//! first, and if it turns out to be paid, the order is paid.

use std::time::Duration;

use auth::Principal;
use events::Cause;
use events::id::{OrderId, PaymentId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};
use tokio::time::Instant;

use super::attempt_open::open_attempt;
use super::attempt_settle::{IfOpen, settle_attempt};
use super::input;
use crate::entity::payable_order::{self, OrderStatus};
use crate::entity::payment::{self, PaymentStatus, ProviderName};
use crate::entity::payment_request;
use crate::error::PaymentError;
use crate::provider::AmountRefused;
use crate::state::AppState;

/// What a buyer asks for.
#[derive(Debug, Clone)]
pub struct InitiateInput {
    /// The order.
    pub order_id: OrderId,
    /// A guest's proof that the order is theirs.
    pub order_token: Option<String>,
    /// Who is to take the money.
    pub provider: ProviderName,
    /// The same key is the same attempt.
    pub idempotency_key: String,
}

/// Whether the order is the caller's: bought by this user, or proven by its token.
pub fn is_buyer(
    order: &payable_order::Model,
    principal: &Principal,
    order_token: Option<&str>,
) -> bool {
    let by_user = match (order.user_id, principal.user_id()) {
        (Some(buyer), Some(caller)) => caller
            .parse()
            .is_ok_and(|caller: events::id::UserId| caller.uuid() == buyer),
        _ => false,
    };
    let by_token = match (order_token, &order.order_token_hash) {
        (Some(token), Some(hash)) => auth::matches(token, hash),
        _ => false,
    };
    by_user || by_token
}

/// Opens an attempt to pay the order, or answers the one that is open or that this key opened before.
///
/// # Errors
/// [`PaymentError`] by the rules of payments.
pub async fn initiate_payment(
    state: &AppState,
    principal: &Principal,
    input: InitiateInput,
    cause: &Cause,
) -> Result<payment::Model, PaymentError> {
    // What can be told without looking at the order.
    let key = input::idempotency_key(&input.idempotency_key)?;
    if let Some(token) = &input.order_token {
        input::refuse_card_number("orderToken", token)?;
    }
    let provider = state
        .provider(input.provider)
        .ok_or(PaymentError::MethodUnavailable)?;

    // The order, which may be on its way.
    let order = await_order(state, principal, &input).await?;
    let amount = order.amount().ok_or(PaymentError::OrderNotFound)?;

    loop {
        // One transaction decides: the attempt of this key, the open one, or a new one.
        let txn = outbox::begin(&state.db).await?;
        let order = payable_order::Entity::lock(&txn, input.order_id, cause.now).await?;
        let attempt = match decide(&txn, &order, &input, &key, cause).await? {
            Decision::Use(attempt) => attempt,
            Decision::CloseFirst(other) => {
                txn.rollback().await?;
                close_other(state, other, cause).await?;
                continue;
            }
            Decision::Create => {
                provider.accepts(amount).map_err(|refused| match refused {
                    AmountRefused::Currency => PaymentError::CurrencyUnsupported {
                        currency: amount.currency.code().to_owned(),
                    },
                    AmountRefused::BelowMinimum => PaymentError::AmountBelowMinimum,
                })?;
                insert(state, &txn, &input, amount, cause).await?
            }
        };
        remember_key(&txn, &input, &key, &attempt, cause).await?;
        txn.commit().await?;

        // The provider hears of it only now; after a crash here the next call goes on.
        let attempt = open_attempt(state, attempt, cause).await?;
        return match &attempt.failure_reason {
            Some(code) if attempt.gateway_ref.is_none() => Err(PaymentError::Declined {
                decline_code: code.clone(),
            }),
            _ => Ok(attempt),
        };
    }
}

/// Waits a moment for the order, or its stock hold, to arrive here.
async fn await_order(
    state: &AppState,
    principal: &Principal,
    input: &InitiateInput,
) -> Result<payable_order::Model, PaymentError> {
    let mut listener = state.changes.listen();
    let subject = input.order_id.to_string();
    let deadline = Instant::now() + state.config.order_wait;
    loop {
        // An order of somebody else's takes as long as one that does not exist.
        let order = payable_order::Entity::find_known(&state.db, input.order_id)
            .await?
            .filter(|order| is_buyer(order, principal, input.order_token.as_deref()));
        let is_settled = order
            .as_ref()
            .is_some_and(|order| order.is_held || order.status != OrderStatus::Pending);
        let left = deadline.saturating_duration_since(Instant::now());
        if is_settled || left.is_zero() {
            return order.ok_or(PaymentError::OrderNotFound);
        }
        listener
            .changed(&subject, left.min(Duration::from_millis(250)))
            .await;
    }
}

enum Decision {
    Use(payment::Model),
    CloseFirst(payment::Model),
    Create,
}

async fn decide(
    txn: &DatabaseTransaction,
    order: &payable_order::Model,
    input: &InitiateInput,
    key: &str,
    cause: &Cause,
) -> Result<Decision, PaymentError> {
    // The same key again?
    let known = payment_request::Entity::find_by_id((input.order_id.uuid(), key.to_owned()))
        .one(txn)
        .await?;
    if let Some(known) = known {
        if known.body_hash != body_hash(input) {
            return Err(PaymentError::IdempotencyKeyReused);
        }
        let attempt = payment::Entity::find_by_id(known.payment_id)
            .one(txn)
            .await?;
        return attempt
            .map(Decision::Use)
            .ok_or(PaymentError::PaymentNotFound);
    }

    // May the order be paid?
    if payment::Entity::find_captured(txn, input.order_id)
        .await?
        .is_some()
        || order.status == OrderStatus::Confirmed
    {
        return Err(PaymentError::AlreadyCaptured);
    }
    let problem = match order.status {
        OrderStatus::Cancelled => Some("it was cancelled"),
        OrderStatus::Expired => Some("its time has run out"),
        OrderStatus::Pending | OrderStatus::Confirmed if !order.is_held => {
            Some("its stock is not set aside yet")
        }
        _ if order
            .expires_at
            .is_some_and(|expires_at| expires_at <= cause.now) =>
        {
            Some("its time has run out")
        }
        OrderStatus::Pending | OrderStatus::Confirmed => None,
    };
    if let Some(reason) = problem {
        return Err(PaymentError::OrderNotPayable { reason });
    }

    // Is an attempt open?
    Ok(
        match payment::Entity::find_open(txn, input.order_id).await? {
            // One whose time is over, or that is being closed, is of no use to the buyer.
            Some(open)
                if open.provider == input.provider
                    && open.cancel_requested_at.is_none()
                    && open.expires_at > cause.now =>
            {
                Decision::Use(open)
            }
            Some(open) => Decision::CloseFirst(open),
            // The order ends with the attempt that ran out of time, though we may not have heard of it
            // yet: another one would be closed while the buyer pays it.
            None if payment::Entity::has_expired(txn, input.order_id).await? => {
                let reason = "its time has run out";
                return Err(PaymentError::OrderNotPayable { reason });
            }
            None => Decision::Create,
        },
    )
}

/// Closes the open attempt at its provider, so that another one can take its place.
async fn close_other(
    state: &AppState,
    other: payment::Model,
    cause: &Cause,
) -> Result<(), PaymentError> {
    let is_over = other.expires_at <= cause.now;
    let other = open_attempt(state, other, cause).await?;
    if !other.status.is_open() {
        return Ok(());
    }
    settle_attempt(
        state,
        &other,
        if is_over {
            IfOpen::Expire
        } else {
            IfOpen::Cancel
        },
    )
    .await?;
    let other = payment::Entity::find_by_id(other.id)
        .one(&state.db)
        .await?
        .ok_or(PaymentError::PaymentNotFound)?;
    // Still open: the provider did not close it, or says something we do not believe.
    if other.status.is_open() {
        Err(PaymentError::GatewayUnavailable)
    } else {
        Ok(())
    }
}

async fn insert(
    state: &AppState,
    txn: &DatabaseTransaction,
    input: &InitiateInput,
    amount: money::Money,
    cause: &Cause,
) -> Result<payment::Model, PaymentError> {
    let row = payment::ActiveModel {
        id: Set(PaymentId::generate().uuid()),
        version: Set(1),
        created_at: Set(cause.now),
        updated_at: Set(cause.now),
        order_id: Set(input.order_id.uuid()),
        provider: Set(input.provider),
        amount_minor: Set(amount.minor),
        currency: Set(amount.currency.code().to_owned()),
        status: Set(PaymentStatus::Created),
        gateway_ref: Set(None),
        action: Set(None),
        failure_reason: Set(None),
        refund_requested_minor: Set(0),
        refunded_minor: Set(0),
        expires_at: Set(cause.now + state.config.payment_ttl),
        paid_at: Set(None),
        cancel_requested_at: Set(None),
        checked_at: Set(None),
    };
    Ok(row.insert(txn).await?)
}

async fn remember_key(
    txn: &DatabaseTransaction,
    input: &InitiateInput,
    key: &str,
    attempt: &payment::Model,
    cause: &Cause,
) -> Result<(), PaymentError> {
    let once = [
        payment_request::Column::OrderId,
        payment_request::Column::IdempotencyKey,
    ];
    payment_request::Entity::insert(payment_request::ActiveModel {
        order_id: Set(input.order_id.uuid()),
        idempotency_key: Set(key.to_owned()),
        body_hash: Set(body_hash(input)),
        payment_id: Set(attempt.id),
        created_at: Set(cause.now),
    })
    .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
    .exec_without_returning(txn)
    .await?;
    Ok(())
}

fn body_hash(input: &InitiateInput) -> String {
    input::body_hash(&[input.provider.as_str()])
}
