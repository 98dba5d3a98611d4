use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, code, field};

const MINE: &str = "{ me { addresses { id label city isDefaultShipping isDefaultBilling } } }";

fn address(city: &str) -> Value {
    json!({
        "recipient": "Budi", "line1": "Jl. Merdeka 1", "city": city, "province": "DKI Jakarta",
        "postalCode": "10110", "countryCode": "id", "phone": "+62 812",
    })
}

async fn create(shop: &Shop, caller: &Caller, label: &str, shipping: bool, billing: bool) -> Value {
    let input = json!({
        "label": label, "address": address("Jakarta"), "isDefaultShipping": shipping, "isDefaultBilling": billing,
    });
    let payload = shop
        .mutate(caller, "addressCreate", "address { id }", input)
        .await;
    assert_eq!(payload["userErrors"], json!([]));
    payload["address"]["id"].clone()
}

/// Label and defaults (S for shipping, B for billing) of the caller's addresses.
async fn mine(shop: &Shop, caller: &Caller) -> Vec<String> {
    let data = shop.subgraph.data(caller, MINE, json!({})).await;
    let addresses = data["me"]["addresses"].as_array().expect("a list").clone();
    addresses
        .iter()
        .map(|address| {
            let mut line = address["label"].as_str().unwrap_or("-").to_owned();
            for (default, letter) in [("isDefaultShipping", " S"), ("isDefaultBilling", " B")] {
                if address[default] == json!(true) {
                    line.push_str(letter);
                }
            }
            line
        })
        .collect()
}

#[tokio::test]
async fn there_is_one_default_per_kind() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let me = tokens.caller();
    let home = create(&shop, &me, "home", false, false).await;
    assert_eq!(
        mine(&shop, &me).await,
        ["home S B"],
        "the first is the default for both"
    );
    let office = create(&shop, &me, "office", false, true).await;
    create(&shop, &me, "parents", false, false).await;
    assert_eq!(mine(&shop, &me).await, ["home S", "office B", "parents"]);

    let selection = "address { isDefaultShipping isDefaultBilling } user { addresses { id } }";
    let input = json!({ "addressId": office, "kind": "SHIPPING" });
    let payload = shop
        .mutate(&me, "addressSetDefault", selection, input.clone())
        .await;
    assert_eq!(
        payload["address"],
        json!({ "isDefaultShipping": true, "isDefaultBilling": true })
    );
    assert_eq!(
        payload["user"]["addresses"].as_array().map(Vec::len),
        Some(3)
    );
    shop.mutate(&me, "addressSetDefault", selection, input)
        .await;
    assert_eq!(mine(&shop, &me).await, ["home", "office S B", "parents"]);

    let input = json!({ "addressId": home, "kind": "BILLING" });
    shop.mutate(&me, "addressSetDefault", selection, input)
        .await;
    assert_eq!(mine(&shop, &me).await, ["home B", "office S", "parents"]);

    let payload = shop
        .mutate(
            &me,
            "addressDelete",
            "deletedAddressId user { addresses { id } }",
            json!({ "addressId": office }),
        )
        .await;
    assert_eq!(payload["deletedAddressId"], office);
    assert_eq!(
        payload["user"]["addresses"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(mine(&shop, &me).await, ["home B", "parents"]);
}

#[tokio::test]
async fn an_address_is_stored_as_entered_and_can_be_changed() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let id = create(&shop, &tokens.caller(), " home ", false, false).await;
    let selection =
        "address { id label recipient line1 line2 city province postalCode country phone }";

    let mut expected = json!({
        "id": id, "label": "home", "recipient": "Budi", "line1": "Jl. Merdeka 1", "line2": null, "city": "Jakarta",
        "province": "DKI Jakarta", "postalCode": "10110", "country": "ID", "phone": "+62 812",
    });
    let unchanged = shop
        .mutate(
            &tokens.caller(),
            "addressUpdate",
            selection,
            json!({ "addressId": id }),
        )
        .await;
    assert_eq!(unchanged["address"], expected);

    expected["label"] = Value::Null;
    expected["city"] = json!("Bandung");
    let input = json!({ "addressId": id, "label": null, "address": address("Bandung") });
    let changed = shop
        .mutate(&tokens.caller(), "addressUpdate", selection, input)
        .await;
    assert_eq!(changed["address"], expected);
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let id = create(&shop, &tokens.caller(), "home", false, false).await;
    for (name, value) in [
        ("city", " "),
        ("countryCode", "IDN"),
        ("postalCode", ""),
        ("recipient", "a\u{0}b"),
    ] {
        let mut bad = address("Jakarta");
        bad[name] = json!(value);
        for (mutation, input) in [
            ("addressCreate", json!({ "address": bad })),
            ("addressUpdate", json!({ "addressId": id, "address": bad })),
        ] {
            let payload = shop
                .mutate(&tokens.caller(), mutation, "address { id }", input)
                .await;
            assert_eq!(
                (code(&payload), field(&payload)),
                ("ADDRESS_INVALID", &json!(["input", "address", name]))
            );
        }
    }
    let input = json!({ "address": address("Jakarta"), "label": "x".repeat(51) });
    let payload = shop
        .mutate(&tokens.caller(), "addressCreate", "address { id }", input)
        .await;
    assert_eq!(
        (code(&payload), field(&payload)),
        ("ADDRESS_INVALID", &json!(["input", "label"]))
    );
    assert_eq!(mine(&shop, &tokens.caller()).await, ["home S B"]);
}

#[tokio::test]
async fn somebody_elses_address_does_not_exist() {
    let shop = Shop::open().await;
    let (_, budi) = shop.customer("budi@bazaar.test").await;
    let (_, siti) = shop.customer("siti@bazaar.test").await;
    let id = create(&shop, &budi.caller(), "home", false, false).await;
    let unknown = json!(events::id::AddressId::generate());
    for id in [id, unknown, json!("addr_x"), json!("")] {
        for (mutation, input) in [
            ("addressUpdate", json!({ "addressId": id, "label": "mine" })),
            (
                "addressSetDefault",
                json!({ "addressId": id, "kind": "SHIPPING" }),
            ),
            ("addressDelete", json!({ "addressId": id })),
        ] {
            let payload = shop
                .mutate(&siti.caller(), mutation, "user { id }", input.clone())
                .await;
            assert_eq!(
                (code(&payload), &payload["user"]),
                ("ADDRESS_NOT_FOUND", &Value::Null)
            );
            assert_eq!(
                shop.mutate_error(&Caller::Guest, mutation, input).await,
                "UNAUTHENTICATED"
            );
        }
    }
    assert_eq!(mine(&shop, &budi.caller()).await, ["home S B"]);
    assert!(mine(&shop, &siti.caller()).await.is_empty());
}

#[tokio::test]
async fn nobody_saves_more_than_a_hundred() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    for n in 0..98 {
        create(&shop, &tokens.caller(), &n.to_string(), false, false).await;
    }
    let me = tokens.caller();
    let attempts = (0..6).map(|_| {
        let input = json!({ "address": address("Jakarta"), "isDefaultShipping": true });
        shop.mutate(&me, "addressCreate", "address { id }", input)
    });
    let payloads = join_all(attempts).await;
    let refused: Vec<&Value> = payloads
        .iter()
        .filter(|payload| payload["address"].is_null())
        .collect();
    assert_eq!(refused.len(), 4);
    assert!(
        refused
            .iter()
            .all(|payload| code(payload) == "LIMIT_EXCEEDED")
    );
    let lines = mine(&shop, &me).await;
    assert_eq!(lines.len(), 100);
    assert_eq!(lines.iter().filter(|line| line.contains(" S")).count(), 1);
}
