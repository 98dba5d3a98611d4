//! Categories.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{BinOper, ExprTrait, Query};

use super::product;

/// A node of the category tree.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) name: String,
    /// The name in lower case; unique, and the order among siblings.
    pub(crate) name_key: String,
    pub(crate) slug: String,
    pub(crate) parent_id: Option<Uuid>,
    /// The ids from the root down to this category, each followed by a slash.
    pub(crate) path: String,
    /// 1 for a root.
    pub(crate) depth: i32,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The path of a category below `parent_path` (empty for a root).
pub(crate) fn path_below(parent_path: &str, id: Uuid) -> String {
    format!("{parent_path}{}/", id.simple())
}

/// The pattern that the paths of a category and of everything below it match. Paths consist of
/// hexadecimal digits and slashes, so there is nothing to escape.
pub(crate) fn subtree_pattern(path: &str) -> String {
    format!("{path}%")
}

impl Model {
    /// The ids from the root down to this category.
    pub(crate) fn path_ids(&self) -> Vec<Uuid> {
        self.path
            .split('/')
            .filter_map(|id| Uuid::parse_str(id).ok())
            .collect()
    }
}

/// Products in the category with this slug or anywhere below it; none for an unknown slug.
pub(crate) fn contains_product(slug: &str) -> Condition {
    let top = Query::select()
        .column(Column::Path)
        .from(Entity)
        .and_where(Column::Slug.eq(slug))
        .to_owned();
    let below = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(
            Expr::col(Column::Path).binary(
                BinOper::Like,
                Expr::SubQuery(None, Box::new(top.into()))
                    .binary(BinOper::Custom("||"), Expr::value("%")),
            ),
        )
        .to_owned();
    Condition::all().add(product::Column::CategoryId.in_subquery(below))
}
