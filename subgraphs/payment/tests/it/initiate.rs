//! `paymentInitiate`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use events::Event;
use events::id::{OrderId, UserId};
use payment::Config;
use serde_json::json;
use test_support::Caller;

use crate::scripted;
use crate::shop::{INITIATE, Shop, TOTAL, code, config};

#[tokio::test]
async fn opens_an_attempt_at_the_demo_provider() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let before = shop.subgraph.deps.clock.now();

    let answer = shop.initiate(&bought, "key-1").await;

    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(answer["payment"]["provider"], "DEMO");
    assert_eq!(answer["payment"]["status"], "PENDING");
    assert_eq!(
        answer["payment"]["amount"],
        json!({ "amount": "138750", "minorAmount": "138750", "currencyCode": "IDR" })
    );
    assert_eq!(answer["action"]["kind"], "REDIRECT");
    assert_eq!(answer["action"]["clientSecret"], json!(null));
    assert_eq!(answer["action"]["snapToken"], json!(null));
    let id = answer["payment"]["id"].as_str().expect("an id");
    let url = answer["action"]["redirectUrl"].as_str().expect("a page");
    assert!(
        url.starts_with(&format!("http://shop.test/pay/demo/{id}?token=")),
        "{url}"
    );
    let expires_at: DateTime<Utc> = answer["payment"]["expiresAt"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("RFC 3339");
    assert!(
        expires_at >= before + TimeDelta::minutes(15)
            && expires_at < before + TimeDelta::minutes(16)
    );

    let events = shop.subgraph.events().await;
    let [Event::PaymentInitiated(event)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(event.payment_id.to_string(), id);
    assert_eq!(event.order_id, bought.order_id);
    assert_eq!(
        (
            event.provider.as_str(),
            event.amount.minor,
            event.expires_at
        ),
        ("DEMO", TOTAL, expires_at)
    );
}

#[tokio::test]
async fn a_guest_proves_the_order_by_its_token() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let input = |token: &str| {
        json!({
            "orderId": bought.order_id, "orderToken": token, "provider": "DEMO", "idempotencyKey": "key-1",
        })
    };
    assert_eq!(
        code(&shop.initiate_as(&Caller::Guest, input("wrong")).await),
        "ORDER_NOT_FOUND"
    );
    let accepted = shop.initiate_as(&Caller::Guest, input(&bought.token)).await;
    assert_eq!(accepted["payment"]["status"], "PENDING", "{accepted}");
}

#[tokio::test]
async fn nobody_pays_an_order_they_do_not_know() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let input =
        |order: &str| json!({ "orderId": order, "provider": "DEMO", "idempotencyKey": "key-1" });
    let stranger = Caller::Customer(UserId::generate());
    for (caller, order) in [
        (&stranger, bought.order_id.to_string()),
        (&Caller::Guest, bought.order_id.to_string()),
        (&stranger, OrderId::generate().to_string()),
        (&stranger, "rubbish".to_owned()),
    ] {
        assert_eq!(
            code(&shop.initiate_as(caller, input(&order)).await),
            "ORDER_NOT_FOUND"
        );
    }
    assert!(shop.attempts(&bought).await.is_empty());
    let expired = shop
        .subgraph
        .execute(
            &Caller::Token("x".to_owned()),
            INITIATE,
            json!({ "input": input("x") }),
        )
        .await;
    assert!(
        expired["errors"][0]["extensions"]["code"].is_string(),
        "{expired}"
    );
}

#[tokio::test]
async fn the_same_key_is_the_same_attempt() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let first = shop.initiate(&bought, "key-1").await;
    assert_eq!(shop.initiate(&bought, "key-1").await, first);
    assert_eq!(
        shop.initiate(&bought, " key-1 ").await,
        first,
        "keys are trimmed"
    );
    assert_eq!(shop.attempts(&bought).await.len(), 1);
    assert_eq!(shop.event_types(&bought).await, ["payment.initiated"]);

    // Also after the payment is over.
    let payment = shop.attempts(&bought).await[0].payment_id();
    shop.pay(payment).await;
    let again = shop.initiate(&bought, "key-1").await;
    assert_eq!(again["payment"]["id"], first["payment"]["id"]);
    assert_eq!(again["payment"]["status"], "PAID");
}

#[tokio::test]
async fn the_same_key_for_another_provider_is_refused() {
    let (shop, _, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    shop.attempt(&bought, "key-1").await;
    let input =
        json!({ "orderId": bought.order_id, "provider": "STRIPE", "idempotencyKey": "key-1" });
    let answer = shop
        .initiate_as(&Caller::Customer(bought.buyer), input)
        .await;
    assert_eq!(code(&answer), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(shop.attempts(&bought).await.len(), 1);
}

#[tokio::test]
async fn many_at_once_open_one_attempt() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let answers = futures_util::future::join_all((0..20).map(|index| {
        let key = format!("key-{}", index % 4);
        let (shop, bought) = (&shop, &bought);
        async move { shop.initiate(bought, &key).await }
    }))
    .await;
    let first = &answers[0]["payment"]["id"];
    assert!(first.is_string(), "{}", answers[0]);
    assert!(
        answers
            .iter()
            .all(|answer| answer["payment"]["id"] == *first)
    );
    assert_eq!(shop.attempts(&bought).await.len(), 1);
    assert_eq!(shop.event_types(&bought).await, ["payment.initiated"]);
}

#[tokio::test]
async fn a_new_key_answers_the_open_attempt_and_after_a_failure_opens_another() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    assert_eq!(shop.attempt(&bought, "key-2").await, first);

    shop.webhook_of_charge(first, "charge.declined", "declined")
        .await;
    shop.wait_for_status(first, "FAILED").await;
    let second = shop.attempt(&bought, "key-3").await;
    assert_ne!(second, first);
    // The second key still means the first attempt.
    assert_eq!(shop.attempt(&bought, "key-2").await, first);
}

#[tokio::test]
async fn another_provider_takes_the_place_of_the_open_attempt() {
    let (shop, _, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    let input =
        json!({ "orderId": bought.order_id, "provider": "STRIPE", "idempotencyKey": "key-2" });
    let answer = shop
        .initiate_as(&Caller::Customer(bought.buyer), input)
        .await;
    assert_eq!(answer["payment"]["provider"], "STRIPE", "{answer}");
    assert_eq!(shop.status(first).await, "CANCELLED");
    let types = shop.event_types(&bought).await;
    assert_eq!(
        types,
        ["payment.initiated", "payment.failed", "payment.initiated"]
    );
}

#[tokio::test]
async fn an_open_attempt_that_turns_out_paid_is_not_replaced() {
    let (shop, _, demo) = scripted::shop(config()).await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    demo.settle(first, payment::provider::demo::Outcome::Paid)
        .await
        .expect("settles");
    let input =
        json!({ "orderId": bought.order_id, "provider": "STRIPE", "idempotencyKey": "key-2" });
    let answer = shop
        .initiate_as(&Caller::Customer(bought.buyer), input)
        .await;
    assert_eq!(code(&answer), "PAYMENT_ALREADY_CAPTURED");
    assert_eq!(shop.status(first).await, "PAID");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn waits_for_an_order_and_its_hold_that_are_on_their_way() {
    let shop = Shop::with(Config {
        order_wait: Duration::from_secs(20),
        ..config()
    })
    .await;
    let bought = shop.somebody();
    let (answer, ()) = tokio::join!(shop.initiate(&bought, "key-1"), async {
        shop.subgraph.deliver(shop.held(&bought), 1).await;
        shop.subgraph.deliver(shop.created(&bought), 1).await;
    });
    assert_eq!(answer["payment"]["status"], "PENDING", "{answer}");
}

#[tokio::test]
async fn an_order_that_cannot_be_paid_is_refused() {
    let shop = Shop::open().await;
    let clock = &shop.subgraph.deps.clock;

    let unheld = shop.somebody();
    shop.subgraph.deliver(shop.created(&unheld), 1).await;
    assert_eq!(
        code(&shop.initiate(&unheld, "key").await),
        "ORDER_NOT_PAYABLE"
    );

    let cancelled = shop.order().await;
    shop.subgraph.deliver(shop.cancelled(&cancelled), 2).await;
    assert_eq!(
        code(&shop.initiate(&cancelled, "key").await),
        "ORDER_NOT_PAYABLE"
    );

    let (paid, payment) = shop.paid().await;
    assert_eq!(
        code(&shop.initiate(&paid, "another key").await),
        "PAYMENT_ALREADY_CAPTURED"
    );
    shop.refund(payment, None, "refund").await;
    assert_eq!(
        code(&shop.initiate(&paid, "yet another").await),
        "PAYMENT_ALREADY_CAPTURED"
    );

    let late = shop.order().await;
    clock.advance(TimeDelta::minutes(16));
    assert_eq!(
        code(&shop.initiate(&late, "key").await),
        "ORDER_NOT_PAYABLE"
    );
    for bought in [&unheld, &cancelled, &late] {
        assert!(shop.attempts(bought).await.is_empty());
    }
}

#[tokio::test]
async fn an_attempt_extends_the_time_of_its_order() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(10));
    let first = shop.attempt(&bought, "key-1").await;
    shop.webhook_of_charge(first, "charge.declined", "declined")
        .await;
    shop.wait_for_status(first, "FAILED").await;
    // 25 minutes for the attempt and 5 of grace.
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(19));
    shop.attempt(&bought, "key-2").await;
}

#[tokio::test]
async fn providers_that_do_not_exist_here_are_refused() {
    let shop = Shop::with(Config {
        demo_enabled: false,
        ..config()
    })
    .await;
    let bought = shop.order().await;
    for provider in ["DEMO", "STRIPE", "MIDTRANS", "PAYPAL"] {
        let input =
            json!({ "orderId": bought.order_id, "provider": provider, "idempotencyKey": "key" });
        let answer = shop
            .initiate_as(&Caller::Customer(bought.buyer), input)
            .await;
        assert_eq!(code(&answer), "PAYMENT_METHOD_UNAVAILABLE");
    }
    assert_eq!(shop.get("/pay/demo/x?token=y").await.0, 404);
    assert_eq!(shop.post_webhook(None, "{}".to_owned()).await, 404);
    assert!(
        shop.subgraph
            .service
            .jobs
            .iter()
            .all(|job| job.name != "payment.demo_webhooks")
    );
}

#[tokio::test]
async fn card_numbers_and_bad_keys_are_refused() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let caller = Caller::Customer(bought.buyer);
    let input = |key: &str, token: &str| json!({ "orderId": bought.order_id, "orderToken": token, "provider": "DEMO", "idempotencyKey": key });
    let card = shop
        .initiate_as(&caller, input("4242 4242 4242 4242", ""))
        .await;
    assert_eq!(code(&card), "CARD_NUMBER_REFUSED");
    assert_eq!(
        card["userErrors"][0]["field"],
        json!(["input", "idempotencyKey"])
    );
    assert_eq!(
        code(
            &shop
                .initiate_as(&caller, input("key", "4242424242424242"))
                .await
        ),
        "CARD_NUMBER_REFUSED"
    );
    assert_eq!(
        code(&shop.initiate_as(&caller, input("  ", "")).await),
        "INPUT_INVALID"
    );
    assert!(shop.attempts(&bought).await.is_empty());
}

#[tokio::test]
async fn a_provider_that_refuses_ends_the_attempt() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    script.initiate_rejects.store(true, Ordering::SeqCst);
    assert_eq!(
        code(&shop.initiate(&bought, "key-1").await),
        "PAYMENT_DECLINED"
    );
    assert_eq!(
        code(&shop.initiate(&bought, "key-1").await),
        "PAYMENT_DECLINED",
        "the same key, the same answer"
    );
    assert_eq!(script.initiate_calls.load(Ordering::SeqCst), 1);
    assert_eq!(shop.event_types(&bought).await, ["payment.failed"]);

    script.initiate_rejects.store(false, Ordering::SeqCst);
    shop.attempt(&bought, "key-2").await;
}

/// The order ends with the attempt the provider gave up on: an attempt opened after that would be
/// closed again while the buyer pays it.
#[tokio::test]
async fn an_order_whose_payment_ran_out_of_time_gets_no_other_attempt() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key-1").await;
    // The attempt is over, its order's grace period is not, and no job has looked yet.
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(16));

    for key in ["key-2", "key-3"] {
        let answer = shop.initiate(&bought, key).await;
        assert_eq!(code(&answer), "ORDER_NOT_PAYABLE");
    }
    let again = shop.initiate(&bought, "key-1").await;
    assert_eq!(again["payment"]["id"], payment.to_string());
    assert_eq!(again["payment"]["status"], "EXPIRED");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.expired"]
    );
}
