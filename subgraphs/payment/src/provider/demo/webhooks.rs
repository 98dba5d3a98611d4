//! Posting what the demo provider owes the shop, until the shop says that it has it.

use chrono::TimeDelta;
use reqwest::header::CONTENT_TYPE;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Demo, signature};
use crate::entity::demo_webhook;

/// The pause after `attempts` failures: 1 s, doubling, a minute at most.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(1 << attempts.clamp(0, 6)).min(TimeDelta::seconds(60))
}

impl Demo {
    /// Posts every webhook that is due; what is not taken stays and is posted again later.
    ///
    /// # Errors
    /// [`DbErr`] if the books cannot be read or written.
    pub async fn deliver_webhooks(&self) -> Result<(), DbErr> {
        let Some(url) = self.webhook_base_url.join("/webhooks/demo") else {
            return Ok(());
        };
        let due = demo_webhook::Entity::find()
            .filter(demo_webhook::Column::DeliveredAt.is_null())
            .filter(demo_webhook::Column::NextAttemptAt.lte(self.clock.now()))
            .order_by_asc(demo_webhook::Column::CreatedAt)
            .limit(50)
            .all(&self.db)
            .await?;
        for webhook in due {
            let is_taken = self.post(&url, &webhook).await;
            let now = self.clock.now();
            let update = if is_taken {
                demo_webhook::Entity::update_many()
                    .col_expr(demo_webhook::Column::DeliveredAt, Expr::value(now))
            } else {
                let next = now + pause_after(webhook.attempts);
                demo_webhook::Entity::update_many()
                    .col_expr(demo_webhook::Column::NextAttemptAt, Expr::value(next))
            };
            update
                .col_expr(
                    demo_webhook::Column::Attempts,
                    Expr::col(demo_webhook::Column::Attempts).add(1),
                )
                .filter(demo_webhook::Column::EventId.eq(&webhook.event_id))
                .filter(demo_webhook::Column::DeliveredAt.is_null())
                .exec(&self.db)
                .await?;
        }
        Ok(())
    }

    async fn post(&self, url: &str, webhook: &demo_webhook::Model) -> bool {
        // Signed afresh each time, as the signature's time must be near the delivery's.
        let signature = signature::sign(
            &self.webhook_secret,
            self.clock.now(),
            webhook.body.as_bytes(),
        );
        let answer = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(signature::HEADER, signature)
            .body(webhook.body.clone())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => true,
            Ok(answer) => {
                let status = answer.status().as_u16();
                tracing::warn!(
                    event.id = webhook.event_id,
                    status,
                    "demo webhook not taken, will be posted again"
                );
                false
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(
                    event.id = webhook.event_id,
                    error,
                    "demo webhook not delivered, will be posted again"
                );
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses: Vec<_> = (0..9)
            .map(|attempts| pause_after(attempts).num_seconds())
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause_after(i32::MAX).num_seconds(), 60);
    }
}
