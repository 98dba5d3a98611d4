//! What the database itself refuses, whatever the code does.

use accounts::entity::{address, user, user_role};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, SqlErr};
use serde_json::json;

use crate::fixture::Shop;

#[tokio::test]
async fn an_e_mail_address_is_unique_in_lower_case() {
    let shop = Shop::open().await;
    let db = &shop.subgraph.deps.db;
    shop.register("budi@bazaar.test").await;
    let siti = shop.register("siti@bazaar.test").await;
    let update = user::Entity::update_many()
        .col_expr(user::Column::EmailKey, Expr::value("budi@bazaar.test"))
        .filter(user::Column::Id.eq(siti.uuid()))
        .exec(db)
        .await;
    let error = update.expect_err("refused").sql_err();
    assert!(
        matches!(error, Some(SqlErr::UniqueConstraintViolation(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn there_are_no_two_defaults_of_a_kind() {
    let shop = Shop::open().await;
    let db = &shop.subgraph.deps.db;
    for email in ["budi@bazaar.test", "siti@bazaar.test"] {
        let (_, tokens) = shop.customer(email).await;
        for _ in 0..2 {
            let input = json!({ "address": {
                "recipient": "B", "line1": "1", "city": "C", "postalCode": "1", "countryCode": "ID",
            } });
            shop.mutate(&tokens.caller(), "addressCreate", "address { id }", input)
                .await;
        }
    }
    for kind in [
        address::Column::IsDefaultShipping,
        address::Column::IsDefaultBilling,
    ] {
        let both = address::Entity::update_many()
            .col_expr(kind, Expr::value(true))
            .exec(db)
            .await;
        let error = both.expect_err("refused").sql_err();
        assert!(
            matches!(error, Some(SqlErr::UniqueConstraintViolation(_))),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn unknown_statuses_roles_and_owners_are_refused() {
    let shop = Shop::open().await;
    let db = &shop.subgraph.deps.db;
    let (id, _) = shop.customer("budi@bazaar.test").await;
    assert!(
        db.execute_unprepared("UPDATE users SET status = 'ODD'")
            .await
            .is_err()
    );
    assert!(
        db.execute_unprepared("UPDATE addresses SET country_code = 'IDN'")
            .await
            .is_ok(),
        "there is none"
    );
    assert!(
        db.execute_unprepared("UPDATE sessions SET revoked_because = 'LOGOUT'")
            .await
            .is_err()
    );

    let now = shop.subgraph.deps.clock.now();
    for (user_id, role) in [
        (id, "GUEST"),
        (id, "KING"),
        (events::id::UserId::generate(), "ADMIN"),
    ] {
        let row = user_role::ActiveModel {
            user_id: Set(user_id.uuid()),
            role: Set(role.to_owned()),
            granted_at: Set(now),
        };
        assert!(
            user_role::Entity::insert(row)
                .exec_without_returning(db)
                .await
                .is_err(),
            "{role}"
        );
    }
}
