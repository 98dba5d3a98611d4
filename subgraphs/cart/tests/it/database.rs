//! What the database itself refuses.

use ::cart::entity::cart::{self, CartStatus};
use ::cart::entity::cart_line;
use events::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, SqlErr,
};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, quantities};

fn is_check(error: &DbErr) -> bool {
    error
        .to_string()
        .to_lowercase()
        .contains("check constraint")
}

#[tokio::test]
async fn a_cart_never_holds_more_than_its_capacity() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 10)]).await;
    let db = &shop.subgraph.deps.db;
    let of_cart = cart::Column::Id.eq(cart.cart_id().uuid());

    for total in [11, -1] {
        let refused = cart::Entity::update_many()
            .col_expr(cart::Column::TotalQuantity, Expr::value(total))
            .filter(of_cart.clone())
            .exec(db)
            .await
            .expect_err("refused");
        assert!(is_check(&refused), "{refused}");
    }
    let refused = cart::Entity::update_many()
        .col_expr(cart::Column::Capacity, Expr::value(9))
        .filter(of_cart)
        .exec(db)
        .await
        .expect_err("refused");
    assert!(is_check(&refused), "{refused}");
    for quantity in [11, 0, -1] {
        let refused = cart_line::Entity::update_many()
            .col_expr(cart_line::Column::Quantity, Expr::value(quantity))
            .exec(db)
            .await
            .expect_err("refused");
        assert!(is_check(&refused), "{refused}");
    }
    // A line cannot claim more room than its cart has.
    cart_line::Entity::update_many()
        .col_expr(cart_line::Column::Capacity, Expr::value(99))
        .exec(db)
        .await
        .expect_err("the foreign key refuses");
    assert_eq!(quantities(&shop.look(&cart).await), [(shirt, 10)]);
}

#[tokio::test]
async fn a_user_has_one_live_cart_and_a_variant_one_line() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let view = shop
        .changed(&Caller::Customer(user_id), "cartCreate", json!({}))
        .await;
    let guest = shop.guest_cart().await;
    shop.add(&guest, &[(shirt, 1)]).await;
    let db = &shop.subgraph.deps.db;

    let id = view["id"]
        .as_str()
        .expect("an id")
        .parse::<events::id::CartId>()
        .expect("an id");
    let mine = cart::Entity::find_by_id(id.uuid())
        .one(db)
        .await
        .expect("readable")
        .expect("there");
    let mut second = mine.clone().into_active_model().reset_all();
    second.id = Set(events::id::CartId::generate().uuid());
    let refused = second
        .clone()
        .insert(db)
        .await
        .expect_err("one live cart per user");
    assert!(
        matches!(
            refused.sql_err(),
            Some(SqlErr::UniqueConstraintViolation(_))
        ),
        "{refused}"
    );
    second.status = Set(CartStatus::Converted);
    second.insert(db).await.expect("any number that are over");

    let line = cart_line::Entity::find()
        .one(db)
        .await
        .expect("readable")
        .expect("there");
    let mut twin = line.into_active_model().reset_all();
    twin.id = Set(events::id::CartLineId::generate().uuid());
    let refused = twin.insert(db).await.expect_err("one line per variant");
    assert!(
        matches!(
            refused.sql_err(),
            Some(SqlErr::UniqueConstraintViolation(_))
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn tokens_are_stored_as_hashes_only() {
    let shop = Shop::open().await;
    let guest = shop.guest_cart().await;
    let row = cart::Entity::find()
        .one(&shop.subgraph.deps.db)
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(row.token_hash, Some(auth::hash_token(&guest.token)));
    assert!(!format!("{row:?}").contains(&guest.token));
}
