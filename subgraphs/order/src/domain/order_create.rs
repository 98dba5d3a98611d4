//! `orderCreate`: asks the cart for a checkout and waits for the verdict on the stock.

use std::time::Duration;

use events::Cause;
use events::id::{CartId, OrderId, UserId};
use events::inventory::Shortage;
use events::order::CheckoutRequested;
use money::Money;
use sea_orm::EntityTrait;
use tokio::time::Instant;

use super::draft::later;
use super::status::{OrderStatus, StockState};
use crate::app::App;
use crate::entity::checkout::{self, CheckoutState};
use crate::entity::{order, order_line};
use crate::error::{OrderError, ShortLine};

/// How often a waiting request looks at the database without a hint.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What the buyer asks for.
#[derive(Debug)]
pub(crate) struct OrderCreate {
    pub(crate) cart_id: CartId,
    pub(crate) user_id: Option<UserId>,
    pub(crate) cart_token: Option<String>,
    pub(crate) idempotency_key: String,
    pub(crate) accepted_total: Option<Money>,
}

/// Creates the order of a cart, or continues where an earlier request with the same key got to.
///
/// The same key and input give the same order, however often and concurrently they are sent. A
/// checkout that was rejected made no order, so its key may be tried again with the same input: that
/// is a new attempt.
///
/// # Errors
/// The cart's refusal, [`OrderError::InsufficientStock`], [`OrderError::IdempotencyKeyReused`], or
/// [`OrderError::TryAgain`] if nobody answered in time.
pub(crate) async fn order_create(
    app: &App,
    request: &OrderCreate,
    cause: &Cause,
) -> Result<order::Model, OrderError> {
    let key = request.idempotency_key.trim();
    if key.is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        let message =
            "idempotencyKey must have 1 to 200 characters, none of them control characters"
                .to_owned();
        return Err(OrderError::InputInvalid {
            field: "idempotencyKey",
            message,
        });
    }
    let mut listener = app.changes.listen();
    let mut checkout = find_or_request(app, request, key, cause).await?;

    let deadline = Instant::now() + app.config.verdict_wait;
    loop {
        let mut order = None;
        match checkout.state {
            CheckoutState::Rejected => return Err(rejection(app, &checkout).await?),
            CheckoutState::Resolved => {
                let order_id =
                    OrderId::from_uuid(checkout.resolved_order_id.expect("the table checks it"));
                let found = order::find(&app.db, order_id)
                    .await?
                    .ok_or(OrderError::OrderNotFound)?;
                if found.status != OrderStatus::Pending || found.stock_state != StockState::None {
                    // The verdict may have come between the two reads, and rejected the checkout.
                    checkout = reload(app, &checkout).await?;
                    if checkout.state == CheckoutState::Rejected {
                        return Err(rejection(app, &checkout).await?);
                    }
                    return Ok(found);
                }
                order = Some(found);
            }
            CheckoutState::Requested => {}
        }

        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return order.ok_or(OrderError::TryAgain);
        }
        let subject = order.map_or(checkout.order_id(), |order| order.order_id());
        listener
            .changed(&subject.to_string(), left.min(LOOK_EVERY))
            .await;
        checkout = reload(app, &checkout).await?;
    }
}

async fn reload(app: &App, checkout: &checkout::Model) -> Result<checkout::Model, OrderError> {
    checkout::Entity::find_by_id(checkout.id)
        .one(&app.db)
        .await?
        .ok_or(OrderError::TryAgain)
}

/// The attempt that this key stands for; a new one if there is none or the last was rejected.
async fn find_or_request(
    app: &App,
    request: &OrderCreate,
    key: &str,
    cause: &Cause,
) -> Result<checkout::Model, OrderError> {
    let cart_token_hash = request.cart_token.as_deref().map(auth::hash_token);
    // A guest's keys belong to whoever holds the cart's token, so that nobody can ask for the order
    // of a cart of which they know only the id.
    let scope = match request.user_id {
        Some(user_id) => user_id.to_string(),
        None => format!(
            "{}:{}",
            request.cart_id,
            cart_token_hash.as_deref().unwrap_or_default()
        ),
    };
    let body_hash = auth::hash_token(
        &serde_json::json!({ "cartId": request.cart_id, "acceptedTotal": request.accepted_total })
            .to_string(),
    );

    // A second round when another request with the same key was faster.
    for _ in 0..3 {
        if let Some(latest) = checkout::find_latest(&app.db, &scope, key).await? {
            if latest.body_hash != body_hash {
                return Err(OrderError::IdempotencyKeyReused);
            }
            if latest.state != CheckoutState::Rejected {
                return Ok(latest);
            }
        }

        let checkout = checkout::Model {
            id: OrderId::generate().uuid(),
            version: 1,
            created_at: cause.now,
            updated_at: cause.now,
            scope: scope.clone(),
            idempotency_key: key.to_owned(),
            body_hash: body_hash.clone(),
            cart_id: request.cart_id.uuid(),
            user_id: request.user_id.map(|user_id| user_id.uuid()),
            state: CheckoutState::Requested,
            answer_due_at: cause.now + later(app.config.answer_timeout),
            resolved_order_id: None,
            rejection_code: None,
            rejection_message: None,
        };
        let txn = outbox::begin(&app.db).await?;
        if checkout::insert(&txn, checkout.clone()).await? {
            let event = CheckoutRequested {
                order_id: checkout.order_id(),
                cart_id: request.cart_id,
                user_id: request.user_id,
                cart_token_hash: cart_token_hash.clone(),
                accepted_total: request.accepted_total,
            };
            outbox::enqueue(&txn, cause, 0, event).await?;
            txn.commit().await?;
            return Ok(checkout);
        }
        txn.rollback().await?;
    }
    Err(OrderError::TryAgain)
}

/// Why the checkout was rejected, for the buyer.
async fn rejection(app: &App, checkout: &checkout::Model) -> Result<OrderError, OrderError> {
    let code = checkout
        .rejection_code
        .clone()
        .expect("the table checks it");
    let message = checkout.rejection_message.clone().unwrap_or_default();
    match code.as_str() {
        "INSUFFICIENT_STOCK" => {
            let Some(order_id) = checkout.resolved_order_id else {
                return Ok(OrderError::CheckoutRejected { code, message });
            };
            let order = order::find(&app.db, OrderId::from_uuid(order_id))
                .await?
                .ok_or(OrderError::OrderNotFound)?;
            let shortages: Vec<Shortage> = order
                .shortages
                .as_deref()
                .and_then(|json| serde_json::from_str(json).ok())
                .unwrap_or_default();
            let lines = order_line::of_orders(&app.db, [order_id]).await?;
            let shortages = shortages
                .into_iter()
                .map(|shortage| {
                    let line = lines
                        .iter()
                        .find(|line| line.variant_id() == shortage.variant_id);
                    ShortLine {
                        sku: line.map_or_else(String::new, |line| line.sku.clone()),
                        shortage,
                    }
                })
                .collect();
            Ok(OrderError::InsufficientStock { shortages })
        }
        "TRY_AGAIN" => Ok(OrderError::TryAgain),
        _ => Ok(OrderError::CheckoutRejected { code, message }),
    }
}
