use accounts::demo::{self, DemoAccount};
use auth::Role;
use events::id::UserId;
use serde_json::json;

use crate::fixture::{Shop, config};

#[tokio::test]
async fn a_demo_account_has_the_same_id_everywhere_and_is_created_once() {
    let shop = Shop::open().await;
    let roles = [Role::Catalog, Role::Warehouse, Role::Support];
    for password in ["bazaar-demo", "another"] {
        let deps = &shop.subgraph.deps;
        let account = DemoAccount {
            email: "Staff@bazaar.test",
            password,
            name: "Staff",
            roles: &roles,
        };
        let id = demo::account(&deps.db, &config(), deps.clock.now(), account)
            .await
            .expect("an account");
        assert_eq!(id, UserId::from_name("staff@bazaar.test"));
    }
    assert!(shop.subgraph.events().await.is_empty(), "nobody registered");

    let tokens = shop.login("staff@bazaar.test", "bazaar-demo").await;
    let me = shop
        .subgraph
        .data(
            &tokens.caller(),
            "{ me { email roles profile { name } status } }",
            json!({}),
        )
        .await;
    assert_eq!(
        me["me"],
        json!({
            "email": "Staff@bazaar.test", "roles": ["SUPPORT", "CATALOG", "WAREHOUSE"],
            "profile": { "name": "Staff" }, "status": "ACTIVE",
        })
    );
}
