//! What the cart knows of the catalog and of the stock, fed by their events.

use sea_orm_migration::prelude::*;

/// `m000002_copies`: `variant_copies` and `stock_copies`.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_copies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `version` is the product version of the descriptive columns, `price_version` that of the
        // price, which is also told by an event of its own.
        manager
            .create_table(
                Table::create()
                    .table("variant_copies")
                    .col(ColumnDef::new("variant_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("product_id").uuid().not_null())
                    .col(ColumnDef::new("sku").text().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("product_name").text().not_null())
                    .col(ColumnDef::new("is_published").boolean().not_null())
                    .col(ColumnDef::new("tax_class").text().not_null())
                    .col(ColumnDef::new("weight_grams").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("price_minor").big_integer().not_null())
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(ColumnDef::new("price_version").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("variant_copies_by_product")
                    .table("variant_copies")
                    .col("product_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stock_copies")
                    .col(ColumnDef::new("variant_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("available").big_integer().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["stock_copies", "variant_copies"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
