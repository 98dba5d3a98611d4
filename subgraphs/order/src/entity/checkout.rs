//! Requests to turn a cart into an order, by idempotency key.

use events::id::{CartId, OrderId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{IntoActiveModel, QueryOrder};

/// How far a checkout came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CheckoutState {
    /// The cart was asked and has not answered.
    #[sea_orm(string_value = "REQUESTED")]
    Requested,
    /// It became an order, or led back to a pending one.
    #[sea_orm(string_value = "RESOLVED")]
    Resolved,
    /// Nothing came of it; the key may be tried again.
    #[sea_orm(string_value = "REJECTED")]
    Rejected,
}

/// One attempt to check a cart out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkouts")]
pub struct Model {
    /// The identifier the order gets.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Optimistic lock.
    pub version: i64,
    /// When it was requested.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
    /// Whose keys these are: a user id, or a cart id with the hash of its token.
    #[sea_orm(column_type = "Text")]
    pub scope: String,
    /// The client's key.
    #[sea_orm(column_type = "Text")]
    pub idempotency_key: String,
    /// Hash of the input that came with the key.
    #[sea_orm(column_type = "Text")]
    pub body_hash: String,
    /// The cart.
    pub cart_id: Uuid,
    /// The signed-in buyer, if any.
    pub user_id: Option<Uuid>,
    /// How far it came.
    pub state: CheckoutState,
    /// Without the cart's answer by then it is given up.
    pub answer_due_at: DateTimeUtc,
    /// What came of it: its own order, or the pending one of the same cart and content.
    pub resolved_order_id: Option<Uuid>,
    /// Why nothing came of it.
    #[sea_orm(column_type = "Text", nullable)]
    pub rejection_code: Option<String>,
    /// The same in words.
    #[sea_orm(column_type = "Text", nullable)]
    pub rejection_message: Option<String>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The identifier the order gets.
    pub fn order_id(&self) -> OrderId {
        OrderId::from_uuid(self.id)
    }

    /// The cart.
    pub fn cart_id(&self) -> CartId {
        CartId::from_uuid(self.cart_id)
    }
}

/// The latest attempt under a key.
pub(crate) async fn find_latest(
    db: &impl ConnectionTrait,
    scope: &str,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Scope.eq(scope))
        .filter(Column::IdempotencyKey.eq(key))
        .order_by_desc(Column::Id)
        .one(db)
        .await
}

/// Stores a new attempt; `false` if the key already has one that was not rejected.
pub(crate) async fn insert(txn: &impl ConnectionTrait, checkout: Model) -> Result<bool, DbErr> {
    let inserted = Entity::insert(checkout.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    Ok(inserted > 0)
}

/// The cart's answer led to this order.
pub(crate) async fn resolve(
    txn: &impl ConnectionTrait,
    id: Uuid,
    order_id: Uuid,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    let updated = Entity::update_many()
        .col_expr(Column::State, Expr::value(CheckoutState::Resolved))
        .col_expr(Column::ResolvedOrderId, Expr::value(order_id))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(CheckoutState::Requested))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected)
}

/// Rejects the checkouts that `which` selects.
pub(crate) async fn reject(
    txn: &impl ConnectionTrait,
    which: sea_orm::Condition,
    code: &str,
    message: &str,
    now: DateTimeUtc,
) -> Result<u64, DbErr> {
    let updated = Entity::update_many()
        .col_expr(Column::State, Expr::value(CheckoutState::Rejected))
        .col_expr(Column::RejectionCode, Expr::value(code))
        .col_expr(Column::RejectionMessage, Expr::value(message))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(which)
        .exec(txn)
        .await?;
    Ok(updated.rows_affected)
}
