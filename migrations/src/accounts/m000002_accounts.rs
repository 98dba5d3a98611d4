//! Users, their roles and addresses, sessions, login limits and the signing key.

use sea_orm_migration::prelude::*;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m000002_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            users(),
            user_roles(),
            addresses(),
            sessions(),
            refresh_tokens(),
            login_failures(),
            signing_keys(),
        ] {
            manager.create_table(table).await?;
        }
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "signing_keys",
            "login_failures",
            "refresh_tokens",
            "sessions",
            "addresses",
            "user_roles",
            "users",
        ];
        for table in tables {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

const INDEXES: [&str; 8] = [
    // The staff list, newest first.
    "CREATE INDEX users_newest ON users (created_at, id)",
    "CREATE INDEX user_roles_by_role ON user_roles (role, user_id)",
    "CREATE INDEX addresses_of_user ON addresses (user_id, created_at)",
    // At most one default per kind.
    "CREATE UNIQUE INDEX addresses_default_shipping ON addresses (user_id) WHERE is_default_shipping",
    "CREATE UNIQUE INDEX addresses_default_billing ON addresses (user_id) WHERE is_default_billing",
    "CREATE INDEX sessions_of_user ON sessions (user_id) WHERE revoked_at IS NULL",
    "CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id)",
    // One key signs at a time.
    "CREATE UNIQUE INDEX signing_keys_active ON signing_keys (purpose) WHERE retired_at IS NULL",
];

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
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
        .col(ColumnDef::new("email").text().not_null())
        // The address in lower case: what makes it unique.
        .col(ColumnDef::new("email_key").text().not_null().unique_key())
        .col(ColumnDef::new("password_hash").text().not_null())
        // Does not change when the same password is hashed anew.
        .col(
            ColumnDef::new("password_changed_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("status").text().not_null().check(Expr::cust(
            "status IN ('PENDING_VERIFICATION', 'ACTIVE', 'SUSPENDED', 'DELETED')",
        )))
        .col(ColumnDef::new("email_verified_at").timestamp_with_time_zone())
        .col(ColumnDef::new("last_login_at").timestamp_with_time_zone())
        .col(ColumnDef::new("name").text())
        .col(ColumnDef::new("phone").text())
        .col(ColumnDef::new("locale").text().not_null())
        .check(Expr::cust("length(email) <= 254"))
        .to_owned()
}

fn user_roles() -> TableCreateStatement {
    Table::create()
        .table("user_roles")
        .col(ColumnDef::new("user_id").uuid().not_null())
        .col(ColumnDef::new("role").text().not_null().check(Expr::cust(
            "role IN ('CUSTOMER', 'SELLER', 'SUPPORT', 'CATALOG', 'WAREHOUSE', 'FINANCE', 'ADMIN')",
        )))
        .col(
            ColumnDef::new("granted_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .primary_key(Index::create().col("user_id").col("role"))
        .foreign_key(&mut of_user("user_roles"))
        .to_owned()
}

fn addresses() -> TableCreateStatement {
    Table::create()
        .table("addresses")
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
        .col(ColumnDef::new("user_id").uuid().not_null())
        .col(ColumnDef::new("label").text())
        .col(ColumnDef::new("recipient").text().not_null())
        .col(ColumnDef::new("line1").text().not_null())
        .col(ColumnDef::new("line2").text())
        .col(ColumnDef::new("city").text().not_null())
        .col(ColumnDef::new("province").text())
        .col(ColumnDef::new("postal_code").text().not_null())
        .col(
            ColumnDef::new("country_code")
                .text()
                .not_null()
                .check(Expr::cust("length(country_code) = 2")),
        )
        .col(ColumnDef::new("phone").text())
        .col(ColumnDef::new("is_default_shipping").boolean().not_null())
        .col(ColumnDef::new("is_default_billing").boolean().not_null())
        .foreign_key(&mut of_user("addresses"))
        .to_owned()
}

/// A login and the refresh tokens that follow from it: a family.
fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
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
        .col(ColumnDef::new("user_id").uuid().not_null())
        .col(
            ColumnDef::new("expires_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("revoked_at").timestamp_with_time_zone())
        .col(ColumnDef::new("revoked_because").text().check(Expr::cust(
            "revoked_because IN ('LOGOUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'SUSPENDED')",
        )))
        .foreign_key(&mut of_user("sessions"))
        .check(Expr::cust(
            "(revoked_at IS NULL) = (revoked_because IS NULL)",
        ))
        .to_owned()
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table("refresh_tokens")
        .col(ColumnDef::new("id").uuid().not_null().primary_key())
        .col(ColumnDef::new("session_id").uuid().not_null())
        .col(ColumnDef::new("parent_id").uuid())
        .col(ColumnDef::new("token_hash").text().not_null().unique_key())
        .col(
            ColumnDef::new("issued_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(
            ColumnDef::new("expires_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("used_at").timestamp_with_time_zone())
        .col(ColumnDef::new("replaced_by").uuid())
        .col(ColumnDef::new("repeated_at").timestamp_with_time_zone())
        .foreign_key(
            ForeignKey::create()
                .name("refresh_tokens_session")
                .from("refresh_tokens", "session_id")
                .to("sessions", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .check(Expr::cust("(used_at IS NULL) = (replaced_by IS NULL)"))
        .check(Expr::cust("repeated_at IS NULL OR used_at IS NOT NULL"))
        .to_owned()
}

/// Keyed by a keyed hash of what was typed as e-mail address, whether or not there is such a user.
fn login_failures() -> TableCreateStatement {
    Table::create()
        .table("login_failures")
        .col(
            ColumnDef::new("account_key")
                .text()
                .not_null()
                .primary_key(),
        )
        .col(
            ColumnDef::new("failures")
                .integer()
                .not_null()
                .check(Expr::cust("failures >= 0")),
        )
        .col(
            ColumnDef::new("last_failed_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("blocked_until").timestamp_with_time_zone())
        .to_owned()
}

fn signing_keys() -> TableCreateStatement {
    Table::create()
        .table("signing_keys")
        .col(ColumnDef::new("kid").text().not_null().primary_key())
        .col(
            ColumnDef::new("purpose")
                .text()
                .not_null()
                .check(Expr::cust("purpose IN ('ACCESS_TOKEN')")),
        )
        // PKCS#8 PEM, not encrypted.
        .col(ColumnDef::new("private_key").text().not_null())
        .col(
            ColumnDef::new("created_at")
                .timestamp_with_time_zone()
                .not_null(),
        )
        .col(ColumnDef::new("retired_at").timestamp_with_time_zone())
        .to_owned()
}

fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_user"))
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
