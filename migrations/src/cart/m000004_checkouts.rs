//! Which orders a cart was checked out as, and what is being paid for them.

use sea_orm_migration::prelude::*;

/// `m000004_checkouts`: `checkouts` and `payment_copies`.
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000004_checkouts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("checkouts")
                    .col(ColumnDef::new("order_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("cart_id").uuid().not_null())
                    .col(ColumnDef::new("fingerprint").text().not_null())
                    .col(ColumnDef::new("is_ended").boolean().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("checkouts_cart")
                            .from("checkouts", "cart_id")
                            .to("carts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("checkouts_by_cart")
                    .table("checkouts")
                    .col("cart_id")
                    .to_owned(),
            )
            .await?;
        // No foreign key to `checkouts`: a payment may be heard of in any order.
        manager
            .create_table(
                Table::create()
                    .table("payment_copies")
                    .col(ColumnDef::new("payment_id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("order_id").uuid().not_null())
                    .col(ColumnDef::new("status").text().not_null())
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .check(Expr::cust("status IN ('OPEN', 'SUCCEEDED', 'CLOSED')"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("payment_copies_by_order")
                    .table("payment_copies")
                    .col("order_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["payment_copies", "checkouts"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
