//! Orders that can be paid, payments, refunds, webhooks and the ledger.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_payments"
    }
}

/// Statuses of a payment that has, or had, the buyer's money for the order.
const CAPTURED: &str = "'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'REFUND_MANUAL', 'CHARGEBACK'";
/// Statuses of an attempt that may still be paid in the normal way.
const OPEN: &str = "'CREATED', 'PENDING', 'AUTHORIZED'";
const PROVIDERS: &str = "provider IN ('DEMO', 'STRIPE', 'MIDTRANS', 'PAYPAL')";

fn table(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("version").big_integer().not_null())
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
        .to_owned()
}

fn positive(column: &'static str) -> ColumnDef {
    ColumnDef::new(column)
        .big_integer()
        .not_null()
        .check(Expr::cust(format!("{column} > 0")))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The copy of an order. Events of several owners fill it in any order, so what comes with
        // order.created may be missing for a moment. `version` is the order's own.
        manager
            .create_table(
                table("payable_orders")
                    .col(ColumnDef::new("user_id").uuid())
                    .col(ColumnDef::new("email").text())
                    .col(ColumnDef::new("order_token_hash").text())
                    .col(ColumnDef::new("amount_minor").big_integer())
                    .col(ColumnDef::new("currency").text())
                    .col(ColumnDef::new("status").text().not_null().check(Expr::cust(
                        "status IN ('PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED')",
                    )))
                    .col(
                        ColumnDef::new("is_held")
                            .boolean()
                            .not_null()
                            .default(false),
                    )
                    .col(ColumnDef::new("expires_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("extensions").integer().not_null().default(0))
                    .check(Expr::cust("(amount_minor IS NULL) = (currency IS NULL)"))
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                table("payments")
                    .col(ColumnDef::new("order_id").uuid().not_null())
                    .col(ColumnDef::new("provider").text().not_null().check(Expr::cust(PROVIDERS)))
                    .col(positive("amount_minor"))
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(ColumnDef::new("status").text().not_null().check(Expr::cust(format!(
                        "status IN ({OPEN}, {CAPTURED}, 'FAILED', 'EXPIRED', 'CANCELLED', 'DUPLICATE_CAPTURE')"
                    ))))
                    .col(ColumnDef::new("gateway_ref").text())
                    .col(ColumnDef::new("action").text())
                    .col(ColumnDef::new("failure_reason").text())
                    .col(ColumnDef::new("refund_requested_minor").big_integer().not_null().default(0))
                    .col(ColumnDef::new("refunded_minor").big_integer().not_null().default(0))
                    .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
                    .col(ColumnDef::new("paid_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("cancel_requested_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("checked_at").timestamp_with_time_zone())
                    .check(Expr::cust(
                        "refunded_minor >= 0 AND refunded_minor <= refund_requested_minor AND refund_requested_minor <= amount_minor",
                    ))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE INDEX payments_order ON payments (order_id, created_at)")
            .await?;
        db.execute_unprepared(
            "CREATE UNIQUE INDEX payments_gateway_ref ON payments (provider, gateway_ref) WHERE gateway_ref IS NOT NULL",
        )
        .await?;
        db.execute_unprepared(&format!(
            "CREATE UNIQUE INDEX payments_one_capture ON payments (order_id) WHERE status IN ({CAPTURED})"
        ))
        .await?;
        db.execute_unprepared(&format!(
            "CREATE UNIQUE INDEX payments_one_open ON payments (order_id) WHERE status IN ({OPEN})"
        ))
        .await?;
        db.execute_unprepared(&format!(
            "CREATE INDEX payments_open_expiry ON payments (expires_at) WHERE status IN ({OPEN})"
        ))
        .await?;

        // Idempotency keys of paymentInitiate; several may lead to one open attempt.
        manager
            .create_table(
                Table::create()
                    .table("payment_requests")
                    .col(ColumnDef::new("order_id").uuid().not_null())
                    .col(ColumnDef::new("idempotency_key").text().not_null())
                    .col(ColumnDef::new("body_hash").text().not_null())
                    .col(ColumnDef::new("payment_id").uuid().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .primary_key(Index::create().col("order_id").col("idempotency_key"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("payment_requests", "payment_id")
                            .to("payments", "id"),
                    )
                    .to_owned(),
            )
            .await?;

        manager
            .create_table(
                table("refunds")
                    .col(ColumnDef::new("payment_id").uuid().not_null())
                    .col(ColumnDef::new("order_id").uuid().not_null())
                    .col(ColumnDef::new("refund_key").text().not_null().unique_key())
                    .col(ColumnDef::new("body_hash").text().not_null())
                    .col(positive("amount_minor"))
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(
                        ColumnDef::new("status")
                            .text()
                            .not_null()
                            .check(Expr::cust("status IN ('REQUESTED', 'SUCCEEDED', 'MANUAL')")),
                    )
                    .col(ColumnDef::new("reason").text().not_null())
                    .col(ColumnDef::new("failure_reason").text())
                    .col(ColumnDef::new("attempts").integer().not_null().default(0))
                    .col(
                        ColumnDef::new("next_attempt_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from("refunds", "payment_id")
                            .to("payments", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared("CREATE INDEX refunds_payment ON refunds (payment_id, created_at)")
            .await?;
        db.execute_unprepared(
            "CREATE INDEX refunds_due ON refunds (next_attempt_at) WHERE status = 'REQUESTED'",
        )
        .await?;

        // Webhooks as they came, signature verified, and what became of them.
        manager
            .create_table(
                table("gateway_events")
                    .col(
                        ColumnDef::new("provider")
                            .text()
                            .not_null()
                            .check(Expr::cust(PROVIDERS)),
                    )
                    .col(ColumnDef::new("dedupe_key").text().not_null())
                    .col(ColumnDef::new("gateway_ref").text().not_null())
                    .col(ColumnDef::new("event").text().not_null())
                    .col(ColumnDef::new("raw").text().not_null())
                    .col(
                        ColumnDef::new("received_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("attempts").integer().not_null().default(0))
                    .col(
                        ColumnDef::new("next_attempt_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("applied_at").timestamp_with_time_zone())
                    .col(ColumnDef::new("outcome").text())
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX gateway_events_once ON gateway_events (provider, dedupe_key)",
        )
        .await?;
        db.execute_unprepared("CREATE INDEX gateway_events_due ON gateway_events (next_attempt_at) WHERE applied_at IS NULL")
            .await?;

        // Double entry: the lines of one `transaction_key` have equal sums of debits and credits.
        manager
            .create_table(
                Table::create()
                    .table("ledger_entries")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ColumnDef::new("transaction_key").text().not_null())
                    .col(ColumnDef::new("account").text().not_null().check(Expr::cust(
                        "account IN ('PROVIDER_RECEIVABLE', 'ORDER_PAYMENTS', 'DUPLICATE_CAPTURES')",
                    )))
                    .col(
                        ColumnDef::new("side").text().not_null().check(Expr::cust("side IN ('DEBIT', 'CREDIT')")),
                    )
                    .col(positive("amount_minor"))
                    .col(ColumnDef::new("currency").text().not_null())
                    .col(ColumnDef::new("payment_id").uuid().not_null())
                    .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
                    .foreign_key(ForeignKey::create().from("ledger_entries", "payment_id").to("payments", "id"))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX ledger_entries_once ON ledger_entries (transaction_key, account, side)",
        )
        .await?;
        db.execute_unprepared("CREATE INDEX ledger_entries_payment ON ledger_entries (payment_id)")
            .await?;

        // What a provider says and what we expected, where the two differ.
        manager
            .create_table(
                table("differences")
                    .col(ColumnDef::new("payment_id").uuid().not_null())
                    .col(ColumnDef::new("kind").text().not_null().check(Expr::cust(
                        "kind IN ('AMOUNT_MISMATCH', 'DUPLICATE_CAPTURE')",
                    )))
                    .col(ColumnDef::new("expected_minor").big_integer().not_null())
                    .col(ColumnDef::new("expected_currency").text().not_null())
                    .col(ColumnDef::new("actual_minor").big_integer().not_null())
                    .col(ColumnDef::new("actual_currency").text().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from("differences", "payment_id")
                            .to("payments", "id"),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX differences_once ON differences (payment_id, kind, actual_minor, actual_currency)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "differences",
            "ledger_entries",
            "gateway_events",
            "refunds",
            "payment_requests",
            "payments",
            "payable_orders",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
