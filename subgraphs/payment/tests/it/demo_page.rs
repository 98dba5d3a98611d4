//! The demo provider's page and its webhooks over real HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::TimeDelta;
use events::id::PaymentId;
use payment::entity::demo_webhook;
use payment::provider::PaymentAction;
use sea_orm::EntityTrait;
use test_support::wait_for;
use tower::ServiceExt;

use crate::shop::Shop;

async fn page_of(shop: &Shop, payment: PaymentId) -> String {
    match shop.row(payment).await.action().expect("an action") {
        PaymentAction::Redirect { url } => url
            .strip_prefix("http://shop.test")
            .expect("ours")
            .to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn owed(shop: &Shop) -> Vec<demo_webhook::Model> {
    demo_webhook::Entity::find()
        .all(&shop.subgraph.deps.db)
        .await
        .expect("readable")
}

#[tokio::test]
async fn the_page_shows_the_amount_and_three_buttons_and_loads_nothing() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let (status, headers, page) = shop.get(&page_of(&shop, payment).await).await;
    assert_eq!(status, 200);
    assert!(page.contains("IDR 138750"), "{page}");
    for label in [">Pay<", ">Decline<", ">Let it expire<"] {
        assert!(page.contains(label), "{label}");
    }
    for foreign in ["src=", "href=", "@import", "url(", "<script"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let policy = headers["content-security-policy"].to_str().expect("text");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn without_the_right_token_there_is_no_page() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let other = shop.attempt(&shop.order().await, "key").await;
    let token_of_other = page_of(&shop, other)
        .await
        .split_once("token=")
        .expect("a token")
        .1
        .to_owned();
    for url in [
        format!("/pay/demo/{payment}"),
        format!("/pay/demo/{payment}?token="),
        format!("/pay/demo/{payment}?token=wrong"),
        format!("/pay/demo/{payment}?token={token_of_other}"),
        format!("/pay/demo/{}?token={token_of_other}", PaymentId::generate()),
        "/pay/demo/%3Cscript%3E?token=x".to_owned(),
    ] {
        let (status, _, body) = shop.get(&url).await;
        assert_eq!(
            (status.as_u16(), body.as_str()),
            (404, "No such payment."),
            "{url}"
        );
        assert_eq!(shop.post_form(&url, "outcome=paid").await.0, 404, "{url}");
    }
    assert!(owed(&shop).await.is_empty());
}

#[tokio::test]
async fn each_outcome_reaches_the_shop_by_signed_webhook_over_http() {
    for (outcome, headline, status, event) in [
        ("paid", "Paid", "PAID", "payment.succeeded"),
        ("declined", "Declined", "FAILED", "payment.failed"),
        ("expired", "Expired", "EXPIRED", "payment.expired"),
    ] {
        let shop = Shop::open().await;
        shop.webhook_base_url
            .set(shop.serve().await.parse().expect("an address"));
        let bought = shop.order().await;
        let payment = shop.attempt(&bought, "key").await;
        let url = page_of(&shop, payment).await;

        let (answer, headers, _) = shop.post_form(&url, &format!("outcome={outcome}")).await;
        assert_eq!(answer, 303);
        assert_eq!(headers["location"].to_str().expect("text"), url);
        let (_, _, page) = shop.get(&url).await;
        assert!(page.contains(&format!("<h1>{headline}</h1>")), "{page}");

        shop.wait_for_status(payment, status).await;
        assert_eq!(
            shop.event_types(&bought).await,
            ["payment.initiated", event]
        );
        wait_for("the webhook is marked as delivered", || async {
            owed(&shop).await[0].delivered_at.map(|_| ())
        })
        .await;
    }
}

#[tokio::test]
async fn a_second_choice_changes_nothing() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let url = page_of(&shop, payment).await;
    for outcome in ["declined", "paid", "expired", "declined"] {
        assert_eq!(
            shop.post_form(&url, &format!("outcome={outcome}")).await.0,
            303
        );
    }
    let (_, _, page) = shop.get(&url).await;
    assert!(page.contains("<h1>Declined</h1>"), "{page}");
    assert_eq!(owed(&shop).await.len(), 1);
    assert_eq!(shop.post_form(&url, "outcome=stolen").await.0, 400);
    assert_eq!(shop.post_form(&url, "").await.0, 422);
}

#[tokio::test]
async fn nobody_pays_after_the_time_is_over_but_money_may_arrive_late() {
    let shop = Shop::open().await;
    shop.webhook_base_url
        .set(shop.serve().await.parse().expect("an address"));
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let url = page_of(&shop, payment).await;
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(15));
    shop.post_form(&url, "outcome=paid").await;
    assert!(shop.get(&url).await.2.contains("<h1>Expired</h1>"));
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "EXPIRED");

    shop.post_form(&url, "outcome=paid_late").await;
    shop.wait_for_status(payment, "PAID").await;
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.expired", "payment.succeeded"]
    );
}

#[tokio::test]
async fn a_webhook_the_shop_did_not_take_is_posted_again() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let url = page_of(&shop, payment).await;

    // The shop is away.
    let is_away = Arc::new(AtomicBool::new(true));
    let (door, routes) = (is_away.clone(), shop.subgraph.service.routes.clone());
    let front = Router::new().fallback(move |request: Request| async move {
        if door.load(Ordering::SeqCst) {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        routes.oneshot(request).await.into_response()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, front).await });
    shop.webhook_base_url
        .set(format!("http://{address}").parse().expect("an address"));
    shop.post_form(&url, "outcome=paid").await;
    let webhook = wait_for("the first delivery fails", || async {
        let webhook = owed(&shop).await.remove(0);
        (webhook.attempts == 1).then_some(webhook)
    })
    .await;
    assert_eq!(webhook.delivered_at, None);
    assert!(webhook.next_attempt_at >= webhook.created_at + TimeDelta::seconds(1));
    assert_eq!(shop.status(payment).await, "PENDING");

    // It is back; the webhook is posted again, signed for the new time.
    is_away.store(false, Ordering::SeqCst);
    shop.subgraph.deps.clock.advance(TimeDelta::hours(1));
    shop.subgraph.run_job("payment.demo_webhooks").await;
    shop.wait_for_status(payment, "PAID").await;
    assert!(owed(&shop).await[0].delivered_at.is_some());
}
