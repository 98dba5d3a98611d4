//! Failures, crashes and company while sending.

use std::time::Duration;

use events::Event;
use events::id::{EmailId, OrderId};
use notification::entity::email_log::{self, Status};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use test_support::wait_for;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::fixture::{LEASE, RETRY_DELAYS, Shop, confirmed};

#[tokio::test]
async fn mail_that_cannot_be_written_is_sent_later() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    shop.block_folder();
    shop.send().await;

    let failed = shop.email().await;
    assert_eq!((failed.status, failed.attempts), (Status::Failed, 1));
    let error = failed.error.expect("a reason");
    assert!(error.contains("mail folder"), "{error}");
    assert!(shop.subgraph.events().await.is_empty());

    // Not before its pause is over.
    shop.unblock_folder();
    shop.send().await;
    assert_eq!(shop.email().await.attempts, 1);

    shop.pass(RETRY_DELAYS[0]);
    shop.send().await;
    let sent = shop.email().await;
    assert_eq!((sent.status, sent.attempts), (Status::Sent, 2));
    assert_eq!(sent.error, None);
    assert_eq!(shop.files().len(), 1);
    assert_eq!(shop.subgraph.events().await.len(), 1);
}

#[tokio::test]
async fn mail_that_keeps_failing_is_dead_after_the_last_retry() {
    let shop = Shop::open().await;
    let order_id = shop.confirm(1, None).await[0];
    shop.block_folder();
    shop.send().await;
    for (index, pause) in RETRY_DELAYS.iter().enumerate() {
        let failed = shop.email().await;
        assert_eq!(failed.status, Status::Failed, "after attempt {}", index + 1);
        assert!(shop.subgraph.events().await.is_empty());
        shop.pass(*pause);
        shop.send().await;
    }

    let dead = shop.email().await;
    assert_eq!((dead.status, dead.attempts), (Status::Dead, 3));
    let events = shop.subgraph.events().await;
    let [Event::EmailFailed(event)] = events.as_slice() else {
        panic!("one failure: {events:?}");
    };
    assert_eq!(event.email_id, EmailId::from_uuid(dead.id));
    assert_eq!(event.order_id, Some(order_id));
    assert_eq!(Some(&event.error), dead.error.as_ref());

    // It stays dead.
    shop.unblock_folder();
    shop.pass(Duration::from_secs(86_400));
    shop.send().await;
    assert_eq!(shop.email().await, dead);
    assert!(shop.files().is_empty());
}

#[tokio::test]
async fn a_bad_address_is_dead_at_once_and_holds_up_nobody() {
    let bad = [
        "buyer@example.com\r\nBcc: everybody@example.com",
        "nobody",
        "",
        "a@example.com, b@example.com",
        "buyer@example.com\0",
    ];
    let shop = Shop::open().await;
    for email in bad {
        let event = events::order::OrderConfirmed {
            email: email.to_owned(),
            ..confirmed(OrderId::generate())
        };
        shop.subgraph.deliver(event, 3).await;
    }
    let number = events::order::OrderConfirmed {
        number: "BZ-1\r\nBcc: everybody@example.com".to_owned(),
        ..confirmed(OrderId::generate())
    };
    shop.subgraph.deliver(number, 3).await;
    shop.confirm(1, None).await;
    shop.send().await;

    let log = shop.log().await;
    let (good, dead) = log.split_last().expect("some mail");
    assert_eq!(good.status, Status::Sent);
    assert_eq!(dead.len(), bad.len() + 1);
    for email in dead {
        assert_eq!(
            (email.status, email.attempts),
            (Status::Dead, 1),
            "{email:?}"
        );
        let error = email.error.as_deref().expect("a reason");
        assert!(
            error.contains("recipient") || error.contains("subject"),
            "{error}"
        );
    }
    assert_eq!(shop.files().len(), 1);
    let failures = shop.subgraph.events().await;
    let failures = failures
        .iter()
        .filter(|event| matches!(event, Event::EmailFailed(_)));
    assert_eq!(failures.count(), dead.len());
}

#[tokio::test]
async fn a_crash_between_sending_and_writing_that_down_gives_one_file_and_one_event() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    shop.send().await;
    let files = shop.files();

    // As a process leaves it that is killed right after the file was written: claimed, no event.
    let until = shop.subgraph.deps.clock.now() + LEASE;
    let mut row = shop.email().await.into_active_model();
    row.status = Set(Status::Sending);
    row.sent_at = Set(None);
    row.due_at = Set(until);
    row.claimed_until = Set(Some(until));
    row.update(&shop.subgraph.deps.db).await.expect("a row");
    outbox::entity::outbox::Entity::delete_many()
        .exec(&shop.subgraph.deps.db)
        .await
        .expect("the outbox can be emptied");

    // The claim holds; then it does not.
    shop.send().await;
    assert_eq!(shop.email().await.status, Status::Sending);
    shop.pass(LEASE);
    shop.send().await;

    let sent = shop.email().await;
    assert_eq!((sent.status, sent.attempts), (Status::Sent, 2));
    assert_eq!(shop.files(), files, "the same file with the same bytes");
    assert_eq!(shop.subgraph.events().await.len(), 1);
}

#[tokio::test]
async fn a_crash_while_writing_leaves_nothing_behind() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    let id = EmailId::from_uuid(shop.email().await.id);
    std::fs::create_dir_all(shop.mail_folder()).expect("a writable folder");
    let aside = shop.mail_folder().join(format!(".{id}.tmp"));
    std::fs::write(aside, "half a ma").expect("a writable folder");

    shop.send().await;
    let files = shop.files();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].0, format!("{id}.eml"));
    assert!(files[0].1.contains("Total: Rp 299.700"));
}

#[tokio::test]
async fn replicas_share_the_work_without_sending_twice() {
    let shop = Shop::open().await;
    shop.confirm(30, None).await;
    tokio::join!(shop.send(), shop.send(), shop.send());

    let log = shop.log().await;
    assert_eq!(log.len(), 30);
    for email in log {
        assert_eq!((email.status, email.attempts), (Status::Sent, 1));
    }
    assert_eq!(shop.files().len(), 30);
    assert_eq!(shop.subgraph.events().await.len(), 30);
}

#[tokio::test]
async fn a_claim_that_was_lost_writes_nothing() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    let read = shop.email().await;
    shop.send().await;
    let sent = shop.email().await;

    // Whoever read the row before cannot change it any more: every change asks for the version.
    use sea_orm::{ColumnTrait, QueryFilter};
    let late = email_log::Entity::update_many()
        .set(email_log::ActiveModel {
            status: Set(Status::Queued),
            sent_at: Set(None),
            ..Default::default()
        })
        .filter(email_log::Column::Id.eq(read.id))
        .filter(email_log::Column::Version.eq(read.version))
        .exec(&shop.subgraph.deps.db)
        .await
        .expect("a statement");
    assert_eq!(late.rows_affected, 0);
    assert_eq!(sent.version, read.version + 2, "claimed, then sent");
}

#[tokio::test]
async fn queued_mail_is_sent_without_waiting_for_the_clock() {
    let shop = Shop::open().await;
    let (mut tasks, shutdown) = (JoinSet::new(), CancellationToken::new());
    let mut jobs = shop.subgraph.service.jobs.clone();
    for job in &mut jobs {
        job.every = Duration::from_secs(3_600);
    }
    service::spawn_jobs(&mut tasks, jobs, &shutdown);

    // More than one run takes at a time.
    shop.confirm(60, None).await;
    wait_for("all mail to be sent", async || {
        let sent = shop.log().await;
        sent.iter()
            .all(|email| email.status == Status::Sent)
            .then_some(())
    })
    .await;
    assert_eq!(shop.files().len(), 60);

    shutdown.cancel();
    while tasks.join_next().await.is_some() {}
}
