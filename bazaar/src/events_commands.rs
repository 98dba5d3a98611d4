//! `bazaar events …`: what an operator does about events of an embedded shop.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::data_folder::database_url;
use crate::services::NAMES;

/// Prints every event as it is published, as JSON lines, until stopped; with `from_start` also those
/// that are still kept.
///
/// # Errors
/// If a database cannot be read.
#[expect(clippy::print_stdout, reason = "printing is what this command is for")]
pub async fn tail(data: &Path, from_start: bool) -> anyhow::Result<()> {
    use outbox::entity::outbox as table;
    let mut services = Vec::new();
    for name in NAMES {
        let db = service::connect(name, &database_url(data, name)).await?;
        let newest = table::Entity::find()
            .order_by_desc(table::Column::Seq)
            .one(&db)
            .await?;
        let seen = if from_start {
            0
        } else {
            newest.map_or(0, |row| row.seq)
        };
        services.push((db, seen));
    }
    loop {
        for (db, seen) in &mut services {
            let rows = table::Entity::find()
                .filter(table::Column::Seq.gt(*seen))
                .order_by_asc(table::Column::Seq)
                .all(db)
                .await?;
            for row in rows {
                *seen = row.seq;
                println!("{}", row.envelope);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(200)) => {}
            result = tokio::signal::ctrl_c() => return Ok(result?),
        }
    }
}

/// Prints the deliveries that failed for good.
///
/// # Errors
/// If a database cannot be read.
#[expect(clippy::print_stdout, reason = "printing is what this command is for")]
pub async fn parked(data: &Path) -> anyhow::Result<()> {
    let mut count = 0;
    for name in NAMES {
        let db = service::connect(name, &database_url(data, name)).await?;
        for delivery in outbox::parked(&db).await? {
            count += 1;
            println!(
                "{} {} for {}: {} attempts, parked {}: {}",
                delivery.event_id,
                delivery.event_type,
                delivery.consumer,
                delivery.attempts,
                delivery.parked_at.to_rfc3339(),
                delivery
                    .last_error
                    .as_deref()
                    .unwrap_or("no error recorded"),
            );
        }
    }
    if count == 0 {
        println!("nothing is parked");
    }
    Ok(())
}

/// Makes a parked delivery due again; a running shop picks it up within a second.
///
/// # Errors
/// If nothing is parked under this id, or a database cannot be written.
#[expect(clippy::print_stdout, reason = "printing is what this command is for")]
pub async fn replay(data: &Path, event_id: Uuid) -> anyhow::Result<()> {
    let mut consumers = 0;
    for name in NAMES {
        let db = service::connect(name, &database_url(data, name)).await?;
        if outbox::replay(&db, event_id).await? {
            consumers += 1;
            println!("{event_id} is due again for {name}");
        }
    }
    anyhow::ensure!(consumers > 0, "no parked delivery of event {event_id}");
    Ok(())
}
