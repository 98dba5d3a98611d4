//! Queries and entity references.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object};
use auth::Scope;
use events::id::PaymentId;
use service::{ApiError, RequestInfo};

use super::loaders::PaymentLoader;
use super::order::Order;
use super::payment::Payment;
use super::provider::PaymentMethod;
use crate::domain::payment_initiate::is_buyer;
use crate::entity::payable_order;
use crate::state::AppState;

/// Reading payments.
pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// A payment of one of your own orders (members of staff: of any order). Null if there is no such
    /// payment or it is not yours.
    async fn payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment's identifier.")] id: ID,
        #[graphql(desc = "The order token, for a guest.")] order_token: Option<String>,
    ) -> Result<Option<Payment>, ApiError> {
        find_visible(ctx, &id, order_token.as_deref()).await
    }

    /// The ways to pay in this shop, one per provider.
    async fn payment_methods(&self, ctx: &Context<'_>) -> Vec<PaymentMethod> {
        ctx.data_unchecked::<AppState>()
            .providers
            .keys()
            .copied()
            .map(PaymentMethod::of)
            .collect()
    }

    #[graphql(entity)]
    async fn find_payment_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<Payment>, ApiError> {
        let Ok(id) = id.parse::<PaymentId>() else {
            return Ok(None);
        };
        let loader = ctx.data_unchecked::<DataLoader<PaymentLoader>>();
        Ok(loader.load_one(id.uuid()).await?.map(Payment))
    }

    #[graphql(entity)]
    async fn find_order_by_id(&self, #[graphql(key)] id: ID) -> Order {
        Order { id }
    }
}

async fn find_visible(
    ctx: &Context<'_>,
    id: &ID,
    order_token: Option<&str>,
) -> Result<Option<Payment>, ApiError> {
    let principal = RequestInfo::of(ctx).principal()?;
    let Ok(id) = id.parse::<PaymentId>() else {
        return Ok(None);
    };
    let loader = ctx.data_unchecked::<DataLoader<PaymentLoader>>();
    let Some(payment) = loader.load_one(id.uuid()).await? else {
        return Ok(None);
    };
    if principal.has_scope(Scope::PAYMENTS_READ) {
        return Ok(Some(Payment(payment)));
    }
    let db = &ctx.data_unchecked::<AppState>().db;
    let order = payable_order::Entity::find_known(db, payment.order_id()).await?;
    let is_own = order.is_some_and(|order| is_buyer(&order, principal, order_token));
    Ok(is_own.then_some(Payment(payment)))
}
