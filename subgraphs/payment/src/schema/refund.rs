//! Refunds in the API.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use service::graphql::Money;

use crate::entity::refund::{self, RefundStatus as Status};

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum RefundStatus {
    /// On its way; the provider is asked until it answers.
    Pending,
    /// The money went back.
    Succeeded,
    /// The provider cannot do it; somebody has to send the money back by hand.
    Manual,
}

/// Money that goes back to the buyer.
pub(super) struct Refund(pub(super) refund::Model);

/// Money that goes back to the buyer.
#[Object]
impl Refund {
    /// Identifier.
    async fn id(&self) -> ID {
        self.0.refund_id().into()
    }

    /// Where it stands.
    async fn status(&self) -> RefundStatus {
        match self.0.status {
            Status::Requested => RefundStatus::Pending,
            Status::Succeeded => RefundStatus::Succeeded,
            Status::Manual => RefundStatus::Manual,
        }
    }

    /// How much.
    async fn amount(&self) -> Money {
        self.0.amount().into()
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
