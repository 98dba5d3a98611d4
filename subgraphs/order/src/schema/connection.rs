//! Pages of orders (Relay cursor connections), newest first.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Object, SimpleObject};
use chrono::DateTime;
use sea_orm::sea_query::{Alias, Expr, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use service::ApiError;
use service::cursor::{COUNT_CAP, page_size};
use service::graphql::PageInfo;
use std::sync::Arc;
use uuid::Uuid;

use super::OrderCursors;
use super::loaders::{OrderCountOf, OrderLoader, OrdersOf};
use super::order::Order;
use crate::app::App;
use crate::entity::order;

/// The place of an order in a list: its time in microseconds, and its id for those of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Position(i64, Uuid);

impl Position {
    fn of(order: &order::Model) -> Self {
        Self(order.created_at.timestamp_micros(), order.id)
    }
}

/// The orders behind a position, in lists with the newest first.
pub(crate) fn older_than(Position(micros, id): Position) -> Condition {
    let created_at = DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH);
    Condition::any()
        .add(order::Column::CreatedAt.lt(created_at))
        .add(
            Condition::all()
                .add(order::Column::CreatedAt.eq(created_at))
                .add(order::Column::Id.lt(id)),
        )
}

/// A page of orders.
pub(crate) struct OrderConnection {
    orders: Vec<(String, order::Model)>,
    page_info: PageInfo,
    counted: Counted,
}

/// What `totalCount` counts, if it is asked for.
enum Counted {
    OfUser(Uuid),
    All(Condition),
}

/// An order and its place in the list.
#[derive(SimpleObject)]
pub(crate) struct OrderEdge {
    /// Pass it as `after` to get what follows this order.
    cursor: String,
    /// The order.
    node: Order,
}

impl OrderConnection {
    /// A page of one user's orders.
    pub(crate) async fn of_user(
        ctx: &Context<'_>,
        user: Uuid,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let size = page_size(first)?;
        let cursors = ctx.data_unchecked::<OrderCursors>();
        let after = after.map(|cursor| cursors.0.decode(&cursor)).transpose()?;
        let key = OrdersOf {
            user,
            limit: size + 1,
            after,
        };
        let rows = ctx
            .data_unchecked::<DataLoader<OrderLoader>>()
            .load_one(key)
            .await?
            .unwrap_or_default();
        Ok(Self::page(
            cursors,
            rows,
            size,
            after.is_some(),
            Counted::OfUser(user),
        ))
    }

    /// A page of all orders that `filter` selects.
    pub(crate) async fn of_all(
        ctx: &Context<'_>,
        filter: Condition,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let size = page_size(first)?;
        let cursors = ctx.data_unchecked::<OrderCursors>();
        let after: Option<Position> = after.map(|cursor| cursors.0.decode(&cursor)).transpose()?;
        let mut select = order::Entity::find().filter(filter.clone());
        if let Some(position) = after {
            select = select.filter(older_than(position));
        }
        let rows = select
            .order_by_desc(order::Column::CreatedAt)
            .order_by_desc(order::Column::Id)
            .limit(size + 1)
            .all(&ctx.data_unchecked::<Arc<App>>().db)
            .await?;
        Ok(Self::page(
            cursors,
            rows,
            size,
            after.is_some(),
            Counted::All(filter),
        ))
    }

    /// `rows` has one more than the page if there is a next page.
    fn page(
        cursors: &OrderCursors,
        mut rows: Vec<order::Model>,
        size: u64,
        has_previous_page: bool,
        counted: Counted,
    ) -> Self {
        let has_next_page = rows.len() as u64 > size;
        rows.truncate(size as usize);
        let orders: Vec<(String, order::Model)> = rows
            .into_iter()
            .map(|order| (cursors.0.encode(&Position::of(&order)), order))
            .collect();
        let page_info = PageInfo {
            has_next_page,
            has_previous_page,
            start_cursor: orders.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: orders.last().map(|(cursor, _)| cursor.clone()),
        };
        Self {
            orders,
            page_info,
            counted,
        }
    }
}

/// A page of orders, newest first.
#[Object]
impl OrderConnection {
    /// The orders with their cursors.
    async fn edges(&self) -> Vec<OrderEdge> {
        let edge = |(cursor, order): &(String, order::Model)| OrderEdge {
            cursor: cursor.clone(),
            node: Order(order.clone()),
        };
        self.orders.iter().map(edge).collect()
    }

    /// The orders.
    async fn nodes(&self) -> Vec<Order> {
        self.orders
            .iter()
            .map(|(_, order)| Order(order.clone()))
            .collect()
    }

    /// Where this page stands in the list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many orders the whole list has. Counting stops at 10001, which means "more than 10000".
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, ApiError> {
        match &self.counted {
            Counted::OfUser(user) => {
                let loader = ctx.data_unchecked::<DataLoader<OrderLoader>>();
                Ok(loader
                    .load_one(OrderCountOf(*user))
                    .await?
                    .map_or(0, |count| Ord::min(count, COUNT_CAP)))
            }
            Counted::All(filter) => {
                let db = &ctx.data_unchecked::<Arc<App>>().db;
                let capped = Query::select()
                    .column(order::Column::Id)
                    .from(order::Entity)
                    .cond_where(filter.clone())
                    .limit(COUNT_CAP)
                    .to_owned();
                let counted = Query::select()
                    .expr_as(
                        Func::count(Expr::col(Alias::new("id"))),
                        Alias::new("orders"),
                    )
                    .from_subquery(capped, Alias::new("capped"))
                    .to_owned();
                let row = db
                    .query_one_raw(db.get_database_backend().build(&counted))
                    .await?;
                let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "orders"))?;
                Ok(count.unsigned_abs())
            }
        }
    }
}
