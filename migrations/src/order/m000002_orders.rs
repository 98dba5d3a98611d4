//! Checkouts, orders with their lines and timeline, payment attempts as order knows them, and the
//! counter of order numbers.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_orders"
    }
}

/// Indexes that the builders cannot say, valid on SQLite and PostgreSQL alike.
const INDEXES: [&str; 10] = [
    // A rejected attempt frees its key for the next attempt.
    "CREATE UNIQUE INDEX checkouts_key ON checkouts (scope, idempotency_key) WHERE state <> 'REJECTED'",
    "CREATE INDEX checkouts_attempts ON checkouts (scope, idempotency_key, id)",
    "CREATE INDEX checkouts_waiting ON checkouts (answer_due_at) WHERE state = 'REQUESTED'",
    "CREATE INDEX checkouts_resolved ON checkouts (resolved_order_id) WHERE resolved_order_id IS NOT NULL",
    // A cart has at most one order that waits for its payment.
    "CREATE UNIQUE INDEX orders_pending_cart ON orders (cart_id) WHERE status = 'PENDING'",
    "CREATE INDEX orders_pending_expiry ON orders (expires_at) WHERE status = 'PENDING'",
    "CREATE INDEX orders_of_user ON orders (user_id, created_at, id)",
    "CREATE INDEX orders_by_time ON orders (created_at, id)",
    "CREATE INDEX orders_by_status ON orders (status, created_at, id)",
    "CREATE INDEX orders_by_email ON orders (lower(email))",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(checkouts()).await?;
        manager.create_table(orders()).await?;
        manager.create_table(order_lines()).await?;
        manager.create_table(order_events()).await?;
        manager.create_table(order_payments()).await?;
        manager.create_table(order_numbers()).await?;
        for (name, table, columns) in [
            (
                "order_lines_position",
                "order_lines",
                ["order_id", "position"],
            ),
            ("order_events_once", "order_events", ["event_id", "type"]),
        ] {
            let mut index = Index::create().name(name).table(table).unique().to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        for (name, table) in [
            ("order_events_of_order", "order_events"),
            ("order_payments_of_order", "order_payments"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(table)
                        .col("order_id")
                        .to_owned(),
                )
                .await?;
        }
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "order_numbers",
            "order_payments",
            "order_events",
            "order_lines",
            "orders",
            "checkouts",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Requests to turn a cart into an order; `id` is the identifier the order gets.
fn checkouts() -> TableCreateStatement {
    Table::create()
        .table("checkouts")
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
        .col(ColumnDef::new("scope").text().not_null())
        .col(ColumnDef::new("idempotency_key").text().not_null())
        .col(ColumnDef::new("body_hash").text().not_null())
        .col(ColumnDef::new("cart_id").uuid().not_null())
        .col(ColumnDef::new("user_id").uuid())
        .col(ColumnDef::new("state").text().not_null())
        .col(
            ColumnDef::new("answer_due_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("resolved_order_id").uuid())
        .col(ColumnDef::new("rejection_code").text())
        .col(ColumnDef::new("rejection_message").text())
        .check(Expr::cust("state IN ('REQUESTED', 'RESOLVED', 'REJECTED')"))
        .check(Expr::cust(
            "state <> 'RESOLVED' OR resolved_order_id IS NOT NULL",
        ))
        .check(Expr::cust(
            "(state = 'REJECTED') = (rejection_code IS NOT NULL)",
        ))
        .to_owned()
}

fn orders() -> TableCreateStatement {
    Table::create()
        .table("orders")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("version").big_integer().not_null())
        .col(ColumnDef::new("created_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("updated_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("number").text().unique_key())
        .col(ColumnDef::new("placed_at").timestamp_with_time_zone())
        .col(ColumnDef::new("user_id").uuid())
        .col(ColumnDef::new("email").text().not_null())
        .col(ColumnDef::new("cart_id").uuid().not_null())
        .col(ColumnDef::new("fingerprint").text().not_null())
        .col(ColumnDef::new("order_token_hash").text().not_null())
        .col(ColumnDef::new("status").text().not_null())
        .col(ColumnDef::new("payment_status").text().not_null())
        .col(ColumnDef::new("stock_state").text().not_null())
        .col(ColumnDef::new("currency").text().not_null())
        .col(ColumnDef::new("subtotal_minor").big_integer().not_null())
        .col(ColumnDef::new("discount_minor").big_integer().not_null())
        .col(ColumnDef::new("shipping_minor").big_integer().not_null())
        .col(ColumnDef::new("tax_minor").big_integer().not_null())
        .col(ColumnDef::new("total_minor").big_integer().not_null())
        .col(ColumnDef::new("shipping_address").text().not_null())
        .col(ColumnDef::new("shipping_method").text().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone().not_null())
        .col(ColumnDef::new("captured_payment_id").uuid())
        .col(ColumnDef::new("refund_requested_at").timestamp_with_time_zone())
        .col(ColumnDef::new("cancel_reason").text())
        .col(ColumnDef::new("shortages").text())
        .col(ColumnDef::new("carrier").text())
        .col(ColumnDef::new("tracking_number").text())
        .check(Expr::cust(
            "status IN ('PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'EXPIRED')",
        ))
        .check(Expr::cust(
            "payment_status IN ('PENDING', 'PAID', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED')",
        ))
        .check(Expr::cust("stock_state IN ('NONE', 'HELD', 'RESERVED', 'REJECTED', 'RELEASED')"))
        .check(Expr::cust(
            "cancel_reason IS NULL OR cancel_reason IN ('hold_rejected', 'buyer', 'staff', 'cart_changed', 'checkout_timeout', 'stock_lost_after_payment')",
        ))
        .check(Expr::cust("subtotal_minor >= 0"))
        .check(Expr::cust("discount_minor >= 0"))
        .check(Expr::cust("shipping_minor >= 0"))
        .check(Expr::cust("tax_minor >= 0"))
        .check(Expr::cust("total_minor >= 0"))
        .check(Expr::cust("total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor"))
        .check(Expr::cust("(number IS NULL) = (placed_at IS NULL)"))
        // Official means numbered.
        .check(Expr::cust(
            "number IS NOT NULL OR status NOT IN ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED')",
        ))
        // What left the house can be traced.
        .check(Expr::cust("tracking_number IS NOT NULL OR status NOT IN ('SHIPPED', 'DELIVERED')"))
        .to_owned()
}

/// Written once with their order, never changed.
fn order_lines() -> TableCreateStatement {
    Table::create()
        .table("order_lines")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("order_id").uuid().not_null())
        .col(ColumnDef::new("position").integer().not_null())
        .col(ColumnDef::new("variant_id").uuid().not_null())
        .col(ColumnDef::new("product_id").uuid().not_null())
        .col(ColumnDef::new("sku").text().not_null())
        .col(ColumnDef::new("name").text().not_null())
        .col(ColumnDef::new("quantity").big_integer().not_null())
        .col(ColumnDef::new("price_minor").big_integer().not_null())
        .col(ColumnDef::new("discount_minor").big_integer().not_null())
        .col(ColumnDef::new("tax_minor").big_integer().not_null())
        .col(ColumnDef::new("line_total_minor").big_integer().not_null())
        .col(ColumnDef::new("currency").text().not_null())
        .check(Expr::cust("quantity > 0"))
        .check(Expr::cust("price_minor >= 0"))
        .check(Expr::cust("discount_minor >= 0"))
        .check(Expr::cust("tax_minor >= 0"))
        .check(Expr::cust("line_total_minor = price_minor * quantity"))
        .foreign_key(
            ForeignKey::create()
                .name("order_lines_order")
                .from("order_lines", "order_id")
                .to("orders", "id"),
        )
        .to_owned()
}

/// The timeline, append-only; a change of status carries both statuses.
fn order_events() -> TableCreateStatement {
    Table::create()
        .table("order_events")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("order_id").uuid().not_null())
        .col(ColumnDef::new("event_id").uuid().not_null())
        .col(ColumnDef::new("type").text().not_null())
        .col(
            ColumnDef::new("occurred_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(
            ColumnDef::new("recorded_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("actor").text())
        .col(ColumnDef::new("from_status").text())
        .col(ColumnDef::new("to_status").text())
        .check(Expr::cust("(from_status IS NULL) = (to_status IS NULL)"))
        .foreign_key(
            ForeignKey::create()
                .name("order_events_order")
                .from("order_events", "order_id")
                .to("orders", "id"),
        )
        .to_owned()
}

/// What order was told about the payment attempts of its orders.
fn order_payments() -> TableCreateStatement {
    Table::create()
        .table("order_payments")
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
        .col(ColumnDef::new("order_id").uuid().not_null())
        .col(ColumnDef::new("state").text().not_null())
        .col(ColumnDef::new("expires_at").timestamp_with_time_zone())
        .col(ColumnDef::new("refund_remaining_minor").big_integer())
        .check(Expr::cust(
            "state IN ('OPEN', 'FAILED', 'EXPIRED', 'REFUNDED', 'SUCCEEDED')",
        ))
        .check(Expr::cust(
            "refund_remaining_minor IS NULL OR refund_remaining_minor >= 0",
        ))
        .foreign_key(
            ForeignKey::create()
                .name("order_payments_order")
                .from("order_payments", "order_id")
                .to("orders", "id"),
        )
        .to_owned()
}

/// The last number given out, per year.
fn order_numbers() -> TableCreateStatement {
    Table::create()
        .table("order_numbers")
        .col(ColumnDef::new("year").integer().not_null().primary_key())
        .col(ColumnDef::new("last").big_integer().not_null())
        .check(Expr::cust("last > 0"))
        .to_owned()
}
