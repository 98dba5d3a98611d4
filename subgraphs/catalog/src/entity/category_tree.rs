//! The one row that stands for the shape of the category tree.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;

/// The tree as a whole.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category_tree")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: i32,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Makes changes of the tree wait for each other: what is read after this in the transaction stays
/// true until its end.
pub(crate) async fn lock(txn: &impl ConnectionTrait) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(1))
        .exec(txn)
        .await?;
    Ok(())
}
