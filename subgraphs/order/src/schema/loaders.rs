//! Batches what many orders ask for into one statement each.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Order, Query, WindowStatement};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::connection::{Position, older_than};
use crate::domain::status::OrderStatus;
use crate::domain::timeline;
use crate::entity::{order, order_event, order_line};

/// Loads by each of the key types below.
pub(crate) struct OrderLoader {
    db: DatabaseConnection,
}

impl OrderLoader {
    pub(crate) fn data_loader(db: DatabaseConnection) -> DataLoader<Self> {
        DataLoader::new(Self { db }, service::spawn_load)
    }
}

/// The order with this id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct OrderById(pub(crate) Uuid);

/// The order with this number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct OrderByNumber(pub(crate) String);

/// The lines of this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LinesOf(pub(crate) Uuid);

/// The timeline of this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TimelineOf(pub(crate) Uuid);

/// The newest pending order of this user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PendingOrderOf(pub(crate) Uuid);

/// How many orders this user has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct OrderCountOf(pub(crate) Uuid);

/// A page of this user's orders, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct OrdersOf {
    pub(crate) user: Uuid,
    pub(crate) limit: u64,
    pub(crate) after: Option<Position>,
}

type Loaded<K, V> = Result<HashMap<K, V>, Arc<DbErr>>;

impl Loader<OrderById> for OrderLoader {
    type Value = order::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[OrderById]) -> Loaded<OrderById, order::Model> {
        let orders = order::Entity::find()
            .filter(order::Column::Id.is_in(keys.iter().map(|key| key.0)))
            .all(&self.db)
            .await?;
        Ok(orders
            .into_iter()
            .map(|order| (OrderById(order.id), order))
            .collect())
    }
}

impl Loader<OrderByNumber> for OrderLoader {
    type Value = order::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[OrderByNumber]) -> Loaded<OrderByNumber, order::Model> {
        let orders = order::Entity::find()
            .filter(order::Column::Number.is_in(keys.iter().map(|key| key.0.as_str())))
            .all(&self.db)
            .await?;
        Ok(orders
            .into_iter()
            .filter_map(|order| Some((OrderByNumber(order.number.clone()?), order)))
            .collect())
    }
}

impl Loader<LinesOf> for OrderLoader {
    type Value = Vec<order_line::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[LinesOf]) -> Loaded<LinesOf, Vec<order_line::Model>> {
        let mut of_order: HashMap<LinesOf, Vec<order_line::Model>> = HashMap::new();
        for line in order_line::of_orders(&self.db, keys.iter().map(|key| key.0)).await? {
            of_order
                .entry(LinesOf(line.order_id))
                .or_default()
                .push(line);
        }
        Ok(of_order)
    }
}

impl Loader<TimelineOf> for OrderLoader {
    type Value = Vec<order_event::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[TimelineOf]) -> Loaded<TimelineOf, Vec<order_event::Model>> {
        let mut of_order: HashMap<TimelineOf, Vec<order_event::Model>> = HashMap::new();
        for entry in order_event::of_orders(&self.db, keys.iter().map(|key| key.0)).await? {
            of_order
                .entry(TimelineOf(entry.order_id))
                .or_default()
                .push(entry);
        }
        for entries in of_order.values_mut() {
            timeline::sort(entries);
        }
        Ok(of_order)
    }
}

impl Loader<PendingOrderOf> for OrderLoader {
    type Value = order::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[PendingOrderOf]) -> Loaded<PendingOrderOf, order::Model> {
        let orders = order::Entity::find()
            .filter(order::Column::UserId.is_in(keys.iter().map(|key| key.0)))
            .filter(order::Column::Status.eq(OrderStatus::Pending))
            .order_by_asc(order::Column::CreatedAt)
            .order_by_asc(order::Column::Id)
            .all(&self.db)
            .await?;
        // Of several, the newest stays in the map.
        Ok(orders
            .into_iter()
            .filter_map(|order| Some((PendingOrderOf(order.user_id?), order)))
            .collect())
    }
}

impl Loader<OrderCountOf> for OrderLoader {
    type Value = u64;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[OrderCountOf]) -> Loaded<OrderCountOf, u64> {
        let counts: Vec<(Uuid, i64)> = order::Entity::find()
            .select_only()
            .column(order::Column::UserId)
            .column_as(order::Column::Id.count(), "orders")
            .filter(order::Column::UserId.is_in(keys.iter().map(|key| key.0)))
            .group_by(order::Column::UserId)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(counts
            .into_iter()
            .map(|(user, count)| (OrderCountOf(user), count.unsigned_abs()))
            .collect())
    }
}

impl Loader<OrdersOf> for OrderLoader {
    type Value = Vec<order::Model>;
    type Error = Arc<DbErr>;

    /// One statement per page size and cursor, however many users ask.
    async fn load(&self, keys: &[OrdersOf]) -> Loaded<OrdersOf, Vec<order::Model>> {
        let mut users_of_page: HashMap<(u64, Option<Position>), Vec<Uuid>> = HashMap::new();
        for key in keys {
            users_of_page
                .entry((key.limit, key.after))
                .or_default()
                .push(key.user);
        }
        let mut pages: HashMap<OrdersOf, Vec<order::Model>> = HashMap::new();
        for ((limit, after), users) in users_of_page {
            for order in self.newest_of_each(users, limit, after).await? {
                let Some(user) = order.user_id else { continue };
                pages
                    .entry(OrdersOf { user, limit, after })
                    .or_default()
                    .push(order);
            }
        }
        Ok(pages)
    }
}

impl OrderLoader {
    /// The newest `limit` orders of each of these users, newest first.
    async fn newest_of_each(
        &self,
        users: Vec<Uuid>,
        limit: u64,
        after: Option<Position>,
    ) -> Result<Vec<order::Model>, DbErr> {
        let newest_first = WindowStatement::partition_by(order::Column::UserId)
            .order_by(order::Column::CreatedAt, Order::Desc)
            .order_by(order::Column::Id, Order::Desc)
            .take();
        let mut ranked = Query::select();
        ranked
            .column(Asterisk)
            .expr_window_as(Func::cust("ROW_NUMBER"), newest_first, Alias::new("place"))
            .from(order::Entity)
            .and_where(order::Column::UserId.is_in(users));
        if let Some(position) = after {
            ranked.cond_where(older_than(position));
        }
        let page = Query::select()
            .column(Asterisk)
            .from_subquery(ranked, Alias::new("ranked"))
            .and_where(Expr::col(Alias::new("place")).lte(i64::try_from(limit).unwrap_or(i64::MAX)))
            .order_by(Alias::new("place"), Order::Asc)
            .to_owned();
        order::Model::find_by_statement(self.db.get_database_backend().build(&page))
            .all(&self.db)
            .await
    }
}
