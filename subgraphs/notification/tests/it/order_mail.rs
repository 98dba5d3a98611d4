//! Which events become mail, and how much of it.

use events::Event;
use events::id::{EmailId, OrderId, UserId};
use events::notification::EmailNotificationSent;
use notification::entity::email_log::Status;
use outbox::Outcome;

use crate::fixture::{Shop, confirmed, moved_to};

#[tokio::test]
async fn a_confirmed_order_gets_one_mail_and_says_so() {
    let shop = Shop::open().await;
    let order_id = OrderId::generate();
    let envelope = shop.subgraph.envelope(confirmed(order_id), 3);
    shop.subgraph.deliver_envelope(&envelope).await;

    // The consumer only queues.
    let queued = shop.email().await;
    assert_eq!((queued.status, queued.attempts), (Status::Queued, 0));
    assert!(shop.files().is_empty());
    assert!(shop.subgraph.envelopes().await.is_empty());

    shop.send().await;
    let sent = shop.email().await;
    let email_id = EmailId::from_uuid(sent.id);
    assert_eq!((sent.status, sent.attempts), (Status::Sent, 1));
    assert_eq!(sent.claimed_until, None);
    assert!(sent.sent_at.is_some());

    let files = shop.files();
    assert_eq!(files.len(), 1);
    let (name, content) = &files[0];
    assert_eq!(name, &format!("{email_id}.eml"));
    for expected in [
        "To: buyer@example.com",
        "Subject: Order BZ-000001 is confirmed",
        &format!("Message-ID: <{email_id}@bazaar>"),
        "Rp 250.000",
        "Total: Rp 299.700",
        "text/html",
    ] {
        assert!(content.contains(expected), "{expected}\n{content}");
    }

    // The event continues the order's story.
    let envelopes = shop.subgraph.envelopes().await;
    assert_eq!(envelopes.len(), 1);
    assert_eq!(envelopes[0].correlationid, order_id.to_string());
    assert_eq!(envelopes[0].causationid, Some(envelope.id.to_string()));
    assert_eq!(envelopes[0].subjectversion, sent.version);
    let expected = EmailNotificationSent {
        email_id,
        template: "order_confirmation".to_owned(),
        order_id: Some(order_id),
    };
    assert_eq!(
        shop.subgraph.events().await,
        [Event::EmailNotificationSent(expected)]
    );
}

#[tokio::test]
async fn an_event_delivered_twice_makes_one_mail() {
    let shop = Shop::open().await;
    let envelope = shop.subgraph.envelope(confirmed(OrderId::generate()), 3);
    shop.subgraph.deliver_envelope(&envelope).await;
    let again = shop.subgraph.deliver_envelope(&envelope).await;
    assert_eq!(again, Outcome::Duplicate);
    shop.send().await;
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Duplicate
    );
    shop.send().await;

    shop.email().await;
    assert_eq!(shop.files().len(), 1);
    assert_eq!(shop.subgraph.events().await.len(), 1);
}

#[tokio::test]
async fn an_inbox_that_forgot_still_gives_one_mail() {
    let shop = Shop::open().await;
    let envelope = shop.subgraph.envelope(confirmed(OrderId::generate()), 3);
    shop.subgraph.deliver_envelope(&envelope).await;
    shop.send().await;

    use sea_orm::EntityTrait;
    outbox::entity::inbox::Entity::delete_many()
        .exec(&shop.subgraph.deps.db)
        .await
        .expect("the inbox can be emptied");
    let outcome = shop.subgraph.deliver_envelope(&envelope).await;
    assert_eq!(outcome, Outcome::Handled);
    shop.send().await;

    assert_eq!(shop.email().await.attempts, 1);
    assert_eq!(shop.files().len(), 1);
    assert_eq!(shop.subgraph.events().await.len(), 1);
}

#[tokio::test]
async fn a_buyer_hears_of_the_steps_they_wait_for() {
    let shop = Shop::open().await;
    let order_id = OrderId::generate();
    for status in [
        "CONFIRMED",
        "PROCESSING",
        "SHIPPED",
        "DELIVERED",
        "CANCELLED",
    ] {
        shop.subgraph.deliver(moved_to(order_id, status), 4).await;
    }
    shop.send().await;

    let log = shop.log().await;
    let templates: Vec<_> = log.iter().map(|email| email.template.as_str()).collect();
    assert_eq!(
        templates,
        ["order_processing", "order_shipped", "order_delivered"]
    );
    assert!(log.iter().all(|email| email.status == Status::Sent));
    let files = shop.files();
    let with_tracking = files
        .iter()
        .filter(|(_, content)| content.contains("Tracking number: JX123"))
        .count();
    assert_eq!((files.len(), with_tracking), (3, 1));
}

#[tokio::test]
async fn mail_knows_its_buyer_in_whichever_order_the_news_comes() {
    let shop = Shop::open().await;
    let (order_id, buyer) = (OrderId::generate(), UserId::generate());
    let event = events::order::OrderConfirmed {
        user_id: Some(buyer),
        ..confirmed(order_id)
    };
    shop.subgraph
        .deliver(moved_to(order_id, "PROCESSING"), 4)
        .await;
    assert_eq!(shop.email().await.user_id, None);

    shop.subgraph.deliver(event, 3).await;
    shop.subgraph
        .deliver(moved_to(order_id, "SHIPPED"), 5)
        .await;
    let owners: Vec<_> = shop.log().await.iter().map(|email| email.user_id).collect();
    assert_eq!(owners, [Some(buyer.uuid()); 3]);
}
