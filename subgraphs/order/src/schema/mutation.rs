//! Mutations.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use auth::{AuthError, Scope};
use events::id::{CartId, OrderId, UserId};
use service::graphql::MoneyInput;
use service::{ApiError, RequestInfo};

use super::order::{Order, app};
use super::user_error::{OrderShortage, OrderUserError};
use crate::domain::order_cancel::order_cancel;
use crate::domain::order_create::{self, order_create};
use crate::domain::order_status_update::{self, acts_as, order_status_update};
use crate::domain::status::OrderStatus;
use crate::error::OrderError;

pub(crate) struct Mutation;

/// Asks for the order of a cart.
#[derive(Debug, InputObject)]
pub(crate) struct OrderCreateInput {
    /// The cart.
    cart_id: ID,
    /// The cart's token; guests need it.
    cart_token: Option<String>,
    /// A key of your choice, 1 to 200 characters, one per checkout. The same key with the same input
    /// gives the same order, so it is safe to send again. After a refusal the key may be used again.
    idempotency_key: String,
    /// The total the buyer saw. If the cart's total is another one by now, the answer is `CART_CHANGED`.
    accepted_total: Option<MoneyInput>,
}

/// The answer to `orderCreate`.
#[derive(SimpleObject)]
pub(crate) struct OrderCreatePayload {
    /// The order, `PENDING`: pay it next. Null if it was refused.
    order: Option<Order>,
    /// Proves that the order is yours without signing in; keep it with the order's id.
    order_token: Option<String>,
    /// With `INSUFFICIENT_STOCK`: what is short.
    shortages: Vec<OrderShortage>,
    /// Why there is no order; empty if there is one.
    user_errors: Vec<OrderUserError>,
}

/// Gives up an order.
#[derive(Debug, InputObject)]
pub(crate) struct OrderCancelInput {
    /// The order.
    order_id: ID,
    /// The token that `orderCreate` returned; guests need it.
    order_token: Option<String>,
}

/// The answer to `orderCancel`.
#[derive(SimpleObject)]
pub(crate) struct OrderCancelPayload {
    /// The order, `CANCELLED`. Null if it was refused.
    order: Option<Order>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<OrderUserError>,
}

/// Moves an order.
#[derive(Debug, InputObject)]
pub(crate) struct OrderStatusUpdateInput {
    /// The order.
    order_id: ID,
    /// Where to.
    status: OrderStatus,
    /// The carrier's tracking number; required for `SHIPPED`, up to 100 characters.
    tracking_number: Option<String>,
    /// The carrier, for `SHIPPED`, up to 100 characters.
    carrier: Option<String>,
}

/// The answer to `orderStatusUpdate`.
#[derive(SimpleObject)]
pub(crate) struct OrderStatusUpdatePayload {
    /// The order. Null if it was refused.
    order: Option<Order>,
    /// Why it was refused; empty if it was not.
    user_errors: Vec<OrderUserError>,
}

/// What can be changed.
#[Object]
impl Mutation {
    /// Makes an order of a cart and sets its stock aside. If the cart has a pending order of the same
    /// content already, that one is returned; if its content changed, a new order takes its place.
    async fn order_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart and the idempotency key.")] input: OrderCreateInput,
    ) -> Result<OrderCreatePayload, ApiError> {
        let (app, request) = (app(ctx), RequestInfo::of(ctx));
        let user_id = request
            .principal()?
            .user_id()
            .and_then(|id| id.parse::<UserId>().ok());
        let outcome = match parse_order_create(input, user_id) {
            Ok(input) => order_create(app, &input, &request.cause(app.clock.now())).await,
            Err(error) => Err(error),
        };
        Ok(match outcome {
            Ok(order) => OrderCreatePayload {
                order_token: Some(app.order_token(order.order_id())),
                order: Some(order.into()),
                shortages: Vec::new(),
                user_errors: Vec::new(),
            },
            Err(error) => OrderCreatePayload {
                order: None,
                order_token: None,
                shortages: OrderShortage::of(&error),
                user_errors: vec![OrderUserError::of(error)?],
            },
        })
    }

    /// Gives up an order that is not paid; for its buyer. The cart can be changed again. If a payment
    /// was already under way and succeeds, the order comes back as `CONFIRMED`.
    async fn order_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.")] input: OrderCancelInput,
    ) -> Result<OrderCancelPayload, ApiError> {
        let (app, request) = (app(ctx), RequestInfo::of(ctx));
        let caller = request.principal()?;
        let cause = request.cause(app.clock.now());
        let outcome = match input.order_id.parse::<OrderId>() {
            Ok(order_id) => {
                order_cancel(app, caller, order_id, input.order_token.as_deref(), &cause).await
            }
            Err(_) => Err(OrderError::OrderNotFound),
        };
        Ok(match outcome {
            Ok(order) => OrderCancelPayload {
                order: Some(order.into()),
                user_errors: Vec::new(),
            },
            Err(error) => OrderCancelPayload {
                order: None,
                user_errors: vec![OrderUserError::of(error)?],
            },
        })
    }

    /// Moves an order on. Staff with `orders:fulfil`: `CONFIRMED` → `PROCESSING` → `SHIPPED` (with a
    /// tracking number) → `DELIVERED`. Staff with `orders:write`: `PENDING` or `CONFIRMED` →
    /// `CANCELLED`; what was paid is refunded. Admins: `PROCESSING` → `CANCELLED`.
    async fn order_status_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order and its new status.")] input: OrderStatusUpdateInput,
    ) -> Result<OrderStatusUpdatePayload, ApiError> {
        let (app, request) = (app(ctx), RequestInfo::of(ctx));
        let caller = request.principal()?;
        caller.require_user()?;
        if acts_as(caller).is_empty() {
            return Err(AuthError::Forbidden {
                needs: Scope::ORDERS_WRITE.to_string(),
            }
            .into());
        }
        let cause = request.cause(app.clock.now());
        let outcome = match input.order_id.parse::<OrderId>() {
            Ok(order_id) => {
                let update = order_status_update::OrderStatusUpdate {
                    order_id,
                    status: input.status,
                    carrier: input.carrier,
                    tracking_number: input.tracking_number,
                };
                order_status_update(app, caller, update, &cause).await
            }
            Err(_) => Err(OrderError::OrderNotFound),
        };
        Ok(match outcome {
            Ok(order) => OrderStatusUpdatePayload {
                order: Some(order.into()),
                user_errors: Vec::new(),
            },
            Err(error) => OrderStatusUpdatePayload {
                order: None,
                user_errors: vec![OrderUserError::of(error)?],
            },
        })
    }
}

fn parse_order_create(
    input: OrderCreateInput,
    user_id: Option<UserId>,
) -> Result<order_create::OrderCreate, OrderError> {
    let cart_id: CartId = input
        .cart_id
        .parse()
        .map_err(|_| OrderError::CartNotFound)?;
    let accepted_total = input
        .accepted_total
        .map(|total| total.parse())
        .transpose()
        .map_err(|error| OrderError::InputInvalid {
            field: "acceptedTotal",
            message: error.to_string(),
        })?;
    Ok(order_create::OrderCreate {
        cart_id,
        user_id,
        cart_token: input.cart_token,
        idempotency_key: input.idempotency_key,
        accepted_total,
    })
}
