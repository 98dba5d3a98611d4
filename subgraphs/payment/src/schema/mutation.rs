//! Mutations.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use auth::Scope;
use service::graphql::MoneyInput;
use service::{ApiError, RequestInfo};

use super::error::PaymentUserError;
use super::payment::{Payment, PaymentAction};
use super::provider::PaymentProvider;
use super::refund::Refund;
use crate::domain::payment_initiate::{self, initiate_payment};
use crate::domain::payment_refund::{self, refund_payment};
use crate::entity::{payment, refund};
use crate::error::PaymentError;
use crate::state::AppState;

/// Which order to pay, and how.
#[derive(Debug, InputObject)]
struct PaymentInitiateInput {
    /// The order.
    order_id: ID,
    /// The order token that `orderCreate` answered, for a guest.
    order_token: Option<String>,
    /// Who is to take the money.
    provider: PaymentProvider,
    /// Chosen by the client, 1 to 100 characters, new for each attempt. The same key again answers
    /// the same attempt.
    idempotency_key: String,
}

/// What became of `paymentInitiate`.
#[derive(SimpleObject)]
struct PaymentInitiatePayload {
    /// The attempt; null if it was refused.
    payment: Option<Payment>,
    /// What to do for the buyer to pay; null if the attempt was refused.
    action: Option<PaymentAction>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<PaymentUserError>,
}

/// Which payment to refund, and how much of it.
#[derive(Debug, InputObject)]
struct PaymentRefundInput {
    /// The payment.
    payment_id: ID,
    /// How much goes back; all that is left if absent.
    amount: Option<MoneyInput>,
    /// Why, up to 500 characters.
    reason: Option<String>,
    /// Chosen by the client, 1 to 100 characters, new for each refund. The same key again answers
    /// the same refund.
    idempotency_key: String,
}

/// What became of `paymentRefund`.
#[derive(SimpleObject)]
struct PaymentRefundPayload {
    /// The refund; null if it was refused.
    refund: Option<Refund>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<PaymentUserError>,
}

/// Paying and refunding.
pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Begins to pay an order. An order has one open attempt at most: while it is open, a new key
    /// answers that attempt, and another provider takes its place. Waits up to two seconds for an
    /// order that was created just now.
    async fn payment_initiate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which order to pay, and how.")] input: PaymentInitiateInput,
    ) -> Result<PaymentInitiatePayload, ApiError> {
        let result = initiate(ctx, input).await?;
        Ok(match result {
            Ok(payment) => PaymentInitiatePayload {
                action: payment.action().map(PaymentAction::from),
                payment: Some(Payment(payment)),
                user_errors: Vec::new(),
            },
            Err(error) => PaymentInitiatePayload {
                payment: None,
                action: None,
                user_errors: vec![error.try_into()?],
            },
        })
    }

    /// Sends money back to the buyer, all or part of what was paid. Needs the permission
    /// `payments:refund`.
    async fn payment_refund(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which payment to refund, and how much of it.")] input: PaymentRefundInput,
    ) -> Result<PaymentRefundPayload, ApiError> {
        RequestInfo::of(ctx)
            .principal()?
            .require_scope(Scope::PAYMENTS_REFUND)?;
        Ok(match give_back(ctx, input).await {
            Ok(refund) => PaymentRefundPayload {
                refund: Some(Refund(refund)),
                user_errors: Vec::new(),
            },
            Err(error) => PaymentRefundPayload {
                refund: None,
                user_errors: vec![error.try_into()?],
            },
        })
    }
}

async fn initiate(
    ctx: &Context<'_>,
    input: PaymentInitiateInput,
) -> Result<Result<payment::Model, PaymentError>, ApiError> {
    let (state, info) = (ctx.data_unchecked::<AppState>(), RequestInfo::of(ctx));
    let principal = info.principal()?;
    let Ok(order_id) = input.order_id.parse() else {
        return Ok(Err(PaymentError::OrderNotFound));
    };
    let input = payment_initiate::InitiateInput {
        order_id,
        order_token: input.order_token,
        provider: input.provider.into(),
        idempotency_key: input.idempotency_key,
    };
    Ok(initiate_payment(state, principal, input, &info.cause(state.clock.now())).await)
}

async fn give_back(
    ctx: &Context<'_>,
    input: PaymentRefundInput,
) -> Result<refund::Model, PaymentError> {
    let (state, info) = (ctx.data_unchecked::<AppState>(), RequestInfo::of(ctx));
    let amount = input
        .amount
        .map(|amount| amount.parse())
        .transpose()
        .map_err(|_| PaymentError::InputInvalid {
            field: "amount",
            problem: "minorAmount must be an integer.",
        })?;
    let input = payment_refund::RefundInput {
        payment_id: input
            .payment_id
            .parse()
            .map_err(|_| PaymentError::PaymentNotFound)?,
        amount,
        reason: input.reason,
        idempotency_key: input.idempotency_key,
    };
    refund_payment(state, input, &info.cause(state.clock.now())).await
}
