//! `orderStatusUpdate`: staff moves an order.

use auth::{Principal, Role, Scope};
use events::Cause;
use events::id::OrderId;

use super::order_cancel::ATTEMPTS;
use super::saga::Fact;
use super::settle::settle;
use super::status::{OrderStatus, Who};
use crate::app::App;
use crate::entity::order;
use crate::error::OrderError;

/// What staff asks for.
#[derive(Debug)]
pub(crate) struct OrderStatusUpdate {
    pub(crate) order_id: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) carrier: Option<String>,
    pub(crate) tracking_number: Option<String>,
}

/// Moves an order as the table of transitions allows the caller.
///
/// # Errors
/// [`OrderError::OrderNotFound`], [`OrderError::IllegalTransition`],
/// [`OrderError::TrackingRequired`], [`OrderError::NotCancellable`],
/// [`OrderError::InputInvalid`].
pub(crate) async fn order_status_update(
    app: &App,
    caller: &Principal,
    request: OrderStatusUpdate,
    cause: &Cause,
) -> Result<order::Model, OrderError> {
    let carrier = label("carrier", request.carrier)?;
    let tracking_number = label("trackingNumber", request.tracking_number)?;
    if request.status != OrderStatus::Shipped {
        for (field, value) in [("carrier", &carrier), ("trackingNumber", &tracking_number)] {
            if value.is_some() {
                return Err(OrderError::InputInvalid {
                    field,
                    message: format!("{field} is only for SHIPPED"),
                });
            }
        }
    }
    let fact = Fact::StaffMoves {
        to: request.status,
        who: acts_as(caller),
        carrier,
        tracking_number,
    };

    for _ in 0..ATTEMPTS {
        let txn = outbox::begin(&app.db).await?;
        let order = order::find(&txn, request.order_id)
            .await?
            .ok_or(OrderError::OrderNotFound)?;
        match settle(app, &txn, cause, order, None, &fact, None).await {
            Err(OrderError::StaleVersion) => txn.rollback().await?,
            outcome => {
                let order = outcome?;
                txn.commit().await?;
                app.changes.notify(request.order_id);
                return Ok(order);
            }
        }
    }
    Err(OrderError::StaleVersion)
}

/// What the caller's permissions let them act as.
pub(crate) fn acts_as(caller: &Principal) -> Vec<Who> {
    let mut who = Vec::new();
    if caller.has_scope(Scope::ORDERS_FULFIL) {
        who.push(Who::Warehouse);
    }
    if caller.has_scope(Scope::ORDERS_WRITE) {
        who.push(Who::Support);
    }
    if caller.has_role(Role::Admin) {
        who.push(Who::Admin);
    }
    who
}

/// A trimmed short text; none if it is blank.
fn label(field: &'static str, value: Option<String>) -> Result<Option<String>, OrderError> {
    let Some(value) = value
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
    else {
        return Ok(None);
    };
    if value.chars().count() > 100 || value.chars().any(char::is_control) {
        let message =
            format!("{field} must have at most 100 characters, none of them control characters");
        return Err(OrderError::InputInvalid { field, message });
    }
    Ok(Some(value))
}
