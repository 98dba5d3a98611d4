//! Warehouses, known variants, stock levels and the stock history.

use sea_orm_migration::prelude::*;

/// Creates the tables.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_stock"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("warehouses")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("code").text().not_null().unique_key())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("priority").integer().not_null())
                    .col(ColumnDef::new("is_active").boolean().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        // What the catalog told us; stock can only be put to a variant that is known.
        manager
            .create_table(
                Table::create()
                    .table("known_variants")
                    .col(ColumnDef::new("variant_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("sku").text().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("is_published").boolean().not_null())
                    .col(ColumnDef::new("product_version").big_integer().not_null())
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("known_variants_sku")
                    .table("known_variants")
                    .col("sku")
                    .to_owned(),
            )
            .await?;
        // Numbers the changes of a variant's stock over all warehouses.
        manager
            .create_table(
                Table::create()
                    .table("variant_stocks")
                    .col(ColumnDef::new("variant_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stock_levels")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("variant_id").uuid().not_null())
                    .col(ColumnDef::new("warehouse_id").uuid().not_null())
                    .col(ColumnDef::new("on_hand").big_integer().not_null())
                    .col(ColumnDef::new("reserved").big_integer().not_null())
                    .col(ColumnDef::new("low_threshold").big_integer().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    // The last line of defense against selling what is not there.
                    .check(Expr::cust("on_hand >= 0"))
                    .check(Expr::cust("reserved >= 0"))
                    .check(Expr::cust("reserved <= on_hand"))
                    .check(Expr::cust("low_threshold >= 0"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("stock_levels", "warehouse_id")
                            .to("warehouses", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("stock_levels_pair")
                    .table("stock_levels")
                    .col("variant_id")
                    .col("warehouse_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stock_movements")
                    .col(ColumnDef::new("seq").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("id").uuid().not_null().unique_key())
                    .col(ColumnDef::new("variant_id").uuid().not_null())
                    .col(ColumnDef::new("warehouse_id").uuid().not_null())
                    .col(ColumnDef::new("delta_on_hand").big_integer().not_null())
                    .col(ColumnDef::new("delta_reserved").big_integer().not_null())
                    .col(ColumnDef::new("reason").text().not_null())
                    .col(ColumnDef::new("reference").text())
                    .col(ColumnDef::new("actor").text())
                    .col(ColumnDef::new("balance_after").big_integer().not_null())
                    .col(ColumnDef::new("reserved_after").big_integer().not_null())
                    .col(ColumnDef::new("level_version").big_integer().not_null())
                    .col(ColumnDef::new("idempotency_key").text())
                    .col(ColumnDef::new("request_hash").text())
                    .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
                    .check(Expr::cust("delta_on_hand <> 0 OR delta_reserved <> 0"))
                    .check(Expr::cust("balance_after >= 0 AND reserved_after >= 0 AND reserved_after <= balance_after"))
                    .check(Expr::cust("idempotency_key IS NULL OR (request_hash IS NOT NULL AND actor IS NOT NULL)"))
                    .foreign_key(ForeignKey::create().from("stock_movements", "warehouse_id").to("warehouses", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("stock_movements_history")
                    .table("stock_movements")
                    .col("variant_id")
                    .col("seq")
                    .to_owned(),
            )
            .await?;
        // Each change of a level is recorded once, in the level's own order.
        manager
            .create_index(
                Index::create()
                    .name("stock_movements_chain")
                    .table("stock_movements")
                    .col("variant_id")
                    .col("warehouse_id")
                    .col("level_version")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX stock_movements_once ON stock_movements (actor, idempotency_key) \
                 WHERE idempotency_key IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "stock_movements",
            "stock_levels",
            "variant_stocks",
            "known_variants",
            "warehouses",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
