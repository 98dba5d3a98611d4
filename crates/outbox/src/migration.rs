//! Creates the outbox, inbox and delivery tables; the first migration of every service.

use sea_orm_migration::prelude::*;

/// `m000001_events`: the tables of [`crate::entity`].
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000001_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(
                        ColumnDef::new("seq")
                            .big_integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(ColumnDef::new("event_id").uuid().not_null().unique_key())
                    .col(ColumnDef::new("event_type").text().not_null())
                    .col(ColumnDef::new("subject").text().not_null())
                    .col(ColumnDef::new("envelope").text().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("published_at").timestamp_with_time_zone())
                    .to_owned(),
            )
            .await?;
        // The relay only ever asks for what is not published yet.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX outbox_unpublished ON outbox (seq) WHERE published_at IS NULL",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(ColumnDef::new("consumer").text().not_null())
                    .col(ColumnDef::new("event_id").uuid().not_null())
                    .col(
                        ColumnDef::new("processed_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .primary_key(Index::create().col("consumer").col("event_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("deliveries")
                    .col(
                        ColumnDef::new("seq")
                            .big_integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(ColumnDef::new("consumer").text().not_null())
                    .col(ColumnDef::new("event_id").uuid().not_null())
                    .col(ColumnDef::new("event_type").text().not_null())
                    .col(ColumnDef::new("envelope").text().not_null())
                    .col(ColumnDef::new("attempts").integer().not_null().default(0))
                    .col(
                        ColumnDef::new("due_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("parked_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("last_error").text())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("deliveries_once")
                    .table("deliveries")
                    .col("consumer")
                    .col("event_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX deliveries_due ON deliveries (consumer, due_at) WHERE parked_at IS NULL")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["deliveries", "inbox", "outbox"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
