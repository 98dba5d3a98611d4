//! Creates the log of outgoing e-mail, which is also the queue of what is still to be sent.

use sea_orm_migration::prelude::*;

/// `m000002_email_logs`: one row per (event, template).
pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_email_logs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("email_logs")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("template").text().not_null())
                    .col(ColumnDef::new("recipient").text().not_null())
                    .col(ColumnDef::new("subject").text().not_null())
                    .col(
                        ColumnDef::new("provider")
                            .text()
                            .not_null()
                            .check(Expr::cust("provider IN ('TRANSACTIONAL', 'AUTH')")),
                    )
                    .col(ColumnDef::new("status").text().not_null().check(Expr::cust(
                        "status IN ('QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'BOUNCED', 'FAILED', 'DEAD')",
                    )))
                    .col(
                        ColumnDef::new("attempts")
                            .integer()
                            .not_null()
                            .check(Expr::cust("attempts >= 0")),
                    )
                    .col(
                        ColumnDef::new("failures")
                            .integer()
                            .not_null()
                            .check(Expr::cust("failures >= 0")),
                    )
                    .col(ColumnDef::new("error").text())
                    .col(ColumnDef::new("source_event_id").uuid().not_null())
                    .col(ColumnDef::new("correlation_id").text().not_null())
                    .col(ColumnDef::new("traceparent").text())
                    .col(ColumnDef::new("dedupe_key").text().not_null().unique_key())
                    .col(ColumnDef::new("payload").text().not_null())
                    .col(ColumnDef::new("order_id").uuid())
                    .col(ColumnDef::new("user_id").uuid())
                    .col(ColumnDef::new("due_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("claimed_until").timestamp_with_time_zone())
                    .col(ColumnDef::new("queued_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("sent_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("failed_at").timestamp_with_time_zone())
                    // A lease exists exactly while somebody sends.
                    .check(Expr::cust("(status = 'SENDING') = (claimed_until IS NOT NULL)"))
                    .check(Expr::cust(
                        "(status IN ('SENT', 'DELIVERED', 'BOUNCED')) = (sent_at IS NOT NULL)",
                    ))
                    // Whoever looks at a failed mail sees why and since when.
                    .check(Expr::cust(
                        "status NOT IN ('FAILED', 'DEAD') OR (error IS NOT NULL AND failed_at IS NOT NULL)",
                    ))
                    .to_owned(),
            )
            .await?;
        for index in [
            // What the sending job asks for, every second: only open mail is in this index.
            "CREATE INDEX email_logs_open ON email_logs (due_at) WHERE status IN ('QUEUED', 'SENDING', 'FAILED')",
            // The staff list, newest first: alone, by status, by recipient.
            "CREATE INDEX email_logs_newest ON email_logs (created_at, id)",
            "CREATE INDEX email_logs_newest_by_status ON email_logs (status, created_at, id)",
            "CREATE INDEX email_logs_newest_by_recipient ON email_logs (lower(recipient), created_at, id)",
            // The mail of an order and of a user.
            "CREATE INDEX email_logs_order ON email_logs (order_id) WHERE order_id IS NOT NULL",
            "CREATE INDEX email_logs_user ON email_logs (user_id, created_at, id) WHERE user_id IS NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
