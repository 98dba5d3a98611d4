//! What staff see and do.

use auth::Role;
use events::Event;
use events::id::{StockLevelId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, keeper, variant};

const STOCK_ADJUST: &str = "mutation StockAdjust($input: StockAdjustInput!) {
  stockAdjust(input: $input) {
    stockLevel { id onHand reserved available warehouse { code name } }
    userErrors { field code message }
  }
}";

const STOCK_HISTORY: &str = "query StockHistory($variantId: ID!, $first: Int, $after: String) {
  stockHistory(variantId: $variantId, first: $first, after: $after) {
    nodes { id deltaOnHand deltaReserved reason actor balanceAfter createdAt }
    pageInfo { hasNextPage endCursor }
  }
}";

fn adjustment(sku: &str, delta: i64, key: &str) -> Value {
    json!({
        "variantId": variant(sku), "warehouseCode": "MAIN", "delta": delta, "reason": "counted again",
        "idempotencyKey": key,
    })
}

async fn adjust(shop: &Shop, caller: &Caller, input: Value) -> Value {
    shop.service
        .data(caller, STOCK_ADJUST, json!({ "input": input }))
        .await["stockAdjust"]
        .take()
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn an_adjustment_changes_the_level_its_history_and_tells() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let before = shop.spoken().await;
    let payload = adjust(&shop, &keeper(), adjustment("A", -2, "k1")).await;
    assert_eq!(payload["userErrors"], json!([]));
    let level = &payload["stockLevel"];
    assert_eq!(
        (&level["onHand"], &level["reserved"], &level["available"]),
        (&json!(6), &json!(0), &json!(6))
    );
    assert_eq!(
        level["warehouse"],
        json!({ "code": "MAIN", "name": "Main warehouse" })
    );
    assert_eq!(shop.spoken().await, before + 1);

    let history = shop
        .service
        .data(
            &keeper(),
            STOCK_HISTORY,
            json!({ "variantId": variant("A") }),
        )
        .await;
    let newest = &history["stockHistory"]["nodes"][0];
    assert_eq!(newest["deltaOnHand"], -2);
    assert_eq!(newest["deltaReserved"], 0);
    assert_eq!(newest["balanceAfter"], 6);
    assert_eq!(newest["reason"], "counted again");
    assert_eq!(newest["actor"], json!(UserId::from_name("keeper")));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let first = adjust(&shop, &keeper(), adjustment("A", 2, "k1")).await;
    shop.hear(shop.created("o", &[("A", 3)])).await;
    let spoken = shop.spoken().await;
    assert_eq!(
        adjust(&shop, &keeper(), adjustment("A", 2, "k1")).await,
        first
    );
    assert_eq!(shop.units("A").await, (10, 3));
    assert_eq!(shop.spoken().await, spoken);

    // The same key for something else.
    assert_eq!(
        code(&adjust(&shop, &keeper(), adjustment("A", 3, "k1")).await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(shop.units("A").await, (10, 3));
    // Another person's key is another key.
    let other = Caller::Staff(UserId::from_name("other"), vec![Role::Admin]);
    assert_eq!(
        code(&adjust(&shop, &other, adjustment("A", 3, "k1")).await),
        "none"
    );
    assert_eq!(shop.units("A").await, (13, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_sent_twice_at_once_counts_once() {
    let shop = std::sync::Arc::new(Shop::with(&[("A", 8, 0)]).await);
    let sends: Vec<_> = (0..20)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { adjust(&shop, &keeper(), adjustment("A", 1, "k1")).await })
        })
        .collect();
    for send in sends {
        let payload = send.await.expect("answered");
        assert_eq!(payload["stockLevel"]["onHand"], 9, "{payload}");
    }
    assert_eq!(shop.units("A").await, (9, 0));
}

/// The first takes all there is: for the others too little is left, but theirs is the same request.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_sent_twice_at_once_takes_the_last_units_once() {
    let shop = std::sync::Arc::new(Shop::with(&[("A", 8, 0)]).await);
    let sends: Vec<_> = (0..20)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { adjust(&shop, &keeper(), adjustment("A", -8, "k1")).await })
        })
        .collect();
    for send in sends {
        let payload = send.await.expect("answered");
        assert_eq!(payload["stockLevel"]["onHand"], 0, "{payload}");
    }
    assert_eq!(shop.units("A").await, (0, 0));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    shop.hear(shop.created("o", &[("A", 3)])).await;
    let spoken = shop.spoken().await;
    let change = |field: &str, value: Value| {
        let mut input = adjustment("A", 1, "k");
        input[field] = value;
        input
    };
    let cases = [
        (
            change("delta", json!(-6)),
            "ADJUSTMENT_BELOW_RESERVED",
            "delta",
        ),
        (change("delta", json!(0)), "QUANTITY_INVALID", "delta"),
        (
            change("delta", json!(i32::MAX)),
            "QUANTITY_INVALID",
            "delta",
        ),
        (
            change("delta", json!(i32::MIN)),
            "QUANTITY_INVALID",
            "delta",
        ),
        (
            change("delta", json!(1_000_000_000)),
            "QUANTITY_INVALID",
            "delta",
        ),
        (change("reason", json!("  ")), "REASON_REQUIRED", "reason"),
        (
            change("reason", json!("x".repeat(201))),
            "INPUT_INVALID",
            "reason",
        ),
        (
            change("reason", json!("a\u{7}b")),
            "INPUT_INVALID",
            "reason",
        ),
        (
            change("idempotencyKey", json!("")),
            "INPUT_INVALID",
            "idempotencyKey",
        ),
        (
            change("variantId", json!(variant("never-seen"))),
            "VARIANT_UNKNOWN",
            "variantId",
        ),
        (
            change("variantId", json!("prod_1")),
            "VARIANT_UNKNOWN",
            "variantId",
        ),
        (
            change("warehouseCode", json!("NOWHERE")),
            "WAREHOUSE_NOT_FOUND",
            "warehouseCode",
        ),
    ];
    for (input, expected, field) in cases {
        let payload = adjust(&shop, &keeper(), input.clone()).await;
        assert_eq!(code(&payload), expected, "{input}");
        assert_eq!(
            payload["userErrors"][0]["field"],
            json!(["input", field]),
            "{input}"
        );
        assert_eq!(payload["stockLevel"], Value::Null, "{input}");
    }
    assert_eq!(shop.units("A").await, (8, 3));
    assert_eq!(shop.spoken().await, spoken);
    // Down to what is set aside is allowed.
    assert_eq!(
        code(&adjust(&shop, &keeper(), adjustment("A", -5, "k2")).await),
        "none"
    );
    assert_eq!(shop.units("A").await, (3, 3));
}

#[tokio::test]
async fn a_closed_warehouse_takes_no_adjustments() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let warehouses = shop
        .service
        .data(&keeper(), "{ warehouses { nodes { id code } } }", json!({}))
        .await;
    let main = warehouses["warehouses"]["nodes"][0]["id"].clone();
    let update = "mutation ($input: WarehouseUpdateInput!) { warehouseUpdate(input: $input) { userErrors { code } } }";
    shop.service
        .data(
            &keeper(),
            update,
            json!({ "input": { "id": main, "isActive": false } }),
        )
        .await;
    assert_eq!(
        code(&adjust(&shop, &keeper(), adjustment("A", 1, "k")).await),
        "WAREHOUSE_INACTIVE"
    );
}

#[tokio::test]
async fn stock_can_be_put_to_a_variant_the_catalog_told_about() {
    let shop = Shop::with(&[]).await;
    assert_eq!(
        code(&adjust(&shop, &keeper(), adjustment("NEW", 4, "k")).await),
        "VARIANT_UNKNOWN"
    );
    shop.hear(shop.product("NEW", "Newest", 5)).await;
    // Older news comes late and is ignored.
    shop.hear(shop.product("NEW", "Older", 4)).await;
    assert_eq!(
        code(&adjust(&shop, &keeper(), adjustment("NEW", 4, "k")).await),
        "none"
    );
    assert_eq!(shop.units("NEW").await, (4, 0));
    use sea_orm::EntityTrait;
    let known = inventory::entity::known_variant::Entity::find()
        .all(&shop.service.deps.db)
        .await
        .expect("known");
    assert_eq!(
        known
            .iter()
            .map(|row| (row.name.as_str(), row.product_version))
            .collect::<Vec<_>>(),
        [("Newest", 5)]
    );
}

#[tokio::test]
async fn the_history_is_paged_newest_first() {
    let shop = Shop::with(&[("A", 100, 0)]).await;
    for n in 1..=5 {
        adjust(&shop, &keeper(), adjustment("A", n, &n.to_string())).await;
    }
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "variantId": variant("A"), "first": 2, "after": after });
        let page =
            shop.service.data(&keeper(), STOCK_HISTORY, variables).await["stockHistory"].take();
        seen.extend(
            page["nodes"]
                .as_array()
                .expect("nodes")
                .iter()
                .map(|n| n["deltaOnHand"].as_i64().expect("int")),
        );
        // What is added meanwhile does not shift the pages.
        adjust(
            &shop,
            &keeper(),
            adjustment("A", 50, &format!("x{}", seen.len())),
        )
        .await;
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, [5, 4, 3, 2, 1, 100]);

    let foreign = shop
        .service
        .data(&keeper(), STOCK_HISTORY, json!({ "variantId": "prod_1" }))
        .await;
    assert_eq!(foreign["stockHistory"], Value::Null);
    for bad in [
        json!({ "first": 0 }),
        json!({ "first": 101 }),
        json!({ "after": "nonsense" }),
    ] {
        let mut variables = bad.clone();
        variables["variantId"] = json!(variant("A"));
        let response = shop
            .service
            .execute(&keeper(), STOCK_HISTORY, variables)
            .await;
        assert_eq!(
            response["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{bad}"
        );
    }
}

const STOCK_LEVELS: &str = "query ($filter: StockLevelFilter, $first: Int, $after: String) {
    stockLevels(filter: $filter, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        edges { cursor node { id isLow onHand warehouse { code } variant { id stock { available } } } } } }";

async fn levels(shop: &Shop, filter: Value) -> Vec<(i64, String)> {
    let data = shop
        .service
        .data(
            &keeper(),
            STOCK_LEVELS,
            json!({ "filter": filter, "first": 100 }),
        )
        .await;
    let edges = data["stockLevels"]["edges"].as_array().expect("edges");
    assert_eq!(
        data["stockLevels"]["totalCount"].as_u64(),
        Some(edges.len() as u64)
    );
    let mut found: Vec<(i64, String)> = edges
        .iter()
        .map(|edge| {
            let node = &edge["node"];
            (
                node["onHand"].as_i64().expect("int"),
                node["warehouse"]["code"]
                    .as_str()
                    .expect("a code")
                    .to_owned(),
            )
        })
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn stock_levels_are_filtered() {
    let shop = Shop::with(&[("A", 11, 12), ("B", 3, 14)]).await;
    let at = |units: i64, code: &str| (units, code.to_owned());
    assert_eq!(levels(&shop, json!({})).await.len(), 4);
    assert_eq!(
        levels(&shop, json!({ "skus": ["A"] })).await,
        [at(11, "MAIN"), at(12, "EAST")]
    );
    assert_eq!(
        levels(&shop, json!({ "variantIds": [variant("B"), "junk"] })).await,
        [at(3, "MAIN"), at(14, "EAST")]
    );
    assert_eq!(
        levels(&shop, json!({ "warehouseCodes": ["EAST"], "skus": ["B"] })).await,
        [at(14, "EAST")]
    );
    assert_eq!(
        levels(&shop, json!({ "isLow": true })).await,
        [at(3, "MAIN")]
    );
    assert_eq!(levels(&shop, json!({ "isLow": false })).await.len(), 3);
    assert_eq!(levels(&shop, json!({ "variantIds": ["junk"] })).await, []);
}

#[tokio::test]
async fn stock_levels_are_paged_and_cost_the_same_for_any_number_of_rows() {
    let skus: Vec<String> = (0..30).map(|n| format!("SKU-{n}")).collect();
    let stock: Vec<(&str, i64, i64)> = skus.iter().map(|sku| (sku.as_str(), 3, 4)).collect();
    let shop = Shop::with(&stock).await;
    let mut costs = Vec::new();
    for first in [5, 50] {
        let before = shop.service.statements.count();
        let data = shop
            .service
            .data(&keeper(), STOCK_LEVELS, json!({ "first": first }))
            .await;
        assert_eq!(
            data["stockLevels"]["edges"]
                .as_array()
                .expect("edges")
                .len(),
            first
        );
        costs.push(shop.service.statements.count() - before);
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[0], 4, "page, count, warehouses, availability");

    let mut ids = std::collections::HashSet::new();
    let mut after = Value::Null;
    loop {
        let page = shop
            .service
            .data(
                &keeper(),
                STOCK_LEVELS,
                json!({ "first": 7, "after": after }),
            )
            .await;
        let page = &page["stockLevels"];
        assert_eq!(page["totalCount"], 60);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        for edge in page["edges"].as_array().expect("edges") {
            assert!(
                ids.insert(edge["node"]["id"].as_str().expect("an id").to_owned()),
                "twice"
            );
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(ids.len(), 60);
}

#[tokio::test]
async fn a_threshold_that_makes_a_level_low_is_told() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let set = "mutation ($input: StockThresholdSetInput!) { stockThresholdSet(input: $input) {
        stockLevel { lowThreshold isLow } userErrors { field code } } }";
    let input = |threshold: i64| json!({ "input": { "variantId": variant("A"), "warehouseCode": "MAIN", "lowThreshold": threshold } });
    let before = shop.spoken().await;
    for _ in 0..2 {
        let data = shop.service.data(&keeper(), set, input(20)).await;
        let expected =
            json!({ "stockLevel": { "lowThreshold": 20, "isLow": true }, "userErrors": [] });
        assert_eq!(data["stockThresholdSet"], expected);
    }
    let said = shop.said_since(before).await;
    assert!(
        matches!(said.as_slice(), [Event::LowStock(low)] if low.threshold == 20 && low.available == 8),
        "{said:?}"
    );
    let data = shop.service.data(&keeper(), set, input(-1)).await;
    assert_eq!(
        data["stockThresholdSet"],
        json!({ "stockLevel": null, "userErrors": [{ "field": ["input", "lowThreshold"], "code": "QUANTITY_INVALID" }] })
    );
}

#[tokio::test]
async fn warehouses_are_opened_and_changed() {
    let shop = Shop::with(&[]).await;
    let create = "mutation ($input: WarehouseCreateInput!) { warehouseCreate(input: $input) {
        warehouse { id code name priority isActive version } userErrors { field code } } }";
    let new = json!({ "input": { "code": "north", "name": " North hall ", "priority": 0 } });
    let made = shop.service.data(&keeper(), create, new.clone()).await["warehouseCreate"].take();
    let warehouse = &made["warehouse"];
    assert_eq!(
        (&warehouse["code"], &warehouse["name"]),
        (&json!("NORTH"), &json!("North hall"))
    );
    let again = shop.service.data(&keeper(), create, new).await;
    assert_eq!(
        again["warehouseCreate"],
        json!({ "warehouse": null, "userErrors": [{ "field": ["input", "code"], "code": "WAREHOUSE_CODE_TAKEN" }] })
    );
    let data = shop
        .service
        .data(&keeper(), "{ warehouses { nodes { code } } }", json!({}))
        .await;
    assert_eq!(
        data["warehouses"]["nodes"],
        json!([{ "code": "NORTH" }, { "code": "MAIN" }, { "code": "EAST" }])
    );

    let update = "mutation ($input: WarehouseUpdateInput!) { warehouseUpdate(input: $input) {
        warehouse { name priority version } userErrors { field code } } }";
    let change = async |input: Value| {
        shop.service
            .data(&keeper(), update, json!({ "input": input }))
            .await["warehouseUpdate"]
            .take()
    };
    let renamed = change(json!({ "id": warehouse["id"], "name": "Hall", "version": 1 })).await;
    assert_eq!(
        renamed,
        json!({ "warehouse": { "name": "Hall", "priority": 0, "version": "2" }, "userErrors": [] })
    );
    let stale = change(json!({ "id": warehouse["id"], "name": "Hall 2", "version": 1 })).await;
    assert_eq!(
        stale["userErrors"],
        json!([{ "field": ["input", "version"], "code": "STALE_VERSION" }])
    );
    let unknown = change(json!({ "id": StockLevelId::generate(), "name": "Hall 2" })).await;
    assert_eq!(
        unknown["userErrors"],
        json!([{ "field": ["input", "id"], "code": "WAREHOUSE_NOT_FOUND" }])
    );
}

#[tokio::test]
async fn warehouses_are_paged_in_the_order_of_serving() {
    let shop = Shop::with(&[]).await;
    let create = "mutation ($input: WarehouseCreateInput!) { warehouseCreate(input: $input) {
        userErrors { code } } }";
    // Two with the same priority: the code decides.
    for code in ["SOUTH", "NORTH"] {
        let input = json!({ "code": code, "name": code, "priority": 0 });
        shop.service
            .data(&keeper(), create, json!({ "input": input }))
            .await;
    }

    let page = "query ($after: String) { warehouses(first: 1, after: $after) {
        edges { cursor node { code } } nodes { code }
        pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }";
    let mut codes = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = shop
            .service
            .data(&keeper(), page, json!({ "after": after }))
            .await;
        let found = &data["warehouses"];
        let info = &found["pageInfo"];
        assert_eq!(found["totalCount"], 4);
        assert_eq!(found["edges"][0]["node"], found["nodes"][0]);
        assert_eq!(found["edges"][0]["cursor"], info["endCursor"]);
        assert_eq!(info["hasPreviousPage"], json!(!codes.is_empty()));
        codes.push(
            found["nodes"][0]["code"]
                .as_str()
                .expect("a code")
                .to_owned(),
        );
        if info["hasNextPage"] == false {
            break;
        }
        after = info["endCursor"].clone();
    }
    assert_eq!(codes, ["NORTH", "SOUTH", "MAIN", "EAST"]);
}

#[tokio::test]
async fn only_who_may_sees_and_changes_stock() {
    let shop = Shop::with(&[("A", 8, 0)]).await;
    let spoken = shop.spoken().await;
    let refusals = [
        (Caller::Guest, "UNAUTHENTICATED"),
        (Caller::Customer(UserId::from_name("buyer")), "FORBIDDEN"),
        (
            Caller::Staff(UserId::from_name("support"), vec![Role::Support]),
            "FORBIDDEN",
        ),
    ];
    let operations = [
        (STOCK_ADJUST, json!({ "input": adjustment("A", 1, "k") })),
        (STOCK_HISTORY, json!({ "variantId": variant("A") })),
        (STOCK_LEVELS, json!({})),
        ("{ warehouses { nodes { code } } }", json!({})),
        (
            "mutation { stockThresholdSet(input: { variantId: \"x\", warehouseCode: \"MAIN\", lowThreshold: 1 }) { userErrors { code } } }",
            json!({}),
        ),
        (
            "mutation { warehouseCreate(input: { code: \"X\", name: \"X\" }) { userErrors { code } } }",
            json!({}),
        ),
        (
            "mutation { warehouseUpdate(input: { id: \"x\" }) { userErrors { code } } }",
            json!({}),
        ),
    ];
    for (caller, expected) in &refusals {
        for (operation, variables) in &operations {
            let response = shop
                .service
                .execute(caller, operation, variables.clone())
                .await;
            assert_eq!(
                response["errors"][0]["extensions"]["code"], *expected,
                "{caller:?} {operation}: {response}"
            );
        }
    }
    assert_eq!(shop.units("A").await, (8, 0));
    assert_eq!(shop.spoken().await, spoken);

    // References: there is nothing there for others.
    let level = shop.levels("A").await.remove(0);
    let of = json!({ "of": [
        { "__typename": "StockLevel", "id": StockLevelId::from_uuid(level.id) },
        { "__typename": "Warehouse", "id": events::id::WarehouseId::from_uuid(level.warehouse_id) },
    ] });
    let entities = "query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on StockLevel { onHand } ... on Warehouse { name } } }";
    let public = shop
        .service
        .data(&Caller::Guest, entities, of.clone())
        .await;
    assert_eq!(public["_entities"], json!([null, null]));
    let staff = shop.service.data(&keeper(), entities, of).await;
    assert!(
        staff["_entities"][0]["onHand"].is_i64() && staff["_entities"][1]["name"].is_string(),
        "{staff}"
    );
}
