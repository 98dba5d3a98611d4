//! What an order makes of a fact. Pure: facts come in any order and more than once, and whatever
//! their order is, an order is confirmed exactly when it is paid and its stock is committed, unless
//! all the money went back first.

use events::inventory::Shortage;
use sea_orm::prelude::DateTimeUtc;

use super::status::{CancelReason, OrderStatus, PaymentStatus, StockState, Who, may_move};
use crate::entity::order;
use crate::entity::order_payment::{self, AttemptState};
use crate::error::OrderError;

/// Something an order hears of.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Stock is set aside.
    StockHeld,
    /// There is not enough stock.
    HoldRejected(Vec<Shortage>),
    /// Stock is committed.
    StockReserved,
    /// The payment came, and the stock is gone.
    CommitRejected(Vec<Shortage>),
    /// Stock is free again.
    StockReleased,
    /// A payment attempt was opened and runs until then.
    PaymentOpened {
        /// When the order expires at the earliest.
        extend_to: DateTimeUtc,
    },
    /// The attempts changed: one failed, succeeded or was refunded.
    PaymentsChanged,
    /// The provider gave up on an attempt.
    PaymentExpired,
    /// The order's own time may be up.
    Tick,
    /// Inventory did not answer in time.
    VerdictMissing,
    /// The buyer checked out another content of the same cart.
    CartChanged,
    /// The buyer cancels.
    BuyerCancels,
    /// Staff moves the order.
    StaffMoves {
        /// Where to.
        to: OrderStatus,
        /// What the member of staff may act as.
        who: Vec<Who>,
        /// The carrier, for a shipped order.
        carrier: Option<String>,
        /// The tracking number, for a shipped order.
        tracking_number: Option<String>,
    },
}

/// What follows from a fact, besides the changed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The order becomes official: it gets its number.
    Confirmed,
    /// Everybody has to know that it is off.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// Whether committed stock goes back too.
        release_committed: bool,
    },
    /// Everybody has to know that its time is up.
    Expired,
    /// Staff moved it.
    StatusChanged,
    /// Money has to go back.
    RefundRequested(CancelReason),
    /// The checkouts that led here failed, so that their keys can be tried again.
    CheckoutFailed {
        /// Code for the client.
        code: &'static str,
        /// The same in words.
        message: &'static str,
    },
    /// Stock was set aside or committed for an order that was given up before: tell inventory again.
    CancelledAgain {
        /// Why.
        reason: CancelReason,
        /// Whether committed stock goes back too.
        release_committed: bool,
    },
}

/// Applies a fact to an order. `payments` are all its attempts, the fact's included.
///
/// # Errors
/// [`OrderError::IllegalTransition`], [`OrderError::NotCancellable`] or
/// [`OrderError::TrackingRequired`] for what people ask and may not have; facts never fail.
pub fn apply(
    order: &mut order::Model,
    payments: &[order_payment::Model],
    fact: &Fact,
    now: DateTimeUtc,
) -> Result<Vec<Effect>, OrderError> {
    let mut effects = Vec::new();
    copy_payments(order, payments);
    let waiting = order.status == OrderStatus::Pending && !order.is_paid();

    match fact {
        Fact::StockHeld => {
            if order.stock_state == StockState::None {
                order.stock_state = StockState::Held;
                let given_up = order.cancel_reason == Some(CancelReason::CheckoutTimeout);
                if order.status == OrderStatus::Cancelled && given_up {
                    effects.push(Effect::CancelledAgain {
                        reason: CancelReason::CheckoutTimeout,
                        release_committed: false,
                    });
                }
            }
        }
        Fact::HoldRejected(shortages) => {
            if order.stock_state == StockState::None {
                order.stock_state = StockState::Rejected;
                order.shortages = Some(shortages_json(shortages));
                if waiting {
                    cancel(
                        order,
                        CancelReason::HoldRejected,
                        &[Who::Saga],
                        &mut effects,
                    )?;
                    effects.push(Effect::CheckoutFailed {
                        code: "INSUFFICIENT_STOCK",
                        message: "there is not enough stock for everything in the cart",
                    });
                }
            }
        }
        Fact::StockReserved => {
            // After the money was sent back, or after a confirmed order was cancelled, a second
            // verdict means nothing.
            if order.refund_requested_at.is_none() && order.number.is_none() {
                order.stock_state = StockState::Reserved;
            }
        }
        Fact::CommitRejected(shortages) => {
            if order.stock_state != StockState::Reserved
                && order.refund_requested_at.is_none()
                && order.number.is_none()
            {
                order.stock_state = StockState::Rejected;
                order.shortages = Some(shortages_json(shortages));
                let reason = CancelReason::StockLostAfterPayment;
                if order.status == OrderStatus::Cancelled {
                    order.cancel_reason = Some(reason);
                } else {
                    cancel(order, reason, &[Who::Saga], &mut effects)?;
                }
                request_refund(order, reason, now, &mut effects);
            }
        }
        Fact::StockReleased => match order.stock_state {
            StockState::Held => order.stock_state = StockState::Released,
            // A release that inventory told before it committed may arrive after the commit.
            StockState::Reserved
                if order.status == OrderStatus::Cancelled && order.number.is_some() =>
            {
                order.stock_state = StockState::Released;
            }
            _ => {}
        },
        Fact::PaymentOpened { extend_to } => {
            if order.status == OrderStatus::Pending {
                order.expires_at = order.expires_at.max(*extend_to);
            }
        }
        Fact::PaymentsChanged => {}
        Fact::PaymentExpired => {
            let another_open = payments
                .iter()
                .any(|payment| payment.state == AttemptState::Open);
            if waiting && !another_open {
                expire(order, &[Who::Saga], &mut effects)?;
            }
        }
        Fact::Tick => {
            if waiting && order.expires_at <= now {
                expire(order, &[Who::Timer], &mut effects)?;
            }
        }
        Fact::VerdictMissing => {
            if waiting && order.stock_state == StockState::None {
                cancel(
                    order,
                    CancelReason::CheckoutTimeout,
                    &[Who::Timer],
                    &mut effects,
                )?;
                effects.push(Effect::CheckoutFailed {
                    code: "TRY_AGAIN",
                    message: "the checkout got no answer in time; try again",
                });
            }
        }
        Fact::CartChanged => {
            if waiting {
                cancel(order, CancelReason::CartChanged, &[Who::Saga], &mut effects)?;
            }
        }
        Fact::BuyerCancels => {
            // A buyer who asks twice gets what they asked for.
            let done = order.status == OrderStatus::Cancelled
                && order.cancel_reason == Some(CancelReason::Buyer);
            if !done {
                if !waiting {
                    return Err(OrderError::NotCancellable);
                }
                cancel(order, CancelReason::Buyer, &[Who::Owner], &mut effects)?;
            }
        }
        Fact::StaffMoves {
            to,
            who,
            carrier,
            tracking_number,
        } => {
            if !may_move(order.status, *to, who) {
                return Err(OrderError::IllegalTransition {
                    from: order.status,
                    to: *to,
                });
            }
            if *to == OrderStatus::Cancelled {
                cancel_by_staff(order, who, now, &mut effects)?;
            } else {
                if *to == OrderStatus::Shipped {
                    if tracking_number.is_none() {
                        return Err(OrderError::TrackingRequired);
                    }
                    order.carrier.clone_from(carrier);
                    order.tracking_number.clone_from(tracking_number);
                }
                move_to(order, *to, who)?;
                effects.push(Effect::StatusChanged);
            }
        }
    }

    // Paid and committed, in whichever order the two became known.
    let revivable = matches!(
        order.status,
        OrderStatus::Pending | OrderStatus::Expired | OrderStatus::Cancelled
    );
    if revivable
        && order.is_paid()
        && order.stock_state == StockState::Reserved
        && order.number.is_none()
        && order.refund_requested_at.is_none()
    {
        if order.payment_status == PaymentStatus::Refunded {
            call_off_refunded(order, now, &mut effects)?;
        } else {
            move_to(order, OrderStatus::Confirmed, &[Who::Saga])?;
            order.cancel_reason = None;
            effects.push(Effect::Confirmed);
        }
    }
    Ok(effects)
}

/// The payment status is a copy: always derived from all attempts, never moved by a single event.
fn copy_payments(order: &mut order::Model, payments: &[order_payment::Model]) {
    if order.captured_payment_id.is_none() {
        let captured = payments
            .iter()
            .find(|payment| payment.state == AttemptState::Succeeded);
        order.captured_payment_id = captured.map(|payment| payment.id);
    }
    let state_is = |state| payments.iter().any(|payment| payment.state == state);
    order.payment_status = match order.captured_payment_id {
        Some(id) => match payments
            .iter()
            .find(|payment| payment.id == id)
            .and_then(|payment| payment.refund_remaining_minor)
        {
            None => PaymentStatus::Paid,
            Some(0) => PaymentStatus::Refunded,
            Some(_) => PaymentStatus::PartiallyRefunded,
        },
        None if state_is(AttemptState::Open) => PaymentStatus::Pending,
        None if state_is(AttemptState::Failed) => PaymentStatus::Failed,
        None => PaymentStatus::Pending,
    };
}

/// The only place that changes a status.
fn move_to(order: &mut order::Model, to: OrderStatus, who: &[Who]) -> Result<(), OrderError> {
    if !may_move(order.status, to, who) {
        return Err(OrderError::IllegalTransition {
            from: order.status,
            to,
        });
    }
    order.status = to;
    Ok(())
}

fn expire(
    order: &mut order::Model,
    who: &[Who],
    effects: &mut Vec<Effect>,
) -> Result<(), OrderError> {
    move_to(order, OrderStatus::Expired, who)?;
    effects.push(Effect::Expired);
    Ok(())
}

/// Cancels an order that is not confirmed. If a payment wins the race, the commit stands and the
/// order is revived, hence no release of committed stock.
fn cancel(
    order: &mut order::Model,
    reason: CancelReason,
    who: &[Who],
    effects: &mut Vec<Effect>,
) -> Result<(), OrderError> {
    move_to(order, OrderStatus::Cancelled, who)?;
    order.cancel_reason = Some(reason);
    effects.push(Effect::Cancelled {
        reason,
        release_committed: false,
    });
    Ok(())
}

fn cancel_by_staff(
    order: &mut order::Model,
    who: &[Who],
    now: DateTimeUtc,
    effects: &mut Vec<Effect>,
) -> Result<(), OrderError> {
    if order.status == OrderStatus::Pending {
        // Paid, and the stock's answer is on its way: in a moment it is confirmed or refunded.
        if order.is_paid() {
            return Err(OrderError::NotCancellable);
        }
        return cancel(order, CancelReason::Staff, who, effects);
    }
    move_to(order, OrderStatus::Cancelled, who)?;
    order.cancel_reason = Some(CancelReason::Staff);
    effects.push(Effect::Cancelled {
        reason: CancelReason::Staff,
        release_committed: true,
    });
    if order.payment_status != PaymentStatus::Refunded {
        request_refund(order, CancelReason::Staff, now, effects);
    }
    Ok(())
}

/// Staff sent all the money back before the stock's answer came: nothing is to be shipped, and what
/// was committed is for sale again.
fn call_off_refunded(
    order: &mut order::Model,
    now: DateTimeUtc,
    effects: &mut Vec<Effect>,
) -> Result<(), OrderError> {
    let (reason, release_committed) = (CancelReason::Staff, true);
    if order.status == OrderStatus::Cancelled {
        effects.push(Effect::CancelledAgain {
            reason,
            release_committed,
        });
    } else {
        move_to(order, OrderStatus::Cancelled, &[Who::Saga])?;
        effects.push(Effect::Cancelled {
            reason,
            release_committed,
        });
    }
    order.cancel_reason = Some(reason);
    order.stock_state = StockState::Released;
    order.refund_requested_at = Some(now);
    Ok(())
}

fn request_refund(
    order: &mut order::Model,
    reason: CancelReason,
    now: DateTimeUtc,
    effects: &mut Vec<Effect>,
) {
    order.refund_requested_at = Some(now);
    effects.push(Effect::RefundRequested(reason));
}

fn shortages_json(shortages: &[Shortage]) -> String {
    serde_json::to_string(shortages).expect("shortages are plain data")
}

#[cfg(test)]
mod tests;
