//! What orders have set aside.

use sea_orm_migration::prelude::*;

/// Creates the tables.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000003_reservations"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("reservations")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("order_id").uuid().not_null().unique_key())
                    .col(ColumnDef::new("state").text().not_null())
                    // Empty for an order that was called off before we heard of it.
                    .col(ColumnDef::new("demand").text())
                    .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("extensions").integer().not_null())
                    // The payment that was answered, by a commit or by its refusal.
                    .col(ColumnDef::new("payment_id").uuid())
                    .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
                    .check(Expr::cust(
                        "state IN ('HELD', 'REJECTED', 'COMMITTED', 'CONSUMED', 'RELEASED', 'EXPIRED')",
                    ))
                    .check(Expr::cust("demand IS NOT NULL OR state = 'RELEASED'"))
                    .check(Expr::cust("payment_id IS NOT NULL OR state NOT IN ('COMMITTED', 'CONSUMED')"))
                    .check(Expr::cust("extensions >= 0"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX reservations_due ON reservations (expires_at) WHERE state = 'HELD'",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("reservation_lines")
                    .col(ColumnDef::new("reservation_id").uuid().not_null())
                    .col(ColumnDef::new("variant_id").uuid().not_null())
                    .col(ColumnDef::new("warehouse_id").uuid().not_null())
                    .col(ColumnDef::new("quantity").big_integer().not_null())
                    .primary_key(
                        Index::create()
                            .col("reservation_id")
                            .col("variant_id")
                            .col("warehouse_id"),
                    )
                    .check(Expr::cust("quantity > 0"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("reservation_lines", "reservation_id")
                            .to("reservations", "id"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("reservation_lines", "warehouse_id")
                            .to("warehouses", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["reservation_lines", "reservations"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
