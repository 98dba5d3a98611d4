//! Places where goods lie.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, QueryTrait, Select};

/// A place where goods lie.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "warehouses")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// Unique short name for people.
    pub code: String,
    /// Name.
    pub name: String,
    /// Orders are served from the lowest number first.
    pub priority: i32,
    /// Whether new orders are served from here.
    pub is_active: bool,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// All warehouses, in the order in which orders are served.
pub(crate) fn by_priority() -> Select<Entity> {
    Entity::find()
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::Code)
}

/// The warehouse with this code.
pub(crate) async fn find_by_code(
    db: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await
}

/// A subquery of the warehouses that serve orders, for `warehouse_id IN (…)`.
pub(crate) fn active_ids() -> sea_orm::sea_query::SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::IsActive.eq(true))
        .into_query()
}
