//! `kill -9` in the middle of a checkout: nothing is lost, nothing happens twice.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bazaar::settings::Settings;
use bazaar::shop::Shop;
use chrono::TimeDelta;
use frontend_contract_tests::{Buyer, Client, variant_ids};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::process::{ShopProcess, demo_folder, free_port};

/// Where the process is killed: when an event of this type has been committed by this service.
const KILL_POINTS: [(&str, &str); 11] = [
    ("cart", "cart.line_added.v1"),
    ("order", "order.checkout_requested.v1"),
    ("cart", "cart.checkout_started.v1"),
    ("order", "order.created.v1"),
    ("inventory", "inventory.held.v1"),
    ("payment", "payment.initiated.v1"),
    ("payment", "payment.succeeded.v1"),
    ("inventory", "inventory.reserved.v1"),
    ("order", "order.confirmed.v1"),
    ("inventory", "inventory.stock_changed.v1"),
    ("notification", "notification.email_sent.v1"),
];

/// What a browser tab remembers of its checkout, so that it can go on after an error.
#[derive(Default)]
struct Tab {
    buyer: Option<Buyer>,
}

/// Buys one unit; every step can be repeated, and is, by calling this again.
async fn buy(
    client: Client,
    variant: String,
    name: String,
    tab: Arc<Mutex<Tab>>,
) -> anyhow::Result<Value> {
    let mut tab = tab.lock().await;
    let buyer = match &tab.buyer {
        Some(buyer) => buyer.clone(),
        None => tab
            .buyer
            .insert(Buyer::with_cart(&client, &variant, 1).await?)
            .clone(),
    };
    let order = buyer.checkout(&name).await?;
    if order.detail().await?["paymentStatus"] != "PAID" {
        order.pay(&name, "paid").await?;
    }
    order
        .wait_until("the mail", |order| {
            let timeline = order["timeline"].as_array();
            timeline.is_some_and(|entries| {
                entries
                    .iter()
                    .any(|entry| entry["type"] == "EmailNotificationSent")
            })
        })
        .await
}

async fn open(data: &Path, service: &str) -> DatabaseConnection {
    let url = format!(
        "sqlite://{}?mode=ro",
        data.join(format!("{service}.db")).display()
    );
    Database::connect(url)
        .await
        .expect("the service's database")
}

async fn count(db: &DatabaseConnection, event_type: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM outbox WHERE event_type = '{event_type}'");
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await;
    row.expect("a readable outbox")
        .expect("one row")
        .try_get("", "n")
        .expect("a number")
}

/// E-mails on disk.
fn mails(data: &Path) -> usize {
    std::fs::read_dir(data.join("mail")).map_or(0, |entries| {
        entries
            .filter(|entry| {
                entry
                    .as_ref()
                    .is_ok_and(|e| e.path().extension().is_some_and(|x| x == "eml"))
            })
            .count()
    })
}

async fn number(data: &Path, service: &str, sql: &str) -> i64 {
    let db = open(data, service).await;
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql.to_owned()))
        .await;
    row.expect("a readable database")
        .expect("one row")
        .try_get("", "n")
        .expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkout_survives_a_kill_at_every_step() {
    let folder = demo_folder().await;
    let data = folder.path();
    let port = free_port();
    let mut shop = ShopProcess::start(data, port).await;
    let variant = variant_ids(&shop.client, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let reserved = "SELECT CAST(COALESCE(SUM(reserved), 0) AS BIGINT) AS n FROM stock_levels";
    let on_hand = "SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) AS n FROM stock_levels";
    let before = number(data, "inventory", on_hand).await;

    for (index, (service, event_type)) in KILL_POINTS.into_iter().enumerate() {
        let tab = Arc::new(Mutex::new(Tab::default()));
        let name = format!("kill-{index}");
        let outbox = open(data, service).await;
        let earlier = count(&outbox, event_type).await;
        let buying = tokio::spawn(buy(
            shop.client.clone(),
            variant.clone(),
            name.clone(),
            tab.clone(),
        ));
        let deadline = Instant::now() + Duration::from_secs(60);
        while count(&outbox, event_type).await == earlier {
            assert!(Instant::now() < deadline, "{event_type} never came");
            assert!(
                !buying.is_finished() || service == "notification",
                "the checkout ended before {event_type}"
            );
            tokio::task::yield_now().await;
        }
        shop.kill().await;
        outbox.close().await.expect("closes");
        // The tab saw an error, or had finished just before.
        let _ = buying.await.expect("no panic");

        shop = ShopProcess::start(data, port).await;
        let order = buy(shop.client.clone(), variant.clone(), name, tab).await;
        let order = order.unwrap_or_else(|error| panic!("after a kill at {event_type}: {error:#}"));
        assert_eq!(
            order["status"], "CONFIRMED",
            "after a kill at {event_type}: {order:#}"
        );
        assert_eq!(
            mails(data),
            index + 1,
            "one mail an order, after a kill at {event_type}"
        );
    }

    let orders = KILL_POINTS.len() as i64;
    let confirmed =
        "SELECT COUNT(*) AS n FROM orders WHERE status = 'CONFIRMED' AND payment_status = 'PAID'";
    assert_eq!(number(data, "order", confirmed).await, orders);
    assert_eq!(
        number(data, "inventory", reserved).await,
        0,
        "no hold is left"
    );
    assert_eq!(
        number(data, "inventory", on_hand).await,
        before - orders,
        "each order took its unit once"
    );
    assert_eq!(mails(data) as i64, orders);
    assert!(shop.terminate().await, "the shop stops when asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_comes_back_for_is_released() {
    let folder = demo_folder().await;
    let data = folder.path();
    let port = free_port();
    let mut shop = ShopProcess::start(data, port).await;
    let variant = variant_ids(&shop.client, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();

    for (index, (service, event_type)) in KILL_POINTS.into_iter().enumerate().skip(1).take(5) {
        let outbox = open(data, service).await;
        let earlier = count(&outbox, event_type).await;
        let tab = Arc::new(Mutex::new(Tab::default()));
        let buying = tokio::spawn(buy(
            shop.client.clone(),
            variant.clone(),
            format!("gone-{index}"),
            tab,
        ));
        let deadline = Instant::now() + Duration::from_secs(60);
        while count(&outbox, event_type).await == earlier {
            assert!(Instant::now() < deadline, "{event_type} never came");
            tokio::task::yield_now().await;
        }
        shop.kill().await;
        outbox.close().await.expect("closes");
        let _ = buying.await.expect("no panic");
        shop = ShopProcess::start(data, port).await;
    }
    shop.kill().await;

    // The same folder, in this process, where time can be moved.
    let settings = Settings {
        port: 0,
        data: data.to_owned(),
        ..Settings::default()
    };
    let shop = Shop::start(settings).await.expect("the shop starts");
    shop.clock().advance(TimeDelta::minutes(40));
    let open_orders = "SELECT COUNT(*) AS n FROM orders WHERE status = 'PENDING'";
    let holds = "SELECT COUNT(*) AS n FROM reservations WHERE state = 'HELD'";
    let deadline = Instant::now() + Duration::from_secs(60);
    while number(data, "order", open_orders).await + number(data, "inventory", holds).await > 0 {
        assert!(Instant::now() < deadline, "something is still held");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mismatch = "SELECT COUNT(*) AS n FROM orders WHERE status NOT IN ('EXPIRED', 'CANCELLED', 'CONFIRMED')";
    assert_eq!(number(data, "order", mismatch).await, 0);
    let confirmed = number(
        data,
        "order",
        "SELECT COUNT(*) AS n FROM orders WHERE status = 'CONFIRMED'",
    )
    .await;
    let mailed = tokio::time::timeout(Duration::from_secs(60), async {
        while mails(data) as i64 != confirmed {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    mailed
        .await
        .expect("one mail for each order that was confirmed after all");
    shop.stop().await.expect("stops");
}
