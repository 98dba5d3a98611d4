//! The operations the front ends send, as they send them.

use serde_json::json;
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop};

const REGISTER: &str = "mutation AccountRegister($input: AccountRegisterInput!) {
  accountRegister(input: $input) {
    user { id email }
    userErrors { field code message }
  }
}";

const LOGIN: &str = "mutation Login($input: LoginInput!) {
  login(input: $input) {
    session { accessToken refreshToken expiresAt }
    user { id email roles }
    userErrors { field code message }
  }
}";

const REFRESH: &str = "mutation TokenRefresh($input: TokenRefreshInput!) {
  tokenRefresh(input: $input) {
    session { accessToken refreshToken expiresAt }
    userErrors { field code message }
  }
}";

const MY_ACCOUNT: &str = "query MyAccount {
  me {
    id
    email
    profile { name phone locale }
    addresses { id label city country isDefaultShipping isDefaultBilling }
  }
}";

#[tokio::test]
async fn register_login_look_and_refresh() {
    let shop = Shop::open().await;

    let input =
        json!({ "input": { "email": "Budi@bazaar.test", "password": PASSWORD, "name": "Budi" } });
    let registered = shop.subgraph.data(&Caller::Guest, REGISTER, input).await;
    let id = registered["accountRegister"]["user"]["id"].clone();
    assert_eq!(
        registered["accountRegister"],
        json!({ "user": { "id": id, "email": "Budi@bazaar.test" }, "userErrors": [] })
    );

    let input = json!({ "input": { "email": "budi@BAZAAR.test", "password": PASSWORD } });
    let login = shop.subgraph.data(&Caller::Guest, LOGIN, input).await["login"].take();
    assert_eq!(
        login["user"],
        json!({ "id": id, "email": "Budi@bazaar.test", "roles": ["CUSTOMER"] })
    );
    assert_eq!(login["userErrors"], json!([]));

    let input = json!({ "input": { "refreshToken": login["session"]["refreshToken"] } });
    let refreshed = shop.subgraph.data(&Caller::Guest, REFRESH, input).await["tokenRefresh"].take();
    assert_eq!(refreshed["userErrors"], json!([]));

    for session in [&login["session"], &refreshed["session"]] {
        let token = session["accessToken"].as_str().expect("a token").to_owned();
        let mine = shop
            .subgraph
            .data(&Caller::Token(token), MY_ACCOUNT, json!({}))
            .await;
        assert_eq!(
            mine["me"],
            json!({
                "id": id,
                "email": "Budi@bazaar.test",
                "profile": { "name": "Budi", "phone": null, "locale": "id-ID" },
                "addresses": [],
            })
        );
    }
}
