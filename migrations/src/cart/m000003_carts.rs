//! Carts, their lines, and what belongs to a cart alone.

use sea_orm_migration::prelude::*;

/// `m000003_carts`: `carts`, `cart_lines`, `cart_notices` and `cart_requests`.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000003_carts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("carts")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("status").text().not_null())
                    .col(ColumnDef::new("user_id").uuid())
                    .col(ColumnDef::new("token_hash").text())
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(ColumnDef::new("capacity").integer().not_null())
                    .col(ColumnDef::new("total_quantity").integer().not_null().default(0))
                    .col(ColumnDef::new("email").text())
                    .col(ColumnDef::new("shipping_address").text())
                    .col(ColumnDef::new("shipping_method").text())
                    .col(ColumnDef::new("order_id").uuid())
                    .col(ColumnDef::new("checkout_fingerprint").text())
                    .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
                    .check(Expr::cust(
                        "status IN ('ACTIVE', 'CHECKOUT', 'CONVERTED', 'ABANDONED', 'EXPIRED', 'MERGED')",
                    ))
                    .check(Expr::cust("capacity > 0"))
                    .check(Expr::cust("total_quantity BETWEEN 0 AND capacity"))
                    // Somebody must be able to prove that the cart is theirs, and only one.
                    .check(Expr::cust("(user_id IS NULL) <> (token_hash IS NULL)"))
                    .check(Expr::cust("status <> 'CHECKOUT' OR (order_id IS NOT NULL AND checkout_fingerprint IS NOT NULL)"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX carts_one_per_user ON carts (user_id) WHERE status IN ('ACTIVE', 'CHECKOUT', 'ABANDONED')",
        )
        .await?;
        db.execute_unprepared(
            "CREATE INDEX carts_by_age ON carts (updated_at) WHERE status IN ('ACTIVE', 'ABANDONED')",
        )
        .await?;
        // The target of the lines' foreign key below.
        db.execute_unprepared("CREATE UNIQUE INDEX carts_capacity ON carts (id, capacity)")
            .await?;

        // A line repeats its cart's capacity, kept equal by the foreign key, so that a CHECK can
        // compare the quantity with it.
        manager
            .create_table(
                Table::create()
                    .table("cart_lines")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("cart_id").uuid().not_null())
                    .col(ColumnDef::new("capacity").integer().not_null())
                    .col(ColumnDef::new("variant_id").uuid().not_null())
                    .col(ColumnDef::new("quantity").integer().not_null())
                    .col(ColumnDef::new("unit_price_minor").big_integer().not_null())
                    .col(ColumnDef::new("price_version").big_integer().not_null())
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
                    .check(Expr::cust("quantity BETWEEN 1 AND capacity"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("cart_lines_cart")
                            .from_tbl("cart_lines")
                            .from_col("cart_id")
                            .from_col("capacity")
                            .to_tbl("carts")
                            .to_col("id")
                            .to_col("capacity")
                            .on_delete(ForeignKeyAction::Cascade)
                            .on_update(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("cart_lines_variant")
                            .from("cart_lines", "variant_id")
                            .to("variant_copies", "variant_id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cart_lines_once")
                    .table("cart_lines")
                    .col("cart_id")
                    .col("variant_id")
                    .unique()
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("cart_notices")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("cart_id").uuid().not_null())
                    .col(ColumnDef::new("code").text().not_null())
                    .col(ColumnDef::new("message").text().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("cart_notices_cart")
                            .from("cart_notices", "cart_id")
                            .to("carts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cart_notices_by_cart")
                    .table("cart_notices")
                    .col("cart_id")
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                Table::create()
                    .table("cart_requests")
                    .col(ColumnDef::new("cart_id").uuid().not_null())
                    .col(ColumnDef::new("idempotency_key").text().not_null())
                    .col(ColumnDef::new("body_hash").text().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .primary_key(Index::create().col("cart_id").col("idempotency_key"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("cart_requests_cart")
                            .from("cart_requests", "cart_id")
                            .to("carts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cart_requests_by_age")
                    .table("cart_requests")
                    .col("created_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["cart_requests", "cart_notices", "cart_lines", "carts"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
