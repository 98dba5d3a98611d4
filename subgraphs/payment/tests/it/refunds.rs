//! `paymentRefund`.

use auth::Role;
use events::Event;
use events::id::{PaymentId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, TOTAL, code};

#[tokio::test]
async fn money_goes_back_in_parts_and_then_all() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;

    let part = shop.refund(payment, Some(38_750), "first").await;
    assert_eq!(part["userErrors"], json!([]));
    assert_eq!(part["refund"]["status"], "SUCCEEDED");
    assert_eq!(
        part["refund"]["amount"],
        json!({ "amount": "38750", "currencyCode": "IDR" })
    );
    assert_eq!(shop.status(payment).await, "PARTIALLY_REFUNDED");
    let rest = shop.refund(payment, None, "rest").await;
    assert_eq!(rest["refund"]["amount"]["amount"], "100000");
    assert_eq!(shop.status(payment).await, "REFUNDED");

    let events = shop.events_of("payment.refunded.v1").await;
    let [
        Event::PaymentRefunded(first),
        Event::PaymentRefunded(second),
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (first.order_id, first.payment_id),
        (bought.order_id, payment)
    );
    assert_eq!(
        (first.amount.minor, first.remaining.minor),
        (38_750, 100_000)
    );
    assert_eq!((second.amount.minor, second.remaining.minor), (100_000, 0));
    assert_eq!(
        code(&shop.refund(payment, Some(1), "more").await),
        "REFUND_EXCEEDS_CAPTURED"
    );
    assert_eq!(
        code(&shop.refund(payment, None, "even more").await),
        "REFUND_EXCEEDS_CAPTURED"
    );
    assert_eq!(shop.ledger(payment).await.len(), 6);
}

#[tokio::test]
async fn the_same_key_is_the_same_refund() {
    let shop = Shop::open().await;
    let (_, payment) = shop.paid().await;
    let first = shop.refund(payment, Some(1_000), "key").await;
    assert_eq!(shop.refund(payment, Some(1_000), "key").await, first);
    assert_eq!(
        code(&shop.refund(payment, Some(2_000), "key").await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(shop.row(payment).await.refunded_minor, 1_000);

    // Keys belong to their payment.
    let (_, other) = shop.paid().await;
    assert_ne!(
        shop.refund(other, Some(1_000), "key").await["refund"]["id"],
        first["refund"]["id"]
    );
}

#[tokio::test]
async fn the_same_key_many_times_at_once_is_one_refund() {
    let shop = Shop::open().await;
    let (_, payment) = shop.paid().await;
    let answers =
        futures_util::future::join_all((0..20).map(|_| shop.refund(payment, Some(1_000), "key")))
            .await;
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(shop.refunds(payment).await.len(), 1);
    assert_eq!(shop.events_of("payment.refunded.v1").await.len(), 1);
}

#[tokio::test]
async fn refunds_at_once_never_exceed_the_capture_together() {
    let shop = Shop::open().await;
    let (_, payment) = shop.paid().await;
    let part = TOTAL / 5;
    let keys: Vec<_> = (0..12).map(|index| format!("key-{index}")).collect();
    let answers = futures_util::future::join_all(
        keys.iter().map(|key| shop.refund(payment, Some(part), key)),
    )
    .await;
    let accepted = answers
        .iter()
        .filter(|answer| answer["refund"]["status"] == "SUCCEEDED")
        .count();
    assert_eq!(accepted, 5);
    assert!(
        answers
            .iter()
            .filter(|answer| answer["refund"].is_null())
            .all(|answer| code(answer) == "REFUND_EXCEEDS_CAPTURED")
    );
    let row = shop.row(payment).await;
    assert_eq!(
        (row.refunded_minor, row.refund_requested_minor),
        (TOTAL, TOTAL)
    );
    assert_eq!(shop.status(payment).await, "REFUNDED");
}

#[tokio::test]
async fn what_cannot_be_refunded_is_refused_and_nothing_moves() {
    let shop = Shop::open().await;
    let (_, payment) = shop.paid().await;
    let open = shop.attempt(&shop.order().await, "key").await;
    let amount =
        |minor: &str, currency: &str| json!({ "minorAmount": minor, "currencyCode": currency });
    let input = |payment: PaymentId, amount: Value| json!({ "paymentId": payment, "amount": amount, "idempotencyKey": "key" });
    for (input, expected) in [
        (
            input(payment, amount("138751", "IDR")),
            "REFUND_EXCEEDS_CAPTURED",
        ),
        (
            input(payment, amount("9223372036854775807", "IDR")),
            "REFUND_EXCEEDS_CAPTURED",
        ),
        (input(payment, amount("0", "IDR")), "INPUT_INVALID"),
        (input(payment, amount("-5", "IDR")), "INPUT_INVALID"),
        (input(payment, amount("1.5", "IDR")), "INPUT_INVALID"),
        (input(payment, amount("5", "USD")), "AMOUNT_MISMATCH"),
        (input(open, Value::Null), "REFUND_EXCEEDS_CAPTURED"),
        (
            input(PaymentId::generate(), Value::Null),
            "PAYMENT_NOT_FOUND",
        ),
        (
            json!({ "paymentId": "rubbish", "idempotencyKey": "key" }),
            "PAYMENT_NOT_FOUND",
        ),
        (
            json!({ "paymentId": payment, "idempotencyKey": "" }),
            "INPUT_INVALID",
        ),
        (
            json!({ "paymentId": payment, "reason": "to 4242 4242 4242 4242", "idempotencyKey": "key" }),
            "CARD_NUMBER_REFUSED",
        ),
    ] {
        let answer = shop.refund_with(input.clone()).await;
        assert_eq!(code(&answer), expected, "{input}");
    }
    assert!(shop.refunds(payment).await.is_empty());
    assert_eq!(shop.row(payment).await.refund_requested_minor, 0);
}

#[tokio::test]
async fn only_who_may_refund_does() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    let query =
        "mutation($input: PaymentRefundInput!) { paymentRefund(input: $input) { refund { id } } }";
    let variables = json!({ "input": { "paymentId": payment, "idempotencyKey": "key" } });
    let support = Caller::Staff(UserId::generate(), vec![Role::Support]);
    for (caller, expected) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (Caller::Customer(bought.buyer), "FORBIDDEN"),
        (support, "FORBIDDEN"),
    ] {
        let answer = shop
            .subgraph
            .execute(&caller, query, variables.clone())
            .await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], expected,
            "{answer}"
        );
    }
    assert!(shop.refunds(payment).await.is_empty());
}
