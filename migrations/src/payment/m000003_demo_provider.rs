//! The books of the demo provider: they stand for a provider's own database, and nothing outside
//! that provider reads them.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000003_demo_provider"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("demo_charges")
                    .col(
                        ColumnDef::new("gateway_ref")
                            .text()
                            .not_null()
                            .primary_key(),
                    )
                    .col(
                        ColumnDef::new("idempotency_key")
                            .text()
                            .not_null()
                            .unique_key(),
                    )
                    .col(ColumnDef::new("reference").text().not_null())
                    .col(ColumnDef::new("description").text().not_null())
                    .col(
                        ColumnDef::new("amount_minor")
                            .big_integer()
                            .not_null()
                            .check(Expr::cust("amount_minor > 0")),
                    )
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(ColumnDef::new("status").text().not_null().check(Expr::cust(
                        "status IN ('OPEN', 'PAID', 'DECLINED', 'EXPIRED', 'CANCELLED')",
                    )))
                    .col(
                        ColumnDef::new("refunded_minor")
                            .big_integer()
                            .not_null()
                            .default(0),
                    )
                    .col(
                        ColumnDef::new("expires_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("settled_at").timestamp_with_time_zone())
                    .check(Expr::cust(
                        "refunded_minor >= 0 AND refunded_minor <= amount_minor",
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX demo_charges_reference ON demo_charges (reference)")
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("demo_refunds")
                    .col(ColumnDef::new("refund_key").text().not_null().primary_key())
                    .col(ColumnDef::new("gateway_ref").text().not_null())
                    .col(
                        ColumnDef::new("amount_minor")
                            .big_integer()
                            .not_null()
                            .check(Expr::cust("amount_minor > 0")),
                    )
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("demo_webhooks")
                    .col(ColumnDef::new("event_id").text().not_null().primary_key())
                    .col(ColumnDef::new("body").text().not_null())
                    .col(ColumnDef::new("attempts").integer().not_null().default(0))
                    .col(
                        ColumnDef::new("next_attempt_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("delivered_at").timestamp_with_time_zone())
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX demo_webhooks_due ON demo_webhooks (next_attempt_at) WHERE delivered_at IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["demo_webhooks", "demo_refunds", "demo_charges"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
