//! Lines of orders; written once, never changed.

use events::id::{ProductId, VariantId};
use events::order::OrderedLine;
use money::{Currency, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QueryOrder};

/// A line of an order, frozen at checkout.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// Place in the order, from 0.
    pub position: i32,
    /// The variant.
    pub variant_id: Uuid,
    /// Its product.
    pub product_id: Uuid,
    /// Its SKU.
    #[sea_orm(column_type = "Text")]
    pub sku: String,
    /// Name at the time of the order.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Units.
    pub quantity: i64,
    /// Price of one unit, net.
    pub price_minor: i64,
    /// Discount on the line.
    pub discount_minor: i64,
    /// Tax on the line.
    pub tax_minor: i64,
    /// Price × quantity, before discount and tax.
    pub line_total_minor: i64,
    /// Currency of all amounts.
    #[sea_orm(column_type = "Text")]
    pub currency: String,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The variant.
    pub fn variant_id(&self) -> VariantId {
        VariantId::from_uuid(self.variant_id)
    }

    /// An amount in the line's currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(
            minor,
            Currency::from_code(&self.currency).expect("only known currencies are stored"),
        )
    }

    /// The line, as events carry it.
    pub fn as_event(&self) -> OrderedLine {
        OrderedLine {
            variant_id: self.variant_id(),
            product_id: ProductId::from_uuid(self.product_id),
            sku: self.sku.clone(),
            name: self.name.clone(),
            quantity: self.quantity,
            price_at_purchase: self.money(self.price_minor),
        }
    }
}

/// Stores the lines of a new order.
pub(crate) async fn insert_all(txn: &impl ConnectionTrait, lines: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(
        lines
            .into_iter()
            .map(|line| line.into_active_model().reset_all()),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}

/// The lines of these orders, in their places.
pub(crate) async fn of_orders(
    db: &impl ConnectionTrait,
    orders: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrderId.is_in(orders))
        .order_by_asc(Column::Position)
        .all(db)
        .await
}
