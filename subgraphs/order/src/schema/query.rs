//! Queries and reference resolvers.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, InputObject, Object};
use auth::Scope;
use chrono::{DateTime, Utc};
use events::id::OrderId;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition};
use service::{ApiError, RequestInfo};

use super::connection::OrderConnection;
use super::loaders::{OrderById, OrderByNumber, OrderLoader};
use super::order::Order;
use super::user::User;
use crate::domain::status::{OrderStatus, PaymentStatus};
use crate::domain::visibility::is_visible;
use crate::entity::order;

pub(crate) struct Query;

/// Which orders a list shows. Fields are combined with AND, values of a list with OR.
#[derive(Debug, Default, InputObject)]
pub(crate) struct OrderFilter {
    /// Orders with one of these statuses.
    status: Option<Vec<OrderStatus>>,
    /// Orders with one of these payment statuses.
    payment_status: Option<Vec<PaymentStatus>>,
    /// The order with exactly this number.
    number: Option<String>,
    /// Orders with exactly this e-mail address; upper and lower case are the same.
    email: Option<String>,
    /// Orders created at this time or later.
    created_from: Option<DateTime<Utc>>,
    /// Orders created before this time.
    created_to: Option<DateTime<Utc>>,
}

impl OrderFilter {
    fn condition(self) -> Condition {
        Condition::all()
            .add_option(
                self.status
                    .map(|statuses| order::Column::Status.is_in(statuses)),
            )
            .add_option(
                self.payment_status
                    .map(|statuses| order::Column::PaymentStatus.is_in(statuses)),
            )
            .add_option(
                self.number
                    .map(|number| order::Column::Number.eq(number.trim())),
            )
            .add_option(self.email.map(|email| {
                Expr::expr(Func::lower(Expr::col(order::Column::Email)))
                    .eq(email.trim().to_lowercase())
            }))
            .add_option(
                self.created_from
                    .map(|from| order::Column::CreatedAt.gte(from)),
            )
            .add_option(self.created_to.map(|to| order::Column::CreatedAt.lt(to)))
    }
}

/// What can be read.
#[Object]
impl Query {
    /// An order: your own, any with its `orderToken`, every one for staff with `orders:read`. Null if it
    /// does not exist or you may not see it.
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Identifier of the order.")] id: ID,
        #[graphql(desc = "The token that `orderCreate` returned; guests need it.")]
        order_token: Option<String>,
    ) -> Result<Option<Order>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        let Ok(id) = id.parse::<OrderId>() else {
            return Ok(None);
        };
        let order = ctx
            .data_unchecked::<DataLoader<OrderLoader>>()
            .load_one(OrderById(id.uuid()))
            .await?;
        Ok(order
            .filter(|order| is_visible(order, caller, order_token.as_deref()))
            .map(Order))
    }

    /// All orders, newest first. For staff with `orders:read`.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last order you have.")] after: Option<String>,
        #[graphql(desc = "Which orders; all if left out.")] filter: Option<OrderFilter>,
    ) -> Result<OrderConnection, ApiError> {
        RequestInfo::of(ctx)
            .principal()?
            .require_scope(Scope::ORDERS_READ)?;
        OrderConnection::of_all(ctx, filter.unwrap_or_default().condition(), first, after).await
    }

    /// The order with this id, for its signed-in buyer and staff.
    #[graphql(entity)]
    async fn find_order_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<Order>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        let Ok(id) = id.parse::<OrderId>() else {
            return Ok(None);
        };
        let order = ctx
            .data_unchecked::<DataLoader<OrderLoader>>()
            .load_one(OrderById(id.uuid()))
            .await?;
        Ok(order
            .filter(|order| is_visible(order, caller, None))
            .map(Order))
    }

    /// The order with this number, for its signed-in buyer and staff.
    #[graphql(entity)]
    async fn find_order_by_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] number: String,
    ) -> Result<Option<Order>, ApiError> {
        let caller = RequestInfo::of(ctx).principal()?;
        let order = ctx
            .data_unchecked::<DataLoader<OrderLoader>>()
            .load_one(OrderByNumber(number))
            .await?;
        Ok(order
            .filter(|order| is_visible(order, caller, None))
            .map(Order))
    }

    /// The part of a user that lives here.
    #[graphql(entity)]
    async fn find_user_by_id(&self, #[graphql(key)] id: ID) -> User {
        User { id }
    }
}
