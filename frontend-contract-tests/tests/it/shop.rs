//! A private shop on a free port with a folder of its own.

use std::path::Path;

use bazaar::settings::Settings;
use bazaar::shop::Shop;
use frontend_contract_tests::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A running shop with demo data.
pub(crate) struct TestShop {
    pub(crate) shop: Shop,
    pub(crate) guest: Client,
    pub(crate) folder: TempDir,
}

impl TestShop {
    pub(crate) async fn start() -> Self {
        let folder = demo_folder().await;
        let settings = Settings {
            port: 0,
            data: folder.path().to_owned(),
            expose_fetch_counts: true,
            ..Settings::default()
        };
        let shop = Shop::start(settings).await.expect("the shop starts");
        let guest = Client::new(shop.url());
        Self {
            shop,
            guest,
            folder,
        }
    }

    pub(crate) async fn customer(&self) -> Client {
        self.guest
            .login("customer@bazaar.test", "bazaar-demo")
            .await
            .expect("the demo customer signs in")
    }

    pub(crate) async fn staff(&self) -> Client {
        self.guest
            .login("staff@bazaar.test", "bazaar-demo")
            .await
            .expect("the demo staff signs in")
    }

    pub(crate) async fn admin(&self) -> Client {
        self.guest
            .login("admin@bazaar.test", "bazaar-demo")
            .await
            .expect("the demo admin signs in")
    }

    /// Units on hand and set aside of a variant, over all warehouses.
    pub(crate) async fn stock(&self, variant_id: &str) -> (i64, i64) {
        let query = "query ($filter: StockLevelFilter) { stockLevels(filter: $filter) { nodes { onHand reserved } } }";
        let variables = json!({ "filter": { "variantIds": [variant_id] } });
        let answer = self
            .staff()
            .await
            .send(query, None, variables)
            .await
            .expect("an answer");
        let levels = answer["data"]["stockLevels"]["nodes"]
            .as_array()
            .unwrap_or_else(|| panic!("{answer:#}"))
            .clone();
        let sum = |field: &str| {
            levels
                .iter()
                .filter_map(|level| level[field].as_i64())
                .sum()
        };
        (sum("onHand"), sum("reserved"))
    }

    /// Sets the units on hand of a variant to exactly `units`, all in the main warehouse.
    pub(crate) async fn set_stock(&self, variant_id: &str, units: i64) {
        let staff = self.staff().await;
        let query = "query ($filter: StockLevelFilter) {
            stockLevels(filter: $filter) { nodes { onHand warehouse { code } } }
        }";
        let variables = json!({ "filter": { "variantIds": [variant_id] } });
        let answer = staff.send(query, None, variables).await.expect("an answer");
        let levels = answer["data"]["stockLevels"]["nodes"]
            .as_array()
            .expect("levels")
            .clone();
        for (warehouse, wanted) in [("MAIN", units), ("EAST", 0)] {
            let level = levels
                .iter()
                .find(|level| level["warehouse"]["code"] == warehouse);
            let on_hand = level
                .and_then(|level| level["onHand"].as_i64())
                .unwrap_or(0);
            if on_hand == wanted {
                continue;
            }
            let input = json!({
                "variantId": variant_id, "warehouseCode": warehouse, "delta": wanted - on_hand,
                "reason": "count", "idempotencyKey": format!("count-{warehouse}-{variant_id}-{units}"),
            });
            let data = staff
                .run(
                    frontend_contract_tests::Front::Staff,
                    "StockAdjust",
                    json!({ "input": input }),
                )
                .await
                .expect("an answer");
            frontend_contract_tests::accepted(&data["stockAdjust"]).expect("adjusted");
        }
    }

    /// The e-mails on disk.
    pub(crate) fn mails(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("mail")) else {
            return Vec::new();
        };
        entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .map(|path| std::fs::read_to_string(path).expect("a readable mail"))
            .collect()
    }
}

/// A folder with demo data, copied from one that the first test makes.
async fn demo_folder() -> TempDir {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-shop");
    let program = std::env::current_exe().expect("this test");
    test_support::copy_of_template(&cache, &program, async |folder| {
        let settings = Settings {
            port: 0,
            data: folder.to_owned(),
            ..Settings::default()
        };
        let shop = Shop::start(settings).await.expect("the shop starts");
        shop.stop().await.expect("the shop stops");
    })
    .await
}

/// The code of the first user error of a payload.
pub(crate) fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("no user error in {payload:#}"))
}
